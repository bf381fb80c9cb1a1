/* The slice tables of a run. */
#include "model/run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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

static void tables_and_suites_are_found_by_name(void **state)
{
	struct arena *a = *state;
	struct run r = {0};
	char name[] = "BM_a";

	assert_null(run_find(&r, "s", "BM_a"));
	assert_null(run_find_suite(&r, "s"));
	run_add(a, &r, "s", name);
	run_add(a, &r, "t", name);
	run_add_suite(a, &r, "s", "gbench");
	name[3] = 'x';
	assert_ptr_equal(run_find(&r, "t", "BM_a"), &r.tables[1]);
	assert_ptr_equal(run_find(&r, "s", "BM_a"), &r.tables[0]);
	assert_null(run_find(&r, "s", "BM_x"));
	assert_string_equal(run_find_suite(&r, "s")->kind, "gbench");
	assert_string_equal(r.tables[0].reason, "");
	assert_string_equal(r.suites[0].failure, "");
}

static void many_tables_are_found_and_a_twin_gives_the_first(void **state)
{
	struct arena *a = *state;
	struct run r = {0};

	for (int i = 0; i < 1000; i++)
		run_add(a, &r, i % 2 ? "s" : "t", arena_printf(a, "BM_%d", i));
	run_add(a, &r, "s", "BM_7");
	for (int i = 0; i < 1000; i++) {
		const char *name = arena_printf(a, "BM_%d", i);

		assert_ptr_equal(run_find(&r, i % 2 ? "s" : "t", name), &r.tables[i]);
		assert_null(run_find(&r, i % 2 ? "t" : "s", name));
	}
	/* Whoever takes tables out of the list finds the others all the same, and may add to them. */
	r.tables[0] = r.tables[r.table_count - 2];
	r.table_count = 900;
	assert_ptr_equal(run_find(&r, "s", "BM_999"), &r.tables[0]);
	assert_null(run_find(&r, "s", "BM_901"));
	assert_null(run_find(&r, "t", "BM_0"));
	run_add(a, &r, "u", "BM_new");
	assert_ptr_equal(run_find(&r, "s", "BM_999"), &r.tables[0]);
	assert_ptr_equal(run_find(&r, "u", "BM_new"), &r.tables[900]);
	assert_null(run_find(&r, "s", "BM_901"));
}

static void a_table_without_slices_keeps_values_by_metric(void **state)
{
	struct arena *a = *state;
	struct run r = {0};
	struct slice_table *t = run_add(a, &r, "s", "BM_a");
	struct metric m = {"m0", "ns", CATEGORY_LATENCY};
	size_t count;
	double *values;

	for (int i = 0; i < 100; i++)
		table_add_value(a, t, &m, i, i ? 0 : 20);
	/* More metrics than there was room for. */
	for (int i = 1; i < 20; i++) {
		m.name = arena_printf(a, "m%d", i);
		table_add_value(a, t, &m, 1000 + i, 0);
	}
	values = table_series(a, t, "m0", &count);
	assert_int_equal(count, 100);
	for (int i = 0; i < 100; i++)
		assert_true(values[i] == i);
	values = table_series(a, t, "m19", &count);
	assert_int_equal(count, 1);
	assert_true(values[0] == 1019);
	table_series(a, t, "m20", &count);
	assert_int_equal(count, 0);
}

static void aggregates_stand_beside_their_metrics(void **state)
{
	struct arena *a = *state;
	struct run r = {0};
	struct slice_table *t = run_add(a, &r, "s", "BM_a");

	for (int i = 0; i < 20; i++) {
		struct metric m = {arena_printf(a, "m%d", i), "ns", CATEGORY_LATENCY};

		table_aggregate(a, t, &m)->median = i;
	}
	for (int i = 0; i < 20; i++)
		assert_true(t->aggregates[table_metric(t, arena_printf(a, "m%d", i))].median == i);
}

static void warnings_keep_their_order(void **state)
{
	struct arena *a = *state;
	struct run r = {0};

	for (int i = 0; i < 100; i++)
		run_warn(a, &r, "warning %d", i);
	assert_int_equal(r.warning_count, 100);
	assert_string_equal(r.warnings[99], "warning 99");
}

