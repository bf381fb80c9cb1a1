/* Units and percentages as pprof writes them. */
#include "graph/unit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void values_have_two_decimals_or_none(void **state)
{
	/* Seen in the output of `go tool pprof` 1.19.8. */
	static const struct {
		int64_t value;
		const char *from, *to, *text;
	} cases[] = {
		{610000000, "nanoseconds", "s", "0.61s"},
		{2110000000, "nanoseconds", "ms", "2110ms"},
		{10550000, "nanoseconds", "ms", "10.55ms"},
		{2000000000, "nanoseconds", "s", "2s"},
		{1500, "milliseconds", "auto", "1.50s"},
		{7200000000000, "nanoseconds", "minimum", "2hrs"},
		{26 * 1024 + 634, "bytes", "minimum", "26.62kB"},
		{4096, "bytes", "auto", "4kB"},
		{1, "bytes", "minimum", "1B"},
		{1048576, "bytes", "kb", "1024kB"},
		{5, "count", "minimum", "5"},
		{5, "count", "count", "5"},
		{5, "apples", "auto", "5"},
		{5, "apples", "crates", "5crates"},
		{0, "nanoseconds", "minimum", "0"},
		{-30000000, "nanoseconds", "minimum", "-30ms"},
		{1, "nanoseconds", "s", "0"},
		{-1, "nanoseconds", "s", "0"},
		{3, "GCU", "minimum", "3GCU"},
		{5, "MicroSeconds", "ns", "5000ns"},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(unit_text(a, cases[i].value, cases[i].from, cases[i].to), cases[i].text);
	arena_close(a);
}

static void the_unit_that_fits_is_the_largest_in_which_the_value_is_at_least_one(void **state)
{
	const char *unit;

	(void)state;
	assert_true(unit_scale(999999, "ns", "minimum", &unit) > 999);
	assert_string_equal(unit, "us");
	assert_true(unit_scale(1000000, "ns", "minimum", &unit) < 2);
	assert_string_equal(unit, "ms");
	unit_scale(1023, "bytes", "minimum", &unit);
	assert_string_equal(unit, "B");
	unit_scale(1024, "bytes", "minimum", &unit);
	assert_string_equal(unit, "kB");
}

static void units_of_one_kind_can_be_compared(void **state)
{
	(void)state;
	assert_true(unit_compatible("nanoseconds", "ms"));
	assert_true(unit_compatible("bytes", "MB"));
	assert_true(unit_compatible("apples", "apples"));
	assert_false(unit_compatible("apples", "pears"));
	assert_false(unit_compatible("bytes", "ms"));
}

static void percentages_have_two_digits_at_least(void **state)
{
	static const struct {
		int64_t value, total;
		const char *text;
	} cases[] = {
		{562, 10000, " 5.62%"},  {5, 1000, "  0.5%"},      {1, 1000000, "0.0001%"}, {1, 10000000, "1e-05%"},
		{9996, 10000, "  100%"}, {10004, 10000, "  100%"}, {9994, 10000, "99.94%"}, {-25, 100, "25.00%"},
		{1200, 100, "1200.00%"}, {3, 0, "    0%"},         {0, 5, "    0%"},
	};
	char text[UNIT_PERCENT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(unit_percent(text, cases[i].value, cases[i].total), cases[i].text);
}

static void the_ends_of_64_bits_break_nothing(void **state)
{
	struct arena *a = arena_open();
	char text[UNIT_PERCENT_SIZE];

	(void)state;
	assert_true(unit_add(INT64_MAX, 1) == INT64_MIN);
	assert_true(unit_abs(INT64_MIN) == INT64_MIN);
	assert_true(unit_divide(INT64_MIN, -1) == INT64_MIN);
	assert_true(unit_divide(7, 0) == 7);
	assert_true(unit_integer(1e300) == INT64_MAX);
	assert_true(unit_integer(-1e300) == INT64_MIN);
	assert_string_equal(unit_percent(text, INT64_MIN, INT64_MAX), "  100%");
	assert_non_null(unit_text(a, INT64_MIN, "hours", "ns"));
	arena_close(a);
}

static void units_of_anybody_are_printed_safely(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_string_equal(unit_text(a, 5, "x", "\033[31m"), "5\\x1b[31m");
	arena_close(a);
}

static void columns_are_counted_not_bytes(void **state)
{
	struct arena *a = arena_open();
	struct buf out = {.arena = a};

	(void)state;
	unit_pad(&out, 5, "3µW");
	assert_string_equal(buf_string(&out), "  3µW");
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_have_two_decimals_or_none),
		cmocka_unit_test(the_unit_that_fits_is_the_largest_in_which_the_value_is_at_least_one),
		cmocka_unit_test(units_of_one_kind_can_be_compared),
		cmocka_unit_test(percentages_have_two_digits_at_least),
		cmocka_unit_test(the_ends_of_64_bits_break_nothing),
		cmocka_unit_test(units_of_anybody_are_printed_safely),
		cmocka_unit_test(columns_are_counted_not_bytes),
	};

	return cmocka_run_group_tests_name("test_unit", tests, NULL, NULL);
}
