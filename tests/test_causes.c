/* Causes in verdict.json and in reports: nothing is lost on the way, and no name becomes anything but text. */
#include "model/verdict_json.h"
#include "report/html_causes.h"
#include "report/report_causes.h"

#include "verdict_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

#define CAUSE_TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

/* A slower row with that cause. */
static struct finding slower(struct arena *a, size_t number, const char *function, const char *place)
{
	struct finding_function *functions = NEW_ARRAY(a, struct finding_function, 2);

	functions[0] = (struct finding_function){function, place, "slower", 100, 150.5, 45, 55, KNOWN(0.001)};
	functions[1] = (struct finding_function){.name = "other", .place = "", .state = "same", .base = 30, .head = 30};
	return (struct finding){
		GATED(arena_printf(a, "BM_%zu", number), "cpu_time", "ns"),
		.state = STATE_JUDGED,
		.outcome = OUTCOME_SLOWER,
		.severity = SEVERITY_HIGH,
		.baseline = KNOWN(1000),
		.current = KNOWN(1050.5),
		.change_ratio = KNOWN(0.0505),
		.low_ratio = KNOWN(0.045),
		.high_ratio = KNOWN(0.055),
		.function = function,
		.place = place,
		.function_change_ratio = KNOWN(0.505),
		.function_change = KNOWN(50.5),
		.function_low = KNOWN(45),
		.function_high = KNOWN(55),
		.function_part = KNOWN(0.98),
		.callers = "loop < main",
		.touched = "yes",
		.functions = functions,
		.function_count = 2,
		.source_diff = "@@ -1 +1 @@\n-int old;\n+int new;\n",
		.cause_note = "a note",
	};
}

static const char *html_of(struct arena *a, const struct verdict *v)
{
	struct report_options options = {0};
	struct buf out = {.arena = a};

	html_causes_write(&out, v, &options);
	return buf_string(&out);
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
		count++;
	return count;
}

static struct verdict read_back(struct arena *a, const struct verdict *v)
{
	struct buf out = {.arena = a}, again = {.arena = a};
	struct verdict back = {0};
	struct err err;

	verdict_to_json(&out, v);
	if (!verdict_from_json(a, "v.json", (struct str){out.at, out.size}, &back, &err))
		fail_msg("%s", err.text);
	verdict_to_json(&again, &back);
	assert_string_equal(buf_string(&out), buf_string(&again));
	return back;
}

/* ---- verdict.json ---- */

static bool is_exactly(struct number n, double value)
{
	return n.known && n.value >= value && n.value <= value;
}

static void a_cause_reads_back_with_its_functions_and_changed_lines(void **state)
{
	struct arena *a = *state;
	struct finding f = slower(a, 1, "mix", "mix.c:12");
	struct verdict v = case_verdict(a, &f, 1), back = read_back(a, &v);
	const struct finding *r = &back.findings[0];

	assert_string_equal(r->function, "mix");
	assert_string_equal(r->place, "mix.c:12");
	assert_string_equal(r->callers, "loop < main");
	assert_string_equal(r->touched, "yes");
	assert_string_equal(r->source_diff, "@@ -1 +1 @@\n-int old;\n+int new;\n");
	assert_string_equal(r->cause_note, "a note");
	assert_true(is_exactly(r->function_change_ratio, 0.505) && is_exactly(r->function_change, 50.5) &&
		    is_exactly(r->function_low, 45) && is_exactly(r->function_high, 55) &&
		    is_exactly(r->function_part, 0.98));
	assert_int_equal(r->function_count, 2);
	assert_string_equal(r->functions[0].name, "mix");
	assert_string_equal(r->functions[0].place, "mix.c:12");
	assert_string_equal(r->functions[0].state, "slower");
	assert_true(r->functions[0].base >= 100 && r->functions[0].head >= 150.5 && r->functions[0].low >= 45 &&
		    r->functions[0].high <= 55);
	assert_true(is_exactly(r->functions[0].q, 0.001));
	assert_string_equal(r->functions[1].place, "");
	assert_false(r->functions[1].q.known);
}

