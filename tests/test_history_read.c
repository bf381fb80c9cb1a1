/* Histories from tables and scripts, and as runs. */
#include "flow/history_read.h"

#include "golden_stats.h"
#include "store_fixture.h"

static bool parse(struct arena *a, const char *text, struct history *h, struct err *err)
{
	return history_parse_csv(a, "t.csv", str_of(text), h, err);
}

static void a_table_has_moments_and_series(void **state)
{
	struct arena *a = arena_open();
	struct history h;
	struct err err;

	(void)state;
	assert_true(parse(a,
			  "time,orders/BM_a/8:cpu_time,\"a, \"\"b\"\" (ms)\",std::sort,items_per_second\r\n"
			  "2026-01-01,1.5,2,3,4\r\n2026-01-02,+2,,1e3, 5 \r\n",
			  &h, &err));
	assert_int_equal(h.moment_count, 2);
	assert_string_equal(h.moments[1].time, "2026-01-02");
	assert_string_equal(h.moments[1].commit, "");
	assert_int_equal(h.series_count, 4);
	assert_string_equal(h.series[0].suite, "orders");
	assert_string_equal(h.series[0].bench, "BM_a/8");
	assert_string_equal(h.series[0].metric.name, "cpu_time");
	assert_string_equal(h.series[1].bench, "a, \"b\"");
	assert_string_equal(h.series[1].metric.unit, "ms");
	assert_int_equal(h.series[1].count, 1);
	assert_string_equal(h.series[2].bench, "std::sort");
	assert_int_equal(h.series[2].metric.category, CATEGORY_LATENCY);
	assert_int_equal(h.series[3].metric.category, CATEGORY_THROUGHPUT);
	assert_true(h.series[3].values[1].value == 5 && h.series[2].values[1].value == 1000);
	assert_int_equal(h.note_count, 1);
	arena_close(a);
}

static void a_unit_counts_also_where_pawl_knows_another(void **state)
{
	struct arena *a = arena_open();
	size_t count, left_out;
	struct history h;
	struct run *runs;
	struct err err;

	(void)state;
	assert_true(parse(a, "time,orders/BM_a:cpu_time (us)\n2026-01-01,1.5\n", &h, &err));
	assert_string_equal(h.series[0].metric.unit, "us");
	runs = history_to_runs(a, &h, "", "here", &count, &left_out);
	assert_int_equal(count, 1);
	assert_string_equal(runs[0].tables[0].metrics[0].unit, "ns");
	assert_true(table_series(a, &runs[0].tables[0], "cpu_time", &count)[0] == 1500);
	arena_close(a);
}

static void a_broken_table_is_an_error_with_its_line(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"", "t.csv:1:"},
		{"commit\nx\n", "t.csv:1:"},
		{"commit,a\n", "t.csv:2:"},
		{"commit,a,a\nx,1,2\n", "t.csv:1:"},
		{"commit,a\nx,1,2\n", "t.csv:2:"},
		{"commit,a,b\n\nx,1\n", "t.csv:3:"},
		{"commit,a\nx,fast\n", "t.csv:2:"},
		{"commit,a\nx,inf\n", "t.csv:2:"},
		{"commit,a\nx,\"1\n", "t.csv:2:"},
		{"commit,a\nx,\"1\"2\n", "t.csv:2:"},
		{"commit,:m\nx,\"1\"2\n", "t.csv:2:"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *a = arena_open();
		struct history h;
		struct err err;

		assert_false(parse(a, cases[i].text, &h, &err));
		assert_true(text_starts(err.text, cases[i].error));
		arena_close(a);
	}
}

static const char script[] =
	"window.BENCHMARK_DATA = {\"entries\": {\n"
	"\"A\": [{\"commit\": {\"id\": \"c1\"}, \"date\": 1700000000000, \"tool\": \"go\", \"benches\": ["
	"{\"name\": \"x\", \"value\": 2, \"unit\": \"us/op\", \"range\": \"3\"},"
	"{\"name\": \"x\", \"value\": 48, \"unit\": \"B/op\"},"
	"{\"name\": \"y\", \"value\": 7, \"unit\": \"MB/s\", \"extra\": \"e\"}, {\"name\": \"z\", \"value\": "
	"\"7\"}]}],\n"
	"\"B\": [{\"commit\": {\"id\": \"c1\"}, \"date\": 1700000000000, \"tool\": \"customBiggerIsBetter\", "
	"\"benches\": ["
	"{\"name\": \"x\", \"value\": 9, \"unit\": \"points\"}]},"
	"{\"commit\": {\"id\": \"c2\", \"timestamp\": \"2026-01-01T00:00:00Z\"}, \"tool\": \"customBiggerIsBetter\", "
	"\"benches\": [{\"name\": \"x\", \"value\": 8, \"unit\": \"points\"}]}, {}]}};\n";

