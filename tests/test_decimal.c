/* Decimal numbers: every one is the double that the C library's strtod gives. */
#include "base/decimal.h"

#include "base/random.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *text)
{
	double value = NAN, expected = strtod(text, NULL);
	size_t size = decimal_take(str_of(text), &value);

	if (size != strlen(text) || memcmp(&value, &expected, sizeof value) != 0)
		fail_msg("%s: %zu bytes, %.17g instead of %.17g", text, size, value, expected);
}

static void numbers_read_as_strtod_reads_them(void **state)
{
	static const char *const texts[] = {
		"0",
		"-0",
		"0.0",
		"0e5",
		"1",
		"-1",
		"10",
		"1e0",
		"1E+2",
		"1e-2",
		"0.1",
		"0.5",
		"123456789",
		"2.5656979179930396e+01",
		"9007199254740993",
		"9007199254740992.5",
		"9007199254740993.0000000001",
		"18446744073709551615",
		"18446744073709551616",
		"9999999999999999999",
		"1e22",
		"1e23",
		"1e27",
		"1e28",
		"9999999999999999999e27",
		"9999999999999999999e-27",
		"1e-27",
		"1e-28",
		"1e308",
		"1e309",
		"-1e309",
		"5e-324",
		"2e-324",
		"2.2250738585072011e-308",
		"1.7976931348623157e308",
		"0.000000000000000000000001",
		"123456789012345678901234567890",
		"0.10000000000000000555111512312578270211815834045410156250001",
		"1e99999999999999999999",
		"1e-99999999999999999999",
		"8.5e-8",
		"4503599627370497.5",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		check(texts[i]);
}

static void random_doubles_of_any_size_survive(void **state)
{
	struct random r = {1};
	char text[64];

	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint64_t bits = random_next(&r);
		double value;

		memcpy(&value, &bits, sizeof value);
		if (!isfinite(value))
			continue;
		snprintf(text, sizeof text, "%.16e", value);
		check(text);
	}
}

/* Around the middle between two doubles one digit decides; such numbers have up to 19 digits here. */
static void random_numbers_of_usual_size_are_rounded_right(void **state)
{
	struct random r = {2};
	char text[64];

	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint64_t digits = random_next(&r) >> (random_next(&r) % 64);
		int exponent = (int)(random_next(&r) % 60) - 30;

		snprintf(text, sizeof text, "%" PRIu64 "e%d", digits, exponent);
		check(text);
		/* The middle between two whole doubles above 2^53. */
		digits = (digits >> 10 | UINT64_C(1) << 53) + (i & 1);
		snprintf(text, sizeof text, "%" PRIu64, 2 * digits + 1);
		check(text);
		snprintf(text, sizeof text, "%" PRIu64 ".%s1", 2 * digits + 1, i & 2 ? "000" : "");
		check(text);
	}
}

static void what_is_no_number_takes_nothing(void **state)
{
	static const char *const texts[] = {"",    "-",  "+1",  ".5", "1.",  "1.e5", "01",
					    "-01", "1e", "1e+", "e5", "nan", "inf"};
	double value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (decimal_take(str_of(texts[i]), &value) != 0)
			fail_msg("%s is taken for a number", texts[i]);
	}
	assert_true(value == 7);
}

static void the_text_behind_a_number_is_left(void **state)
{
	double value = 0;

	(void)state;
	assert_int_equal(decimal_take(str_of("12.5,\n"), &value), 4);
	assert_true(value == 12.5);
	assert_int_equal(decimal_take(str_of("0x10"), &value), 1);
	assert_int_equal(decimal_take((struct str){"1234", 2}, &value), 2);
	assert_true(value == 12);
}

static void a_number_of_more_than_400_bytes_is_refused(void **state)
{
	char text[500];
	double value = 0;

	(void)state;
	memset(text, '1', sizeof text);
	assert_int_equal(decimal_take((struct str){text, 401}, &value), 0);
	assert_int_equal(decimal_take((struct str){text, 400}, &value), 400);
	assert_true(isinf(value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_read_as_strtod_reads_them),
		cmocka_unit_test(random_doubles_of_any_size_survive),
		cmocka_unit_test(random_numbers_of_usual_size_are_rounded_right),
		cmocka_unit_test(what_is_no_number_takes_nothing),
		cmocka_unit_test(the_text_behind_a_number_is_left),
		cmocka_unit_test(a_number_of_more_than_400_bytes_is_refused),
	};

	return cmocka_run_group_tests_name("test_decimal", tests, NULL, NULL);
}
