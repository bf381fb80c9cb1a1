/*
 * The text report: what stands in it, in which order, and that no name becomes a command.
 */
#include "report/report.h"
#include "report/report_repeat.h"

#include "base/proc.h"
#include "base/regex.h"
#include "report/report_words.h"
#include "verdict_cases.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct report_options options = {.dir = "pawl-report"};

static const char *write_text(struct arena *a, const struct verdict *v)
{
	struct buf out = {.arena = a};

	report_text.write(&out, v, &options);
	return buf_string(&out);
}

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("%s\nlacks %s", text, part);
}

/* `count` gated rows a/b000, a/b001, … that were judged `same`. */
static struct verdict same_rows(struct arena *a, size_t count)
{
	struct verdict v = {.findings = NEW_ARRAY(a, struct finding, count), .finding_count = count};

	for (size_t i = 0; i < count; i++) {
		v.findings[i] = (struct finding){
			.suite = "a",
			.bench = arena_printf(a, "b%03zu", i),
			.metric = "cpu_time",
			.unit = "ns",
			.gated = true,
			.outcome = OUTCOME_SAME,
			.threshold_ratio = 0.1,
			.baseline = KNOWN(100),
			.current = KNOWN(100),
			.change_ratio = KNOWN(0),
			.mde_ratio = KNOWN(0.034),
		};
	}
	return v;
}

static void call_slower(struct finding *f, double ratio, enum severity severity)
{
	f->outcome = OUTCOME_SLOWER;
	f->severity = severity;
	f->effect = EFFECT_FAIL;
	f->change_ratio.value = ratio;
}

static void the_first_line_counts(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = same_rows(a, 38);

	(void)state;
	call_slower(&v.findings[3], 0.232, SEVERITY_HIGH);
	v.findings[4].mde_ratio.value = v.findings[5].mde_ratio.value = 0.2;
	assert_true(text_starts(write_text(a, &v),
				"38 benchmarks: 1 slower, 0 faster, 35 same (would have seen 3.4 % or "
				"more), 2 too noisy to see 10 %\n"));
	v.findings[5].threshold_ratio = 0.05;
	expect(write_text(a, &v), ", 2 too noisy to see their threshold\n");
	v.findings[6].state = STATE_NEW;
	v.findings[7].state = STATE_FAILED;
	v.findings[8].state = STATE_TOO_FEW;
	expect(write_text(a, &v), ", 2 too noisy to see their threshold, 1 failed, 1 too few, 1 new\n");
	v = same_rows(a, 1);
	assert_true(text_starts(write_text(a, &v), "1 benchmark: 0 slower, 0 faster, 1 same (would have seen 3.4 % or "
						   "more)\n"));
	arena_close(a);
}

static void slower_rows_come_by_severity_and_size_then_faster_ones(void **state)
{
	static const char *const order[] = {"a/b007", "a/b002", "a/b005", "a/b009", "a/b001", "a/b000"};
	struct arena *a = arena_open();
	struct verdict v = same_rows(a, 10);
	const char *text = NULL, *before = NULL;

	(void)state;
	call_slower(&v.findings[5], 0.25, SEVERITY_HIGH);
	call_slower(&v.findings[9], 0.11, SEVERITY_MEDIUM);
	call_slower(&v.findings[7], 0.31, SEVERITY_CRITICAL);
	/* Of a rate: half of it is more than a time that grew by 25 %. */
	call_slower(&v.findings[2], -0.5, SEVERITY_HIGH);
	v.findings[0].outcome = v.findings[1].outcome = OUTCOME_FASTER;
	v.findings[0].change_ratio.value = -0.2;
	v.findings[1].change_ratio.value = -0.4;
	before = text = write_text(a, &v);
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		const char *at = strstr(text, order[i]);

		assert_true(at && at > before);
		before = at;
	}
	assert_null(strstr(text, "a/b003"));
	arena_close(a);
}

