/*
 * The HTML report: its order, its data block, and that nothing which is measured becomes markup.
 */
#include "report/report.h"

#include "verdict_cases.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"

static const char *write_html(struct arena *a, const struct verdict *v, const struct report_options *options)
{
	struct buf out = {.arena = a};

	report_html.write(&out, v, options);
	return buf_string(&out);
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
		count++;
	return count;
}

static cJSON *data_of(const char *page)
{
	const char *start = strstr(page, "id=\"data\">");
	cJSON *data = NULL;

	assert_non_null(start);
	start += strlen("id=\"data\">");
	data = cJSON_ParseWithLength(start, (size_t)(strstr(start, "</script>") - start));
	assert_non_null(data);
	return data;
}

static const cJSON *row_of(const cJSON *data, int at)
{
	const cJSON *row = cJSON_GetArrayItem(cJSON_GetObjectItem(data, "rows"), at);

	assert_non_null(row);
	return row;
}

static void expect_numbers(const cJSON *row, const char *key, const double *want, int count)
{
	const cJSON *list = cJSON_GetObjectItem(row, key);

	assert_int_equal(cJSON_GetArraySize(list), count);
	for (int i = 0; i < count; i++)
		assert_float_equal(cJSON_GetArrayItem(list, i)->valuedouble, want[i], 1e-9);
}

static const struct report_options none = {0};

/* ---- the page ---- */

static void the_verdict_is_the_first_thing_in_the_body(void **state)
{
	struct arena *a = arena_open();
	struct verdict mixed = case_mixed(a), passing = case_verdict(a, NULL, 0);
	const char *body = strstr(write_html(a, &mixed, &none), "<body>");

	(void)state;
	assert_non_null(strstr(body, "Fails:</b> 1 regression of severity MEDIUM or above"));
	assert_true(strstr(body, "<h1") < strstr(body, "<p"));
	assert_non_null(strstr(write_html(a, &passing, &none), "Passes:</b> nothing became slower"));
	arena_close(a);
}

static void rows_that_decide_the_exit_status_come_first_and_reported_ones_last(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);
	const char *page = strstr(write_html(a, &v, &none), "<tbody>");

	(void)state;
	assert_true(strstr(page, "orders/BM_discount<") < strstr(page, "orders/BM_budget"));
	assert_true(strstr(page, "orders/BM_budget") < strstr(page, "orders/BM_crash"));
	assert_true(strstr(page, "orders/BM_crash") < strstr(page, "[max_rss]"));
	assert_true(strstr(page, "orders/BM_new/1<") < strstr(page, "orders/BM_same"));
	assert_true(strstr(page, "orders/BM_identical") < strstr(page, "[real_time]"));
	arena_close(a);
}

static void numbers_are_those_of_the_text_report(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);
	const char *page = write_html(a, &v, &none);

	(void)state;
	assert_non_null(strstr(page, "3.98 us</td><td class=\"n\">4.91 us</td><td class=\"c\">+23.2 % [+21.6, +24.9]"));
	assert_non_null(strstr(page, "compute_discount +45.5 %  orders.c:214 (changed in this branch)"));
	assert_non_null(strstr(page, "budget broken: 104 ms, at most 100 ms are allowed"));
	arena_close(a);
}

static void a_slower_row_that_passes_says_why(void **state)
{
	struct arena *a = arena_open();
	struct finding row = {GATED("BM_moved", "cpu_time", "ns"),
			      .outcome = OUTCOME_SLOWER,
			      .severity = SEVERITY_HIGH,
			      .change_ratio = KNOWN(0.3),
			      .reason = "layout: the same code at another address",
			      .function = "codec::encode"};
	struct verdict v = case_verdict(a, &row, 1);
	const char *page = strstr(write_html(a, &v, &none), "<tbody>");

	(void)state;
	assert_non_null(strstr(page, "<small>layout: the same code at another address</small>"));
	assert_non_null(strstr(page, "codec::<wbr>encode"));
	arena_close(a);
}