static void a_row_without_a_cause_has_none_of_its_keys(void **state)
{
	struct arena *a = *state;
	struct finding f = {GATED("BM", "cpu_time", "ns"), .state = STATE_JUDGED, .outcome = OUTCOME_SAME};
	struct verdict v = case_verdict(a, &f, 1), back = read_back(a, &v);
	struct buf out = {.arena = a};

	verdict_to_json(&out, &v);
	assert_null(strstr(buf_string(&out), "\"functions\""));
	assert_null(strstr(buf_string(&out), "\"source_diff\""));
	assert_int_equal(back.findings[0].function_count, 0);
}

static void damaged_functions_are_refused(void **state)
{
	static const char *const lists[] = {
		"1",
		"{}",
		"[1]",
		"[{\"name\": 1, \"state\": \"slower\", \"base\": 1, \"head\": 1, \"low\": 1, \"high\": 1}]",
		"[{\"name\": \"f\", \"state\": \"slower\", \"base\": \"1\", \"head\": 1, \"low\": 1, \"high\": 1}]",
		"[{\"name\": \"f\", \"state\": \"slower\", \"base\": 1e999, \"head\": 1, \"low\": 1, \"high\": 1}]",
		"[{\"name\": \"f\", \"state\": \"slower\", \"base\": 1, \"head\": 1, \"low\": null, \"high\": 1}]",
		"[{\"name\": \"f\", \"state\": \"slower\", \"q\": true}]",
	};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		const char *text =
			arena_printf(a,
				     "{\"pawl_verdict\": 1, \"findings\": [{\"suite\": \"s\", \"benchmark\": "
				     "\"b\", \"metric\": \"m\", \"state\": \"new\", \"functions\": %s}]}",
				     lists[i]);
		struct verdict v = {0};
		struct err err = {{0}};

		if (verdict_from_json(a, "v.json", str_of(text), &v, &err))
			fail_msg("%s was taken", lists[i]);
		assert_non_null(strstr(err.text, "functions"));
	}
}

/* ---- causes that rows share ---- */

static void one_cause_of_several_rows_is_one_finding(void **state)
{
	struct arena *a = *state;
	struct finding f[] = {
		slower(a, 1, "parse", "parse.c:3"), slower(a, 2, "mix", "mix.c:12"),  slower(a, 3, "mix", "mix.c:12"),
		slower(a, 4, "mix", "mix.c:12"),    slower(a, 5, "mix", "other.c:1"), slower(a, 6, "", ""),
	};
	struct verdict v = case_verdict(a, f, sizeof f / sizeof f[0]);
	size_t count, all;
	const struct shared_cause *causes = causes_shared(a, &v, &count, &all);

	assert_int_equal(all, 6);
	assert_int_equal(count, 1);
	assert_string_equal(causes[0].first->function, "mix");
	assert_int_equal(causes[0].row_count, 3);
	assert_string_equal(causes_words(a, &causes[0], all),
			    "explains 3 of 6 slower rows  mix.c:12 (changed in this branch)");
}

static void rows_that_are_not_gated_or_not_slower_share_nothing(void **state)
{
	struct arena *a = *state;
	struct finding f[] = {slower(a, 1, "mix", "mix.c:12"), slower(a, 2, "mix", "mix.c:12"),
			      slower(a, 3, "mix", "mix.c:12")};
	struct verdict v;
	size_t count, all;

	f[1].gated = false;
	f[2].outcome = OUTCOME_FASTER;
	v = case_verdict(a, f, 3);
	(void)causes_shared(a, &v, &count, &all);
	assert_int_equal(all, 1);
	assert_int_equal(count, 0);
	v = case_verdict(a, NULL, 0);
	(void)causes_shared(a, &v, &count, &all);
	assert_int_equal(count, 0);
}

static void the_widest_cause_comes_first(void **state)
{
	struct arena *a = *state;
	struct finding f[] = {slower(a, 1, "two", "a.c:1"), slower(a, 2, "two", "a.c:1"),
			      slower(a, 3, "three", "b.c:1"), slower(a, 4, "three", "b.c:1"),
			      slower(a, 5, "three", "b.c:1")};
	struct verdict v = case_verdict(a, f, 5);
	size_t count, all;
	const struct shared_cause *causes = causes_shared(a, &v, &count, &all);

	assert_int_equal(count, 2);
	assert_string_equal(causes[0].first->function, "three");
	assert_string_equal(causes[1].first->function, "two");
}

/* ---- the HTML report ---- */

