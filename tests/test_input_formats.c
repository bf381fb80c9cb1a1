/* Results of other tools as rows: names, units and directions. */
#include "input_rows.h"

#include <string.h>

#define GOLDEN "tests/golden/"

static void load(struct kept *k, const char *name)
{
	struct err err;

	if (!read_golden(k, path_join(k->arena, GOLDEN, name), &err))
		fail_msg("%s", err.text);
}

static void take_as(struct kept *k, const char *format, const char *text)
{
	struct input_sink sink = {.to = k, .row = keep_row, .context = keep_context};
	struct err err;

	k->count = k->contexts = 0;
	if (!input_find(format)->read(k->arena, "x", str_of(text), &sink, &err))
		fail_msg("%s", err.text);
}

/* The one value of the first row of that name, or of its nth. */
static void expect(const struct kept *k, const char *name, size_t nth, const char *metric, const char *unit,
		   enum category category, double value)
{
	for (size_t i = 0; i < k->count; i++) {
		const struct input_row *row = &k->rows[i];

		if (!text_equal(row->name, name) || nth-- > 0)
			continue;
		for (size_t m = 0; m < row->metric_count; m++) {
			if (!text_equal(row->metrics[m].metric.name, metric))
				continue;
			assert_string_equal(row->metrics[m].metric.unit, unit);
			assert_int_equal(row->metrics[m].metric.category, category);
			assert_true(fabs(row->metrics[m].value - value) <= fabs(value) * 1e-12);
			return;
		}
		break;
	}
	fail_msg("no %s of %s", metric, name);
}

static void criterion_gives_every_sample_an_iteration(void **state)
{
	struct kept *k = *state;

	load(k, "criterion/sizes_all/mix it/64/new/sample.json");
	assert_int_equal(k->count, 10);
	assert_int_equal(k->rows[1].iterations, 6598);
	assert_int_equal(k->rows[1].repetitions, 10);
	/* As benchmark.json says, not as the folders are called. */
	expect(k, "sizes/all/mix it/64", 1, "real_time", "ns", CATEGORY_LATENCY, 219238.0 / 6598);
}

static void a_folder_of_criterion_is_read_whole(void **state)
{
	struct kept *k = *state;
	struct input_sink sink = {.to = k, .row = keep_row, .context = keep_context};
	struct err err;

	assert_true(input_criterion.read_folder(k->arena, GOLDEN "criterion", 0, &sink, &err));
	assert_int_equal(k->count, 30);
	assert_string_equal(k->rows[0].name, "mix");
	k->count = k->contexts = 0;
	assert_false(input_criterion.read_folder(k->arena, GOLDEN "criterion", INT64_MAX, &sink, &err));
	assert_non_null(strstr(err.text, "what was there before is left out"));
	k->contexts = 0;
	assert_false(input_criterion.read_folder(k->arena, GOLDEN "suite", 0, &sink, &err));
	assert_non_null(strstr(err.text, "holds no GROUP/BENCH/new/sample.json"));
}

static void estimates_of_criterion_are_aggregates(void **state)
{
	struct kept *k = *state;

	load(k, "criterion/mix/new/estimates.json");
	assert_int_equal(k->count, 3);
	assert_int_equal(k->rows[0].kind, INPUT_AGGREGATE);
	assert_string_equal(k->rows[0].of, "mix");
	assert_string_equal(k->rows[2].statistic, "stddev");
}

static void cargo_bench_has_commas_in_its_numbers(void **state)
{
	struct kept *k = *state;

	load(k, "formats/libtest.txt");
	expect(k, "tests::mix_large", 0, "real_time", "ns", CATEGORY_LATENCY, 12155.77);
	expect(k, "tests::mix_large", 0, "MB/s", "MB/s", CATEGORY_THROUGHPUT, 329);
	assert_string_equal(k->rows[0].name, "tests::broken");
	assert_int_equal(k->rows[0].status, INPUT_ERROR);
	k->count = k->contexts = 0;
	load(k, "formats/libtest-odd.txt");
	expect(k, "a", 2, "real_time", "ns", CATEGORY_LATENCY, 1234567);
}

