/* What `go test -bench` prints, as rows. */
#include "input_rows.h"

#include <string.h>

#define GOLDEN "tests/golden/formats/"

static void load(struct kept *k, const char *name)
{
	struct err err;

	if (!read_golden(k, path_join(k->arena, GOLDEN, name), &err))
		fail_msg("%s", err.text);
}

static void take(struct kept *k, const char *text)
{
	struct err err;

	if (!read_text(k, "x.txt", str_of(text), &err))
		fail_msg("%s", err.text);
}

static const struct input_row *row_of(const struct kept *k, const char *name)
{
	for (size_t i = 0; i < k->count; i++) {
		if (text_equal(k->rows[i].name, name))
			return &k->rows[i];
	}
	fail_msg("no row %s", name);
	return NULL;
}

static const struct input_metric *metric(const struct input_row *row, const char *name)
{
	for (size_t i = 0; i < row->metric_count; i++) {
		if (text_equal(row->metrics[i].metric.name, name))
			return &row->metrics[i];
	}
	fail_msg("%s has no metric %s", row->name, name);
	return NULL;
}

static void every_count_is_a_repetition_of_one_name(void **state)
{
	struct kept *k = *state;
	int64_t next = 0;

	load(k, "gotest.txt");
	for (size_t i = 0; i < k->count; i++) {
		if (text_equal(k->rows[i].name, "BenchmarkMix-2"))
			assert_int_equal(k->rows[i].repetition, next++);
		assert_int_equal(k->rows[i].occurrence, 0);
	}
	assert_int_equal(next, 6);
	assert_true(row_of(k, "BenchmarkMix-2")->iterations > 1);
}

static void units_are_metrics_and_say_which_direction_is_worse(void **state)
{
	struct kept *k = *state;

	take(k,
	     "BenchmarkX/n=64-8 \t 100\t 12.5 ns/op\t 80 MB/s\t 3 B/op\t 1 allocs/op\t 7.5 p99-ns/op\t 0.25 hits/op\t "
	     "1e+06 rows/s\n");
	assert_int_equal(k->count, 1);
	const struct input_row *row = row_of(k, "BenchmarkX/n=64-8");
	assert_int_equal(row->iterations, 100);
	assert_int_equal(row->metric_count, 7);
	assert_int_equal(metric(row, "real_time")->metric.category, CATEGORY_LATENCY);
	assert_true(metric(row, "real_time")->value == 12.5);
	assert_string_equal(metric(row, "real_time")->metric.unit, "ns");
	assert_int_equal(metric(row, "MB/s")->metric.category, CATEGORY_THROUGHPUT);
	assert_string_equal(metric(row, "MB/s")->metric.unit, "MB/s");
	assert_int_equal(metric(row, "B/op")->metric.category, CATEGORY_RESOURCE);
	assert_int_equal(metric(row, "allocs/op")->metric.category, CATEGORY_RESOURCE);
	assert_int_equal(metric(row, "p99-ns/op")->metric.category, CATEGORY_LATENCY);
	assert_int_equal(metric(row, "hits/op")->metric.category, CATEGORY_UNKNOWN);
	assert_int_equal(metric(row, "rows/s")->metric.category, CATEGORY_THROUGHPUT);
}

static void a_benchmark_that_prints_keeps_its_result(void **state)
{
	struct kept *k = *state;

	load(k, "gotest.txt");
	assert_int_equal(row_of(k, "BenchmarkPrints-2")->status, INPUT_OK);
	assert_true(metric(row_of(k, "BenchmarkPrints-2"), "real_time")->value > 0);
}

static void a_result_that_is_torn_apart_is_an_error(void **state)
{
	struct kept *k = *state;

	take(k, "BenchmarkA-2   \tpanic: no input\n\ngoroutine 1 [running]:\nBenchmarkB-2 \t 1\t 5 ns/op\n");
	assert_int_equal(k->count, 2);
	assert_int_equal(row_of(k, "BenchmarkA-2")->status, INPUT_ERROR);
	assert_int_equal(row_of(k, "BenchmarkA-2")->line, 1);
	assert_int_equal(row_of(k, "BenchmarkB-2")->status, INPUT_OK);
}