static void a_block_has_functions_with_intervals_and_the_changed_lines(void **state)
{
	struct arena *a = *state;
	struct finding f = slower(a, 1, "mix", "mix.c:12");
	struct verdict v = case_verdict(a, &f, 1);
	const char *page = html_of(a, &v);

	assert_int_equal(count_of(page, "<div class=\"cause\""), 1);
	assert_non_null(strstr(page, "Called by loop &lt; main"));
	assert_non_null(strstr(page, "<del>-int old;</del>"));
	assert_non_null(strstr(page, "<ins>+int new;</ins>"));
	assert_non_null(strstr(page, "<code>mix</code>"));
	assert_non_null(strstr(page, "mix.c:12"));
	assert_non_null(strstr(page, "[+45"));
	assert_non_null(strstr(page, "a note"));
}

static void no_cause_is_no_section(void **state)
{
	struct arena *a = *state;
	struct finding f = {GATED("BM", "cpu_time", "ns"), .state = STATE_JUDGED, .outcome = OUTCOME_SAME};
	struct verdict v = case_verdict(a, &f, 1);

	assert_string_equal(html_of(a, &v), "");
}

static void the_fifty_first_cause_is_counted_and_not_drawn(void **state)
{
	enum { MANY = 53 };
	struct arena *a = *state;
	struct finding f[MANY];
	struct verdict v;
	const char *page;

	for (size_t i = 0; i < MANY; i++)
		f[i] = slower(a, i, "mix", "mix.c:12");
	v = case_verdict(a, f, 50);
	page = html_of(a, &v);
	assert_int_equal(count_of(page, "<div class=\"cause\""), 50);
	assert_null(strstr(page, "more rows with a cause"));
	v = case_verdict(a, f, MANY);
	page = html_of(a, &v);
	assert_int_equal(count_of(page, "<div class=\"cause\""), 50);
	assert_non_null(strstr(page, "And 3 more rows with a cause"));
}

/* What a benchmark's author, a compiler or a branch may write. */
static const char *const hostile[] = {
	"</pre></article><script>alert(1)</script>",
	"<img src=x onerror=alert(1)>",
	"\" onmouseover=\"alert(1)",
	"' onclick='alert(1)",
	"--><svg/onload=alert(1)>",
	"\x1b]0;title\x07\x1b[31m",
	"a\nb\r\n::error::forged",
	"\xE2\x80\xAE desrever",
	"]]><x/>",
	"\xFF\xFE bytes",
};

static struct finding hostile_row(struct arena *a, const char *text)
{
	struct finding f = slower(a, 1, text, text);

	f.suite = f.bench = text;
	f.callers = f.cause_note = text;
	f.caller = f.caller_place = text;
	f.source_diff = arena_printf(a, "+%s\n-%s\n %s", text, text, text);
	f.functions[0].name = f.functions[0].place = f.functions[0].state = text;
	return f;
}

/* Every tag and every attribute is one that this page writes itself. */
static void check_markup(const char *page)
{
	static const char *const tags[] = {
		"section", "h2",      "h3",   "article", "span",  "p",       "div",    "table",
		"tr",      "th",      "td",   "thead",   "tbody", "caption", "code",   "pre",
		"details", "summary", "ins",  "del",     "svg",   "form",    "output", "g",
		"a",       "rect",    "text", "title",   "desc",  "input",   "label",  "button",
	};

	for (const char *at = strchr(page, '<'); at; at = strchr(at + 1, '<')) {
		const char *name = at + 1 + (at[1] == '/');
		size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789");
		bool known = false;

		for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
			known = known || (strlen(tags[i]) == size && memcmp(tags[i], name, size) == 0);
		if (!known)
			fail_msg("a tag that is not the page's own: %.40s", at);
		assert_null(memchr(at, '\'', strcspn(at, ">")));
		for (const char *x = at; x < at + strcspn(at, ">"); x++)
			assert_false(x[0] == ' ' && x[1] == 'o' && x[2] == 'n');
	}
}

static void hostile_names_are_text_in_the_page(void **state)
{
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		struct finding f = hostile_row(a, hostile[i]);
		struct verdict v = case_verdict(a, &f, 1);
		const char *page = html_of(a, &v);

		assert_int_equal(count_of(page, "<div class=\"cause\""), 1);
		assert_int_equal(count_of(page, "<pre"), 1);
		check_markup(page);
		for (const char *at = page; *at; at++)
			assert_true((unsigned char)*at >= ' ' || *at == '\n' || *at == '\t');
		assert_null(strstr(page, "\xE2\x80\xAE"));
	}
}

