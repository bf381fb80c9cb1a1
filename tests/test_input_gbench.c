/* Rows of google-benchmark's JSON, value by value. */
#include "input_rows.h"

#include <malloc.h>
#include <string.h>

#define GOLDEN "tests/golden/"

static const struct input_row *row_named(const struct kept *k, const char *name)
{
	for (size_t i = 0; i < k->count; i++) {
		if (text_equal(k->rows[i].name, name))
			return &k->rows[i];
	}
	fail_msg("no row %s", name);
	return NULL;
}

static const struct input_metric *metric_named(const struct input_row *row, const char *name)
{
	for (size_t i = 0; i < row->metric_count; i++) {
		if (text_equal(row->metrics[i].metric.name, name))
			return &row->metrics[i];
	}
	return NULL;
}

static void assert_metric(const struct input_row *row, const char *name, double value, const char *unit)
{
	const struct input_metric *m = metric_named(row, name);

	assert_non_null(m);
	assert_true(m->value == value);
	assert_string_equal(m->metric.unit, unit);
}

static void the_context_comes_before_the_rows(void **state)
{
	struct kept *k = *state;
	struct err err;

	assert_true(read_golden(k, GOLDEN "gbench/kitchen-v1.9.5.json", &err));
	assert_string_equal(k->context.date, "2026-11-21T00:13:06+00:00");
	assert_string_equal(k->context.executable, "./bin-v1.9.5");
	assert_string_equal(k->context.host_name, "vm");
	assert_string_equal(k->context.library_version, "v1.9.5");
	assert_string_equal(k->context.library_build_type, "release");
	assert_int_equal(k->context.cpu_count, 2);
}

static void a_context_behind_the_benchmarks_is_found(void **state)
{
	struct kept *k = *state;
	struct str text = str_of("{\"benchmarks\": [{\"name\": \"BM_a\", \"real_time\": 1}], \"x\": [1, {}],"
				 " \"context\": {\"num_cpus\": 3}}");
	struct err err;

	assert_true(read_text(k, "x", text, &err));
	assert_int_equal(k->contexts, 1);
	assert_int_equal(k->context.cpu_count, 3);
	assert_string_equal(k->context.date, "");
	assert_int_equal(k->count, 1);
}

static void times_are_given_in_nanoseconds_before_the_counters(void **state)
{
	struct kept *k = *state;
	struct err err;

	assert_true(read_golden(k, GOLDEN "gbench/kitchen-v1.9.5.json", &err));
	const struct input_row *row = row_named(k, "BM_args/n:64/m:2");
	assert_int_equal(row->line, 58);
	assert_int_equal(row->iterations, 44120);
	assert_int_equal(row->threads, 1);
	assert_int_equal(row->metric_count, 4);
	assert_string_equal(row->metrics[0].metric.name, "real_time");
	assert_string_equal(row->metrics[1].metric.name, "cpu_time");
	assert_string_equal(row->metrics[2].metric.name, "bytes_per_second");
	assert_string_equal(row->metrics[3].metric.name, "items_per_second");
	assert_metric(row, "real_time", 1.5454385766195625e-01 * 1e3, "ns");
	assert_metric(row, "bytes_per_second", 3.3127630918246198e+09, "bytes/s");

	row = row_named(k, "BM_proc/min_time:0.010/process_time/real_time");
	assert_metric(row, "cpu_time", 2.8757066431631378e-04 * 1e6, "ns");
	assert_int_equal(row_named(k, "BM_thr/real_time/threads:2")->threads, 2);
}

static void a_counter_that_is_not_finite_is_left_out_and_said(void **state)
{
	struct kept *k = *state;
	struct err err;

	assert_true(read_golden(k, GOLDEN "gbench/kitchen-v1.9.5.json", &err));
	const struct input_row *row = row_named(k, "BM_nan/iterations:10");
	assert_int_equal(row->status, INPUT_OK);
	assert_int_equal(row->metric_count, 4);
	assert_metric(row, "big", 1e300, "");
	assert_metric(row, "tiny", 4.9406564584124654e-324, "");
	assert_string_equal(row->message, "not finite and left out: inf, nan, ninf");
}

static void the_first_of_two_equal_keys_wins(void **state)
{
	struct kept *k = *state;
	struct err err;

	assert_true(read_golden(k, GOLDEN "gbench/kitchen-v1.9.5.json", &err));
	const struct input_row *row = row_named(k, "BM_time_counter/iterations:5");
	assert_int_equal(row->metric_count, 2);
	assert_metric(row, "real_time", 2.3919997147459071e+02, "ns");
}

