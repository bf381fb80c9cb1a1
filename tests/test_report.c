/*
 * The table of reports: every row has golden files, and writing a folder of reports.
 */
#include "report/report.h"

#include "base/file.h"
#include "verdict_cases.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

static const char golden_folder[] = "tests/golden/report";

static const struct report_options options = {.config = "pawl.yml", .dir = "pawl-report"};

static bool is_writing_golden_files(void)
{
	const char *mode = getenv("PAWL_GOLDEN");

	return mode && text_equal(mode, "write");
}

static void check_golden(struct arena *a, const struct verdict_case *c, const struct report_format *format,
			 const char *ending, const struct report_options *how)
{
	const char *path = arena_printf(a, "%s/%s.%s", golden_folder, c->name, ending);
	struct verdict v = c->make(a);
	struct buf out = {.arena = a};
	struct str golden = {0};
	struct err err;

	format->write(&out, &v, how);
	if (is_writing_golden_files()) {
		if (!dir_make(golden_folder, &err) || !file_write(path, buf_string(&out), out.size, &err))
			fail_msg("%s", err.text);
	}
	if (!file_read(a, path, FILE_LIMIT, &golden, &err))
		fail_msg("%s: run `make golden` and read the difference", err.text);
	if (golden.size != out.size || memcmp(golden.at, out.at, out.size) != 0)
		fail_msg("%s differs from what is written now:\n%s", path, buf_string(&out));
}

static void every_report_of_every_case_is_like_its_golden_file(void **state)
{
	struct arena *a = arena_open();
	size_t count = 0;
	const struct verdict_case *cases = verdict_cases(&count);

	(void)state;
	for (size_t i = 0; i < report_format_count; i++) {
		for (size_t k = 0; k < count; k++)
			check_golden(a, &cases[k], report_formats[i], report_formats[i]->name, &options);
	}
	arena_close(a);
}

static void every_dialect_of_every_case_is_like_its_golden_file(void **state)
{
	struct arena *a = arena_open();
	size_t count = 0;
	const struct verdict_case *cases = verdict_cases(&count);

	(void)state;
	for (size_t i = 0; i < JUNIT_DIALECT_COUNT; i++) {
		struct report_options how = options;
		const char *name = junit_dialect_name((enum junit_dialect)i);

		how.junit_dialect = (enum junit_dialect)i;
		for (size_t k = 0; k < count && i != options.junit_dialect; k++)
			check_golden(a, &cases[k], &report_junit, arena_printf(a, "junit-%s", name), &how);
	}
	arena_close(a);
}

static void the_text_with_all_rows_of_every_case_is_like_its_golden_file(void **state)
{
	struct arena *a = arena_open();
	struct report_options how = options;
	size_t count = 0;
	const struct verdict_case *cases = verdict_cases(&count);

	(void)state;
	how.all_rows = true;
	for (size_t k = 0; k < count; k++)
		check_golden(a, &cases[k], &report_text, "text-all", &how);
	arena_close(a);
}

static void every_row_has_a_name_a_help_and_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < report_format_count; i++) {
		assert_true(strlen(report_formats[i]->name) > 0);
		assert_true(strlen(report_formats[i]->help) > 0);
		assert_ptr_equal(report_find(report_formats[i]->name), report_formats[i]);
	}
	assert_null(report_find("no such report"));
}

static void a_verdict_of_zeros_is_written_by_every_report(void **state)
{
	struct arena *a = arena_open();
	struct finding f = {.suite = "s", .bench = "b", .metric = "m"};
	struct finding slow = {.suite = "s",
			       .bench = "c",
			       .metric = "m",
			       .gated = true,
			       .outcome = OUTCOME_SLOWER,
			       .effect = EFFECT_FAIL};
	struct finding both[] = {f, slow};
	struct verdict v = {.findings = both, .finding_count = 2};
	struct report_options none = {0};

	(void)state;
	for (size_t i = 0; i < report_format_count; i++) {
		struct buf out = {.arena = a};

		report_formats[i]->write(&out, &v, &none);
		assert_true(out.size > 0);
	}
	arena_close(a);
}

