/* Files of results as runs. */
#include "flow/load.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GBENCH "tests/golden/gbench/"

struct scratch {
	struct arena *arena;
	const char *folder, *path;
	struct run run;
	struct err err;
};

static int set_up(void **state)
{
	static struct scratch s;

	s = (struct scratch){.arena = arena_open()};
	*state = &s;
	if (!dir_make_scratch(s.arena, &s.folder, &s.err))
		return -1;
	s.path = path_join(s.arena, s.folder, "result.json");
	return 0;
}

static int tear_down(void **state)
{
	struct scratch *s = *state;

	dir_remove(s->folder);
	arena_close(s->arena);
	return 0;
}

static void load(struct scratch *s, const char *path)
{
	if (!load_results(s->arena, path, NULL, &s->run, &s->err))
		fail_msg("%s", s->err.text);
}

static void load_text(struct scratch *s, const char *benchmarks)
{
	const char *text = arena_printf(s->arena, "{\"context\": {}, \"benchmarks\": [%s]}", benchmarks);

	assert_true(file_write(s->path, text, strlen(text), &s->err));
	load(s, s->path);
}

static const struct slice_table *bench(const struct scratch *s, const char *name)
{
	const struct slice_table *t = run_find(&s->run, LOAD_SUITE, name);

	if (!t)
		fail_msg("no benchmark %s", name);
	return t;
}

static void repetitions_are_values_in_the_order_of_the_file(void **state)
{
	struct scratch *s = *state;
	size_t count;
	const double *values;

	load_text(s, "{\"name\": \"a\", \"real_time\": 3, \"cpu_time\": 2}, {\"name\": \"b\", \"real_time\": 9},"
		     "{\"name\": \"a\", \"real_time\": 1, \"cpu_time\": 4, \"items\": 5}");
	/* Without repetition_index the second `a` is another benchmark. */
	values = table_series(s->arena, bench(s, "a#2"), "items", &count);
	assert_int_equal(count, 1);
	assert_true(values[0] == 5);
	assert_string_equal(bench(s, "a")->clock, "cpu_time");
	assert_string_equal(bench(s, "b")->clock, "real_time");
	assert_int_equal(s->run.warning_count, 1);
	assert_non_null(strstr(s->run.warnings[0], "a stands more than once"));
	load_text(s, "{\"name\": \"a\", \"repetition_index\": 0, \"real_time\": 3}, {\"name\": \"a\", "
		     "\"repetition_index\": 1, \"real_time\": 1}");
	values = table_series(s->arena, bench(s, "a"), "real_time", &count);
	assert_int_equal(count, 2);
	assert_true(values[0] == 3 && values[1] == 1);
}

static void failed_and_skipped_benchmarks_keep_their_reason(void **state)
{
	struct scratch *s = *state;

	load_text(s, "{\"name\": \"a\", \"error_occurred\": true, \"error_message\": \"no file\"}, {\"name\": \"b\", "
		     "\"skipped\": true, \"skip_message\": \"no GPU\"}");
	assert_int_equal(bench(s, "a")->status, BENCH_FAILED);
	assert_string_equal(bench(s, "a")->reason, "no file");
	assert_int_equal(bench(s, "b")->status, BENCH_SKIPPED);
	assert_string_equal(bench(s, "b")->reason, "no GPU");
}

static void aggregates_alone_are_used_and_that_is_said(void **state)
{
	struct scratch *s = *state;
	const struct slice_table *t;
	const struct aggregate *g;

	load(s, GBENCH "aggonly-v1.9.5.json");
	t = bench(s, "BM_plain");
	assert_null(t->values);
	assert_int_equal(t->aggregated, 3);
	g = &t->aggregates[table_metric(t, "cpu_time")];
	assert_true(g->has_mean && g->has_median && g->has_sd);
	assert_true(g->mean == 5.2736666666666872e+02);
	assert_true(g->sd == 3.5987331567279921e+02);
	assert_int_equal(s->run.warning_count, 1);
	assert_non_null(strstr(s->run.warnings[0], "benchmarks have aggregates alone"));
}