static void columns_are_aligned_by_characters_and_no_line_ends_with_a_space(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = same_rows(a, 2);
	const char *text = NULL;

	(void)state;
	call_slower(&v.findings[0], 0.2, SEVERITY_MEDIUM);
	call_slower(&v.findings[1], 0.2, SEVERITY_MEDIUM);
	v.findings[0].bench = "\xC3\xA4\xC3\xB6\xC3\xBC";
	v.findings[1].bench = "abcd";
	text = write_text(a, &v);
	expect(text, "  SEVERITY  BENCHMARK  BASE    HEAD    CHANGE   SEES\n"
		     "  MEDIUM    a/\xC3\xA4\xC3\xB6\xC3\xBC      100 ns  100 ns  +20.0 %  3.4 %\n"
		     "  MEDIUM    a/abcd     100 ns  100 ns  +20.0 %  3.4 %\n");
	assert_null(strstr(text, " \n"));
	arena_close(a);
}

static void long_lists_end_with_how_many_more_there_are(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = same_rows(a, 60);
	const char *text = NULL;

	(void)state;
	for (size_t i = 0; i < 60; i++) {
		struct finding *f = &v.findings[i];

		f->state = i < 25 ? STATE_NEW : i < 45 ? STATE_UNDECIDED : STATE_JUDGED;
		f->outcome = f->state == STATE_JUDGED ? OUTCOME_FASTER : OUTCOME_NONE;
		f->reason = f->state == STATE_UNDECIDED ? arena_printf(a, "reason %zu", i) : "";
		f->warning = "careful";
	}
	text = write_text(a, &v);
	expect(text,
	       "  new: a/b000, a/b001, a/b002, a/b003, a/b004, a/b005, a/b006, a/b007, a/b008, a/b009 and 15 more\n");
	expect(text, "  and 10 more rows that are undecided\n");
	expect(text, "  and 5 more that became faster\n");
	expect(text, "warning: and 50 more warnings\n");
	arena_close(a);
}

static void a_failed_row_shows_the_last_lines_of_its_program(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = same_rows(a, 3);
	struct buf reason = {.arena = a};
	const char *text = NULL;

	(void)state;
	buf_text(&reason, "exit status 2");
	for (int i = 1; i <= 20; i++)
		buf_printf(&reason, "\nline %d\r", i);
	for (size_t i = 0; i < 3; i++) {
		v.findings[i].state = STATE_FAILED;
		v.findings[i].effect = EFFECT_ERROR;
		v.findings[i].reason = buf_string(&reason);
	}
	text = write_text(a, &v);
	expect(text, "  failed (the check cannot pass): a/b000, a/b001, a/b002\n    exit status 2\n    | line 9\n");
	expect(text, "\n    | line 20\n");
	assert_null(strstr(text, "line 8\n"));
	arena_close(a);
}

static void a_series_that_is_only_reported_stays_out_but_its_warning_is_shown(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = same_rows(a, 2);
	const char *text = NULL;

	(void)state;
	v.findings[1].bench = v.findings[0].bench;
	v.findings[1].metric = "real_time";
	v.findings[1].gated = false;
	call_slower(&v.findings[1], 0.5, SEVERITY_CRITICAL);
	v.findings[1].effect = EFFECT_PASS;
	v.findings[1].warning = "the wall clock shows +50 %";
	text = write_text(a, &v);
	assert_true(text_starts(text, "1 benchmark: 0 slower, 0 faster, 1 same"));
	assert_null(strstr(text, "CRITICAL"));
	expect(text, "warning: a/b000 [real_time]: the wall clock shows +50 %\n");
	v.findings[0].state = v.findings[1].state = STATE_NEW;
	expect(write_text(a, &v), "  new: a/b000\n");
	v.findings[0].gated = false;
	expect(write_text(a, &v), "  new: a/b000 [cpu_time]\n");
	arena_close(a);
}

/* What GitHub, Azure Pipelines, TeamCity or a terminal would obey. */
static void check_inert(const char *line, size_t size)
{
	size_t start = 0;

	while (start < size && (line[start] == ' ' || (unsigned char)line[start] >= 0x80))
		start++;
	assert_false(size - start >= 2 && line[start] == ':' && line[start + 1] == ':');
	for (size_t i = 0; i < size; i++) {
		size_t word = i + 2;

		assert_false(iscntrl((unsigned char)line[i]));
		if (line[i] != '#' || i + 1 >= size || line[i + 1] != '#')
			continue;
		while (word < size && isalpha((unsigned char)line[word]))
			word++;
		assert_false(word < size && line[word] == '[');
	}
}