static void there_are_as_many_rows_of_data_as_of_the_table(void **state)
{
	struct arena *a = arena_open();
	size_t count = 0;
	const struct verdict_case *cases = verdict_cases(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct verdict v = cases[i].make(a);
		const char *page = write_html(a, &v, &none);
		cJSON *data = data_of(page);

		assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(data, "rows")), v.finding_count);
		assert_int_equal(count_of(page, "<th scope=\"row\"") - count_of(page, "<table class=\"means\""),
				 v.finding_count);
		cJSON_Delete(data);
	}
	arena_close(a);
}

/* ---- hostile text ---- */

static void no_name_becomes_markup_or_code(void **state)
{
	static const char *const names[] = {
		"</script><script>alert(1)</script>",
		"<img src=x onerror=alert(1)>",
		"\" onmouseover=\"alert(1)",
		"</style><!--",
		"a\xe2\x80\xa8"
		"b\xe2\x80\xa9"
		"c",
		"</title></table>",
		"&lt;b&gt;",
		"${alert(1)}`",
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *n = names[i];
		struct finding f = {GATED(n, n, n),        .suite = n,    .reason = n, .warning = n,
				    .method = n,           .function = n, .place = n,  .baseline_id = n,
				    .commit = n,           .machine = n,  .until = n,  .state = STATE_FAILED,
				    .effect = EFFECT_ERROR};
		struct verdict v = case_verdict(a, &f, 1);
		const char *warnings[] = {n}, *page = NULL;

		v.warnings = warnings;
		v.warning_count = 1;
		v.base_title = v.head_title = v.check_id = v.started = v.status_reason = n;
		page = write_html(a, &v, &none);
		assert_int_equal(count_of(page, "<script"), 2);
		assert_int_equal(count_of(page, "</script"), 2);
		assert_int_equal(count_of(page, "</style"), 1);
		assert_int_equal(count_of(page, "<table"), 1);
		assert_int_equal(count_of(page, "</title"), 1);
		assert_null(strstr(page, "<img"));
		assert_null(strstr(page, "<!--"));
		assert_null(strstr(page, "\" onmouseover=\"alert"));
		assert_null(strstr(page, "\xe2\x80\xa8"));
		cJSON_Delete(data_of(page));
	}
	arena_close(a);
}

static void nothing_is_loaded_and_no_handler_stands_in_the_markup(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);
	const char *page = write_html(a, &v, &none);

	(void)state;
	assert_null(strstr(page, " src="));
	assert_null(strstr(page, " href="));
	assert_null(strstr(page, "url("));
	assert_null(strstr(page, "@import"));
	assert_null(strstr(page, " onclick="));
	assert_null(strstr(page, " style=\""));
	arena_close(a);
}

/* ---- values ---- */

static void fill(struct arena *a, struct run *run, const char *bench, const double *x, size_t count)
{
	struct slice_table *t = made_bench(a, run, bench);

	for (size_t i = 0; i < count; i++)
		made_value(a, t, "cpu_time", x[i]);
}

static struct verdict one_row(struct arena *a, const char *bench)
{
	struct finding f = {GATED(bench, "cpu_time", "ns"), .suite = "s", .baseline = KNOWN(2000),
			    .current = KNOWN(3000)};

	return case_verdict(a, &f, 1);
}

static void both_sides_are_there_in_measured_order_without_trials(void **state)
{
	static const double base[] = {2000, 2100, 1900}, head[] = {9, 3000, 3100.25};
	struct arena *a = arena_open();
	struct run runs[] = {made_run(a), made_run(a)};
	struct verdict v = one_row(a, "BM_x");
	struct report_options options = {.base = &runs[0], .head = &runs[1]};
	cJSON *data = NULL;

	(void)state;
	fill(a, &runs[0], "BM_x", base, 3);
	fill(a, &runs[1], "BM_x", head, 3);
	runs[1].tables[0].slices[0].phase = PHASE_TRIAL;
	data = data_of(write_html(a, &v, &options));
	expect_numbers(row_of(data, 0), "x", base, 3);
	expect_numbers(row_of(data, 0), "y", head + 1, 2);
	assert_string_equal(cJSON_GetObjectItem(row_of(data, 0), "u")->valuestring, "us");
	assert_float_equal(cJSON_GetObjectItem(row_of(data, 0), "m")->valuedouble, 1e-3, 1e-12);
	assert_null(cJSON_GetObjectItem(row_of(data, 0), "hv"));
	cJSON_Delete(data);
	arena_close(a);
}

