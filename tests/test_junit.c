/*
 * The JUnit report: what is a failure, an error, skipped or passed, and that it is XML whatever the names are.
 */
#include "report/report.h"

#include "base/file.h"
#include "verdict_cases.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "absent.h"

static const struct report_options options = {.config = "sub/pawl.yml"};

static const struct report_options strict_options = {.config = "sub/pawl.yml", .junit_dialect = JUNIT_STRICT};

static const char *write_with(struct arena *a, const struct verdict *v, const struct report_options *how)
{
	struct buf out = {.arena = a};

	report_junit.write(&out, v, how);
	return buf_string(&out);
}

static const char *write_junit(struct arena *a, const struct verdict *v)
{
	return write_with(a, v, &options);
}

static const char *write_finding(struct arena *a, struct finding f)
{
	struct verdict v = {.findings = &f, .finding_count = 1, .started = "2026-11-21T01:02:03Z"};

	f.suite = f.suite ? f.suite : "s";
	f.bench = f.bench ? f.bench : "b";
	f.metric = f.metric ? f.metric : "cpu_time";
	return write_junit(a, &v);
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
		count++;
	return count;
}

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("%s\nlacks %s", text, part);
}

static void a_failure_is_what_makes_the_exit_status_1(void **state)
{
	struct arena *a = arena_open();
	struct finding f = {.gated = true,
			    .unit = "ns",
			    .outcome = OUTCOME_SLOWER,
			    .severity = SEVERITY_CRITICAL,
			    .effect = EFFECT_FAIL,
			    .baseline = KNOWN(100),
			    .current = KNOWN(200),
			    .change_ratio = KNOWN(1),
			    .threshold_ratio = 0.1};
	const char *text = write_finding(a, f);

	(void)state;
	expect(text,
	       "<failure type=\"pawl.regression.critical\" message=\"100 ns -&gt; 200 ns, +100 %, threshold 10 %, "
	       "severity CRITICAL\">s/b: 100 ns");
	expect(text, "<testsuite name=\"s\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\" ");
	expect(text, "<testsuites name=\"pawl\" tests=\"1\" failures=\"1\" errors=\"0\" ");
	f.effect = EFFECT_PASS;
	text = write_finding(a, f);
	assert_int_equal(count_of(text, "<failure"), 0);
	expect(text, "<system-out>warning: slower: 100 ns -&gt; 200 ns");
	expect(text, "<property name=\"pawl.severity\" value=\"CRITICAL\"/>");
	arena_close(a);
}

static void an_error_is_what_makes_the_exit_status_3(void **state)
{
	struct arena *a = arena_open();
	struct finding f = {.gated = true,
			    .state = STATE_FAILED,
			    .effect = EFFECT_ERROR,
			    .reason = "exit status 2\nlast words\n::error::x"};
	const char *text = write_finding(a, f);

	(void)state;
	expect(text,
	       "<error type=\"pawl.benchmark_error\" message=\"failed: exit status 2\">s/b: failed: exit status 2");
	expect(text, "\n| last words\n| \\::error::x\n</error>");
	f.state = STATE_UNDECIDED;
	expect(write_finding(a, f), "<error type=\"pawl.undecided\" ");
	f.effect = EFFECT_PASS;
	f.state = STATE_FAILED;
	expect(write_finding(a, f), "<skipped message=\"failed: exit status 2\">");
	arena_close(a);
}

static void every_row_that_was_not_judged_is_skipped_with_its_reason_and_a_gone_one_can_fail(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < STATE_COUNT; i++) {
		struct finding f = {.gated = true, .state = (enum state)i, .reason = "the reason"};
		const char *text = write_finding(a, f);

		assert_int_equal(count_of(text, "<skipped message="), i == STATE_JUDGED ? 0 : 1);
		assert_int_equal(count_of(text, ": the reason</skipped>"), i == STATE_JUDGED ? 0 : 1);
	}
	expect(write_finding(a, (struct finding){.state = STATE_GONE, .effect = EFFECT_FAIL}),
	       "<failure type=\"pawl.gone\" message=\"gone\">");
	arena_close(a);
}

static void a_case_names_suite_benchmark_metric_time_and_place(void **state)
{
	struct arena *a = arena_open();
	struct finding f = {.suite = "orders", .bench = "BM_x/64", .measured_s = 1234.56789, .place = "pawl.yml:4"};

	(void)state;
	expect(write_finding(a, f), "<testcase classname=\"pawl.orders\" name=\"BM_x/64 [cpu_time]\" time=\"1234.568\" "
				    "file=\"pawl.yml\" line=\"4\">");
	f.place = "a b/c:d.c:12 (changed in this branch)";
	f.measured_s = 1e-9;
	expect(write_finding(a, f), " time=\"0.000\" file=\"a b/c:d.c\" line=\"12\">");
	f.place = "a.c:x";
	expect(write_finding(a, f), " file=\"a.c:x\">");
	f.place = "";
	expect(write_finding(a, f), " file=\"sub/pawl.yml\">");
	expect(write_finding(a, f), " timestamp=\"2026-11-21T01:02:03\" hostname=\"localhost\" id=\"0\" "
				    "package=\"pawl\">");
	arena_close(a);
}