static void catch2_names_test_case_and_section(void **state)
{
	struct kept *k = *state;

	load(k, "formats/catch2.xml");
	expect(k, "mixing/mix 100_mean", 0, "real_time", "ns", CATEGORY_LATENCY, 75.1304);
	expect(k, "mixing/mix <1000> & \"more\"_stddev", 0, "real_time", "ns", CATEGORY_LATENCY, 3.54495);
	expect(k, "mixing/small/mix 10_mean", 0, "real_time", "ns", CATEGORY_LATENCY, 3.21361);
	assert_int_equal(k->rows[0].repetitions, 20);
	assert_string_equal(k->rows[6].name, "throws/bad");
	assert_string_equal(k->rows[6].message, "no input");
}

static void catch2_of_version_3_and_entities_by_number_are_read(void **state)
{
	struct kept *k = *state;

	take_as(k, "catch2",
		"<?xml version='1.0'?><Catch2TestRun><TestCase name='a&#x2F;&#228;&#x1F600;&bad;'><BenchmarkResults "
		"name='&gt;' samples='3'><mean value='2'/></BenchmarkResults></TestCase></Catch2TestRun>");
	assert_string_equal(k->rows[0].of, "a/\xC3\xA4\xF0\x9F\x98\x80&bad;/>");
}

static void pytest_seconds_become_nanoseconds(void **state)
{
	struct kept *k = *state;

	take_as(k, "pytest",
		"{\"machine_info\": {\"node\": \"n\"}, \"version\": \"5\", \"benchmarks\": [{\"name\": \"t[1]\", "
		"\"fullname\": "
		"\"a.py::t[1]\", \"stats\": {\"data\": [1e-6, 2e-6], \"iterations\": 7}}, {\"name\": \"u\", \"stats\": "
		"{\"mean\": 3, \"stddev\": 0, \"rounds\": 9}}]}");
	assert_int_equal(k->count, 4);
	expect(k, "a.py::t[1]", 1, "real_time", "ns", CATEGORY_LATENCY, 2000);
	assert_int_equal(k->rows[0].iterations, 7);
	expect(k, "u_mean", 0, "real_time", "ns", CATEGORY_LATENCY, 3e9);
	assert_int_equal(k->rows[2].repetitions, 9);
	expect(k, "u_stddev", 0, "real_time", "ns", CATEGORY_LATENCY, 0);
	assert_string_equal(k->context.library_version, "5");
}

static void throughput_of_jmh_is_better_when_it_is_more(void **state)
{
	struct kept *k = *state;

	load(k, "formats/jmh.json");
	expect(k, "org.example.Sort.sort/size=100/kind=random", 5, "throughput", "ops/s", CATEGORY_THROUGHPUT, 254e3);
	expect(k, "org.example.Sort.sort/size=100/kind=random", 2, "gc.alloc.rate.norm", "B/op", CATEGORY_RESOURCE,
	       416.5);
	expect(k, "org.example.Sort.copy", 0, "real_time", "ns", CATEGORY_LATENCY, 400);
	expect(k, "org.example.Sort.copy/sample/threads:4", 0, "real_time", "ns", CATEGORY_LATENCY, 500e3);
	expect(k, "org.example.Sort.copy/sample/threads:4", 1, "real_time", "ns", CATEGORY_LATENCY, 500e3);
	assert_int_equal(k->rows[k->count - 1].status, INPUT_ERROR);
}

