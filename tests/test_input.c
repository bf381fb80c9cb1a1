/* The table of result formats, and the golden files of all of them. */
#include "input_rows.h"

#include <stdlib.h>
#include <string.h>

#define GOLDEN "tests/golden/"

static const char *describe(struct arena *a, const char *name, const char *path)
{
	struct kept k = {.arena = a};
	size_t ok = 0, aggregates = 0, fits = 0, errors = 0, skips = 0;
	struct err err;
	bool done = read_golden(&k, path, &err);

	for (size_t i = 0; i < k.count; i++) {
		const struct input_row *row = &k.rows[i];

		aggregates += row->kind == INPUT_AGGREGATE;
		fits += row->kind == INPUT_FIT;
		errors += row->status == INPUT_ERROR;
		skips += row->status == INPUT_SKIPPED;
		ok += row->kind == INPUT_ITERATION && row->status == INPUT_OK;
	}
	const char *verdict = "ok";
	if (!done) {
		assert_memory_equal(err.text, path, strlen(path));
		verdict = err.text + strlen(path) + 1;
		verdict += *verdict == ' ';
	}
	return arena_printf(a, "%s %zu %zu %zu %zu %zu %s", name, ok, aggregates, fits, errors, skips, verdict);
}

/*
 * What every file in the folder whose name ends with `suffix` gives, held against the file `expected` there: a line has
 * NAME OK AGGREGATES FITS ERRORS SKIPS VERDICT, the verdict being `ok` or the error behind "PATH:".
 */
static void check_folder(struct arena *a, const char *folder, const char *suffix)
{
	const char *path = path_join(a, folder, "expected");
	struct buf found = {.arena = a};
	const char **names;
	size_t count;
	struct str expected;
	struct err err;

	if (!dir_list(a, folder, &names, &count, &err))
		fail_msg("%s", err.text);
	assert_true(count > 10);
	buf_text(&found, "# file, measured rows, aggregates, fits, errors, skips, and \"ok\" or the error\n");
	for (size_t i = 0; i < count; i++) {
		if (text_ends(names[i], suffix) && !text_equal(names[i], "expected") && !text_equal(names[i], "README"))
			buf_printf(&found, "%s\n", describe(a, names[i], path_join(a, folder, names[i])));
	}
	const char *golden = getenv("PAWL_GOLDEN");
	if (golden && text_equal(golden, "write") && !file_write(path, found.at, found.size, &err))
		fail_msg("%s", err.text);
	if (!file_read(a, path, FILE_LIMIT, &expected, &err))
		fail_msg("%s", err.text);
	if (str_equal(expected, buf_string(&found)))
		return;
	print_error("%s should be (make golden writes it)\n%s", path, buf_string(&found));
	fail();
}

static void every_file_of_google_benchmark_gives_what_is_expected(void **state)
{
	struct kept *k = *state;

	check_folder(k->arena, GOLDEN "gbench", ".json");
}

static void every_damaged_file_gives_what_is_expected(void **state)
{
	struct kept *k = *state;

	check_folder(k->arena, GOLDEN "input", "");
}

static void every_file_of_other_tools_gives_what_is_expected(void **state)
{
	struct kept *k = *state;

	check_folder(k->arena, GOLDEN "formats", "");
}

/* The folder has a file that begins with the format's name, and each of them is taken for that format. */
static void check_own_files(struct arena *a, const char *folder, const struct input_format *format)
{
	const char **names;
	size_t count, found = 0;
	struct err err;

	assert_true(dir_list(a, folder, &names, &count, &err));
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(format->name);
		struct str text;

		if (strncmp(names[i], format->name, size) != 0 || !strchr("-.", names[i][size]))
			continue;
		found++;
		assert_true(file_read(a, path_join(a, folder, names[i]), FILE_LIMIT, &text, &err));
		assert_ptr_equal(input_sniff(names[i], text, &err), format);
	}
	if (!found)
		fail_msg("%s has no file of format %s", folder, format->name);
}

static void every_format_has_golden_files_that_are_taken_for_it(void **state)
{
	struct kept *k = *state;

	for (size_t i = 0; i < input_format_count; i++) {
		const char *name = input_formats[i]->name;

		/* Those with a folder of their own, and those that only their name tells. */
		if (!text_equal(name, "gbench") && !text_equal(name, "hyperfine") && !text_starts(name, "customS") &&
		    !text_starts(name, "customB"))
			check_own_files(k->arena, GOLDEN "formats", input_formats[i]);
	}
}

static void every_format_is_found_by_its_name(void **state)
{
	(void)state;
	assert_true(input_format_count > 0);
	for (size_t i = 0; i < input_format_count; i++) {
		assert_ptr_equal(input_find(input_formats[i]->name), input_formats[i]);
		assert_true(*input_formats[i]->help);
	}
	assert_null(input_find("no such format"));
}

static void an_unknown_format_is_answered_with_the_one_that_was_meant(void **state)
{
	const struct input_format *format;
	struct err err;

	(void)state;
	assert_true(input_choose("jmh", &format, &err));
	assert_ptr_equal(format, &input_jmh);
	assert_false(input_choose("gobench", &format, &err));
	assert_non_null(strstr(err.text, "there is no format 'gobench'; did you mean 'gbench'? (pawl reads: pytest, "));
}

static void an_unknown_text_is_answered_with_the_formats_there_are(void **state)
{
	struct err err;

	(void)state;
	assert_null(input_sniff("x.txt", str_of("hello\n"), &err));
	assert_string_equal(err.text, "x.txt: is no result that pawl knows (pawl reads: pytest, gbench, hyperfine, "
				      "gotest, criterion, libtest, catch2, jmh, custom, customSmallerIsBetter, "
				      "customBiggerIsBetter, bencher, csv)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_file_of_google_benchmark_gives_what_is_expected),
		TEST(every_damaged_file_gives_what_is_expected),
		TEST(every_file_of_other_tools_gives_what_is_expected),
		TEST(every_format_has_golden_files_that_are_taken_for_it),
		TEST(every_format_is_found_by_its_name),
		TEST(an_unknown_format_is_answered_with_the_one_that_was_meant),
		TEST(an_unknown_text_is_answered_with_the_formats_there_are),
	};

	return cmocka_run_group_tests_name("test_input", tests, NULL, NULL);
}
