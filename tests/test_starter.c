/* What pawl init makes of a project's files, and how it writes that down. */
#include "flow/config.h"
#include "flow/starter.h"
#include "suite/suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

static struct starter read_one(struct arena *a, const struct starter_source *source, const char *path, const char *text)
{
	struct starter_file file = {.path = path, .text = str_of(text)};
	struct starter s = {0};

	assert_true(source->wants(path));
	source->read(a, &file, 1, &s);
	return s;
}

static void a_cmake_target_that_links_google_benchmark_is_a_suite(void **state)
{
	struct starter s = read_one(*state, &starter_cmake, "CMakeLists.txt",
				    "project(codec) # comment ) \"\n"
				    "#[[ add_executable(not_me x.cc) ]]\n"
				    "option(CODEC_BENCHMARKS \"with (\" OFF)\n"
				    "set(NAME ${PROJECT_NAME}_bench)\n"
				    "add_executable(tool tool.cc)\n"
				    "ADD_EXECUTABLE(${NAME} bench.cc)\n"
				    "target_link_libraries(${NAME} PRIVATE codec benchmark::benchmark)\n"
				    "target_link_libraries(${made}_bench benchmark::benchmark)\n");

	assert_int_equal(s.suite_count, 1);
	assert_string_equal(s.suites[0].name, "codec_bench");
	assert_string_equal(s.suites[0].kind, "gbench");
	assert_string_equal(s.suites[0].run[0], "build/pawl/bin/codec_bench");
	assert_non_null(strstr(s.suites[0].build, " -DCODEC_BENCHMARKS=ON "));
	assert_non_null(strstr(s.suites[0].build, "--target codec_bench "));
	assert_int_equal(s.note_count, 1);
}

static void a_copy_of_google_benchmark_is_not_the_projects_own(void **state)
{
	struct starter s = read_one(*state, &starter_cmake, "CMakeLists.txt",
				    "project (benchmark CXX)\nadd_executable(b b.cc)\n"
				    "target_link_libraries(b benchmark::benchmark)\n");

	assert_int_equal(s.suite_count, 0);
}

static void cmake_programs_are_looked_for_where_the_project_puts_them(void **state)
{
	struct starter s = read_one(*state, &starter_cmake, "CMakeLists.txt",
				    "set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/out)\n"
				    "add_executable(b b.cc)\ntarget_link_libraries(b benchmark)\n");

	assert_string_equal(s.suites[0].run[0], "build/pawl/out/b");
	assert_null(strstr(s.suites[0].build, "RUNTIME_OUTPUT"));
}

static void a_program_of_make_that_links_google_benchmark_is_a_suite(void **state)
{
	struct starter s = read_one(*state, &starter_make, "Makefile",
				    "LIBS = -lbenchmark \\\n  -lpthread\nOUT := build\n"
				    ".PHONY: bench\n"
				    "bench: run_all ; ./run $(LIBS)\n"
				    "$(OUT)/codec: codec.o\n\tg++ -o $@ $< $(LIBS)\n"
				    "%.o: %.cc\n\tg++ -c $< # -lbenchmark\n"
				    "tool: tool.o\n\tg++ -o $@ $<\n");

	assert_int_equal(s.suite_count, 1);
	assert_string_equal(s.suites[0].run[0], "build/codec");
	assert_string_equal(s.suites[0].build, "make -s build/codec");
}

static void a_target_called_bench_is_a_command_where_nothing_else_is_found(void **state)
{
	struct starter s = read_one(*state, &starter_make, "Makefile", "all:\n\ttrue\nbench: all\n\t./run\n");

	assert_int_equal(s.suite_count, 1);
	assert_string_equal(s.suites[0].kind, "command");
	assert_int_equal(s.suites[0].run_count, 3);
}

static void a_package_of_go_with_benchmarks_is_a_suite_or_a_note(void **state)
{
	const struct starter_file files[] = {
		{.path = "go.mod", .text = str_of("module example.org/shop\n")},
		{.path = "a_test.go", .text = str_of("package a\nfunc TestA(t *testing.T) {}\n")},
		{.path = "store/store_test.go",
		 .text = str_of("package store\n\nfunc BenchmarkGet(b *testing.B) {}\n")},
	};
	struct starter s = {0};

	starter_go.read(*state, files, 3, &s);
	if (!suite_find("gotest")) {
		assert_int_equal(s.suite_count, 0);
		assert_int_equal(s.note_count, 1);
		return;
	}
	assert_int_equal(s.suite_count, 1);
	assert_string_equal(s.suites[0].name, "store");
	assert_string_equal(s.suites[0].run[2], "./store");
}