struct folder {
	struct arena *arena;
	const char *path;
	struct verdict verdict;
	struct err err;
};

static int folder_make(void **state)
{
	static struct folder f;

	f.arena = arena_open();
	f.verdict = case_mixed(f.arena);
	*state = &f;
	return dir_make_scratch(f.arena, &f.path, &f.err) ? 0 : -1;
}

static int folder_remove(void **state)
{
	struct folder *f = *state;

	dir_remove(f->path);
	arena_close(f->arena);
	return 0;
}

static void reports_go_into_a_new_folder_and_verdict_json_is_always_there(void **state)
{
	static const char *const formats[] = {"text", "csv"};
	struct folder *f = *state;
	const char *dir = path_join(f->arena, f->path, "new/reports");
	const char **names = NULL;
	size_t count = 0;

	assert_true(report_write_all(f->arena, &f->verdict, &options, dir, formats, 2, &f->err));
	assert_true(dir_list(f->arena, dir, &names, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(names[0], "regression_report.csv");
	assert_string_equal(names[1], "verdict.json");
}

static void an_unknown_format_is_refused_with_the_names_there_are(void **state)
{
	static const char *const formats[] = {"csv", "cvs"};
	struct folder *f = *state;

	assert_false(report_write_all(f->arena, &f->verdict, &options, f->path, formats, 2, &f->err));
	assert_true(text_starts(f->err.text, "there is no report `cvs`; there are text, csv, junit, json"));
	for (size_t i = 0; i < report_format_count; i++)
		assert_non_null(strstr(f->err.text, report_formats[i]->name));
}

static void a_folder_that_cannot_be_made_is_named(void **state)
{
	struct folder *f = *state;
	const char *in_the_way = path_join(f->arena, f->path, "file");

	assert_true(file_write(in_the_way, "x", 1, &f->err));
	assert_false(report_write_all(f->arena, &f->verdict, &options, path_join(f->arena, in_the_way, "reports"), NULL,
				      0, &f->err));
	assert_non_null(strstr(f->err.text, in_the_way));
}

/* A file size limit stands in for the full disk: writes fail in the middle of a file with it, too. */
static void a_write_that_fails_names_the_file_and_leaves_the_old_one(void **state)
{
	static const char *const formats[] = {"csv"};
	struct folder *f = *state;
	const char *path = path_join(f->arena, f->path, "regression_report.csv");
	struct rlimit before, small;
	struct str text = {0};
	const char **names = NULL;
	size_t count = 0;
	bool ok = false;
	void (*handler)(int) = SIG_DFL;

	assert_true(file_write(path, "old", 3, &f->err));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){.rlim_cur = 100, .rlim_max = before.rlim_max};
	handler = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	ok = report_write_all(f->arena, &f->verdict, &options, f->path, formats, 1, &f->err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, handler);

	assert_false(ok);
	assert_non_null(strstr(f->err.text, path));
	assert_true(file_read(f->arena, path, FILE_LIMIT, &text, &f->err));
	assert_true(str_equal(text, "old"));
	assert_true(dir_list(f->arena, f->path, &names, &count, &f->err));
	assert_int_equal(count, 1);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_report_of_every_case_is_like_its_golden_file),
		cmocka_unit_test(every_dialect_of_every_case_is_like_its_golden_file),
		cmocka_unit_test(the_text_with_all_rows_of_every_case_is_like_its_golden_file),
		cmocka_unit_test(every_row_has_a_name_a_help_and_is_found),
		cmocka_unit_test(a_verdict_of_zeros_is_written_by_every_report),
		IN_FOLDER(reports_go_into_a_new_folder_and_verdict_json_is_always_there),
		IN_FOLDER(an_unknown_format_is_refused_with_the_names_there_are),
		IN_FOLDER(a_folder_that_cannot_be_made_is_named),
		IN_FOLDER(a_write_that_fails_names_the_file_and_leaves_the_old_one),
	};

	return cmocka_run_group_tests_name("test_report", tests, NULL, NULL);
}