static void a_renamed_benchmark_has_the_values_of_its_old_name(void **state)
{
	static const double x[] = {2000, 2100};
	static const struct rename renames[] = {{"s/BM_old", "s/BM_new"}};
	struct arena *a = arena_open();
	struct run runs[] = {made_run(a), made_run(a)};
	struct verdict v = one_row(a, "BM_new/repeats:3");
	struct report_options options = {.base = &runs[0], .head = &runs[1], .renames = renames, .rename_count = 1};
	cJSON *data = NULL;

	(void)state;
	fill(a, &runs[0], "BM_old", x, 2);
	fill(a, &runs[1], "BM_new/repeats:3", x, 2);
	data = data_of(write_html(a, &v, &options));
	expect_numbers(row_of(data, 0), "x", x, 2);
	cJSON_Delete(data);
	arena_close(a);
}

static void stored_runs_are_the_history_and_slower_ones_no_base(void **state)
{
	static const double runs_of[][3] = {{1, 2, 3}, {4, 5, 9}, {2, 2, 2}}, medians[] = {2, 5, 2}, base[] = {2, 2};
	static const char *const slower[] = {"s/BM_x:cpu_time"};
	struct arena *a = arena_open();
	struct run runs[] = {made_run(a), made_run(a), made_run(a)};
	struct report_stored window[] = {{&runs[0], NULL, 0}, {&runs[1], slower, 1}, {&runs[2], NULL, 0}};
	struct verdict v = one_row(a, "BM_x");
	struct report_options options = {.window = window, .window_count = 3};
	cJSON *data = NULL;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		fill(a, &runs[i], "BM_x", runs_of[i], 3);
	data = data_of(write_html(a, &v, &options));
	expect_numbers(row_of(data, 0), "hv", medians, 3);
	expect_numbers(row_of(data, 0), "hs", (double[]){1}, 1);
	expect_numbers(row_of(data, 0), "x", base, 2);
	assert_non_null(cJSON_GetObjectItem(row_of(data, 0), "xs"));
	assert_string_equal(cJSON_GetArrayItem(cJSON_GetObjectItem(data, "runs"), 0)->valuestring, "4f2a91c");
	cJSON_Delete(data);
	arena_close(a);
}

static void what_settled_a_suspect_is_drawn_instead_of_the_stored_runs(void **state)
{
	static const double stored[] = {1, 1}, base[] = {2, 3}, head[] = {4, 5};
	struct arena *a = arena_open();
	struct run runs[] = {made_run(a), made_run(a), made_run(a)};
	struct report_stored window[] = {{&runs[0], NULL, 0}};
	struct report_pair pair = {&runs[1], &runs[2]};
	struct verdict v = one_row(a, "BM_x");
	struct report_options options = {
		.window = window, .window_count = 1, .confirmations = &pair, .confirmation_count = 1};
	cJSON *data = NULL;

	(void)state;
	fill(a, &runs[0], "BM_x", stored, 2);
	fill(a, &runs[1], "BM_x", base, 2);
	fill(a, &runs[2], "BM_x", head, 2);
	data = data_of(write_html(a, &v, &options));
	expect_numbers(row_of(data, 0), "x", base, 2);
	expect_numbers(row_of(data, 0), "y", head, 2);
	assert_null(cJSON_GetObjectItem(row_of(data, 0), "xs"));
	expect_numbers(row_of(data, 0), "hv", stored, 1);
	cJSON_Delete(data);
	arena_close(a);
}

