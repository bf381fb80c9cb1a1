/* The harness's results, read back from a program that produces every kind of them. */
#include "base/arena.h"
#include "base/proc.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

/* What the program writes with ten iterations a benchmark, those with numbers that JSON has not left out. */
static cJSON *kitchen_run(const char *filter, const char *flag)
{
	const char *build = getenv("BUILD");
	struct arena *a = arena_open();
	struct buf program = {.arena = a}, filter_flag = {.arena = a};
	struct proc_result result;
	struct err err;

	buf_printf(&program, "%s/tests/kitchen", build ? build : "build/check");
	buf_printf(&filter_flag, "--benchmark_filter=%s", filter);
	const char *const argv[] = {buf_string(&program),
				    buf_string(&filter_flag),
				    "--benchmark_min_time=10x",
				    "--benchmark_format=json",
				    flag,
				    NULL};
	struct proc_spec spec = {.argv = argv, .keep_bytes = (size_t)1 << 22};
	if (!proc_run(a, &spec, &result, &err))
		fail_msg("%s", err.text);
	assert_int_equal(result.end, PROC_EXITED);
	assert_int_equal(result.code, 0);
	cJSON *json = cJSON_ParseWithLength(result.out.at, result.out.size);
	if (!json)
		fail_msg("no JSON: %.*s", (int)result.out.size, result.out.at);
	arena_close(a);
	return json;
}

static const cJSON *rows_of(const cJSON *json)
{
	return cJSON_GetObjectItemCaseSensitive(json, "benchmarks");
}

/* The only row of that name. */
static const cJSON *row_of(const cJSON *json, const char *name)
{
	const cJSON *row, *found = NULL;

	cJSON_ArrayForEach(row, rows_of(json))
	{
		if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, "name")), name) != 0)
			continue;
		assert_null(found);
		found = row;
	}
	if (!found)
		fail_msg("no row %s", name);
	return found;
}

static double number_of(const cJSON *row, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(row, key);

	if (!cJSON_IsNumber(item))
		fail_msg("no number %s", key);
	return item->valuedouble;
}

static const char *text_of(const cJSON *row, const char *key)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, key));

	if (!text)
		fail_msg("no text %s", key);
	return text;
}

static void every_row_has_the_fields_that_readers_need(void **state)
{
	cJSON *json = kitchen_run("-BM_numbers", "--benchmark_repetitions=2");
	const cJSON *row;

	(void)state;
	assert_int_equal((int)number_of(cJSON_GetObjectItemCaseSensitive(json, "context"), "json_schema_version"), 1);
	cJSON_ArrayForEach(row, rows_of(json))
	{
		bool aggregate = strcmp(text_of(row, "run_type"), "aggregate") == 0;
		text_of(row, "name");
		text_of(row, "run_name");
		text_of(row, "time_unit");
		number_of(row, "family_index");
		number_of(row, "per_family_instance_index");
		number_of(row, "repetitions");
		number_of(row, "threads");
		number_of(row, "iterations");
		assert_true(number_of(row, "real_time") >= 0);
		assert_true(number_of(row, "cpu_time") >= 0);
		assert_int_equal(cJSON_HasObjectItem(row, "repetition_index"), !aggregate);
		assert_int_equal(cJSON_HasObjectItem(row, "aggregate_name"), aggregate);
		assert_int_equal(cJSON_HasObjectItem(row, "aggregate_unit"), aggregate);
	}
	cJSON_Delete(json);
}

static void hostile_text_stays_valid_json(void **state)
{
	cJSON *json = kitchen_run("BM_text", NULL);

	(void)state;
	assert_string_equal(
		text_of(row_of(json, "BM_text"), "label"),
		"ctrl\x01\x1b[31mred\x7f \xef\xbf\xbd\xef\xbf\xbd surrogate \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd "
		"\xf0\x9f\x98\x80 end\r\n");
	cJSON_Delete(json);
}

static void statistics_are_those_of_the_sample(void **state)
{
	cJSON *json = kitchen_run("BM_statistics", NULL);
	/* Of 1, 2, 3, 6: the squares of the distances to the mean add up to 14. */
	static const struct {
		const char *name;
		double value;
	} wanted[] = {{"mean", 3}, {"median", 2.5}, {"stddev", 2.160246899469287}, {"cv", 0.7200822998230956}};

	(void)state;
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		char name[128] = "BM_statistics/iterations:1/repeats:4/manual_time_";
		const cJSON *row = row_of(json, strcat(name, wanted[i].name));
		assert_string_equal(text_of(row, "aggregate_name"), wanted[i].name);
		assert_string_equal(text_of(row, "aggregate_unit"), i == 3 ? "percentage" : "time");
		assert_float_equal(number_of(row, "real_time"), wanted[i].value, 1e-12);
		assert_float_equal(number_of(row, "value"), wanted[i].value, 1e-12);
		assert_int_equal((int)number_of(row, "iterations"), 4);
		assert_string_equal(text_of(row, "label"), "same");
	}
	cJSON_Delete(json);
}

static void counters_are_finished_by_their_flags(void **state)
{
	cJSON *json = kitchen_run("BM_counters", NULL);
	/* Ten iterations of half a second in each thread. */
	static const struct {
		const char *name;
		double one_thread, two_threads;
	} wanted[] = {{"plain", 3, 6},        {"rate", 2, 4},          {"rate_inverted", 0.5, 0.25},
		      {"per_thread", 10, 10}, {"per_iteration", 1, 1}, {"each", 100, 400},
		      {"each_rate", 20, 80},  {"real_time", 5e8, 5e8}, {"iterations", 10, 20}};
	const cJSON *one = row_of(json, "BM_counters/iterations:10/manual_time/threads:1");
	const cJSON *two = row_of(json, "BM_counters/iterations:10/manual_time/threads:2");

	(void)state;
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		assert_float_equal(number_of(one, wanted[i].name), wanted[i].one_thread, 1e-9);
		assert_float_equal(number_of(two, wanted[i].name), wanted[i].two_threads, 1e-9);
	}
	cJSON_Delete(json);
}

