/*
 * OpenMetrics: families, units, labels.
 */
#include "report/report.h"

#include "verdict_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct report_options options = {0};

static const char *write_metrics(struct arena *a, const struct verdict *v)
{
	struct buf out = {.arena = a};

	report_openmetrics.write(&out, v, &options);
	return buf_string(&out);
}

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("%s\nlacks %s", text, part);
}

static void times_are_seconds_and_sizes_bytes_whatever_the_unit(void **state)
{
	static const struct {
		const char *unit, *sample;
	} cases[] = {
		{"ns", "\npawl_benchmark_base_seconds{suite=\"s\",benchmark=\"b\",metric=\"m\"} 2.5e-07\n"},
		{"us", "\npawl_benchmark_base_seconds{suite=\"s\",benchmark=\"b\",metric=\"m\"} 0.00025\n"},
		{"ms", "\npawl_benchmark_base_seconds{suite=\"s\",benchmark=\"b\",metric=\"m\"} 0.25\n"},
		{"s", "\npawl_benchmark_base_seconds{suite=\"s\",benchmark=\"b\",metric=\"m\"} 250\n"},
		{"bytes", "\npawl_benchmark_base_bytes{suite=\"s\",benchmark=\"b\",metric=\"m\"} 250\n"},
		{"items/s",
		 "\npawl_benchmark_base_value{suite=\"s\",benchmark=\"b\",metric=\"m\",unit=\"items/s\"} 250\n"},
		{"", "\npawl_benchmark_base_value{suite=\"s\",benchmark=\"b\",metric=\"m\",unit=\"\"} 250\n"},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct finding f = {
			.suite = "s", .bench = "b", .metric = "m", .unit = cases[i].unit, .baseline = KNOWN(250)};
		struct verdict v = {.findings = &f, .finding_count = 1};

		expect(write_metrics(a, &v), cases[i].sample);
	}
	arena_close(a);
}

static void labels_are_escaped(void **state)
{
	static const struct {
		const char *name, *label;
	} cases[] = {
		{"a\"b", "benchmark=\"a\\\"b\""},       {"a\\b", "benchmark=\"a\\\\b\""},
		{"a\nb", "benchmark=\"a\\\\nb\""},      {"a\"} 1\n# EOF\n", "benchmark=\"a\\\"} 1\\\\n# EOF\\\\n\""},
		{"\xff", "benchmark=\"\\\\xff\""},      {"\x1b[31m", "benchmark=\"\\\\x1b[31m\""},
		{"\xC3\xA4", "benchmark=\"\xC3\xA4\""},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct finding f = {.suite = "s", .bench = cases[i].name, .metric = "m"};
		struct verdict v = {.findings = &f, .finding_count = 1};

		expect(write_metrics(a, &v), cases[i].label);
	}
	arena_close(a);
}

/* A family is one block with a head of its own, no name is that of two families, and the end is marked once. */
static void every_family_stands_together_and_the_file_ends_with_eof(void **state)
{
	struct arena *a = arena_open();
	size_t count = 0;
	const struct verdict_case *cases = verdict_cases(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct verdict v = cases[i].make(a);
		const char *text = write_metrics(a, &v), *family = "";

		assert_true(text_ends(text, "\n# EOF\n"));
		for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
			if (text_starts(line, "# HELP ")) {
				family = arena_copy(a, line + 7, strcspn(line + 7, " "));
				assert_null(strstr(line + 1, arena_printf(a, "\n# HELP %s ", family)));
			} else if (*line != '#') {
				assert_int_equal(strcspn(line, "{ "), strlen(family));
				assert_true(text_starts(line, family));
			} else if (text_starts(line, "# UNIT ")) {
				size_t size = strcspn(line, "\n");

				assert_true(text_ends(family, strrchr(arena_copy(a, line, size), ' ') + 1));
			}
		}
	}
	arena_close(a);
}

static void the_state_of_a_judged_row_is_its_verdict(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);
	const char *text = write_metrics(a, &v);

	(void)state;
	expect(text, "pawl_benchmark_state{suite=\"orders\",benchmark=\"BM_discount\",metric=\"cpu_time\",state="
		     "\"slower\"} 1\n");
	expect(text,
	       "pawl_benchmark_state{suite=\"orders\",benchmark=\"BM_gone\",metric=\"cpu_time\",state=\"gone\"} 1\n");
	expect(text, "pawl_benchmark_fails{suite=\"orders\",benchmark=\"BM_discount\",metric=\"cpu_time\"} 1\n");
	expect(text, "pawl_benchmark_severity{suite=\"orders\",benchmark=\"BM_discount\",metric=\"cpu_time\"} 3\n");
	expect(text, "\npawl_check_exit_status 1\n");
	expect(text, "\npawl_check_started_timestamp_seconds 1795222923\n");
	v.started = "yesterday";
	assert_null(strstr(write_metrics(a, &v), "timestamp"));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_seconds_and_sizes_bytes_whatever_the_unit),
		cmocka_unit_test(labels_are_escaped),
		cmocka_unit_test(every_family_stands_together_and_the_file_ends_with_eof),
		cmocka_unit_test(the_state_of_a_judged_row_is_its_verdict),
	};

	return cmocka_run_group_tests_name("test_openmetrics", tests, NULL, NULL);
}
