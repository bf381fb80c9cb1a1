/* Listing and selecting the benchmarks of google-benchmark programs: a real one, scripts that answer like other
 * versions, and programs in trouble. */
#include "suite/suite.h"

#include "base/file.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { TIMEOUT_S = 300 }; /* against a hang alone */

static struct arena *arena;
static const char *scratch, *sample;
static struct err err;

/* Standard output of a program that must succeed. */
static struct str run(const char *const *argv)
{
	struct proc_spec spec = {.argv = argv, .timeout_ns = (int64_t)TIMEOUT_S * 1000000000};
	struct proc_result result;

	if (!proc_run(arena, &spec, &result, &err))
		fail_msg("%s", err.text);
	if (result.end != PROC_EXITED || result.code != 0)
		fail_msg("%s: %s\n%s", argv[0], proc_describe(arena, &result),
			 arena_copy(arena, result.errors.at, result.errors.size));
	return result.out;
}

/* The sample suite that the Makefile built, or one built here. */
static int group_setup(void **state)
{
	const char *build = getenv("BUILD");

	(void)state;
	arena = arena_open();
	if (!dir_make_scratch(arena, &scratch, &err))
		fail_msg("%s", err.text);
	sample = path_real(arena, path_join(arena, build ? build : "build", "tests/gbench/sample"));
	if (sample)
		return 0;
	sample = path_join(arena, scratch, "sample");
	run((const char *const[]){"c++", "-O1", "-o", sample, "tests/gbench/sample.cc", "-lbenchmark", "-lpthread",
				  NULL});
	return 0;
}

static int group_teardown(void **state)
{
	(void)state;
	dir_remove(scratch);
	arena_close(arena);
	return 0;
}

/* A program of one side, run by `argv`, with a variable in its environment or NULL. */
static struct suite_program program_of(const char *const *argv, const char *variable)
{
	struct suite_settings *s = NEW(arena, struct suite_settings);
	const char **env = NEW_ARRAY(arena, const char *, 3);

	s->name = "orders";
	s->kind = &suite_gbench;
	s->run = argv;
	while (argv[s->run_count])
		s->run_count++;
	s->timeout_ns = (int64_t)TIMEOUT_S * 1000000000;
	env[0] = arena_printf(arena, "PATH=%s", getenv("PATH"));
	env[1] = variable;
	return (struct suite_program){.settings = s, .cwd = scratch, .env = env};
}

static struct suite_program program_at(const char *path, const char *variable)
{
	const char **argv = NEW_ARRAY(arena, const char *, 2);

	argv[0] = path;
	return program_of(argv, variable);
}

/* A shell script in the scratch folder: `help` is printed for --help, `list` for the listing. */
static const char *make_script(const char *name, const char *help, const char *list)
{
	const char *path = path_join(arena, scratch, name);
	const char *text = arena_printf(arena,
					"#!/bin/sh\nfor a; do case $a in\n--help) cat <<'END'\n%s\nEND\nexit;;\n"
					"--benchmark_list_tests*) cat <<'END'\n%s\nEND\nexit;;\nesac; done\nexit 1\n",
					help, list);

	if (!file_write(path, text, strlen(text), &err))
		fail_msg("%s", err.text);
	assert_int_equal(chmod(path, 0755), 0);
	return path;
}

static void list_or_fail(struct suite_program *p)
{
	if (!suite_gbench.list(arena, p, &err))
		fail_msg("%s", err.text);
}

static void assert_refused(struct suite_program p, const char *words)
{
	assert_false(suite_gbench.list(arena, &p, &err));
	if (!strstr(err.text, words))
		fail_msg("\"%s\" is not in the error \"%s\"", words, err.text);
	assert_true(text_starts(err.text, "suite orders: "));
}

/* The benchmarks that the argv of a slice selects, one a line. */
static const char *selected(const struct suite_program *p, const char *bench)
{
	struct suite_slice slice = {.bench = bench, .repetitions = 1, .out_path = "/dev/null", .iterations = 1};
	const char *const *argv = suite_gbench.slice_argv(arena, p, &slice);
	const char **listing;
	size_t count = 0;

	while (argv[count])
		count++;
	listing = NEW_ARRAY(arena, const char *, count + 2);
	memcpy(listing, argv, count * sizeof *argv);
	listing[count] = "--benchmark_list_tests=true";
	return arena_printf(arena, "%s", run(listing).at);
}

static void assert_each_is_selected_alone(struct suite_program *p)
{
	for (size_t i = 0; i < p->bench_count; i++) {
		struct buf want = {.arena = arena};

		for (size_t j = 0; j < p->bench_count; j++) {
			if (text_equal(p->benches[i], p->benches[j]))
				buf_printf(&want, "%s\n", p->benches[i]);
		}
		assert_string_equal(selected(p, p->benches[i]), buf_string(&want));
	}
}