/* What Go 1.19 prints where a panic in a benchmark races with its own report of it. */
static void a_panic_before_the_time_is_no_result(void **state)
{
	struct kept *k = *state;

	take(k, "BenchmarkA-2   \t       1\t       0 B/op\t       0 allocs/op\nBenchmarkB-2 \t 1\t 5 ns/op\t 0 B/op\n"
		"BenchmarkC-2 \t 1\t 7 rows/op\t 0 B/op\nBenchmarkD-2 \tsays this\nBenchmarkE-2  \t");
	assert_int_equal(k->count, 5);
	assert_int_equal(row_of(k, "BenchmarkA-2")->status, INPUT_ERROR);
	assert_true(row_of(k, "BenchmarkA-2")->cut);
	assert_int_equal(row_of(k, "BenchmarkB-2")->status, INPUT_OK);
	assert_int_equal(row_of(k, "BenchmarkC-2")->status, INPUT_OK);
	assert_int_equal(row_of(k, "BenchmarkD-2")->status, INPUT_ERROR);
	assert_false(row_of(k, "BenchmarkD-2")->cut);
	assert_int_equal(row_of(k, "BenchmarkE-2")->status, INPUT_ERROR);
	assert_true(row_of(k, "BenchmarkE-2")->cut);
}

static void failures_and_skips_say_why(void **state)
{
	struct kept *k = *state;

	load(k, "gotest.txt");
	assert_string_equal(row_of(k, "BenchmarkFails")->message, "orders_test.go:45: no input");
	k->count = k->contexts = 0;
	load(k, "gotest-verbose.txt");
	assert_int_equal(row_of(k, "BenchmarkFails")->status, INPUT_ERROR);
	assert_int_equal(row_of(k, "BenchmarkSkipped")->status, INPUT_SKIPPED);
	assert_string_equal(row_of(k, "BenchmarkSkipped")->message, "orders_test.go:44: needs a database");
}

static void a_sub_benchmark_that_fails_does_not_fail_the_function_around_it(void **state)
{
	struct kept *k = *state;

	take(k, "BenchmarkA/one-2 \t 1\t 5 ns/op\n--- FAIL: BenchmarkA\n    --- FAIL: BenchmarkA/two-2\n        "
		"a_test.go:3: "
		"bad\nFAIL\n");
	assert_int_equal(k->count, 2);
	assert_string_equal(row_of(k, "BenchmarkA/two-2")->message, "a_test.go:3: bad");
}

static void benchmarks_of_several_packages_are_told_apart(void **state)
{
	struct kept *k = *state;

	load(k, "gotest-packages.txt");
	assert_int_equal(row_of(k, "example.com/orders.BenchmarkMix-2")->status, INPUT_OK);
	assert_int_equal(row_of(k, "example.com/orders/sort.BenchmarkInts-2")->status, INPUT_OK);
}

static void prose_is_no_benchmark(void **state)
{
	struct kept *k = *state;

	take(k, "Benchmarking 12 servers 3 times\nBenchmarks 1 2 x\nBenchmark 7 3 ns/op\nBenchmarkÄ 7 3 ns/op\n"
		"  BenchmarkIndented 7 3 ns/op\nok  \ta\t0.1s\n");
	assert_int_equal(k->count, 2);
	assert_string_equal(k->rows[0].name, "Benchmark");
	assert_string_equal(k->rows[1].name, "BenchmarkÄ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_count_is_a_repetition_of_one_name),
		TEST(units_are_metrics_and_say_which_direction_is_worse),
		TEST(a_benchmark_that_prints_keeps_its_result),
		TEST(a_result_that_is_torn_apart_is_an_error),
		TEST(a_panic_before_the_time_is_no_result),
		TEST(failures_and_skips_say_why),
		TEST(a_sub_benchmark_that_fails_does_not_fail_the_function_around_it),
		TEST(benchmarks_of_several_packages_are_told_apart),
		TEST(prose_is_no_benchmark),
	};

	return cmocka_run_group_tests_name("test_input_gotest", tests, NULL, NULL);
}
