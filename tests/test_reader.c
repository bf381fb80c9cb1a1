/* Numbers and texts from bytes that may end anywhere. */
#include "symbol/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct reader read_of(const void *bytes, size_t size)
{
	return reader_of((struct str){bytes, size}, 0);
}

static void numbers_of_variable_length_are_those_of_the_standard(void **state)
{
	/* DWARF 5, figures C.1 and C.2 (7.6). */
	static const struct {
		const char *bytes;
		size_t size;
		uint64_t value;
	} unsigned_cases[] = {
		{"\x02", 1, 2}, {"\x7f", 1, 127}, {"\x80\x01", 2, 128}, {"\x81\x01", 2, 129}, {"\xb9\x64", 2, 12857}};
	static const struct {
		const char *bytes;
		size_t size;
		int64_t value;
	} signed_cases[] = {{"\x02", 1, 2},       {"\x7e", 1, -2},       {"\xff\x00", 2, 127}, {"\x81\x7f", 2, -127},
			    {"\x80\x01", 2, 128}, {"\x80\x7f", 2, -128}, {"\x81\x01", 2, 129}, {"\xff\x7e", 2, -129}};

	(void)state;
	for (size_t i = 0; i < sizeof(unsigned_cases) / sizeof(*unsigned_cases); i++) {
		struct reader r = read_of(unsigned_cases[i].bytes, unsigned_cases[i].size);

		assert_true(reader_uleb(&r) == unsigned_cases[i].value);
		assert_true(!r.bad && reader_left(&r) == 0);
	}
	for (size_t i = 0; i < sizeof(signed_cases) / sizeof(*signed_cases); i++) {
		struct reader r = read_of(signed_cases[i].bytes, signed_cases[i].size);

		assert_true(reader_sleb(&r) == signed_cases[i].value);
		assert_true(!r.bad && reader_left(&r) == 0);
	}
}

static void what_is_behind_the_end_is_zero_and_bad(void **state)
{
	struct reader r = read_of("\x01\x02", 2);

	(void)state;
	assert_int_equal(reader_bytes(&r, 4), 0);
	assert_true(r.bad);
	assert_int_equal(reader_left(&r), 0);
	r = read_of("\x80\x80", 2);
	assert_int_equal(reader_uleb(&r), 0);
	assert_true(r.bad);
	r = read_of("ab", 2);
	assert_string_equal(reader_text(&r), "");
	assert_true(r.bad);
	r = reader_of((struct str){0}, 0);
	assert_true(r.bad);
	assert_int_equal(reader_byte(&r), 0);
	r = reader_of((struct str){"abc", 3}, 4);
	assert_true(r.bad && reader_left(&r) == 0);
}

static void a_number_of_a_hundred_bytes_ends(void **state)
{
	char bytes[100];
	struct reader r = read_of(bytes, sizeof(bytes));

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	bytes[99] = 0x7f;
	assert_true(reader_uleb(&r) == UINT64_MAX);
	assert_true(!r.bad && reader_left(&r) == 0);
	r = read_of(bytes, sizeof(bytes));
	assert_true(reader_sleb(&r) == -1);
}

static void a_part_stays_inside_the_whole(void **state)
{
	struct reader r = read_of("\x01\x02\x03\x04", 4), part = reader_part(&r, 2);

	(void)state;
	assert_int_equal(reader_bytes(&part, 2), 0x0201);
	assert_int_equal(reader_byte(&part), 0);
	assert_true(part.bad && !r.bad);
	assert_int_equal(reader_byte(&r), 3);
	part = reader_part(&r, UINT64_MAX);
	assert_true(part.bad && r.bad);
}

static void lengths_of_both_widths_are_read(void **state)
{
	struct reader r = read_of("\x10\0\0\0", 4);
	bool is_wide;

	(void)state;
	assert_int_equal(reader_length(&r, &is_wide), 16);
	assert_false(is_wide);
	r = read_of("\xff\xff\xff\xff\x10\0\0\0\0\0\0\0", 12);
	assert_int_equal(reader_length(&r, &is_wide), 16);
	assert_true(is_wide);
	r = read_of("\xf0\xff\xff\xff", 4); /* reserved */
	reader_length(&r, &is_wide);
	assert_true(r.bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_variable_length_are_those_of_the_standard),
		cmocka_unit_test(what_is_behind_the_end_is_zero_and_bad),
		cmocka_unit_test(a_number_of_a_hundred_bytes_ends),
		cmocka_unit_test(a_part_stays_inside_the_whole),
		cmocka_unit_test(lengths_of_both_widths_are_read),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