static void suites_are_flat_and_every_series_is_a_case(void **state)
{
	struct arena *a = arena_open();
	struct finding rows[] = {
		{.suite = "a", .bench = "x", .metric = "cpu_time", .gated = true, .measured_s = 2},
		{.suite = "a", .bench = "x", .metric = "real_time", .measured_s = 2},
		{.suite = "a", .bench = "y", .metric = "cpu_time", .gated = true, .measured_s = 3},
		{.suite = "b", .bench = "x", .metric = "cpu_time", .gated = true, .measured_s = 4},
	};
	struct verdict v = {.findings = rows, .finding_count = 4};
	const char *text = write_junit(a, &v);

	(void)state;
	expect(text, "<testsuites name=\"pawl\" tests=\"4\" failures=\"0\" errors=\"0\" time=\"9.000\">");
	expect(text, "<testsuite name=\"a\" tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"5.000\" ");
	expect(text, "  </testsuite>\n  <testsuite name=\"b\" tests=\"1\" ");
	assert_int_equal(count_of(text, "<testcase "), 4);
	assert_int_equal(count_of(text, "name=\"pawl.gated\" value=\"false\""), 1);
	arena_close(a);
}

static void xml_cannot_be_broken_by_names(void **state)
{
	struct arena *a = arena_open();
	struct finding f = {.suite = "<&>\"'",
			    .bench = "a\n\tb\r",
			    .metric = "\x01\x1b\x7f\xc2\x85\xff\xef\xbf\xbf",
			    .state = STATE_NEW,
			    .reason = "]]><x/>"};
	const char *text = write_finding(a, f);

	(void)state;
#define LOST "\xEF\xBF\xBD"
	expect(text, " classname=\"pawl.&lt;&amp;&gt;&quot;'\"");
	expect(text, " name=\"a&#10;&#9;b&#13; [" LOST LOST LOST LOST LOST LOST "]\"");
	expect(text, ">new: ]]&gt;&lt;x/&gt;</skipped>");
	assert_null(strstr(text, "]]>"));
	arena_close(a);
}

/* Status of `xmllint` reading the text; 127 when there is none. */
static int lint(struct arena *a, const char *arguments, const char *text)
{
	FILE *pipe = popen(arena_printf(a, "xmllint --noout %s - >/dev/null 2>&1", arguments), "w");
	int status = 0;

	assert_non_null(pipe);
	fwrite(text, 1, strlen(text), pipe);
	status = pclose(pipe);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool xmllint_is_missing(void)
{
	return system("command -v xmllint >/dev/null") != 0;
}

static void every_case_is_well_formed_xml(void **state)
{
	struct arena *a = arena_open();
	size_t count = 0;
	const struct verdict_case *cases = verdict_cases(&count);
	bool missing = xmllint_is_missing();

	(void)state;
	for (size_t i = 0; i < count && !missing; i++) {
		struct verdict v = cases[i].make(a);

		assert_int_equal(lint(a, "", write_junit(a, &v)), 0);
	}
	arena_close(a);
	if (missing)
		absent("there is no xmllint (libxml2-utils)");
}

/* The schemas are not part of this repository; where a folder of them stands beside it, they are used. */
static void the_strict_dialect_is_valid_against_both_schemas(void **state)
{
	static const char *const schemas[] = {"../shared/schemas/jenkins-xunit-plugin-junit-10.xsd",
					      "../shared/schemas/windyroad-JUnit.xsd"};
	struct arena *a = arena_open();
	size_t count = 0;
	const struct verdict_case *cases = verdict_cases(&count);
	bool lintless = xmllint_is_missing();
	bool missing = lintless || !file_exists(schemas[0]) || !file_exists(schemas[1]);

	(void)state;
	for (size_t i = 0; i < 2 * count && !missing; i++) {
		struct verdict v = cases[i / 2].make(a);
		const char *schema = arena_printf(a, "--schema %s", schemas[i % 2]);

		if (lint(a, schema, write_with(a, &v, &strict_options)) != 0)
			fail_msg("%s is not valid against %s", cases[i / 2].name, schemas[i % 2]);
	}
	arena_close(a);
	if (lintless)
		absent("there is no xmllint (libxml2-utils)");
	if (missing)
		leave_out("no folder of schemas stands beside this one");
}

static void the_strict_dialect_has_no_more_than_the_schemas_know(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);
	const char *text = write_with(a, &v, &strict_options);

	(void)state;
	expect(text, "<testsuites>\n");
	expect(text,
	       "<testcase classname=\"pawl.orders\" name=\"BM_discount [cpu_time]\" time=\"1.250\">\n      <failure ");
	expect(text,
	       "<testcase classname=\"pawl.orders\" name=\"BM_same [cpu_time]\" time=\"1.250\">\n    </testcase>");
	assert_int_equal(count_of(text, "\" file=\""), 0);
	assert_int_equal(count_of(text, "<properties>"), 1);
	assert_int_equal(count_of(text, "<system-out>"), 1);
	assert_int_equal(count_of(text, "<system-err>"), 1);
	expect(text, "\nBM_parse [max_rss]: slower, severity LOW\nwarning: slower: 12.4 MB -&gt; 13.4 MB");
	expect(text, "\nBM_discount [real_time]: same, not gated\nwarning: the wall clock shows +26.8 %\n");
	arena_close(a);
}

