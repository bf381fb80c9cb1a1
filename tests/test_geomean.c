/* Geometric means of what two sides have in common. */
#include "model/geomean.h"

#include "base/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KNOWN(x)                                                                                                       \
	{                                                                                                              \
		(x), true                                                                                              \
	}

static void doubled_and_halved_is_unchanged(void **state)
{
	struct finding rows[] = {
		{.bench = "a",
		 .metric = "cpu_time",
		 .unit = "ns",
		 .gated = true,
		 .baseline = KNOWN(10),
		 .current = KNOWN(20)},
		{.bench = "b",
		 .metric = "cpu_time",
		 .unit = "ns",
		 .gated = true,
		 .baseline = KNOWN(40),
		 .current = KNOWN(20)},
	};
	struct verdict v = {.findings = rows, .finding_count = 2};
	struct arena *a = arena_open();
	size_t count;
	const struct geomean *m = verdict_geomeans(a, &v, &count);

	(void)state;
	assert_int_equal(count, 1);
	assert_int_equal(m->count, 2);
	assert_true(fabs(m->baseline - 20) < 1e-12 && fabs(m->current - 20) < 1e-12);
	assert_true(fabs(m->change_ratio) < 1e-15);
	arena_close(a);
}

static void rows_without_a_value_on_both_sides_are_left_out(void **state)
{
	struct finding rows[] = {
		{.metric = "m", .unit = "", .baseline = KNOWN(2), .current = KNOWN(8)},
		{.metric = "m", .unit = "", .baseline = KNOWN(2), .current = KNOWN(0)},
		{.metric = "m", .unit = "", .current = KNOWN(1), .state = STATE_NEW},
		{.metric = "m", .unit = "", .baseline = KNOWN(1), .state = STATE_GONE},
		{.metric = "m", .unit = "", .baseline = KNOWN(1), .current = KNOWN(99), .state = STATE_INCOMPARABLE},
		{.metric = "m", .unit = "", .baseline = KNOWN(2), .current = KNOWN(2), .state = STATE_TOO_FEW},
	};
	struct verdict v = {.findings = rows, .finding_count = 6};
	struct arena *a = arena_open();
	size_t count;
	const struct geomean *m = verdict_geomeans(a, &v, &count);

	(void)state;
	assert_int_equal(count, 1);
	assert_int_equal(m->count, 2);
	assert_true(fabs(m->change_ratio - 1) < 1e-12);
	arena_close(a);
}

static void gated_metrics_come_first_and_a_single_row_has_no_mean(void **state)
{
	struct finding rows[] = {
		{.metric = "a", .unit = "", .baseline = KNOWN(1), .current = KNOWN(1)},
		{.metric = "a", .unit = "", .baseline = KNOWN(1), .current = KNOWN(1)},
		{.metric = "z", .unit = "ns", .gated = true, .baseline = KNOWN(1), .current = KNOWN(1)},
		{.metric = "z", .unit = "ns", .gated = true, .baseline = KNOWN(1), .current = KNOWN(1)},
		{.metric = "z", .unit = "ms", .gated = true, .baseline = KNOWN(1), .current = KNOWN(1)},
	};
	struct verdict v = {.findings = rows, .finding_count = 5};
	struct arena *a = arena_open();
	struct buf text = {.arena = a};
	struct json j = {.out = &text};
	size_t count;
	const struct geomean *m = verdict_geomeans(a, &v, &count);

	(void)state;
	assert_int_equal(count, 2);
	assert_string_equal(m[0].metric, "z");
	assert_string_equal(m[1].metric, "a");
	geomeans_to_json(&j, &v);
	assert_non_null(strstr(buf_string(&text),
			       "{\"baseline\": 1, \"benchmarks\": 2, \"change_ratio\": 0, \"current\": 1, "
			       "\"gated\": true, \"metric\": \"z\", \"unit\": \"ns\"}"));
	arena_close(a);
}

static void nothing_has_no_mean(void **state)
{
	struct verdict v = {0};
	struct arena *a = arena_open();
	size_t count = 7;

	(void)state;
	verdict_geomeans(a, &v, &count);
	assert_int_equal(count, 0);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubled_and_halved_is_unchanged),
		cmocka_unit_test(rows_without_a_value_on_both_sides_are_left_out),
		cmocka_unit_test(gated_metrics_come_first_and_a_single_row_has_no_mean),
		cmocka_unit_test(nothing_has_no_mean),
	};

	return cmocka_run_group_tests_name("test_geomean", tests, NULL, NULL);
}
