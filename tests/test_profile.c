/* The table of profile formats, and what its readers make of the golden files. */
#include "profile/profile.h"

#include "base/file.h"
#include "profile_dump.h"

#include <stdlib.h>

#define GOLDEN "tests/golden/profiles/"

static void every_edge_case_gets_the_verdict_of_pprof(void **state)
{
	/* `go tool pprof` 1.19.8 refuses these and takes all others. */
	static const char *const refused[] = {
		"10_string0_not_empty.pb",
		"11_duplicate_location_id.pb",
		"12_location_id_zero.pb",
		"13_dangling_location.pb",
		"14_value_count_mismatch.pb",
		"15_string_index_out_of_range.pb",
		"23_no_types_no_samples.pb",
		"24_no_types_with_samples.pb",
		"25_truncated.pb",
		"29_time_twice.pb",
		"30_no_string_table.pb",
		"33_bad_wire_type.pb",
		"34_overlong_varint.pb",
		"42_gzip_truncated.pb.gz",
		"43_gzip_bad_crc.pb.gz",
		"44_gzip_trailing_garbage.pb.gz",
		"45_two_profiles_concatenated.pb",
		"46_empty.pb",
		"47_text.pb",
	};
	struct arena *a = *state;
	const char **names;
	size_t count, read = 0;
	struct err err;

	assert_true(dir_list(a, GOLDEN "edge", &names, &count, &err));
	for (size_t i = 0; i < count; i++) {
		struct profile p;
		bool expected = true, found;

		if (text_equal(names[i], "expected"))
			continue;
		for (size_t k = 0; k < sizeof refused / sizeof *refused; k++)
			expected = expected && !text_equal(names[i], refused[k]);
		found = profile_read(a, path_join(a, GOLDEN "edge", names[i]), NULL, &p, NULL, &err);
		if (found != expected)
			fail_msg("%s: %s", names[i], found ? "is read" : err.text);
		read++;
	}
	assert_int_equal(read, 45);
}

/* The formats there are, which grow, are no part of what is expected. */
static const char *without_list(char *text)
{
	char *list = strstr(text, " that pawl knows (");

	if (list)
		strcpy(list, " that pawl knows");
	return text;
}

static void check_golden(struct arena *a, const char *folder)
{
	const char *path = path_join(a, folder, "expected");
	const char *golden = getenv("PAWL_GOLDEN");
	struct buf found = {.arena = a};
	const char **names;
	size_t count;
	struct str expected;
	struct err err;

	assert_true(dir_list(a, folder, &names, &count, &err));
	for (size_t i = 0; i < count; i++) {
		const char *file = path_join(a, folder, names[i]);
		const struct profile_format *format;
		struct profile p;

		if (text_equal(names[i], "expected"))
			continue;
		buf_printf(&found, "== %s\n", names[i]);
		if (profile_read(a, file, NULL, &p, &format, &err))
			dump_profile(&found, &p);
		else
			buf_printf(&found, "%s\n", without_list(err.text + strlen(folder) + 1));
	}
	if (golden && text_equal(golden, "write") && !file_write(path, found.at, found.size, &err))
		fail_msg("%s", err.text);
	if (!file_read(a, path, FILE_LIMIT, &expected, &err))
		fail_msg("%s", err.text);
	if (!str_equal(expected, buf_string(&found)))
		fail_msg("%s differs (make golden writes it)\n%s", path, buf_string(&found));
}

static void every_edge_case_has_the_values_or_the_error_expected(void **state)
{
	check_golden(*state, GOLDEN "edge");
}

static void profiles_of_go_have_the_values_expected(void **state)
{
	check_golden(*state, GOLDEN "go");
}

static void every_format_has_a_name_and_is_found_by_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < profile_format_count; i++) {
		const struct profile_format *f = profile_formats[i];

		assert_ptr_equal(profile_format_find(f->name), f);
		assert_true(f->help && *f->help);
		assert_true(f->read || f->write);
		assert_int_equal(!f->read, !f->sniff);
	}
	assert_null(profile_format_find("tea leaves"));
}

static void an_expansion_stops_at_its_limit(void **state)
{
	const struct profile_reading how = {.expansion_limit = 1000000};
	struct profile p;
	struct err err;

	assert_false(profile_read(*state, GOLDEN "edge/48_bomb.pb.gz", &how, &p, NULL, &err));
	assert_non_null(strstr(err.text, "expands to more than 1000000 bytes"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_format_has_a_name_and_is_found_by_it),
		TEST(every_edge_case_gets_the_verdict_of_pprof),
		TEST(every_edge_case_has_the_values_or_the_error_expected),
		TEST(profiles_of_go_have_the_values_expected),
		TEST(an_expansion_stops_at_its_limit),
	};

	return cmocka_run_group_tests_name("test_profile", tests, NULL, NULL);
}