static void the_direction_of_custom_values_is_what_the_format_says(void **state)
{
	static const char text[] =
		"[{\"name\": \"a\", \"unit\": \"Percent\", \"value\": 50}, {\"name\": \"b\", \"unit\": "
		"\"ms\", \"value\": 2}, {\"name\": \"c\", \"unit\": \"docs/s\", \"value\": 7}]";
	struct kept *k = *state;

	take_as(k, "custom", text);
	expect(k, "a", 0, "value", "Percent", CATEGORY_UNKNOWN, 50);
	expect(k, "b", 0, "real_time", "ns", CATEGORY_LATENCY, 2e6);
	expect(k, "c", 0, "value", "docs/s", CATEGORY_THROUGHPUT, 7);
	take_as(k, "customSmallerIsBetter", text);
	expect(k, "a", 0, "value", "Percent", CATEGORY_RESOURCE, 50);
	expect(k, "b", 0, "real_time", "ns", CATEGORY_LATENCY, 2e6);
	expect(k, "c", 0, "value", "docs/s", CATEGORY_RESOURCE, 7);
	take_as(k, "customBiggerIsBetter", text);
	expect(k, "a", 0, "value", "Percent", CATEGORY_THROUGHPUT, 50);
	expect(k, "b", 0, "value", "ms", CATEGORY_THROUGHPUT, 2);
}

static void measures_of_bencher_have_its_units(void **state)
{
	struct kept *k = *state;

	load(k, "formats/bencher.json");
	expect(k, "parse", 0, "real_time", "ns", CATEGORY_LATENCY, 88);
	expect(k, "parse", 0, "throughput", "ops/s", CATEGORY_THROUGHPUT, 5.55);
	expect(k, "make release", 0, "build-time", "s", CATEGORY_LATENCY, 87);
	expect(k, "tool", 0, "file-size", "bytes", CATEGORY_RESOURCE, 42);
	expect(k, "tool", 0, "p95_ms", "ms", CATEGORY_LATENCY, 3.5);
}

static void a_wide_csv_has_its_units_in_the_header(void **state)
{
	struct kept *k = *state;

	load(k, "formats/csv-wide.csv");
	assert_int_equal(k->count, 3);
	expect(k, "parse", 1, "real_time", "ns", CATEGORY_LATENCY, 12750);
	expect(k, "parse", 0, "p95_ms", "ms", CATEGORY_LATENCY, 3.1);
	expect(k, "parse", 0, "items_per_second", "items/s", CATEGORY_THROUGHPUT, 80000);
	expect(k, "render, \"large\"", 0, "max_rss", "bytes", CATEGORY_RESOURCE, 2097152);
	assert_int_equal(k->rows[2].metric_count, 3);
	assert_int_equal(k->rows[2].line, 4);
}

static void a_long_csv_has_a_value_a_line(void **state)
{
	struct kept *k = *state;

	load(k, "formats/csv-long.csv");
	expect(k, "web/index", 0, "real_time", "ns", CATEGORY_LATENCY, 12.5e6);
	expect(k, "web/index", 1, "p95", "ms", CATEGORY_LATENCY, 31);
	expect(k, "db/insert", 1, "hits", "", CATEGORY_UNKNOWN, 12);
	/* Clocks without a unit are nanoseconds, columns come in any order, and a name is needed. */
	take_as(k, "csv", "value,name,metric,note\n5,a,cpu_time,x\n");
	expect(k, "a", 0, "cpu_time", "ns", CATEGORY_LATENCY, 5);
	/* By name, the first column is the benchmark whatever it is called. */
	take_as(k, "csv", "case,rows_per_second\na,5\n");
	expect(k, "a", 0, "rows_per_second", "/s", CATEGORY_THROUGHPUT, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(criterion_gives_every_sample_an_iteration),
		TEST(a_folder_of_criterion_is_read_whole),
		TEST(estimates_of_criterion_are_aggregates),
		TEST(cargo_bench_has_commas_in_its_numbers),
		TEST(catch2_names_test_case_and_section),
		TEST(catch2_of_version_3_and_entities_by_number_are_read),
		TEST(pytest_seconds_become_nanoseconds),
		TEST(throughput_of_jmh_is_better_when_it_is_more),
		TEST(the_direction_of_custom_values_is_what_the_format_says),
		TEST(measures_of_bencher_have_its_units),
		TEST(a_wide_csv_has_its_units_in_the_header),
		TEST(a_long_csv_has_a_value_a_line),
	};

	return cmocka_run_group_tests_name("test_input_formats", tests, NULL, NULL);
}