/* A benchmark whose stack is three functions of that name. */
static struct run sampled(struct arena *a, const struct finding *f, const char *name, int64_t ns)
{
	struct run run = {0};
	struct slice_table *t = run_add(a, &run, f->suite, f->bench);
	struct profile *p = NEW(a, struct profile);
	uint32_t frames[3];
	int64_t values[] = {ns / 1000, ns};

	profile_init(p, a);
	profile_add_type(p, "samples", "count");
	profile_add_type(p, "cpu", "nanoseconds");
	for (uint32_t i = 0; i < 3; i++) {
		struct profile_function function = {.name = profile_string_of(p, arena_printf(a, "%s%u", name, i)),
						    .file = profile_string_of(p, name)};
		struct profile_line line = {.function = profile_add_function(p, &function), .line = 1};

		frames[i] = profile_add_location(p, &(struct profile_location){.mapping = PROFILE_NONE}, &line, 1);
	}
	profile_add_sample(p, profile_stack(p, frames, 3), 0, values);
	t->profile.engine = "perf";
	t->profile.stacks = p;
	table_add_slice(a, t)->phase = PHASE_PROFILE;
	t->slices[0].iterations = t->slices[0].repetitions = 1;
	return run;
}

static void hostile_names_are_text_in_the_flame_graph(void **state)
{
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		struct finding f = slower(a, 1, "mix", "mix.c:12");
		struct verdict v = case_verdict(a, &f, 1);
		struct run base = sampled(a, &v.findings[0], hostile[i], 100000);
		struct run head = sampled(a, &v.findings[0], hostile[i], 150000);
		struct report_options options = {.base = &base, .head = &head};
		struct buf out = {.arena = a};

		assert_true(html_causes_draw(&v, &options));
		html_causes_write(&out, &v, &options);
		assert_non_null(strstr(buf_string(&out), "Where the time went"));
		check_markup(buf_string(&out));
	}
}

static void hostile_names_are_one_inert_line_among_shared_causes(void **state)
{
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		struct finding f[] = {hostile_row(a, hostile[i]), hostile_row(a, hostile[i])};
		struct verdict v = case_verdict(a, f, 2);
		size_t count, all;
		const struct shared_cause *causes = causes_shared(a, &v, &count, &all);
		const char *words;

		assert_int_equal(count, 1);
		words = causes_words(a, causes, all);
		assert_true(text_starts(words, "explains 2 of 2 slower rows  "));
		for (const char *at = words; *at; at++)
			assert_true((unsigned char)*at >= ' ' && *at != 0x7f);
		assert_null(strstr(words, "\xE2\x80\xAE"));
	}
}

static void hostile_names_read_back_from_verdict_json(void **state)
{
	struct arena *a = *state;

	for (size_t i = 0; i + 1 < sizeof hostile / sizeof hostile[0]; i++) {
		struct finding f = hostile_row(a, hostile[i]);
		struct verdict v = case_verdict(a, &f, 1), back = read_back(a, &v);

		assert_string_equal(back.findings[0].functions[0].name, hostile[i]);
		assert_string_equal(back.findings[0].source_diff, f.source_diff);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CAUSE_TEST(a_cause_reads_back_with_its_functions_and_changed_lines),
		CAUSE_TEST(a_row_without_a_cause_has_none_of_its_keys),
		CAUSE_TEST(damaged_functions_are_refused),
		CAUSE_TEST(one_cause_of_several_rows_is_one_finding),
		CAUSE_TEST(rows_that_are_not_gated_or_not_slower_share_nothing),
		CAUSE_TEST(the_widest_cause_comes_first),
		CAUSE_TEST(a_block_has_functions_with_intervals_and_the_changed_lines),
		CAUSE_TEST(no_cause_is_no_section),
		CAUSE_TEST(the_fifty_first_cause_is_counted_and_not_drawn),
		CAUSE_TEST(hostile_names_are_text_in_the_page),
		CAUSE_TEST(hostile_names_are_text_in_the_flame_graph),
		CAUSE_TEST(hostile_names_are_one_inert_line_among_shared_causes),
		CAUSE_TEST(hostile_names_read_back_from_verdict_json),
	};

	return cmocka_run_group_tests_name("causes", tests, NULL, NULL);
}
