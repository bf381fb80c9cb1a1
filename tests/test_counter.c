/* Counting engines: what they find, what they refuse, what they read. */
#include "counter/counter.h"

#include "base/file.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* What read(2) gives: how many counters, time enabled and running, then a value and an id each. */
static bool parsed_group(const uint64_t *words, size_t count, const struct counter_member *members, size_t member_count,
			 struct counter_counts *counts, struct err *err)
{
	return counter_parse_group((struct str){.at = (const char *)words, .size = count * sizeof *words}, members,
				   member_count, counts, err);
}

static const struct counter_member three[] = {
	{COUNTER_CYCLES, 71}, {COUNTER_BRANCH_MISSES, 72}, {COUNTER_CACHE_MISSES, 75}};

static void the_counts_of_a_group_are_told_apart_by_their_ids(void **state)
{
	static const uint64_t words[] = {3, 5000, 5000, 250, 75, 123456789, 71, 900, 72};
	struct counter_counts counts = {0};
	struct err err;

	(void)state;
	counts.values[COUNTER_INSTRUCTIONS] = 17;
	counts.known[COUNTER_INSTRUCTIONS] = true;
	assert_true(parsed_group(words, 9, three, 3, &counts, &err));
	assert_int_equal(counts.values[COUNTER_CYCLES], 123456789);
	assert_int_equal(counts.values[COUNTER_BRANCH_MISSES], 900);
	assert_int_equal(counts.values[COUNTER_CACHE_MISSES], 250);
	assert_true(counts.known[COUNTER_CYCLES] && counts.known[COUNTER_BRANCH_MISSES] &&
		    counts.known[COUNTER_CACHE_MISSES]);
	/* Those of other groups stay. */
	assert_true(counts.known[COUNTER_INSTRUCTIONS]);
	assert_int_equal(counts.values[COUNTER_INSTRUCTIONS], 17);
}

static void a_group_that_took_turns_with_others_is_not_known(void **state)
{
	static const uint64_t words[] = {3, 5000, 4999, 123456789, 71, 900, 72, 250, 75};
	struct counter_counts counts = {.known = {true, true, true, true}};
	struct err err;

	(void)state;
	assert_false(parsed_group(words, 9, three, 3, &counts, &err));
	assert_non_null(strstr(err.text, "others used the CPU's counters"));
	assert_true(counts.known[COUNTER_INSTRUCTIONS]);
	for (size_t i = 0; i < 3; i++)
		assert_false(counts.known[three[i].event]);
}

static void a_group_that_was_never_on_is_not_known(void **state)
{
	static const uint64_t words[] = {1, 0, 0, 0, 71};
	struct counter_counts counts = {0};
	struct err err;

	(void)state;
	assert_false(parsed_group(words, 5, three, 1, &counts, &err));
	assert_non_null(strstr(err.text, "never turned on"));
}

/* Some hypervisors open every counter and let few of them count; more than a count can be is a fault as well. */
static void a_counter_that_counts_nothing_is_missing(void **state)
{
	static const uint64_t words[] = {3, 5000, 5000, 123456789, 71, 0, 72, UINT64_MAX, 75};
	struct counter_counts counts = {0};
	struct err err;

	(void)state;
	assert_true(parsed_group(words, 9, three, 3, &counts, &err));
	assert_true(counts.known[COUNTER_CYCLES]);
	assert_false(counts.known[COUNTER_BRANCH_MISSES]);
	assert_false(counts.known[COUNTER_CACHE_MISSES]);
}

static void a_counter_of_another_group_is_missing(void **state)
{
	static const uint64_t words[] = {3, 5000, 5000, 123456789, 71, 900, 99, 250, 75};
	struct counter_counts counts = {0};
	struct err err;

	(void)state;
	assert_true(parsed_group(words, 9, three, 3, &counts, &err));
	assert_false(counts.known[COUNTER_BRANCH_MISSES]);
	assert_int_equal(counts.values[COUNTER_CACHE_MISSES], 250);
}

static void what_is_no_whole_group_is_refused(void **state)
{
	static const uint64_t words[] = {3, 5000, 5000, 123456789, 71, 900, 72, 250, 75};
	static const uint64_t larger[] = {UINT64_MAX / 8, 5000, 5000, 123456789, 71, 900, 72, 250, 75};
	struct err err;

	(void)state;
	for (size_t size = 0; size < sizeof words; size++) {
		struct counter_counts counts = {0};

		assert_false(counter_parse_group((struct str){.at = (const char *)words, .size = size}, three, 3,
						 &counts, &err));
		assert_non_null(strstr(err.text, "cannot be read"));
		assert_false(counts.known[COUNTER_CYCLES]);
	}
	/* Two were opened, and the kernel tells of three; or of more than there is memory. */
	assert_false(parsed_group(words, 9, three, 2, &(struct counter_counts){0}, &err));
	assert_false(parsed_group(larger, 9, three, 3, &(struct counter_counts){0}, &err));
}