static void the_first_of_two_equal_counters_wins(void **state)
{
	struct kept *k = *state;
	struct str text =
		str_of("{\"benchmarks\": [{\"name\": \"BM_a\", \"real_time\": 1, \"c\": 2, \"d\": NaN, \"c\": 3, "
		       "\"d\": 4}]}");
	struct err err;

	assert_true(read_text(k, "x", text, &err));
	assert_int_equal(k->rows[0].metric_count, 2);
	assert_metric(&k->rows[0], "c", 2, "");
	assert_string_equal(k->rows[0].message, "not finite and left out: d");
}

static void repetitions_are_numbered_and_equal_names_counted(void **state)
{
	struct kept *k = *state;
	int64_t repetition = 0;
	size_t occurrence = 0;
	struct err err;

	assert_true(read_golden(k, GOLDEN "gbench/kitchen-v1.9.5.json", &err));
	for (size_t i = 0; i < k->count; i++) {
		const struct input_row *row = &k->rows[i];

		if (text_equal(row->name, "BM_rep/repeats:4")) {
			assert_int_equal(row->repetition, repetition++);
			assert_int_equal(row->occurrence, 0);
		}
		if (text_equal(row->name, "BM_cx/512")) {
			assert_int_equal(row->repetition, 0);
			assert_int_equal(row->occurrence, occurrence++);
		}
	}
	assert_int_equal(repetition, 4);
	assert_int_equal(occurrence, 2);
}

static void a_ratio_of_statistics_has_no_unit(void **state)
{
	struct kept *k = *state;
	struct err err;

	assert_true(read_golden(k, GOLDEN "gbench/kitchen-v1.9.5.json", &err));
	const struct input_row *row = row_named(k, "BM_rep/repeats:4_cv");
	assert_int_equal(row->kind, INPUT_AGGREGATE);
	assert_metric(row, "real_time", 2.7233227543320676e-01, "");
	assert_int_equal(row->metrics[0].metric.category, CATEGORY_UNKNOWN);
	assert_metric(row_named(k, "BM_rep/repeats:4_mean"), "real_time", 8.9776295347109169e+02, "ns");
	assert_int_equal(row_named(k, "BM_cx_RMS")->kind, INPUT_FIT);
	assert_int_equal(row_named(k, "BM_cx_RMS")->metric_count, 0);
}

static void errors_and_skips_keep_their_message_and_no_number(void **state)
{
	struct kept *k = *state;
	struct err err;

	assert_true(read_golden(k, GOLDEN "gbench/kitchen-v1.9.5.json", &err));
	const struct input_row *row = row_named(k, "BM_err/repeats:2");
	assert_int_equal(row->status, INPUT_ERROR);
	assert_string_equal(row->message, "bad thing: \"x\"\nsecond line");
	assert_int_equal(row->metric_count, 0);
	row = row_named(k, "BM_skip");
	assert_int_equal(row->status, INPUT_SKIPPED);
	assert_string_equal(row->message, "no AVX512 here");
	assert_int_equal(row->metric_count, 0);
}

static void a_time_that_nobody_can_use_makes_the_row_an_error(void **state)
{
	static const struct {
		const char *file, *name, *message;
	} cases[] = {
		{"times.json", "BM_negative", "line 14: real_time is negative"},
		{"times.json", "BM_negative_cpu", "line 27: cpu_time is negative"},
		{"times.json", "BM_zero", "line 38: real_time is 0: measured 0 ns"},
		{"times.json", "BM_text", "line 62: real_time is fast, not a number"},
		{"times.json", "BM_min", "line 112: time_unit is \"min\", expected ns, us, ms or s"},
		{"times.json", "BM_none", "line 114: the entry has neither real_time nor cpu_time"},
		{"not-finite.json", "BM_nan", "line 14: real_time is NaN, not a number"},
		{"not-finite.json", "BM_inf", "line 27: cpu_time is Infinity, not a number"},
		{"not-finite.json", "BM_ninf", "line 38: real_time is -Infinity, not a number"},
		{"not-finite.json", "BM_old_nan", "line 50: real_time is NaN, not a number"},
		{"not-finite.json", "BM_null", "line 99: cpu_time is not a number"},
		{"huge-numbers.json", "BM_overflow", "line 26: real_time is too large"},
		{"huge-numbers.json", "BM_scaled", "line 38: real_time is too large"},
		{"unknown-run-type.json", "BM_a", "line 9: run_type is \"warmup\", expected iteration or aggregate"},
	};
	struct kept *k = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kept one = {.arena = k->arena};
		struct err err;

		if (!read_golden(&one, path_join(k->arena, GOLDEN "input", cases[i].file), &err))
			fail_msg("%s", err.text);
		const struct input_row *row = row_named(&one, cases[i].name);
		assert_string_equal(row->message, cases[i].message);
		assert_int_equal(row->status, INPUT_ERROR);
		assert_int_equal(row->metric_count, 0);
	}
}