static void a_real_program_is_listed_in_its_order_twins_included(void **state)
{
	struct suite_program p = program_at(sample, NULL);
	size_t twins = 0;

	(void)state;
	list_or_fail(&p);
	assert_true(p.bench_count > 60);
	assert_string_equal(p.benches[0], "BM_plain");
	assert_string_equal(p.benches[1], "BM_work");
	for (size_t i = 0; i < p.bench_count; i++)
		twins += text_equal(p.benches[i], "BM_twice");
	assert_int_equal(twins, 2);
	assert_string_equal(p.version, "");
}

static void the_filter_of_a_slice_selects_exactly_its_benchmark(void **state)
{
	struct suite_program p = program_at(sample, NULL);

	(void)state;
	list_or_fail(&p);
	assert_each_is_selected_alone(&p);
}

static void the_projects_own_harness_is_listed_and_selected_alike(void **state)
{
	const char *orders = getenv("PAWL_ORDERS");
	struct suite_program p;

	(void)state;
	orders = path_real(arena, orders ? orders : "build/bench/orders");
	if (!orders)
		fail_msg("%s", "there is no build/bench/orders: run make first, or name it in PAWL_ORDERS");
	p = program_at(orders, NULL);
	list_or_fail(&p);
	assert_true(p.fixes_iterations);
	assert_true(p.min_time_has_unit);
	assert_each_is_selected_alone(&p);
}

static void a_slice_of_a_real_program_writes_its_result(void **state)
{
	struct suite_program p = program_at(sample, NULL);
	struct suite_slice slice = {.bench = "BM_args/n:64/m:4", .min_time_ns = 1000000, .repetitions = 2};
	struct str text;

	(void)state;
	list_or_fail(&p);
	slice.out_path = path_join(arena, scratch, "out file.json");
	run(suite_gbench.slice_argv(arena, &p, &slice));
	assert_true(file_read(arena, slice.out_path, FILE_LIMIT, &text, &err));
	assert_non_null(strstr(text.at, "\"name\": \"BM_args/n:64/m:4\""));
	assert_non_null(strstr(text.at, "\"repetition_index\": 1"));
	assert_null(strstr(text.at, "\"repetition_index\": 2"));
	assert_null(strstr(text.at, "BM_args/n:64/m:45"));
}

static const char *golden(const char *name)
{
	struct str text;

	if (!file_read(arena, arena_printf(arena, "tests/golden/suite/%s", name), FILE_LIMIT, &text, &err))
		fail_msg("%s", err.text);
	return text.at;
}

static void capabilities_follow_the_help_of_the_version(void **state)
{
	struct suite_program p = program_at(make_script("old", golden("help-1.7.1.txt"), "BM_a"), NULL);

	(void)state;
	list_or_fail(&p);
	assert_false(p.fixes_iterations);
	assert_false(p.min_time_has_unit);
	p = program_at(make_script("new", golden("help-1.9.5.txt"), "BM_a"), NULL);
	list_or_fail(&p);
	assert_true(p.fixes_iterations);
	assert_true(p.min_time_has_unit);
	p = program_at(make_script("silent", "usage: see the fox", "BM_a"), NULL);
	list_or_fail(&p);
	assert_false(p.fixes_iterations);
	assert_false(p.min_time_has_unit);
}

/* One argument a line. */
static void add_argv(struct buf *out, const char *title, const struct suite_program *p, const struct suite_slice *slice)
{
	const char *const *argv = suite_gbench.slice_argv(arena, p, slice);

	buf_printf(out, "# %s\n", title);
	for (; *argv; argv++)
		buf_printf(out, "%s\n", *argv);
	buf_char(out, '\n');
}

static void the_argv_of_slices_is_the_golden_one(void **state)
{
	static const char *const argv[] = {"build/bench/orders", "--data=a b", "--benchmark_min_time=9", NULL};
	struct suite_program p = program_of(argv, NULL);
	struct suite_slice timed = {.bench = "BM_tmpl<std::vector<int>>/(8)",
				    .min_time_ns = 50000000,
				    .repetitions = 1,
				    .out_path = "out dir/1.json"};
	struct suite_slice counted = {.bench = "-a.b[c]{2}*+?^$|\\d",
				      .iterations = 123456789012,
				      .min_time_ns = 1,
				      .repetitions = 5,
				      .out_path = "o"};
	const char *path = "tests/golden/suite/gbench.txt", *mode = getenv("PAWL_GOLDEN");
	struct buf out = {.arena = arena};

	(void)state;
	add_argv(&out, "before 1.8: a time in seconds", &p, &timed);
	add_argv(&out, "before 1.8: iterations cannot be fixed", &p, &counted);
	p.min_time_has_unit = p.fixes_iterations = true;
	add_argv(&out, "from 1.8 on: a time with its unit", &p, &timed);
	add_argv(&out, "from 1.8 on: exact iterations", &p, &counted);
	if (mode && text_equal(mode, "write"))
		assert_true(file_write(path, out.at, out.size, &err));
	assert_string_equal(buf_string(&out), golden("gbench.txt"));
}

