/* accepted.json: dates, writing, reading, finding. */
#include "model/accepted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void dates_are_days_and_back(void **state)
{
	static const struct {
		const char *text;
		int64_t day;
	} dates[] = {{"1970-01-01", 0},     {"1970-12-31", 364},   {"2000-02-29", 11016},
		     {"2026-11-21", 20778}, {"2100-03-01", 47541}, {"2026-11-21T23:59:59Z", 20778}};
	struct arena *a = arena_open();
	int64_t day;

	(void)state;
	for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
		assert_true(date_parse(dates[i].text, &day));
		assert_int_equal(day, dates[i].day);
		assert_memory_equal(date_format(a, day), dates[i].text, 10);
	}
	for (int64_t i = 0; i < 60000; i++) {
		assert_true(date_parse(date_format(a, i), &day));
		assert_int_equal(day, i);
	}
	arena_close(a);
}

static void what_is_no_day_is_refused(void **state)
{
	static const char *const texts[] = {"",           "2026-11-31", "2026-02-29", "2100-02-29",  "2026-13-01",
					    "2026-00-01", "2026-1-1",   "21.11.2026", "2026-11-21x", "2026-11-2 ",
					    "0000-01-01", "tomorrow",   "2026/11/21", "-026-11-21"};
	int64_t day;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_false(date_parse(texts[i], &day));
}

static struct finding slower_row(void)
{
	return (struct finding){
		.suite = "s",
		.bench = "BM_x/iterations:10",
		.metric = "cpu_time",
		.unit = "ns",
		.category = CATEGORY_LATENCY,
		.baseline = {1000, true},
		.current = {1240, true},
		.change_ratio = {0.24, true},
		.low_ratio = {0.22, true},
		.high_ratio = {0.25, true},
		.machine = "made",
	};
}

static void assert_near(struct number got, double expected)
{
	assert_true(got.known);
	assert_true(got.value > expected - 1e-9 && got.value < expected + 1e-9);
}

static void the_bound_is_the_upper_end_as_ratio_and_amount(void **state)
{
	struct finding f = slower_row();
	struct arena *a = arena_open();
	struct accepted e = accepted_of(a, &f, "why", "2026-11-21", "");

	(void)state;
	assert_string_equal(e.series, "s/BM_x/iterations:10:cpu_time");
	assert_near(e.bound_ratio, 0.25);
	assert_near(e.bound, 1250);
	/* Of a rate the lower end is the worse one. */
	f.category = CATEGORY_THROUGHPUT;
	f.change_ratio = (struct number){-0.2, true};
	f.low_ratio = (struct number){-0.22, true};
	f.high_ratio = (struct number){-0.18, true};
	e = accepted_of(a, &f, "why", "2026-11-21", "");
	assert_near(e.bound_ratio, -0.22);
	assert_near(e.bound, 780);
	/* Without an interval the estimate has to do. */
	f.low_ratio.known = f.high_ratio.known = false;
	assert_near(accepted_of(a, &f, "", "", "").bound_ratio, -0.2);
	arena_close(a);
}

static void a_baseline_of_zero_has_an_amount_alone(void **state)
{
	struct finding f = {.suite = "s",
			    .bench = "BM",
			    .metric = "faults",
			    .unit = "",
			    .category = CATEGORY_RESOURCE,
			    .baseline = {0, true},
			    .current = {5, true},
			    .change = {5, true},
			    .low = {4, true},
			    .high = {6, true},
			    .machine = ""};
	struct arena *a = arena_open();
	struct accepted e = accepted_of(a, &f, "why", "2026-11-21", "");

	(void)state;
	assert_false(e.bound_ratio.known);
	assert_near(e.bound, 6);
	arena_close(a);
}

static const char *text_of(struct arena *a, const struct accepted_list *list)
{
	struct buf out = {.arena = a};

	accepted_to_json(&out, list);
	return buf_string(&out);
}

static void the_file_has_a_line_an_entry_sorted_by_series(void **state)
{
	struct arena *a = arena_open();
	struct finding f = slower_row();
	struct accepted_list list = {0}, back;
	struct accepted e = accepted_of(a, &f, "checks \"every\" coupon", "2026-11-21", "2026-12-31");
	const char *text;
	struct err err;

	(void)state;
	accepted_put(a, &list, &e);
	f.bench = "BM_a";
	f.high_ratio.known = f.change_ratio.known = false;
	e = accepted_of(a, &f, "ä", "2026-11-20", "");
	accepted_put(a, &list, &e);
	text = text_of(a, &list);
	assert_string_equal(
		text,
		"{\n  \"pawl_accepted\": 1,\n  \"accepted\": [\n"
		"    {\"series\": \"s/BM_a:cpu_time\", \"reason\": \"ä\", \"date\": \"2026-11-20\", \"until\": \"\", "
		"\"baseline\": 1000, \"current\": 1240, \"bound\": null, \"unit\": \"ns\", \"bound_ratio\": null, "
		"\"machine\": \"made\"},\n"
		"    {\"series\": \"s/BM_x/iterations:10:cpu_time\", \"reason\": \"checks \\\"every\\\" coupon\", "
		"\"date\": \"2026-11-21\", \"until\": \"2026-12-31\", \"baseline\": 1000, \"current\": 1240, "
		"\"bound\": 1250, \"unit\": \"ns\", \"bound_ratio\": 0.25, \"machine\": \"made\"}\n  ]\n}\n");
	assert_true(accepted_from_json(a, "accepted.json", str_of(text), &back, &err));
	assert_string_equal(text_of(a, &back), text);
	assert_int_equal(back.count, 2);
	assert_ptr_equal(accepted_find(&back, "s", "BM_x/iterations:99", "cpu_time"), &back.items[1]);
	assert_null(accepted_find(&back, "s", "BM_y", "cpu_time"));
	assert_null(accepted_find(NULL, "s", "BM_a", "cpu_time"));
	arena_close(a);
}