static void a_benchmark_that_sleeps_has_no_cpu_time(void **state)
{
	struct kept *k = *state;
	struct err err;

	assert_true(read_golden(k, GOLDEN "input/times.json", &err));
	const struct input_row *row = row_named(k, "BM_sleep");
	assert_int_equal(row->status, INPUT_OK);
	assert_metric(row, "real_time", 15, "ns");
	assert_null(metric_named(row, "cpu_time"));
}

static void every_unit_of_time_becomes_nanoseconds(void **state)
{
	struct kept *k = *state;
	struct err err;

	assert_true(read_golden(k, GOLDEN "input/times.json", &err));
	assert_metric(row_named(k, "BM_us"), "real_time", 15e3, "ns");
	assert_metric(row_named(k, "BM_ms"), "real_time", 15e6, "ns");
	assert_metric(row_named(k, "BM_s"), "cpu_time", 14e9, "ns");
}

static void numbers_of_a_locale_are_mended_where_they_are_clear(void **state)
{
	struct kept *k = *state;
	struct err err;

	assert_true(read_golden(k, GOLDEN "input/locale.json", &err));
	assert_int_equal(row_named(k, "BM_english")->iterations, 1234567);
	assert_int_equal(row_named(k, "BM_german")->iterations, 1000);
	assert_metric(row_named(k, "BM_german"), "real_time", 4.5996458684761046e+02, "ns");
	assert_int_equal(row_named(k, "BM_german_millions")->iterations, 24225000);
}

static void names_become_valid_utf8(void **state)
{
	struct kept *k = *state;
	struct err err;

	assert_true(read_golden(k, GOLDEN "input/strings.json", &err));
	assert_int_equal(k->count, 4);
	assert_string_equal(k->rows[0].name, "BM_\xF0\x9F\x98\x80");
	assert_string_equal(k->rows[1].name, "BM_lone_\xEF\xBF\xBD\xEF\xBF\xBD\x01\x1b[31m_\xEF\xBF\xBD");
	assert_string_equal(k->rows[2].name, "BM_nul_\xEF\xBF\xBDx");
	assert_string_equal(k->rows[3].name, "BM_path_C:\\Users");
}

static void old_versions_name_aggregates_by_their_suffix(void **state)
{
	static const struct {
		const char *name;
		enum input_kind kind;
		int repetition, occurrence;
	} expected[] = {
		{"BM_a", INPUT_ITERATION, 0, 0},        {"BM_a", INPUT_ITERATION, 1, 0},
		{"BM_a", INPUT_ITERATION, 2, 0},        {"BM_a_mean", INPUT_AGGREGATE, 0, 0},
		{"BM_a_median", INPUT_AGGREGATE, 0, 0}, {"BM_a_stddev", INPUT_AGGREGATE, 0, 0},
		{"BM_a_max", INPUT_AGGREGATE, 0, 0},    {"BM_find_max", INPUT_ITERATION, 0, 0},
		{"BM_b", INPUT_ITERATION, 0, 0},        {"BM_a", INPUT_ITERATION, 0, 1},
		{"BM_a_BigO", INPUT_FIT, 0, 0},         {"BM_a_RMS", INPUT_FIT, 0, 0},
		{"BM_err", INPUT_ITERATION, 0, 0},
	};
	struct kept *k = *state;
	struct err err;

	assert_true(read_golden(k, GOLDEN "input/old-without-run-type.json", &err));
	assert_int_equal(k->count, sizeof expected / sizeof *expected);
	for (size_t i = 0; i < k->count; i++) {
		assert_string_equal(k->rows[i].name, expected[i].name);
		assert_int_equal(k->rows[i].kind, expected[i].kind);
		assert_int_equal(k->rows[i].repetition, expected[i].repetition);
		assert_int_equal(k->rows[i].occurrence, expected[i].occurrence);
	}
}