static void a_missing_program_asks_for_the_build(void **state)
{
	(void)state;
	assert_refused(program_at("build/bench/orders", NULL),
		       "build/bench/orders: no such file: does `build` in pawl.yml make it?");
	assert_refused(program_at(scratch, NULL), "is a folder");
	assert_refused(program_at("no-such-program-anywhere", NULL), "no-such-program-anywhere");
	assert_true(file_write(path_join(arena, scratch, "plain"), "x", 1, &err));
	assert_refused(program_at("./plain", NULL), "chmod +x ./plain");
}

static void trouble_while_listing_is_told_with_the_last_lines(void **state)
{
	struct suite_program p = program_at(sample, "SAMPLE_LIST=crash");

	(void)state;
	assert_refused(p, "signal 6 (Aborted)");
	assert_non_null(strstr(err.text, "\n  sample: two\n  sample: three\n"));
	assert_null(strstr(err.text, "sample: one"));
	assert_refused(program_at(sample, "SAMPLE_LIST=exit"), "exit status 3");
	assert_non_null(strstr(err.text, "\n  sample: cannot open its data"));
	assert_refused(program_at(sample, "SAMPLE_LIST=flood"), "too much output");
	assert_refused(program_at(sample, "SAMPLE_LIST=empty"), "lists no benchmarks");
	p = program_at(sample, "SAMPLE_LIST=hang");
	((struct suite_settings *)p.settings)->timeout_ns = 50000000;
	assert_refused(p, "no end within");
}

static void a_program_of_another_kind_is_refused(void **state)
{
	(void)state;
	assert_refused(program_at("false", NULL), "`kind` in pawl.yml");
	assert_refused(program_at("true", NULL), "lists no benchmarks");
}

static void a_line_that_cannot_be_a_name_is_shown_without_its_bytes_taking_effect(void **state)
{
	struct suite_program p = program_at(sample, "SAMPLE_LIST=escape");

	(void)state;
	assert_refused(p, "line 1 of its list of benchmarks is no name: \"\\x1b[1mSample\\x1b[0m\"");
	assert_null(strchr(err.text, '\033'));
	assert_refused(program_at(make_script("latin", "", "BM_ok\nBM_\xe4"), NULL), "line 2");
	assert_refused(program_at(make_script("c1", "", "\n\nBM_\xc2\x9b"), NULL), "line 3");
	assert_refused(program_at(make_script("tab", "", "BM_a\tb"), NULL), "BM_a\\tb");
}

static void carriage_returns_and_empty_lines_are_no_names(void **state)
{
	struct suite_program p = program_at(make_script("crlf", "", "BM_a\r\n\r\n\nBM_b c\r\n  "), NULL);

	(void)state;
	list_or_fail(&p);
	assert_int_equal(p.bench_count, 3);
	assert_string_equal(p.benches[0], "BM_a");
	assert_string_equal(p.benches[1], "BM_b c");
	p = program_at(sample, "SAMPLE_LIST=banner");
	list_or_fail(&p);
	assert_string_equal(p.benches[0], "Sample Suite 1.0");
	assert_string_equal(p.benches[1], "BM_plain");
}

int main(void)
{
	const struct CMUnitTest suite[] = {
		cmocka_unit_test(a_real_program_is_listed_in_its_order_twins_included),
		cmocka_unit_test(the_filter_of_a_slice_selects_exactly_its_benchmark),
		cmocka_unit_test(the_projects_own_harness_is_listed_and_selected_alike),
		cmocka_unit_test(a_slice_of_a_real_program_writes_its_result),
		cmocka_unit_test(capabilities_follow_the_help_of_the_version),
		cmocka_unit_test(the_argv_of_slices_is_the_golden_one),
		cmocka_unit_test(a_missing_program_asks_for_the_build),
		cmocka_unit_test(trouble_while_listing_is_told_with_the_last_lines),
		cmocka_unit_test(a_program_of_another_kind_is_refused),
		cmocka_unit_test(a_line_that_cannot_be_a_name_is_shown_without_its_bytes_taking_effect),
		cmocka_unit_test(carriage_returns_and_empty_lines_are_no_names),
	};

	return cmocka_run_group_tests_name("test_gbench_suite", suite, group_setup, group_teardown);
}