static void a_line_written_by_hand_needs_series_reason_and_date(void **state)
{
	static const char head[] = "{\"pawl_accepted\": 1, \"accepted\": [";
	static const struct {
		const char *entry, *message;
	} cases[] = {
		{"{\"series\": \"s/B:m\", \"reason\": \"r\", \"date\": \"2026-11-21\"}", NULL},
		{"{\"reason\": \"r\", \"date\": \"2026-11-21\"}", "a.json: entry 1: \"series\" is missing"},
		{"{\"series\": \"s/B:m\", \"reason\": \"\", \"date\": \"2026-11-21\"}",
		 "a.json: entry 1: \"reason\" is empty"},
		{"{\"series\": \"s/B:m\", \"reason\": \"r\", \"date\": \"soon\"}",
		 "a.json: entry 1: \"date\" must be a day like 2026-11-21, not `soon`"},
		{"{\"series\": \"s/B:m\", \"reason\": \"r\", \"date\": \"2026-11-21\", \"until\": \"later\"}",
		 "a.json: entry 1: \"until\" must be a day like 2026-11-21, not `later`"},
		{"{\"series\": \"s/B:m\", \"reason\": \"r\", \"date\": \"2026-11-21\", \"bound\": \"much\"}",
		 "a.json: entry 1: \"bound\" must be a finite number"},
		{"7", "a.json: entry 1: expected an object"},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct accepted_list list;
		struct err err = {0};
		const char *text = arena_printf(a, "%s%s]}", head, cases[i].entry);
		bool ok = accepted_from_json(a, "a.json", str_of(text), &list, &err);

		assert_int_equal(ok, cases[i].message == NULL);
		if (cases[i].message)
			assert_string_equal(err.text, cases[i].message);
	}
	arena_close(a);
}

static void a_damaged_file_is_told_with_its_place(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"", "a.json:1: ends too early"},
		{"{\"pawl_accepted\": 1, \"accepted\": [\n{]}", "a.json:2: is no valid JSON"},
		{"{\"pawl_accepted\": 9, \"accepted\": []}", "a.json: is of version 9"},
		{"{\"accepted\": []}", "a.json: \"pawl_accepted\" is missing"},
		{"{\"pawl_accepted\": 1}", "a.json: \"accepted\" is missing"},
		{"{\n<<<<<<< HEAD\n", "a.json: holds a merge that is not resolved"},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct accepted_list list;
		struct err err = {0};

		assert_false(accepted_from_json(a, "a.json", str_of(cases[i].text), &list, &err));
		assert_non_null(strstr(err.text, cases[i].message));
	}
	arena_close(a);
}

static void what_the_base_has_accepted_too_is_left_out(void **state)
{
	struct arena *a = arena_open();
	struct finding f = slower_row();
	struct accepted_list head = {0}, base = {0}, since;
	struct accepted e = accepted_of(a, &f, "why", "2026-11-21", "");

	(void)state;
	accepted_put(a, &head, &e);
	assert_int_equal(accepted_since(a, &head, &base).count, 1);
	accepted_put(a, &base, &e);
	assert_int_equal(accepted_since(a, &head, &base).count, 0);
	/* Accepted anew, with a larger bound: that is another agreement. */
	f.high_ratio.value = 0.4;
	e = accepted_of(a, &f, "why", "2026-11-22", "");
	accepted_put(a, &head, &e);
	since = accepted_since(a, &head, &base);
	assert_int_equal(since.count, 1);
	assert_string_equal(since.items[0].date, "2026-11-22");
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_days_and_back),
		cmocka_unit_test(what_is_no_day_is_refused),
		cmocka_unit_test(the_bound_is_the_upper_end_as_ratio_and_amount),
		cmocka_unit_test(a_baseline_of_zero_has_an_amount_alone),
		cmocka_unit_test(the_file_has_a_line_an_entry_sorted_by_series),
		cmocka_unit_test(a_line_written_by_hand_needs_series_reason_and_date),
		cmocka_unit_test(a_damaged_file_is_told_with_its_place),
		cmocka_unit_test(what_the_base_has_accepted_too_is_left_out),
	};

	return cmocka_run_group_tests_name("test_accepted", tests, NULL, NULL);
}
