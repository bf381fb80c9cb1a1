/* The command lines of Go suites: what `run` means, and how one benchmark is named. */
#include "suite/gotest_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

struct fixture {
	struct arena *arena;
	struct suite_settings settings;
	struct gotest_words words;
	struct err err;
};

static int set_up(void **state)
{
	static struct fixture f;

	f = (struct fixture){.arena = arena_open()};
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	arena_close(f->arena);
	return 0;
}

/* Words parted by a space. */
static bool read_words(struct fixture *f, const char *text)
{
	const char **run = NEW_ARRAY(f->arena, const char *, 32);
	size_t count = 0;

	for (char *word = strtok(arena_string(f->arena, text), " "); word; word = strtok(NULL, " "))
		run[count++] = word;
	f->settings = (struct suite_settings){.name = "s", .kind = &suite_gotest, .run = run, .run_count = count};
	return gotest_words_read(f->arena, &f->settings, &f->words, &f->err);
}

static const char *join(struct fixture *f, const char *const *words, size_t count)
{
	struct buf b = {.arena = f->arena};

	for (size_t i = 0; i < count; i++)
		buf_printf(&b, "%s%s", i ? " " : "", words[i]);
	return buf_string(&b);
}

/* The argument that begins with `start`. */
static const char *argument(struct fixture *f, const struct suite_slice *slice, const char *start)
{
	struct suite_program program = {.settings = &f->settings};
	const char *const *argv = suite_gotest.slice_argv(f->arena, &program, slice);

	for (; *argv; argv++) {
		if (text_starts(*argv, start))
			return *argv + strlen(start);
	}
	return "none";
}

static void a_name_is_matched_level_by_level_with_an_open_end(void **state)
{
	static const char *const names[][2] = {
		{"BenchmarkMix", "^BenchmarkMix$"},
		{"BenchmarkMix-8", "^BenchmarkMix(-8)?$"},
		{"BenchmarkMix/n=10-8", "^BenchmarkMix$/^n=10(-8)?$"},
		{"BenchmarkMix/a-b/c.d-16", "^BenchmarkMix$/^a-b$/^c\\.d(-16)?$"},
		{"BenchmarkMix/(x|y)[1]{2}^$*+?\\", "^BenchmarkMix$/^\\(x\\|y\\)\\[1\\]\\{2\\}\\^\\$\\*\\+\\?\\\\$"},
		{"BenchmarkMix/x#01", "^BenchmarkMix$/^x#01$"},
		{"BenchmarkMix/12", "^BenchmarkMix$/^12$"},
		{"BenchmarkMix/x-", "^BenchmarkMix$/^x-$"},
	};
	struct fixture *f = *state;

	assert_true(read_words(f, "./x.test"));
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct suite_slice slice = {.bench = names[i][0], .iterations = 5};

		assert_string_equal(argument(f, &slice, "-test.bench="), names[i][1]);
	}
}

static void a_slice_says_its_iterations_or_its_time(void **state)
{
	struct fixture *f = *state;
	struct suite_slice slice = {.bench = "", .iterations = 500, .repetitions = 3};

	assert_true(read_words(f, "./x.test -test.cpu=2"));
	assert_string_equal(argument(f, &slice, "-test.benchtime="), "500x");
	assert_string_equal(argument(f, &slice, "-test.count="), "3");
	assert_string_equal(argument(f, &slice, "-test.bench="), ".");
	assert_string_equal(argument(f, &slice, "-test.run="), "^$");
	assert_string_equal(argument(f, &slice, "-test.cpu="), "2");
	assert_string_equal(argument(f, &slice, "-test.v"), "none");
	slice = (struct suite_slice){.bench = "", .min_time_ns = 10000000};
	assert_string_equal(argument(f, &slice, "-test.benchtime="), "10000000ns");
	assert_string_equal(argument(f, &slice, "-test.v="), "true");
}

static void words_of_go_test_are_parted_as_it_does(void **state)
{
	struct fixture *f = *state;

	assert_true(read_words(f, "go test -tags db -race -cpu 2 --benchmem -size=3 ./store -args -more 4"));
	assert_true(f->words.compiles);
	assert_string_equal(f->words.package, "./store");
	assert_string_equal(join(f, f->words.build, f->words.build_count), "-tags db -race");
	assert_string_equal(join(f, f->words.flags, f->words.flag_count), "-test.cpu 2 -test.benchmem -size=3");
	assert_string_equal(join(f, f->words.rest, f->words.rest_count), "-more 4");
	assert_true(read_words(f, "go test"));
	assert_string_equal(f->words.package, ".");
	assert_true(read_words(f, "./x.test -size=3"));
	assert_false(f->words.compiles);
	assert_string_equal(join(f, f->words.flags, f->words.flag_count), "-size=3");
	/* Another program is a binary, whatever its first argument is. */
	assert_true(read_words(f, "./go.test test ./store"));
	assert_false(f->words.compiles);
	assert_string_equal(join(f, f->words.flags, f->words.flag_count), "test ./store");
}

static void a_suite_has_one_package_named_by_its_folder(void **state)
{
	struct fixture *f = *state;

	assert_false(read_words(f, "go test ./..."));
	assert_non_null(strstr(f->err.text, "more than one package"));
	assert_false(read_words(f, "go test ./a ./b"));
	assert_non_null(strstr(f->err.text, "more than one package"));
	assert_false(read_words(f, "go test example.org/a"));
	assert_non_null(strstr(f->err.text, "by its folder"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_name_is_matched_level_by_level_with_an_open_end),
		TEST(a_slice_says_its_iterations_or_its_time),
		TEST(words_of_go_test_are_parted_as_it_does),
		TEST(a_suite_has_one_package_named_by_its_folder),
	};

	return cmocka_run_group_tests_name("test_gotest_suite", tests, NULL, NULL);
}