static void a_metric_that_comes_late_leaves_earlier_cells_empty(void **state)
{
	struct arena *a = *state;
	struct run r = {0};
	struct slice_table *t = run_add(a, &r, "s", "b");
	char names[40][8];

	for (int i = 0; i < 40; i++) {
		struct slice *s = table_add_slice(a, t);
		struct metric m = {.name = names[i], .unit = "ns", .category = CATEGORY_LATENCY};

		names[i][0] = (char)('A' + i);
		names[i][1] = '\0';
		table_set(a, t, s, &m, i);
	}
	assert_int_equal(t->metric_count, 40);
	for (int i = 0; i < 40; i++) {
		assert_int_equal(table_metric(t, names[i]), i);
		for (int k = 0; k < 40; k++) {
			assert_int_equal(t->slices[i].cells[k].present, i == k);
			assert_true(t->slices[i].cells[k].value == (i == k ? i : 0.0));
		}
	}
	assert_int_equal(table_metric(t, "none"), -1);
	assert_int_equal(t->slices[0].cpu, -1);
}

static void a_column_can_be_added_to_a_table_that_has_no_spare_room(void **state)
{
	struct arena *a = *state;
	struct metric metrics[1] = {{"cpu_time", "ns", CATEGORY_LATENCY}}, late = {"max_rss", NULL, CATEGORY_RESOURCE};
	struct cell cells[1] = {{.value = 3, .present = true}};
	struct slice slices[1] = {{.cells = cells, .phase = PHASE_MEASURE}};
	struct slice_table t = {.metrics = metrics, .metric_count = 1, .slices = slices, .slice_count = 1};

	table_set(a, &t, &t.slices[0], &late, 4);
	assert_true(t.slices[0].cells[0].value == 3);
	assert_true(t.slices[0].cells[1].value == 4);
	assert_string_equal(t.metrics[1].unit, "");
}

static void a_value_that_is_no_finite_number_is_no_value(void **state)
{
	struct arena *a = *state;
	struct run r = {0};
	struct slice_table *t = run_add(a, &r, "s", "b");
	struct metric m = {"cpu_time", "ns", CATEGORY_LATENCY};

	table_set(a, t, table_add_slice(a, t), &m, (double)INFINITY);
	table_set(a, t, table_add_slice(a, t), &m, (double)NAN);
	assert_int_equal(t->metric_count, 1);
	assert_false(t->slices[0].cells[0].present);
	assert_false(t->slices[1].cells[0].present);
}

static void a_series_leaves_out_trials_and_empty_cells(void **state)
{
	struct arena *a = *state;
	struct run r = {0};
	struct slice_table *t = run_add(a, &r, "s", "b");
	struct metric time = {"cpu_time", "ns", CATEGORY_LATENCY}, other = {"x", "", CATEGORY_UNKNOWN};
	static const enum phase phases[] = {PHASE_TRIAL, PHASE_MEASURE, PHASE_SCREEN, PHASE_CONFIRM, PHASE_MEASURE};
	double *values;
	size_t count;

	for (size_t i = 0; i < 5; i++) {
		struct slice *s = table_add_slice(a, t);

		s->phase = phases[i];
		table_set(a, t, s, i == 4 ? &other : &time, (double)i);
	}
	values = table_series(a, t, "cpu_time", &count);
	assert_int_equal(count, 3);
	assert_true(values[0] == 1 && values[1] == 2 && values[2] == 3);
	table_series(a, t, "unknown", &count);
	assert_int_equal(count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tables_and_suites_are_found_by_name, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(many_tables_are_found_and_a_twin_gives_the_first, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(a_table_without_slices_keeps_values_by_metric, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(aggregates_stand_beside_their_metrics, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(warnings_keep_their_order, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(a_metric_that_comes_late_leaves_earlier_cells_empty, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(a_column_can_be_added_to_a_table_that_has_no_spare_room, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(a_value_that_is_no_finite_number_is_no_value, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(a_series_leaves_out_trials_and_empty_cells, open_arena, close_arena),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