static void every_event_is_a_metric_of_a_resource(void **state)
{
	(void)state;
	assert_int_equal(metrics_counted_count, COUNTER_EVENT_COUNT);
	for (size_t i = 0; i < metrics_counted_count; i++) {
		const struct metric m = metric_of(metrics_counted[i]);

		assert_true(metric_is_counted(m.name) && metric_is_standard(m.name) && *m.unit);
		assert_int_equal(m.category, CATEGORY_RESOURCE);
		assert_int_equal(metric_is_exact(m.name), i == COUNTER_INSTRUCTIONS);
	}
	assert_false(metric_is_counted("cpu_time"));
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

/* What a container's seccomp profile answers: one of these. */
static void deny_perf(unsigned answer)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | answer),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(2);
}

static void a_denied_system_call_says_what_allows_it(void **state)
{
	static const unsigned answers[] = {EPERM, ENOSYS};

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		pid_t child = fork();
		int status = -1;

		if (child == 0) {
			struct err err = {{0}};
			const char *version;
			bool refused;

			deny_perf(answers[i]);
			refused = !counter_find("perf")->probe(arena_open(), &version, &err);
			_exit(refused && strstr(err.text, "seccomp profile must allow perf_event_open") ? 0 : 1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
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
	struct counter_counts counts;
	struct err err = {{0}};
	bool works = perf->probe(a, &version, &err);

	(void)state;
	if (perf->count(a, &spec, "", &result, &counts, &err))
		assert_true(works && counts.known[COUNTER_INSTRUCTIONS] && counts.values[COUNTER_INSTRUCTIONS] > 1000);
	else
		assert_true(*err.text);
	for (size_t i = 0; i < COUNTER_EVENT_COUNT; i++)
		assert_int_equal(counts.known[i], counts.values[i] > 0);
	arena_close(a);
}

static void callgrind_counts_the_same_twice_and_names_what_is_missing(void **state)
{
	const struct counter_engine *engine = counter_find("callgrind");
	static const char *const argv[] = {"true", NULL};
	static const char *const env[] = {"PATH=/usr/local/bin:/usr/bin:/bin", NULL};
	struct proc_spec spec = {.argv = argv, .env = env, .fixed_layout = true};
	struct arena *a = arena_open();
	struct counter_counts counts[2];
	const char *version;
	struct err err;
	int64_t one, two;

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
	one = counts[0].values[COUNTER_INSTRUCTIONS];
	two = counts[1].values[COUNTER_INSTRUCTIONS];
	assert_true(one > 10000);
	assert_true(one - two < 100 && two - one < 100);
	/* What it could only simulate it does not tell. */
	for (size_t i = 0; i < COUNTER_EVENT_COUNT; i++)
		assert_int_equal(counts[0].known[i], i == COUNTER_INSTRUCTIONS);
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
	assert_string_equal(counter_isa(a, "aarch64", "fp atomics sve sve2 mops", true, perf),
			    "aarch64 atomics sve mops, generic");
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
		cmocka_unit_test(the_counts_of_a_group_are_told_apart_by_their_ids),
		cmocka_unit_test(a_group_that_took_turns_with_others_is_not_known),
		cmocka_unit_test(a_group_that_was_never_on_is_not_known),
		cmocka_unit_test(a_counter_that_counts_nothing_is_missing),
		cmocka_unit_test(a_counter_of_another_group_is_missing),
		cmocka_unit_test(what_is_no_whole_group_is_refused),
		cmocka_unit_test(every_event_is_a_metric_of_a_resource),
		cmocka_unit_test(every_engine_has_a_name_that_finds_it),
		cmocka_unit_test(every_probe_gives_a_version_or_a_reason),
		cmocka_unit_test(a_denied_system_call_says_what_allows_it),
		cmocka_unit_test(perf_counts_a_process_or_refuses),
		cmocka_unit_test(callgrind_counts_the_same_twice_and_names_what_is_missing),
		cmocka_unit_test(this_program_says_its_compiler),
		cmocka_unit_test(the_instruction_set_is_the_pinned_one_and_the_seen_one),
	};

	return cmocka_run_group_tests_name("counter", tests, NULL, NULL);
}