static void the_strict_dialect_needs_a_date_a_host_and_names(void **state)
{
	static const char *const dates[] = {"",
					    "2026-13-21T01:02:03Z",
					    "2026-02-30T01:02:03Z",
					    "2016/08/02-16:21:47",
					    "2026-11-21T01:02",
					    "now and then, and later",
					    " 2026-11-21T01:02:03"};
	struct arena *a = arena_open();
	struct finding f = {.suite = " ", .bench = "", .metric = "", .machine = "\t"};
	struct verdict v = {.findings = &f, .finding_count = 1};

	(void)state;
	for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
		v.started = dates[i];
		expect(write_with(a, &v, &strict_options), " timestamp=\"1970-01-01T00:00:00\" hostname=\"localhost\"");
	}
	v.started = "2024-02-29T23:59:59+02:00";
	expect(write_with(a, &v, &strict_options), " timestamp=\"2024-02-29T23:59:59\"");
	expect(write_with(a, &v, &strict_options), "<testsuite name=\"-\" ");
	arena_close(a);
}

static void dialects_are_found_by_name(void **state)
{
	enum junit_dialect d = JUNIT_STRICT;
	struct err err;

	(void)state;
	assert_true(junit_dialect_find("rich", &d, &err));
	assert_int_equal(d, JUNIT_RICH);
	assert_true(junit_dialect_find("strict", &d, &err));
	assert_int_equal(d, JUNIT_STRICT);
	assert_false(junit_dialect_find("lax", &d, &err));
	assert_string_equal(err.text, "there is no JUnit dialect 'lax'; there are rich, strict");
}

static void a_red_row_says_how_to_measure_it_again(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);
	const char *text = write_junit(a, &v);

	(void)state;
	expect(text, "\nrepeat     pawl check --base 4f2a91c --filter '^orders/BM_discount$'\n");
	expect(text, "\nrepeat     pawl check --base 4f2a91c --filter '^orders/BM_crash$'\n");
	arena_close(a);
}

static void a_check_that_ends_badly_without_a_row_is_a_case_itself(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_empty(a);
	const char *text = write_junit(a, &v);

	(void)state;
	expect(text, "<testsuites name=\"pawl\" tests=\"1\" failures=\"0\" errors=\"1\" ");
	expect(text, "<testcase classname=\"pawl.pawl\" name=\"check\" ");
	expect(text, "<error type=\"pawl.undecided\" message=\"undecided: nothing was measured\">");
	v.status = 0;
	assert_null(strstr(write_junit(a, &v), "<testcase"));
	v = case_mixed(a);
	assert_null(strstr(write_junit(a, &v), "name=\"check\""));
	arena_close(a);
}

static void warnings_about_the_check_stand_with_the_first_suite(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);
	const char *text = write_junit(a, &v);

	(void)state;
	expect(text, "<system-err>warning: rules differ between base and head: **:time threshold 5 % -&gt; 10 %\n");
	assert_int_equal(count_of(text, "<system-err>"), 1);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_is_what_makes_the_exit_status_1),
		cmocka_unit_test(an_error_is_what_makes_the_exit_status_3),
		cmocka_unit_test(every_row_that_was_not_judged_is_skipped_with_its_reason_and_a_gone_one_can_fail),
		cmocka_unit_test(a_case_names_suite_benchmark_metric_time_and_place),
		cmocka_unit_test(suites_are_flat_and_every_series_is_a_case),
		cmocka_unit_test(xml_cannot_be_broken_by_names),
		cmocka_unit_test(every_case_is_well_formed_xml),
		cmocka_unit_test(the_strict_dialect_is_valid_against_both_schemas),
		cmocka_unit_test(the_strict_dialect_has_no_more_than_the_schemas_know),
		cmocka_unit_test(the_strict_dialect_needs_a_date_a_host_and_names),
		cmocka_unit_test(dialects_are_found_by_name),
		cmocka_unit_test(a_red_row_says_how_to_measure_it_again),
		cmocka_unit_test(a_check_that_ends_badly_without_a_row_is_a_case_itself),
		cmocka_unit_test(warnings_about_the_check_stand_with_the_first_suite),
	};

	return cmocka_run_group_tests_name("test_junit", tests, NULL, NULL);
}