static void no_line_is_a_command_to_a_terminal_or_a_ci_runner(void **state)
{
	struct arena *a = arena_open();
	size_t count = 0, names = 0;
	const struct verdict_case *cases = verdict_cases(&count);

	(void)state;
	hostile_names(&names);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < STATE_COUNT; k++) {
			struct verdict v = cases[i].make(a);
			const char *text = NULL;

			for (size_t row = 0; k > 0 && row < v.finding_count; row++)
				v.findings[row].state = (enum state)k;
			for (text = write_text(a, &v); *text; text += strcspn(text, "\n") + 1)
				check_inert(text, strcspn(text, "\n"));
		}
	}
	arena_close(a);
}

/* What follows --filter in the repeat line, as the shell gives it to a program. */
static const char *filter_of(struct arena *a, const char *text)
{
	const char *line = strstr(text, "\n    repeat: ");
	const char *argv[] = {"sh", "-c", NULL, NULL};
	struct proc_spec spec = {.argv = argv};
	struct proc_result result = {0};
	struct err err;

	assert_non_null(line);
	line += strlen("\n    repeat: ");
	assert_true(text_starts(line, "pawl check --base %n --filter "));
	line += strlen("pawl check --base %n --filter ");
	argv[2] = arena_printf(a, "set -- %.*s; printf %%s \"$1\"", (int)strcspn(line, "\n"), line);
	assert_true(proc_run(a, &spec, &result, &err));
	assert_int_equal(result.code, 0);
	return arena_copy(a, result.out.at, result.out.size);
}

static void the_repeat_line_is_quoted_for_a_shell_and_matches_that_benchmark_alone(void **state)
{
	struct arena *a = arena_open();
	size_t count = 0;
	const char *const *names = hostile_names(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct verdict v = same_rows(a, 1);
		const char *filter = NULL, *whole = arena_printf(a, "a/%s", names[i]);
		struct regex *re = NULL;
		struct err err;

		call_slower(&v.findings[0], 0.2, SEVERITY_HIGH);
		v.findings[0].bench = names[i];
		v.repeat = "pawl check --base %n --filter %s";
		filter = filter_of(a, write_text(a, &v));
		if (!regex_compile(a, filter, &re, &err))
			fail_msg("%s", err.text);
		/* A name that is no UTF-8 cannot be matched at all. */
		if (text_equal(text_printable_copy(a, whole), whole) || names[i][0] == '\n' || names[i][0] == '\t')
			assert_true(regex_matches(re, whole));
		assert_false(regex_matches(re, arena_printf(a, "%sx", whole)));
		assert_false(regex_matches(re, "a/b"));
	}
	arena_close(a);
}

static void a_name_too_long_to_type_gives_no_repeat_line_and_is_cut_in_the_table(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = same_rows(a, 1);
	struct buf name = {.arena = a};
	const char *text = NULL;

	(void)state;
	buf_repeat(&name, 'n', 10240);
	call_slower(&v.findings[0], 0.2, SEVERITY_HIGH);
	v.findings[0].bench = v.findings[0].function = v.findings[0].warning = buf_string(&name);
	v.repeat = "pawl check --filter %s";
	text = write_text(a, &v);
	assert_null(strstr(text, "repeat:"));
	assert_true(strlen(text) < 1500);
	expect(text, "nnn...nnn");
	arena_close(a);
}

