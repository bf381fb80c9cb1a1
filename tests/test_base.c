/* Arena, text, JSON writer, hash, files. */
#include "base/arena.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/random.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void memory_is_zeroed_and_survives_growth(void **state)
{
	struct arena *a = arena_open();
	struct arena_mark mark = arena_mark(a);
	int *items = NULL;
	size_t capacity = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		items = arena_reserve(a, items, (size_t)i, &capacity, sizeof *items);
		assert_int_equal(items[i], 0);
		items[i] = i;
	}
	for (int i = 0; i < 10000; i++)
		assert_int_equal(items[i], i);
	memset(arena_alloc(a, 100), 1, 100);
	arena_reset(a, mark);
	assert_int_equal(*(char *)arena_alloc(a, 100), 0);
	arena_close(arena_open_child(a));
	arena_open_child(a);
	arena_close(a);
}

static void doubles_are_written_with_the_fewest_digits_that_read_back(void **state)
{
	char text[TEXT_DOUBLE_SIZE];
	double value;

	(void)state;
	assert_string_equal(text_double(text, 0.1), "0.1");
	assert_string_equal(text_double(text, 1e300), "1e+300");
	assert_string_equal(text_double(text, 10), "10");
	assert_string_equal(text_double(text, 1234500), "1234500");
	assert_string_equal(text_double(text, 0.00012), "0.00012");
	assert_string_equal(text_double(text, 1.5e-9), "1.5e-09");
	assert_string_equal(text_double(text, 9007199254740992), "9007199254740992");
	assert_string_equal(text_double(text, 0), "0");
	assert_string_equal(text_double(text, 0.1 + 0.2), "0.30000000000000004");
	assert_string_equal(text_double(text, -0.0), "-0");
	assert_string_equal(text_double(text, 1.25e-309), "1.25e-309");
	assert_string_equal(text_double(text, 123456789), "123456789");
	assert_true(text_parse_double(str_of("4.9e-324"), &value));
	assert_true(value > 0);
	assert_false(text_parse_double(str_of("nan"), &value));
	assert_false(text_parse_double(str_of("inf"), &value));
	assert_false(text_parse_double(str_of("1e999"), &value));
	assert_false(text_parse_double(str_of("0x10"), &value));
	assert_false(text_parse_double(str_of(" 1"), &value));
	assert_false(text_parse_double(str_of("1,5"), &value));
}

static void a_near_name_is_found_and_a_far_one_is_not(void **state)
{
	static const char *const names[] = {"check", "compare", "baseline", "run", "help"};

	(void)state;
	assert_string_equal(text_nearest("chekc", names, 5), "check");
	assert_string_equal(text_nearest("comapre", names, 5), "compare");
	assert_string_equal(text_nearest("base", names, 5), "baseline");
	assert_null(text_nearest("xylophone", names, 5));
	assert_null(text_nearest("x", names, 5));
}

static void one_star_stops_at_a_slash_and_two_do_not(void **state)
{
	(void)state;
	assert_true(text_glob("**", "orders/BM_x/1:cpu_time"));
	assert_true(text_glob("**:time", "orders/BM_x/1:time"));
	assert_false(text_glob("*:time", "orders/BM_x:time"));
	assert_true(text_glob("orders/*:time", "orders/BM_x:time"));
	assert_false(text_glob("orders/*:time", "orders/BM_x/1:time"));
	assert_true(text_glob("orders/**:time", "orders/BM_x/1:time"));
	assert_true(text_glob("*/BM_?:*", "orders/BM_x:cpu_time"));
	assert_true(text_glob("**/b*d", "a/x/b/bcd"));
	assert_false(text_glob("a", "ab"));
	assert_true(text_glob("", ""));
	assert_true(text_glob("**a*b**", "xxaxxb/yy"));
}

static void hostile_bytes_are_made_visible(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_string_equal(text_printable_copy(a, "a\nb\x1b[31m\xff é"), "a\\nb\\x1b[31m\\xff é");
	assert_string_equal(text_printable_copy(a, "x\xe2\x80\xaey"), "x\\xe2\\x80\\xaey");
	assert_string_equal(text_inert_copy(a, "a::b ##[x] ##vso[y"), "a::b ##\\[x] ##vso\\[y");
	assert_string_equal(text_inert_copy(a, " \xc3\xa9::b\n::c"), " \xc3\xa9\\::b\\n::c");
	assert_string_equal(text_inert_lines(a, "::a\n\t::b\x1b[31m\n\nc\n"), "\\::a\n \\::b\\x1b[31m\n\nc\n");
	assert_string_equal(text_inert_lines(a, ""), "");
	assert_int_equal(text_columns("aé→"), 3);
	arena_close(a);
}

