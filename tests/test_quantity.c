/* Numbers with units, read and shown. */
#include "base/quantity.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
	RATIO = 1 << QUANTITY_RATIO,
	DURATION = 1 << QUANTITY_DURATION,
	SIZE = 1 << QUANTITY_SIZE,
};

static void every_unit_has_its_factor(void **state)
{
	static const struct {
		const char *text;
		enum quantity_kind kind;
		double value;
	} rows[] = {
		{"10%", QUANTITY_RATIO, 0.1},
		{"0.2%", QUANTITY_RATIO, 0.002},
		{"95%", QUANTITY_RATIO, 0.95},
		{"0%", QUANTITY_RATIO, 0},
		{"0.3ns", QUANTITY_DURATION, 0.3},
		{"7us", QUANTITY_DURATION, 7e3},
		{"50ms", QUANTITY_DURATION, 50e6},
		{"60s", QUANTITY_DURATION, 60e9},
		{"10m", QUANTITY_DURATION, 600e9},
		{"2h", QUANTITY_DURATION, 7200e9},
		{"12B", QUANTITY_SIZE, 12},
		{"3kB", QUANTITY_SIZE, 3e3},
		{"1MB", QUANTITY_SIZE, 1e6},
		{"4GB", QUANTITY_SIZE, 4e9},
		{"1KiB", QUANTITY_SIZE, 1024},
		{"1MiB", QUANTITY_SIZE, 1048576},
		{"1GiB", QUANTITY_SIZE, 1073741824},
		{"1e3 ns", QUANTITY_DURATION, 1e3},
		{"1.5E-1s", QUANTITY_DURATION, 0.15e9},
		{".5s", QUANTITY_DURATION, 0.5e9},
		{"5.%", QUANTITY_RATIO, 0.05},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct quantity q;
		struct err err;

		if (!quantity_parse(rows[i].text, RATIO | DURATION | SIZE, &q, &err))
			fail_msg("%s", err.text);
		assert_int_equal(q.kind, rows[i].kind);
		if (q.value < rows[i].value || q.value > rows[i].value)
			fail_msg("%s is %.17g", rows[i].text, q.value);
	}
}

static void what_cannot_be_meant_is_refused_with_the_units_there_are(void **state)
{
	static const struct {
		const char *text;
		unsigned kinds;
		const char *error;
	} rows[] = {
		{"60", DURATION, "`60` has no unit (durations: ns us ms s m h)"},
		{"60 ", DURATION, "`60 ` has no unit (durations: ns us ms s m h)"},
		{"0.1", RATIO, "`0.1` has no unit (ratios: %)"},
		{"5sec", DURATION, "`5sec` has an unknown unit (durations: ns us ms s m h)"},
		{"5S", DURATION, "`5S` has an unknown unit (durations: ns us ms s m h)"},
		{"5 s s", DURATION, "`5 s s` has an unknown unit (durations: ns us ms s m h)"},
		{"5s ", DURATION, "`5s ` has an unknown unit (durations: ns us ms s m h)"},
		{"5exa", SIZE, "`5exa` has an unknown unit (sizes: B kB MB GB KiB MiB GiB)"},
		{"1MB", DURATION, "`1MB` is a size (durations: ns us ms s m h)"},
		{"1s", SIZE, "`1s` is a duration (sizes: B kB MB GB KiB MiB GiB)"},
		{"1%", SIZE | DURATION, "`1%` is a ratio (durations: ns us ms s m h; sizes: B kB MB GB KiB MiB GiB)"},
		{"-1s", DURATION, "`-1s` is negative (durations: ns us ms s m h)"},
		{"-0s", DURATION, "`-0s` is negative (durations: ns us ms s m h)"},
		{"", RATIO, "`` is not a number with a unit (ratios: %)"},
		{"%", RATIO, "`%` is not a number with a unit (ratios: %)"},
		{" 1%", RATIO, "` 1%` is not a number with a unit (ratios: %)"},
		{"nan%", RATIO, "`nan%` is not a number with a unit (ratios: %)"},
		{"infs", DURATION, "`infs` is not a number with a unit (durations: ns us ms s m h)"},
		{"0x10s", DURATION, "`0x10s` has an unknown unit (durations: ns us ms s m h)"},
		{"1.2.3s", DURATION, "`1.2.3s` is not a number with a unit (durations: ns us ms s m h)"},
		{"1-2s", DURATION, "`1-2s` is not a number with a unit (durations: ns us ms s m h)"},
		{"1e999s", DURATION, "`1e999s` is not a number with a unit (durations: ns us ms s m h)"},
		{"1e308h", DURATION, "`1e308h` is too large (durations: ns us ms s m h)"},
		{"a word of more than forty bytes, which is not repeated", RATIO,
		 "the text is not a number with a unit (ratios: %)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct quantity q;
		struct err err;

		if (quantity_parse(rows[i].text, rows[i].kinds, &q, &err))
			fail_msg("%s was taken", rows[i].text);
		assert_string_equal(err.text, rows[i].error);
	}
}

static void durations_are_shown_with_three_digits(void **state)
{
	static const struct {
		double ns;
		const char *text;
	} rows[] = {
		{0, "0 ns"},
		{0.0012, "0.0012 ns"},
		{0.05, "0.05 ns"},
		{0.31, "0.31 ns"},
		{0.999, "1.00 ns"},
		{3.98, "3.98 ns"},
		{9.994, "9.99 ns"},
		{9.996, "10.0 ns"},
		{99.96, "100 ns"},
		{412, "412 ns"},
		{999.4, "999 ns"},
		{999.6, "1.00 us"},
		{3980, "3.98 us"},
		{999499, "999 us"},
		{999500, "1.00 ms"},
		{12.34e6, "12.3 ms"},
		{1e9, "1.00 s"},
		{59.94e9, "59.9 s"},
		{59.96e9, "1 min"},
		{60e9, "1 min"},
		{110e9, "1 min 50 s"},
		{3599.4e9, "59 min 59 s"},
		{3599.6e9, "1 h"},
		{5400e9, "1 h 30 min"},
		{1000 * 3600e9, "1000 h"},
		{1e300, "1e+291 s"},
		{-3980, "-3.98 us"},
		{-110e9, "-1 min 50 s"},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(quantity_duration(a, rows[i].ns), rows[i].text);
	arena_close(a);
}

static void sizes_are_shown_in_powers_of_1000(void **state)
{
	static const struct {
		double bytes;
		const char *text;
	} rows[] = {
		{0, "0 B"},        {1, "1 B"},          {512, "512 B"},         {999, "999 B"},
		{1000, "1.00 kB"}, {1536, "1.54 kB"},   {999600, "1.00 MB"},    {12.4e6, "12.4 MB"},
		{1e9, "1.00 GB"},  {2.5e12, "2.50 TB"}, {2.5e15, "2.5e+03 TB"}, {-12.4e6, "-12.4 MB"},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(quantity_size(a, rows[i].bytes), rows[i].text);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest quantity[] = {
		cmocka_unit_test(every_unit_has_its_factor),
		cmocka_unit_test(what_cannot_be_meant_is_refused_with_the_units_there_are),
		cmocka_unit_test(durations_are_shown_with_three_digits),
		cmocka_unit_test(sizes_are_shown_in_powers_of_1000),
	};

	return cmocka_run_group_tests_name("quantity", quantity, NULL, NULL);
}