static void the_first_reason_to_fail_is_reported_with_zero_times(void **state)
{
	cJSON *json = kitchen_run("BM_error$", NULL);
	const cJSON *row = row_of(json, "BM_error");

	(void)state;
	assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "error_occurred")));
	assert_string_equal(text_of(row, "error_message"), "bad thing: \"x\"\nsecond line");
	assert_float_equal(number_of(row, "real_time"), 0, 0);
	assert_float_equal(number_of(row, "cpu_time"), 0, 0);
	cJSON_Delete(json);
}

static void one_thread_that_fails_does_not_hang_the_others(void **state)
{
	cJSON *json = kitchen_run("BM_(error_before|left)", NULL);

	(void)state;
	assert_string_equal(text_of(row_of(json, "BM_error_before/threads:2"), "error_message"), "before the loop");
	assert_non_null(
		strstr(text_of(row_of(json, "BM_left/iterations:3/threads:3"), "error_message"), "before its end"));
	cJSON_Delete(json);
}

static void a_skip_is_no_error(void **state)
{
	cJSON *json = kitchen_run("BM_skip", NULL);
	const cJSON *row = row_of(json, "BM_skip");

	(void)state;
	assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "skipped")));
	assert_string_equal(text_of(row, "skip_message"), "no such unit here");
	assert_false(cJSON_HasObjectItem(row, "error_occurred"));
	cJSON_Delete(json);
}

static void failed_repetitions_stay_out_of_the_statistics(void **state)
{
	cJSON *json = kitchen_run("BM_error_once", NULL);
	const cJSON *mean = row_of(json, "BM_error_once/iterations:10/repeats:3_mean");

	(void)state;
	assert_int_equal(cJSON_GetArraySize(rows_of(json)), 7);
	assert_int_equal((int)number_of(mean, "iterations"), 2);
	assert_true(number_of(mean, "real_time") > 0);
	cJSON_Delete(json);
}

static void a_benchmark_without_a_loop_is_an_error(void **state)
{
	cJSON *json = kitchen_run("BM_no_loop", NULL);

	(void)state;
	assert_non_null(strstr(text_of(row_of(json, "BM_no_loop"), "error_message"), "no loop"));
	cJSON_Delete(json);
}

static void a_counter_cannot_hide_a_field(void **state)
{
	cJSON *json = kitchen_run("BM_reserved", NULL);

	(void)state;
	assert_non_null(strstr(text_of(row_of(json, "BM_reserved"), "error_message"), "\"real_time\""));
	cJSON_Delete(json);
}

static void benchmarks_of_one_name_are_told_apart_by_their_family(void **state)
{
	cJSON *json = kitchen_run("BM_twice", NULL);
	const cJSON *first = cJSON_GetArrayItem(rows_of(json), 0), *second = cJSON_GetArrayItem(rows_of(json), 1);

	(void)state;
	assert_string_equal(text_of(first, "name"), text_of(second, "name"));
	assert_int_equal((int)number_of(first, "family_index"), 0);
	assert_int_equal((int)number_of(second, "family_index"), 1);
	cJSON_Delete(json);
}

static void the_loop_runs_in_every_thread(void **state)
{
	cJSON *json = kitchen_run("BM_pauses", NULL);

	(void)state;
	/* Each thread adds the number of threads in each iteration. */
	assert_float_equal(number_of(row_of(json, "BM_pauses/threads:3"), "sum"), 3 * 3 * 10, 0);
	assert_int_equal((int)number_of(row_of(json, "BM_pauses/threads:3"), "iterations"), 30);
	cJSON_Delete(json);
}

static void setup_and_teardown_see_the_arguments(void **state)
{
	cJSON *json = kitchen_run("BM_hooks", "--benchmark_repetitions=3");
	const cJSON *row;
	int wanted = 5;

	(void)state;
	/* Setup adds the argument, teardown takes off one less. */
	cJSON_ArrayForEach(row, rows_of(json)) if (strcmp(text_of(row, "run_type"), "iteration") == 0)
		assert_int_equal((int)number_of(row, "calls"), wanted++);
	assert_int_equal(wanted, 8);
	cJSON_Delete(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_has_the_fields_that_readers_need),
		cmocka_unit_test(hostile_text_stays_valid_json),
		cmocka_unit_test(statistics_are_those_of_the_sample),
		cmocka_unit_test(counters_are_finished_by_their_flags),
		cmocka_unit_test(the_first_reason_to_fail_is_reported_with_zero_times),
		cmocka_unit_test(one_thread_that_fails_does_not_hang_the_others),
		cmocka_unit_test(a_skip_is_no_error),
		cmocka_unit_test(failed_repetitions_stay_out_of_the_statistics),
		cmocka_unit_test(a_benchmark_without_a_loop_is_an_error),
		cmocka_unit_test(a_counter_cannot_hide_a_field),
		cmocka_unit_test(benchmarks_of_one_name_are_told_apart_by_their_family),
		cmocka_unit_test(the_loop_runs_in_every_thread),
		cmocka_unit_test(setup_and_teardown_see_the_arguments),
	};
	return cmocka_run_group_tests_name("bench", tests, NULL, NULL);
}