static void aggregates_beside_repetitions_are_not_needed(void **state)
{
	struct scratch *s = *state;

	load(s, GBENCH "interleaved-v1.9.5.json");
	for (size_t i = 0; i < s->run.table_count; i++) {
		assert_null(s->run.tables[i].aggregates);
		assert_non_null(s->run.tables[i].values);
	}
	assert_int_equal(s->run.warning_count, 0);
	/* Even where they stand before them. */
	load_text(s, "{\"name\": \"a_mean\", \"run_name\": \"a\", \"run_type\": \"aggregate\", \"aggregate_name\": "
		     "\"mean\", "
		     "\"iterations\": 1, \"real_time\": 3}, {\"name\": \"a\", \"run_type\": \"iteration\", "
		     "\"real_time\": 3}");
	assert_null(bench(s, "a")->aggregates);
	assert_int_equal(s->run.warning_count, 0);
}

static void one_benchmark_of_a_file_may_have_aggregates_alone(void **state)
{
	struct scratch *s = *state;

	load(s, GBENCH "kitchen-v1.9.5.json");
	assert_non_null(bench(s, "BM_agg_only/repeats:3")->aggregates);
	assert_int_equal(bench(s, "BM_agg_only/repeats:3")->aggregated, 3);
	assert_null(bench(s, "BM_plain")->aggregates);
}

static void old_aggregates_do_not_say_how_many_repetitions_they_sum_up(void **state)
{
	struct scratch *s = *state;

	load_text(s, "{\"name\": \"a_median\", \"iterations\": 99, \"real_time\": 3}, {\"name\": \"a_stddev\", "
		     "\"iterations\": 0, \"real_time\": 0.5}");
	assert_int_equal(bench(s, "a")->aggregated, 0);
	assert_true(bench(s, "a")->aggregates[0].median == 3);
	assert_true(bench(s, "a")->aggregates[0].sd == 0.5);
}

static void a_file_without_any_value_is_refused(void **state)
{
	struct scratch *s = *state;
	const char *text = "{\"context\": {}, \"benchmarks\": [{\"name\": \"a_cv\", \"run_name\": \"a\", \"run_type\": "
			   "\"aggregate\", \"aggregate_name\": \"cv\", \"real_time\": 0.5}]}";

	assert_true(file_write(s->path, text, strlen(text), &s->err));
	assert_false(load_results(s->arena, s->path, NULL, &s->run, &s->err));
	assert_non_null(strstr(s->err.text, "holds no single repetition"));
	assert_false(load_results(s->arena, GBENCH "filter-none-v1.9.5.json", NULL, &s->run, &s->err));
}

static void what_the_context_says_is_kept(void **state)
{
	struct scratch *s = *state;

	load(s, GBENCH "kitchen-v1.9.5.json");
	assert_string_equal(s->run.started, "2026-11-21T00:13:06+00:00");
	assert_string_equal(s->run.suites[0].program_version, "v1.9.5");
	assert_string_equal(s->run.suites[0].kind, "gbench");
	assert_int_equal(s->run.host.cores, 2);
}

static void a_library_built_for_debugging_is_warned_of(void **state)
{
	struct scratch *s = *state;
	const char *text = "{\"context\": {\"library_build_type\": \"debug\"}, \"benchmarks\": [{\"name\": \"a\", "
			   "\"real_time\": 1}]}";

	assert_true(file_write(s->path, text, strlen(text), &s->err));
	load(s, s->path);
	assert_int_equal(s->run.warning_count, 1);
	assert_non_null(strstr(s->run.warnings[0], "debugging"));
}

static void success_leaves_no_error(void **state)
{
	struct scratch *s = *state;
	struct buf b = {.arena = s->arena};

	for (size_t i = 0; i < 6000; i++)
		buf_printf(&b, "%s{\"name\": \"a%zu\", \"label\": \"\\u00e4%060zu\", \"real_time\": 1}", i ? ",\n" : "",
			   i, i);
	s->err.text[0] = '\0';
	load_text(s, buf_string(&b));
	assert_int_equal(s->run.table_count, 6000);
	assert_string_equal(s->err.text, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(repetitions_are_values_in_the_order_of_the_file),
		TEST(failed_and_skipped_benchmarks_keep_their_reason),
		TEST(aggregates_alone_are_used_and_that_is_said),
		TEST(aggregates_beside_repetitions_are_not_needed),
		TEST(one_benchmark_of_a_file_may_have_aggregates_alone),
		TEST(old_aggregates_do_not_say_how_many_repetitions_they_sum_up),
		TEST(a_file_without_any_value_is_refused),
		TEST(what_the_context_says_is_kept),
		TEST(a_library_built_for_debugging_is_warned_of),
		TEST(success_leaves_no_error),
	};

	return cmocka_run_group_tests_name("test_load", tests, NULL, NULL);
}
