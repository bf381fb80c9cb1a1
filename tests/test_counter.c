/* Counting engines: what they find, what they refuse, what they read. */
#include "counter/counter.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int64_t parsed(const char *text)
{
	struct err err;
	int64_t count;

	if (!counter_parse_callgrind(str_of(text), &count, &err))
		fail_msg("%s", err.text);
	return count;
}

static void expect_error(const char *text, const char *part)
{
	struct err err;
	int64_t count;

	assert_false(counter_parse_callgrind(str_of(text), &count, &err));
	if (!strstr(err.text, part))
		fail_msg("%s", err.text);
}

static void the_total_of_instructions_is_read(void **state)
{
	(void)state;
	assert_int_equal(parsed("version: 1\nevents: Ir\nsummary: 7\n\nfn=(1) main\n0 12\ntotals: 229858503\n"),
			 229858503);
	assert_int_equal(parsed("events: Dr Ir Dw\ntotals: 1 2 3\n"), 2);
	assert_int_equal(parsed("events: Ir\r\ntotals: 5\r\n"), 5);
	assert_int_equal(parsed("events: Ir\ntotals: 0"), 0);
}

static void what_is_no_whole_callgrind_file_is_refused(void **state)
{
	(void)state;
	expect_error("", "no line \"events:\"");
	expect_error("events: Dr\ntotals: 1\n", "with Ir");
	expect_error("events: Ir\nsummary: 7\n", "only in part");
	expect_error("events: Dr Ir\ntotals: 1\n", "no count");
	expect_error("events: Ir\ntotals: 1e9\n", "no count");
	expect_error("events: Ir\ntotals: -4\n", "no count");
	expect_error("events: Ir\ntotals: 99999999999999999999\n", "no count");
	expect_error("events: Ir\ntotals:\n", "no count");
}

static void every_engine_has_a_name_that_finds_it(void **state)
{
	(void)state;
	assert_true(counter_engine_count >= 2);
	for (size_t i = 0; i < counter_engine_count; i++) {
		const struct counter_engine *e = counter_engines[i];

		assert_ptr_equal(counter_find(e->name), e);
		assert_true(*e->help && e->probe && e->count && e->slowdown >= 1 && e->x86_level >= 1);
	}
	assert_null(counter_find("gdb"));
}

/* Whatever this machine has: an engine works and says its version, or says why it does not. */
static void every_probe_gives_a_version_or_a_reason(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < counter_engine_count; i++) {
		const char *version = NULL;
		struct err err = {{0}};

		if (counter_engines[i]->probe(a, &version, &err))
			assert_true(text_starts(version, counter_engines[i]->name));
		else
			assert_true(*err.text);
	}
	arena_close(a);
}

/* A machine without the engine refuses to count, too. */
static void perf_counts_a_process_or_refuses(void **state)
{
	const struct counter_engine *perf = counter_find("perf");
	static const char *const argv[] = {"true", NULL};
	struct proc_spec spec = {.argv = argv};
	struct arena *a = arena_open();
	struct proc_result result = {0};
	const char *version;
	int64_t count = 0;
	struct err err = {{0}};
	bool works = perf->probe(a, &version, &err);

	(void)state;
	if (perf->count(a, &spec, "", &result, &count, &err))
		assert_true(works && count > 1000);
	else
		assert_true(*err.text);
	arena_close(a);
}

static void callgrind_counts_the_same_twice_and_names_what_is_missing(void **state)
{
	const struct counter_engine *engine = counter_find("callgrind");
	static const char *const argv[] = {"true", NULL};
	static const char *const env[] = {"PATH=/usr/local/bin:/usr/bin:/bin", NULL};
	struct proc_spec spec = {.argv = argv, .env = env, .fixed_layout = true};
	struct arena *a = arena_open();
	int64_t counts[2];
	const char *version;
	struct err err;

	(void)state;
	if (!engine->probe(a, &version, &err)) {
		assert_non_null(strstr(err.text, "install"));
		arena_close(a);
		return;
	}
	for (int i = 0; i < 2; i++) {
		struct proc_result result;
		const char *scratch;

		assert_true(dir_make_scratch(a, &scratch, &err));
		if (!engine->count(a, &spec, scratch, &result, &counts[i], &err))
			fail_msg("%s", err.text);
		dir_remove(scratch);
	}
	assert_true(counts[0] > 10000);
	assert_true(counts[0] - counts[1] < 100 && counts[1] - counts[0] < 100);
	arena_close(a);
}

static void this_program_says_its_compiler(void **state)
{
	struct arena *a = arena_open();
	const char *compiler;
	struct str text;
	struct err err;

	(void)state;
	assert_true(file_read(a, "/proc/self/exe", FILE_LIMIT, &text, &err));
	compiler = counter_compiler(a, text);
	assert_true(strstr(compiler, "GCC") || strstr(compiler, "clang"));
	/* Nothing of a file that ends anywhere, or is none. */
	for (size_t size = 0; size < 200; size++)
		assert_string_equal(counter_compiler(a, (struct str){.at = text.at, .size = size}), "");
	assert_string_equal(counter_compiler(a, str_of("#!/bin/sh\n")), "");
	arena_close(a);
}

static void the_instruction_set_is_the_pinned_one_and_the_seen_one(void **state)
{
	static const char v3[] =
		"fpu sse2 cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3 avx avx2 bmi1 bmi2 f16c fma abm movbe "
		"xsave";
	const struct counter_engine *callgrind = counter_find("callgrind"), *perf = counter_find("perf");
	struct arena *a = arena_open();
	const char *v4 = arena_printf(a, "%s avx512f avx512bw avx512cd avx512dq avx512vl", v3);

	(void)state;
	assert_string_equal(counter_isa(a, "x86_64", v3, true, callgrind), "x86-64-v2, x86-64-v3 seen");
	/* valgrind shows no AVX-512, the CPU itself does. */
	assert_string_equal(counter_isa(a, "x86_64", v4, true, callgrind), "x86-64-v2, x86-64-v3 seen");
	assert_string_equal(counter_isa(a, "x86_64", v4, true, perf), "x86-64-v2, x86-64-v4 seen");
	assert_string_equal(counter_isa(a, "x86_64", v4, false, perf), "x86-64-v4");
	assert_string_equal(counter_isa(a, "x86_64", "fpu sse2", true, perf), "x86-64, x86-64 seen");
	assert_string_equal(counter_isa(a, "aarch64", "fp asimd atomics", true, perf), "aarch64 atomics, generic");
	assert_string_equal(counter_isa(a, "riscv64", "", false, perf), "riscv64");
	assert_non_null(counter_tunables("x86_64"));
	assert_null(counter_tunables("riscv64"));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_total_of_instructions_is_read),
		cmocka_unit_test(what_is_no_whole_callgrind_file_is_refused),
		cmocka_unit_test(every_engine_has_a_name_that_finds_it),
		cmocka_unit_test(every_probe_gives_a_version_or_a_reason),
		cmocka_unit_test(perf_counts_a_process_or_refuses),
		cmocka_unit_test(callgrind_counts_the_same_twice_and_names_what_is_missing),
		cmocka_unit_test(this_program_says_its_compiler),
		cmocka_unit_test(the_instruction_set_is_the_pinned_one_and_the_seen_one),
	};

	return cmocka_run_group_tests_name("counter", tests, NULL, NULL);
}