static void a_file_cut_anywhere_fails_after_the_whole_rows(void **state)
{
	struct kept *k = *state;
	struct str text;
	struct err err;
	const char *path = GOLDEN "gbench/kitchen-v1.9.5.json";

	if (!file_read(k->arena, path, FILE_LIMIT, &text, &err))
		fail_msg("%s", err.text);
	assert_true(read_text(k, path, text, &err));
	while (text.size > 0 && text.at[text.size - 1] == '\n')
		text.size--;
	for (size_t size = 1; size < text.size; size += 1 + size % 61) {
		struct arena *a = arena_open_child(k->arena);
		struct kept cut = {.arena = a};

		assert_false(read_text(&cut, path, (struct str){text.at, size}, &err));
		assert_non_null(strstr(err.text, ": the file ends inside "));
		assert_true(cut.count <= k->count);
		for (size_t i = 0; i < cut.count; i++) {
			assert_string_equal(cut.rows[i].name, k->rows[i].name);
			assert_int_equal(cut.rows[i].metric_count, k->rows[i].metric_count);
		}
		arena_close(a);
	}
}

static void a_sink_that_refuses_a_row_ends_the_reading(void **state)
{
	struct kept *k = *state;
	struct err err;

	k->stop_at = 3;
	assert_false(read_golden(k, GOLDEN "gbench/kitchen-v1.9.5.json", &err));
	assert_string_equal(err.text, "stopped by the sink");
	assert_int_equal(k->count, 2);
}

static bool ignore_row(void *to, const struct input_row *row, struct err *err)
{
	size_t *count = to;

	(void)row;
	(void)err;
	++*count;
	return true;
}

static void reading_leaves_nothing_in_the_arena(void **state)
{
	struct kept *k = *state;
	size_t count = 0;
	struct input_sink sink = {.to = &count, .row = ignore_row};
	struct str text;
	struct err err;

	if (!file_read(k->arena, GOLDEN "gbench/kitchen-v1.9.5.json", FILE_LIMIT, &text, &err))
		fail_msg("%s", err.text);
	struct arena_mark before = arena_mark(k->arena);
	assert_true(input_find("gbench")->read(k->arena, "x", text, &sink, &err));
	struct arena_mark after = arena_mark(k->arena);
	assert_ptr_equal(before.chunk, after.chunk);
	assert_int_equal(before.used, after.used);
	assert_true(count > 0);
}

/* Memory in use at the hundredth row and at the last. */
struct watched {
	size_t count, early_bytes, late_bytes;
};

static bool watch_row(void *to, const struct input_row *row, struct err *err)
{
	struct watched *w = to;

	(void)row;
	(void)err;
	w->count++;
	struct mallinfo2 info = mallinfo2();
	w->late_bytes = info.uordblks + info.hblkhd;
	if (w->count == 100)
		w->early_bytes = w->late_bytes;
	return true;
}

static void memory_does_not_grow_with_the_rows(void **state)
{
	struct kept *k = *state;
	struct watched w = {0};
	struct input_sink sink = {.to = &w, .row = watch_row};
	struct buf text = {.arena = k->arena};
	struct err err;

	buf_text(&text, "{\"context\": {}, \"benchmarks\": [");
	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "%s{\"name\": \"BM_a\", \"real_time\": %d, \"counter\": NaN}\n", i ? ", " : "",
			   i + 1);
	buf_text(&text, "]}");
	assert_true(input_find("gbench")->read(k->arena, "x", (struct str){text.at, text.size}, &sink, &err));
	assert_int_equal(w.count, 5000);
	assert_int_equal(w.early_bytes, w.late_bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_context_comes_before_the_rows),
		TEST(a_context_behind_the_benchmarks_is_found),
		TEST(times_are_given_in_nanoseconds_before_the_counters),
		TEST(a_counter_that_is_not_finite_is_left_out_and_said),
		TEST(the_first_of_two_equal_keys_wins),
		TEST(the_first_of_two_equal_counters_wins),
		TEST(repetitions_are_numbered_and_equal_names_counted),
		TEST(a_ratio_of_statistics_has_no_unit),
		TEST(errors_and_skips_keep_their_message_and_no_number),
		TEST(a_time_that_nobody_can_use_makes_the_row_an_error),
		TEST(a_benchmark_that_sleeps_has_no_cpu_time),
		TEST(every_unit_of_time_becomes_nanoseconds),
		TEST(numbers_of_a_locale_are_mended_where_they_are_clear),
		TEST(names_become_valid_utf8),
		TEST(old_versions_name_aggregates_by_their_suffix),
		TEST(a_file_cut_anywhere_fails_after_the_whole_rows),
		TEST(a_sink_that_refuses_a_row_ends_the_reading),
		TEST(reading_leaves_nothing_in_the_arena),
		TEST(memory_does_not_grow_with_the_rows),
	};

	return cmocka_run_group_tests_name("test_input_gbench", tests, NULL, NULL);
}
