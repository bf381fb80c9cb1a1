/*
 * The Markdown report: what stands in it, how large it gets, and that no name becomes markup.
 */
#include "report/report.h"
#include "report/report_markdown.h"

#include "verdict_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { LIMIT = 1 << 20, COMMENT = 65536, MANY = 20000 };

static struct buf write_within(struct arena *a, const struct verdict *v, size_t limit)
{
	struct report_options options = {.limit = limit};
	struct buf out = {.arena = a};

	report_markdown.write(&out, v, &options);
	return out;
}

static struct buf write_markdown(struct arena *a, const struct verdict *v)
{
	return write_within(a, v, 0);
}

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("%.2000s\nlacks %s", text, part);
}

static const char *code_of(struct arena *a, const char *text)
{
	struct buf out = {.arena = a};

	markdown_code(&out, text);
	return buf_string(&out);
}

static const char *prose_of(struct arena *a, const char *text)
{
	struct buf out = {.arena = a};

	markdown_prose(&out, text);
	return buf_string(&out);
}

static void the_first_line_is_the_verdict(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);

	(void)state;
	assert_true(text_starts(write_markdown(a, &v).at,
				"## pawl: failed: 1 regression of severity MEDIUM or above, 1 broken budget\n"));
	v.status = 0;
	v.status_reason = "";
	assert_true(text_starts(write_markdown(a, &v).at, "## pawl: passed, 2 slower below the severity that fails\n"));
	v = case_empty(a);
	assert_true(text_starts(write_markdown(a, &v).at, "## pawl: could not decide: nothing was measured\n"));
	arena_close(a);
}

static void slower_comes_before_faster_before_what_was_not_judged_before_how_to_repeat(void **state)
{
	static const char *const order[] = {"\n### Slower\n",
					    "| HIGH | `orders/BM_discount` |",
					    "`compute_discount +45.5 %",
					    "| MEDIUM |",
					    "budget broken",
					    "| LOW |",
					    "\n### Faster\n",
					    "`orders/BM_parse [bytes_per_second]`",
					    "\n### Not judged",
					    "| failed (the check cannot pass) | `orders/BM_crash`",
					    "| undecided |",
					    "`orders/BM_new/7` and 2 more | the base does not have it |",
					    "| too noisy | `orders/BM_noisy` |",
					    "Last lines of `orders/BM_crash`:\n\n    loading table\n",
					    "- Warning: ",
					    "\n### Measure again\n\n    pawl check"};
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);
	const char *text = write_markdown(a, &v).at, *before = text;

	(void)state;
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		const char *at = strstr(before, order[i]);

		if (!at)
			fail_msg("%s\nlacks %s at its place", text, order[i]);
		before = at;
	}
	arena_close(a);
}