static void values_changes_and_intervals_have_units_and_three_digits(void **state)
{
	static const struct {
		double value;
		const char *unit, *text;
	} values[] = {
		{3980, "ns", "3.98 us"},  {12.4e6, "bytes", "12.4 MB"},    {1.2e6, "items/s", "1.20 M/s"},
		{12, "items/s", "12 /s"}, {1.5e9, "bytes/s", "1.50 GB/s"}, {104, "ms", "104 ms"},
		{12345678, "", "12.3 M"}, {999.6, "", "1.00 k"},           {7, "", "7"},
		{0.5, "", "0.50"},        {0.00123, "", "0.00123"},        {-2500, "cycles", "-2.50 k cycles"},
	};
	struct arena *a = arena_open();
	struct number unknown = {0};

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		assert_string_equal(words_value(a, (struct number){values[i].value, true}, values[i].unit),
				    values[i].text);
	assert_string_equal(words_value(a, unknown, "ns"), "-");
	assert_string_equal(words_change(a, (struct number)KNOWN(0.232)), "+23.2 %");
	assert_string_equal(words_change(a, (struct number)KNOWN(-0.00004)), "+0.00 %");
	assert_string_equal(words_change(a, (struct number)KNOWN(1.5)), "+150 %");
	assert_string_equal(words_interval(a, (struct number)KNOWN(0.216), (struct number)KNOWN(0.249)),
			    "[+21.6, +24.9]");
	assert_string_equal(words_interval(a, (struct number)KNOWN(-0.001), (struct number)KNOWN(0.002)),
			    "[-0.10, +0.20]");
	assert_string_equal(words_interval(a, (struct number)KNOWN(0.1), unknown), "[+10.0, ?]");
	assert_string_equal(words_interval(a, unknown, unknown), "");
	assert_string_equal(words_limit(a, 0.125, 3), "12.5 %");
	assert_string_equal(words_limit(a, 5, 2), "500 %");
	arena_close(a);
}

static void a_change_without_a_ratio_is_a_difference_in_the_unit(void **state)
{
	struct arena *a = arena_open();
	struct finding f = {.unit = "", .change = KNOWN(3), .low = KNOWN(-1), .high = KNOWN(5000)};

	(void)state;
	assert_string_equal(words_change_cell(a, &f), "+3 [-1, +5.00 k]");
	f.unit = "bytes";
	f.change = (struct number)KNOWN(-2.5e6);
	f.low = f.high = (struct number){0};
	f.change_ratio = (struct number)KNOWN(-0.5);
	assert_string_equal(words_change_cell(a, &f), "-2.50 MB = -50.0 %");
	arena_close(a);
}

static void only_red_rows_that_can_be_measured_are_repeated(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = {.repeat = "pawl check --filter %s"};
	struct finding f = {.suite = "s", .bench = "b", .effect = EFFECT_FAIL};

	(void)state;
	assert_string_equal(repeat_command(a, &v, &f), "pawl check --filter '^s/b$'");
	f.bench = "*";
	assert_string_equal(repeat_command(a, &v, &f), "pawl check --filter '^s/'");
	f.state = STATE_GONE;
	assert_string_equal(repeat_command(a, &v, &f), "");
	f.state = STATE_FAILED;
	f.effect = EFFECT_PASS;
	assert_string_equal(repeat_command(a, &v, &f), "");
	f.effect = EFFECT_ERROR;
	v.repeat = "";
	assert_string_equal(repeat_command(a, &v, &f), "");
	arena_close(a);
}

static void the_end_says_where_reports_are_and_why_the_status_is_what_it_is(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_empty(a);

	(void)state;
	assert_string_equal(write_text(a, &v), "0 benchmarks: 0 slower, 0 faster, 0 same\n"
					       "reports: pawl-report/\n"
					       "seed: 18446744073709551615\n"
					       "exit status 3: nothing was measured\n");
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_line_counts),
		cmocka_unit_test(slower_rows_come_by_severity_and_size_then_faster_ones),
		cmocka_unit_test(columns_are_aligned_by_characters_and_no_line_ends_with_a_space),
		cmocka_unit_test(long_lists_end_with_how_many_more_there_are),
		cmocka_unit_test(a_failed_row_shows_the_last_lines_of_its_program),
		cmocka_unit_test(a_series_that_is_only_reported_stays_out_but_its_warning_is_shown),
		cmocka_unit_test(no_line_is_a_command_to_a_terminal_or_a_ci_runner),
		cmocka_unit_test(the_repeat_line_is_quoted_for_a_shell_and_matches_that_benchmark_alone),
		cmocka_unit_test(a_name_too_long_to_type_gives_no_repeat_line_and_is_cut_in_the_table),
		cmocka_unit_test(values_changes_and_intervals_have_units_and_three_digits),
		cmocka_unit_test(a_change_without_a_ratio_is_a_difference_in_the_unit),
		cmocka_unit_test(only_red_rows_that_can_be_measured_are_repeated),
		cmocka_unit_test(the_end_says_where_reports_are_and_why_the_status_is_what_it_is),
	};

	return cmocka_run_group_tests_name("test_text_report", tests, NULL, NULL);
}