static void names_are_made_fit_for_yaml_shells_and_workflows(void **state)
{
	struct starter s = {0};

	assert_string_equal(starter_add(*state, &s, "${{ github.token }}")->name, "github.token");
	assert_string_equal(starter_add(*state, &s, "a b;rm -rf /")->name, "a-b-rm-rf");
	assert_string_equal(starter_add(*state, &s, "a b;rm -rf")->name, "a-b-rm-rf-2");
	assert_string_equal(starter_add(*state, &s, "--")->name, "bench");
	assert_string_equal(starter_shell_word(*state, "it's $(here)"), "'it'\\''s $(here)'");
	assert_string_equal(starter_shell_word(*state, ""), "''");
}

static void what_is_written_reads_back_as_it_was_meant(void **state)
{
	static const char *const words[] = {"./a \"b\"", "yes", "{x}: #", "back\\slash", "12", "-"};
	struct arena *a = *state;
	struct buf b = {.arena = a};
	struct starter s = {0};
	struct config config;
	struct err err;

	starter_take_command(a, words, 6, &s);
	starter_write_config(&b, &s, false);
	if (!config_parse(a, "pawl.yml", str_of(buf_string(&b)), &config, &err))
		fail_msg("%s", err.text);
	assert_int_equal(config.suite_count, 1);
	assert_int_equal(config.suites[0].run_count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(config.suites[0].run[i], words[i]);
}

static void a_build_of_several_lines_reads_back(void **state)
{
	struct starter s = read_one(*state, &starter_cmake, "CMakeLists.txt",
				    "add_executable(b b.cc)\ntarget_link_libraries(b benchmark)\n");
	struct buf b = {.arena = *state};
	struct config config;
	struct err err;

	starter_write_config(&b, &s, true);
	if (!config_parse(*state, "pawl.yml", str_of(buf_string(&b)), &config, &err))
		fail_msg("%s", err.text);
	assert_int_equal(strncmp(config.suites[0].build, s.suites[0].build, strlen(s.suites[0].build)), 0);
	assert_true(suite_wants_instructions(&config.suites[0]));
}

static void a_workflow_takes_no_expression_from_a_folders_name(void **state)
{
	struct buf b = {.arena = *state};
	struct starter s = {0};
	struct err err;

	assert_false(starter_write_workflow(&b, &s, "a${{ github.token }}/", NULL, &err));
	assert_false(starter_write_workflow(&b, &s, "", "owner/pawl@v1\n  - run: x", &err));
	assert_false(starter_write_workflow(&b, &s, "", "pawl", &err));
	assert_true(starter_write_workflow(&b, &s, "a \"b/", "o/pawl/ci@v1", &err));
	assert_non_null(strstr(buf_string(&b), "working-directory: \"a \\\"b/\"\n"));
}

static void a_workflow_fills_submodules_where_there_are_some(void **state)
{
	struct buf without = {.arena = *state}, with = {.arena = *state};
	struct starter s = {0};
	struct err err;

	assert_true(starter_write_workflow(&without, &s, "", NULL, &err));
	assert_null(strstr(buf_string(&without), "submodules"));
	s.has_submodules = true;
	assert_true(starter_write_workflow(&with, &s, "", NULL, &err));
	assert_non_null(strstr(buf_string(&with), "          persist-credentials: false\n"
						  "          submodules: recursive\n"
						  "      - uses: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cmake_target_that_links_google_benchmark_is_a_suite),
		cmocka_unit_test(a_copy_of_google_benchmark_is_not_the_projects_own),
		cmocka_unit_test(cmake_programs_are_looked_for_where_the_project_puts_them),
		cmocka_unit_test(a_program_of_make_that_links_google_benchmark_is_a_suite),
		cmocka_unit_test(a_target_called_bench_is_a_command_where_nothing_else_is_found),
		cmocka_unit_test(a_package_of_go_with_benchmarks_is_a_suite_or_a_note),
		cmocka_unit_test(names_are_made_fit_for_yaml_shells_and_workflows),
		cmocka_unit_test(what_is_written_reads_back_as_it_was_meant),
		cmocka_unit_test(a_build_of_several_lines_reads_back),
		cmocka_unit_test(a_workflow_takes_no_expression_from_a_folders_name),
		cmocka_unit_test(a_workflow_fills_submodules_where_there_are_some),
	};

	return cmocka_run_group_tests_name("test_starter", tests, open_arena, close_arena);
}