static void names_are_code_whatever_they_are(void **state)
{
	static const struct {
		const char *name, *code;
	} cases[] = {
		{"BM_x/64", "`BM_x/64`"},
		{"@user", "`@user`"},
		{"x #12 GH-3", "`x #12 GH-3`"},
		{"<img src=x>", "`<img src=x>`"},
		{"[a](http://x)", "`[a](http://x)`"},
		{"a\nb", "`a\\nb`"},
		{"a\\", "`a\\`"},
		{"a|b", "<code>a&#124;b</code>"},
		{"a\\|b", "<code>a&#92;&#124;b</code>"},
		{"`<b>`", "<code>&#96;&#60;b&#62;&#96;</code>"},
		{"`@u", "<code>&#96;&#64;<!-- -->u</code>"},
		{"", ""},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(code_of(a, cases[i].name), cases[i].code);
	arena_close(a);
}

static void words_stay_words_only_where_nothing_else_could_be_meant(void **state)
{
	static const struct {
		const char *text, *prose;
	} cases[] = {
		{"the base does not have it", "the base does not have it"},
		{"5 pairs: 6 are needed", "5 pairs: 6 are needed"},
		{"5 % -> 10 %", "5 % -&gt; 10 %"},
		{"[+1.0, +2.0]", "\\[+1.0, +2.0\\]"},
		{"_a_", "\\_a\\_"},
		{"see #1", "`see #1`"},
		{"see gh-1", "`see gh-1`"},
		{"WWW.example.org", "`WWW.example.org`"},
		{"http://example.org", "`http://example.org`"},
		{"mail a@b.c", "`mail a@b.c`"},
		{":tada:", "`:tada:`"},
		{"*a*", "`*a*`"},
		{"a~b", "`a~b`"},
		{"$x$", "`$x$`"},
		{"a|b", "<code>a&#124;b</code>"},
		{"\xC3\xA4", "\xC3\xA4"},
		{"\xE2\x80\xAE", "`\\xe2\\x80\\xae`"},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(prose_of(a, cases[i].text), cases[i].prose);
	arena_close(a);
}

/* Rows whose names are long and of characters of three bytes, and take an escape now and then. */
static struct verdict many_rows(struct arena *a)
{
	struct verdict v = {.findings = NEW_ARRAY(a, struct finding, MANY), .finding_count = MANY, .status = 1};

	for (size_t i = 0; i < MANY; i++) {
		v.findings[i] = (struct finding){
			.suite = "s\xE2\x82\xACite",
			.bench = arena_printf(a, "BM_%06zu/\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC%s", i,
					      i % 3 ? "" : "|`@"),
			.metric = "cpu_time",
			.unit = i % 5 ? "ns" : "\xE2\x82\xAC|",
			.gated = true,
			.outcome = OUTCOME_SLOWER,
			.severity = SEVERITY_HIGH,
			.effect = EFFECT_FAIL,
			.threshold_ratio = 0.1,
			.baseline = KNOWN(100),
			.current = KNOWN(125),
			.change_ratio = KNOWN(0.25),
			.reason = "",
			.warning = i % 2 ? "\xE2\x82\xAC odd" : "",
		};
	}
	v.repeat = "pawl check --filter %s";
	return v;
}

static void expect_whole_within(const struct buf *text, size_t limit)
{
	assert_true(text->size <= limit);
	for (size_t at = 0; at < text->size;) {
		size_t length = text_utf8_length(text->at + at, text->size - at);

		assert_true(length > 0);
		at += length;
	}
}

static void expect_whole_and_small(const struct buf *text)
{
	expect_whole_within(text, LIMIT);
}

static void twenty_thousand_slower_rows_are_counted_within_1_mib(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = many_rows(a);
	struct buf text = write_markdown(a, &v);
	size_t shown = 0;

	(void)state;
	expect_whole_and_small(&text);
	assert_true(text.size > LIMIT / 2);
	for (const char *at = text.at; (at = strstr(at, "\n| HIGH | ")) != NULL; at++)
		shown++;
	expect(text.at, arena_printf(a, "\n\n%zu more that became slower are left out.\n", MANY - shown));
	expect(text.at, " more warnings are left out.\n");
	expect(text.at, "\n### Measure again\n");
	expect(text.at, "`verdict.json` has all rows.\n");
	arena_close(a);
}

static void so_are_as_many_of_any_other_kind(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = many_rows(a);
	struct buf text;

	(void)state;
	/* Everything at once, in equal parts, each of them too much. */
	for (size_t i = 0; i < MANY; i++) {
		struct finding *f = &v.findings[i];

		if (i % 5 == 0)
			continue;
		f->severity = SEVERITY_NONE;
		f->effect = EFFECT_PASS;
		f->outcome = i % 5 == 1 ? OUTCOME_FASTER : OUTCOME_SAME;
		f->mde_ratio = (struct number)KNOWN(0.5);
		if (i % 5 == 2) {
			f->state = STATE_FAILED;
			f->outcome = OUTCOME_NONE;
			f->effect = EFFECT_ERROR;
			f->reason = arena_printf(a, "exit status %zu\nline \xE2\x82\xAC\n| %zu\n", i, i);
		} else if (i % 5 == 3) {
			f->state = STATE_NEW;
			f->outcome = OUTCOME_NONE;
			f->reason = "the base does not have it";
		}
	}
	text = write_markdown(a, &v);
	expect_whole_and_small(&text);
	expect(text.at, " more that became faster are left out.\n");
	expect(text.at, " more that were not judged are left out.\n");
	expect(text.at, " more that are too noisy are left out.\n");
	expect(text.at, " and 3990 more | the base does not have it |\n");
	arena_close(a);
}

static void names_of_any_length_and_marks_alone_stay_within_1_mib(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = many_rows(a);
	char *huge = arena_alloc(a, 5001);
	struct buf text;

	(void)state;
	memset(huge, '|', 5000);
	for (size_t i = 0; i < MANY; i++)
		v.findings[i].suite = v.findings[i].bench = v.findings[i].unit = v.findings[i].reason =
			v.findings[i].function = v.findings[i].place = v.findings[i].warning = huge;
	v.base_title = v.head_title = v.status_reason = v.repeat = huge;
	text = write_markdown(a, &v);
	expect_whole_and_small(&text);
	v.finding_count = 500;
	for (size_t limit = REPORT_LEAST_LIMIT; limit <= COMMENT; limit *= 2) {
		text = write_within(a, &v, limit);
		expect_whole_within(&text, limit);
	}
	arena_close(a);
}

static void a_comment_has_the_worst_rows_and_counts_the_others(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = many_rows(a);
	struct buf text = write_within(a, &v, COMMENT);
	size_t shown = 0;

	(void)state;
	expect_whole_within(&text, COMMENT);
	assert_true(text.size > COMMENT / 2);
	for (const char *at = text.at; (at = strstr(at, "\n| HIGH | ")) != NULL; at++)
		shown++;
	assert_true(shown > 100);
	expect(text.at, arena_printf(a, "\n\n%zu more that became slower are left out.\n", MANY - shown));
	expect(text.at, "\n### Measure again\n");
	expect(text.at, "`verdict.json` has all rows.\n");
	arena_close(a);
}

static void what_fits_is_the_same_whatever_the_limit(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);

	(void)state;
	assert_string_equal(write_within(a, &v, COMMENT).at, write_markdown(a, &v).at);
	arena_close(a);
}

/* Outside of code no line of a hostile report has more marks than pawl's own. */
static void no_name_is_markup(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_hostile(a);
	struct buf text = write_markdown(a, &v);
	bool in_code = false;

	(void)state;
	for (const char *at = text.at; *at; at++) {
		if (*at == '\n') {
			assert_false(in_code);
		} else if (*at == '`') {
			in_code = !in_code;
		} else if (!in_code && strchr("@*~$\\", *at)) {
			/* Of an escape, and in the commands, which are indented. */
			const char *line = at;

			while (line > text.at && line[-1] != '\n')
				line--;
			assert_true(text_starts(line, "    ") || (*at == '\\' && strchr("_[]", at[1])));
		}
	}
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_line_is_the_verdict),
		cmocka_unit_test(slower_comes_before_faster_before_what_was_not_judged_before_how_to_repeat),
		cmocka_unit_test(names_are_code_whatever_they_are),
		cmocka_unit_test(words_stay_words_only_where_nothing_else_could_be_meant),
		cmocka_unit_test(twenty_thousand_slower_rows_are_counted_within_1_mib),
		cmocka_unit_test(so_are_as_many_of_any_other_kind),
		cmocka_unit_test(names_of_any_length_and_marks_alone_stay_within_1_mib),
		cmocka_unit_test(a_comment_has_the_worst_rows_and_counts_the_others),
		cmocka_unit_test(what_fits_is_the_same_whatever_the_limit),
		cmocka_unit_test(no_name_is_markup),
	};

	return cmocka_run_group_tests_name("test_markdown", tests, NULL, NULL);
}