static void a_history_of_its_own_comes_with_its_change_points(void **state)
{
	static const struct report_point points[] = {
		{"a", 1, false, false}, {"b", 1, false, false}, {"c", 5, false, true}};
	static const struct report_history history = {"s", "BM_x", "cpu_time", points, 3};
	struct arena *a = arena_open();
	struct verdict v = one_row(a, "BM_x");
	struct report_options options = {.histories = &history, .history_count = 1};
	cJSON *data = data_of(write_html(a, &v, &options));

	(void)state;
	expect_numbers(row_of(data, 0), "hv", (double[]){1, 1, 5}, 3);
	expect_numbers(row_of(data, 0), "hr", (double[]){0, 1, 2}, 3);
	expect_numbers(row_of(data, 0), "hc", (double[]){2}, 1);
	cJSON_Delete(data);
	arena_close(a);
}

static void of_very_many_values_some_are_drawn_and_all_are_counted(void **state)
{
	struct arena *a = arena_open();
	struct run run = made_run(a);
	struct verdict v = one_row(a, "BM_x");
	struct report_options options = {.head = &run};
	cJSON *data = NULL;

	(void)state;
	made_values(a, made_bench(a, &run, "BM_x"), "cpu_time", 1000, 50, 0.1, 7);
	data = data_of(write_html(a, &v, &options));
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(row_of(data, 0), "y")), 200);
	assert_int_equal(cJSON_GetObjectItem(row_of(data, 0), "yn")->valueint, 1000);
	cJSON_Delete(data);
	arena_close(a);
}

static void two_thousand_rows_of_forty_values_take_less_than_3_MB(void **state)
{
	enum { ROWS = 2000 };
	struct arena *a = arena_open();
	struct run runs[] = {made_run(a), made_run(a)};
	struct report_options options = {.base = &runs[0], .head = &runs[1]};
	struct finding *rows = NEW_ARRAY(a, struct finding, ROWS);
	struct verdict v;

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		const char *name = arena_printf(a, "BM_some_benchmark/%zu", i);

		rows[i] = (struct finding){GATED(name, "cpu_time", "ns"),
					   .suite = "s",
					   PAIRS(20),
					   .outcome = OUTCOME_SAME,
					   .baseline = KNOWN(1234.5),
					   .current = KNOWN(1236.7),
					   .change_ratio = KNOWN(0.0012345),
					   .low_ratio = KNOWN(-0.0123),
					   .high_ratio = KNOWN(0.0234),
					   .p = KNOWN(0.4321),
					   .q = KNOWN(1),
					   .mde_ratio = KNOWN(0.0321),
					   .commit = "4f2a91c04f2a91c04f2a91c04f2a91c04f2a91c0"};
		made_values(a, made_bench(a, &runs[0], name), "cpu_time", 20, 1234.5, 0.02, i + 1);
		made_values(a, made_bench(a, &runs[1], name), "cpu_time", 20, 1234.5, 0.02, i + 5000);
	}
	v = case_verdict(a, rows, ROWS);
	assert_true(strlen(write_html(a, &v, &options)) < 3000000);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_verdict_is_the_first_thing_in_the_body),
		cmocka_unit_test(rows_that_decide_the_exit_status_come_first_and_reported_ones_last),
		cmocka_unit_test(numbers_are_those_of_the_text_report),
		cmocka_unit_test(a_slower_row_that_passes_says_why),
		cmocka_unit_test(there_are_as_many_rows_of_data_as_of_the_table),
		cmocka_unit_test(no_name_becomes_markup_or_code),
		cmocka_unit_test(nothing_is_loaded_and_no_handler_stands_in_the_markup),
		cmocka_unit_test(both_sides_are_there_in_measured_order_without_trials),
		cmocka_unit_test(a_renamed_benchmark_has_the_values_of_its_old_name),
		cmocka_unit_test(stored_runs_are_the_history_and_slower_ones_no_base),
		cmocka_unit_test(what_settled_a_suspect_is_drawn_instead_of_the_stored_runs),
		cmocka_unit_test(a_history_of_its_own_comes_with_its_change_points),
		cmocka_unit_test(of_very_many_values_some_are_drawn_and_all_are_counted),
		cmocka_unit_test(two_thousand_rows_of_forty_values_take_less_than_3_MB),
	};

	return cmocka_run_group_tests_name("test_html", tests, NULL, NULL);
}