static void a_script_is_read_with_directions(void **state)
{
	struct arena *a = arena_open();
	struct history h;
	struct err err;

	(void)state;
	assert_true(history_parse_js(a, "data.js", str_of(script), &h, &err));
	assert_int_equal(h.moment_count, 2);
	assert_string_equal(h.moments[0].commit, "c1");
	assert_string_equal(h.moments[0].time, "2023-11-14T22:13:20Z");
	assert_string_equal(h.moments[1].time, "2026-01-01T00:00:00Z");
	assert_int_equal(h.series_count, 4);
	assert_string_equal(h.series[0].name, "A/x:real_time");
	assert_int_equal(h.series[0].metric.category, CATEGORY_LATENCY);
	assert_int_equal(h.series[1].metric.category, CATEGORY_RESOURCE);
	assert_int_equal(h.series[2].metric.category, CATEGORY_THROUGHPUT);
	assert_int_equal(h.series[3].metric.category, CATEGORY_THROUGHPUT);
	assert_int_equal(h.series[3].count, 2);
	assert_int_equal(h.note_count, 4);
	arena_close(a);
}

static void what_is_no_such_script_is_an_error(void **state)
{
	static const char *const texts[] = {"",
					    "{}",
					    "commit,a\n1,2\n",
					    "window.OTHER = {\"entries\": {}}",
					    "window.BENCHMARK_DATA = {\"entries\": {\"A\": [",
					    "window.BENCHMARK_DATA = {};"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct arena *a = arena_open();
		struct history h;
		struct err err;

		assert_false(history_parse_js(a, "data.js", str_of(texts[i]), &h, &err));
		assert_true(text_starts(err.text, "data.js:"));
		arena_close(a);
	}
}

static void moments_become_runs_in_nanoseconds(void **state)
{
	struct arena *a = arena_open();
	size_t count, left_out, n;
	struct history h;
	struct err err;

	(void)state;
	assert_true(parse(a, "commit,s/x,y (us)\nc1,2,3\nc2,,\nc3,4,\n", &h, &err));

	struct run *runs = history_to_runs(a, &h, "ms", "class", &count, &left_out);
	const struct slice_table *t = run_find(&runs[0], "s", "x");

	assert_int_equal(count, 2);
	assert_int_equal(left_out, 1);
	assert_string_equal(runs[1].revision, "c3");
	assert_string_equal(runs[0].host.machine_class, "class");
	assert_non_null(t);
	assert_true(table_series(a, t, "real_time", &n)[0] == 2e6 && n == 1);
	t = run_find(&runs[0], "history", "y");
	assert_non_null(t);
	assert_true(table_series(a, t, "real_time", &n)[0] == 3e3);
	assert_string_equal(t->metrics[0].unit, "ns");
	arena_close(a);
}

/* A quick check is over within a second, and dates have no fractions of one. */
static void a_span_leaves_out_the_runs_of_one_check_and_later_ones_but_no_other_of_that_second(void **state)
{
	static const char *const started[] = {"2026-03-02T10:00:00Z", "2026-03-02T10:00:01Z", "2026-03-02T10:00:01Z",
					      "2026-03-02T10:00:01Z", "2026-03-02T10:00:02Z"};
	static const char *const checks[] = {"c1", "c2", "c3", "c4", "c5"};
	static const size_t expected[] = {0, 1, 3};
	struct history_span span = {.most_runs = 10, .most_values = 1000, .until = started[2], .check_id = "c3"};
	struct fixture *f = *state;
	const struct store store = {&store_dir, f->place};
	const char *ids[5];
	struct history h;

	for (size_t i = 0; i < 5; i++)
		assert_true(save_started(f, "main", "m", i + 2, started[i], checks[i], &ids[i]));
	assert_true(history_read_store(f->a, &store, "main", "m", &span, &h, &f->err));
	assert_int_equal(h.moment_count, 3);
	for (size_t i = 0; i < h.moment_count; i++)
		assert_string_equal(h.moments[i].run, ids[expected[i]]);
	span.check_id = "";
	assert_true(history_read_store(f->a, &store, "main", "m", &span, &h, &f->err));
	assert_int_equal(h.moment_count, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_has_moments_and_series),
		cmocka_unit_test(a_unit_counts_also_where_pawl_knows_another),
		cmocka_unit_test(a_broken_table_is_an_error_with_its_line),
		cmocka_unit_test(a_script_is_read_with_directions),
		cmocka_unit_test(what_is_no_such_script_is_an_error),
		cmocka_unit_test(moments_become_runs_in_nanoseconds),
		cmocka_unit_test_setup_teardown(
			a_span_leaves_out_the_runs_of_one_check_and_later_ones_but_no_other_of_that_second,
			open_fixture, close_fixture),
	};

	return cmocka_run_group_tests_name("history_read", tests, NULL, NULL);
}