static void json_is_valid_and_deterministic(void **state)
{
	struct arena *a = arena_open();
	struct buf b = {.arena = a};
	struct json j = {.out = &b};

	(void)state;
	json_begin_object(&j);
	json_key(&j, "a");
	json_begin_array(&j);
	json_begin_array_line(&j);
	json_int(&j, 1);
	json_double(&j, 0.5);
	json_null(&j);
	json_end_array(&j);
	json_end_array(&j);
	json_key(&j, "b\"\\\n\x01\xff/");
	json_text(&j, "\b\f\r\t");
	json_key(&j, "e");
	json_begin_object(&j);
	json_end_object(&j);
	json_end_object(&j);
	assert_string_equal(buf_string(&b),
			    "{\n  \"a\": [\n    [1, 0.5, null]\n  ],\n"
			    "  \"b\\\"\\\\\\n\\u0001\xEF\xBF\xBD/\": \"\\b\\f\\r\\t\",\n  \"e\": {}\n}");
	arena_close(a);
}

/* FIPS 180-4 example values (NIST CAVP, "SHA256ShortMsg" and the million letters a). */
static void hashes_are_those_of_the_standard(void **state)
{
	char hex[HASH_HEX_SIZE];
	struct hash h;

	(void)state;
	hash_bytes("", 0, hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hash_bytes("abc", 3, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	hash_init(&h);
	for (int i = 0; i < 100000; i++)
		hash_add(&h, "aaaaaaaaaa", 10);
	hash_finish(&h, hex);
	assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void random_numbers_are_reproducible(void **state)
{
	struct random r = {.state = 1234567};

	(void)state;
	/* The reference value of splitmix64 for this seed. */
	assert_true(random_next(&r) == 6457827717110365317u);
	assert_true(random_mix(1, 2) == random_mix(1, 2));
	assert_true(random_mix(1, 2) != random_mix(2, 1));
}

static void files_are_replaced_whole_and_folders_removed_without_following_links(void **state)
{
	struct arena *a = arena_open();
	const char *scratch, *path, **names;
	struct str text;
	struct err err;
	size_t count;

	(void)state;
	assert_true(dir_make_scratch(a, &scratch, &err));
	path = path_join(a, scratch, "x/y/z");
	assert_true(dir_make(path, &err));
	path = path_join(a, path, "file");
	assert_true(file_write(path, "one", 3, &err));
	assert_true(file_write(path, "twelve", 6, &err));
	assert_true(file_read(a, path, FILE_LIMIT, &text, &err));
	assert_string_equal(text.at, "twelve");
	assert_true(dir_list(a, path_folder(a, path), &names, &count, &err));
	assert_int_equal(count, 1);
	assert_false(file_read(a, path, 3, &text, &err));
	assert_false(file_read(a, scratch, FILE_LIMIT, &text, &err));
	assert_non_null(strstr(err.text, "is a folder"));
	assert_false(file_write(path_join(a, scratch, "none/file"), "", 0, &err));
	assert_int_equal(symlink("/usr", path_join(a, scratch, "x/link")), 0);
	dir_remove(scratch);
	assert_false(file_exists(scratch));
	assert_true(file_exists("/usr/bin"));
	arena_close(a);
}

static void a_file_that_is_given_up_leaves_what_was_there(void **state)
{
	struct arena *a = arena_open();
	const char *scratch, *path, **names;
	struct file_writer w;
	struct str text;
	struct err err;
	size_t count;

	(void)state;
	assert_true(dir_make_scratch(a, &scratch, &err));
	path = path_join(a, scratch, "file");
	assert_true(file_write(path, "old", 3, &err));
	assert_true(file_begin(&w, path, &err));
	assert_true(file_add(&w, "new", 3, &err));
	file_give_up(&w);
	assert_true(file_read(a, path, FILE_LIMIT, &text, &err));
	assert_string_equal(text.at, "old");
	assert_true(file_begin(&w, path, &err));
	assert_true(file_add(&w, "new", 3, &err));
	assert_true(file_add(&w, "er", 2, &err));
	assert_true(file_end(&w, &err));
	assert_true(file_read(a, path, FILE_LIMIT, &text, &err));
	assert_string_equal(text.at, "newer");
	assert_true(dir_list(a, scratch, &names, &count, &err));
	assert_int_equal(count, 1);
	dir_remove(scratch);
	arena_close(a);
}

static void last_lines_are_the_last_ones(void **state)
{
	struct str s = text_last_lines(str_of("one\ntwo\nthree\n\n"), 2);

	(void)state;
	assert_true(str_equal(s, "two\nthree"));
	assert_true(str_equal(text_last_lines(str_of("one"), 5), "one"));
	assert_true(str_equal(text_last_lines(str_of(""), 5), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_survives_growth),
		cmocka_unit_test(doubles_are_written_with_the_fewest_digits_that_read_back),
		cmocka_unit_test(a_near_name_is_found_and_a_far_one_is_not),
		cmocka_unit_test(one_star_stops_at_a_slash_and_two_do_not),
		cmocka_unit_test(hostile_bytes_are_made_visible),
		cmocka_unit_test(json_is_valid_and_deterministic),
		cmocka_unit_test(hashes_are_those_of_the_standard),
		cmocka_unit_test(random_numbers_are_reproducible),
		cmocka_unit_test(files_are_replaced_whole_and_folders_removed_without_following_links),
		cmocka_unit_test(a_file_that_is_given_up_leaves_what_was_there),
		cmocka_unit_test(last_lines_are_the_last_ones),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
