/* Execution traces of Go. */
#include "profile_sums.h"

#include "absent.h"

#include <stdio.h>

static bool has_go(void)
{
	FILE *version = popen("go version 2>/dev/null", "r");
	char line[200] = "";

	if (version && !fgets(line, sizeof line, version))
		*line = '\0';
	return version && pclose(version) == 0 && strstr(line, "go version");
}

static void the_four_kinds_of_waiting_are_sample_types(void **state)
{
	struct loaded *l = *state;

	if (!has_go())
		absent("there is no go (golang-go)");
	load(l, "gotext/trace.out", "trace");
	expect_types(l, "net_waits/count net/nanoseconds syscall_waits/count syscall/nanoseconds sched_waits/count "
			"sched/nanoseconds sync_waits/count sync/nanoseconds");
	assert_int_equal(profile_type_default(&l->profile), 7);
	/* From `go tool trace -pprof=sync`, and syscall. */
	assert_int_equal(total_of(l, 6), 21);
	assert_int_equal(total_of(l, 7), 4297 + 21278955 + 54070847);
	expect_sums(l, 7, "sync.(*WaitGroup).Wait", 21278955, 21278955);
	expect_sums(l, 7, "main.main", 0, 21278955);
	expect_sums(l, 3, "main.main", 0, 18286);
	assert_int_equal(total_of(l, 0), 0);
}

static void without_go_the_error_says_what_to_do(void **state)
{
	struct loaded *l = *state;
	const char *before = arena_string(l->arena, getenv("PATH"));

	assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
	assert_false(profile_read(l->arena, GOLDEN "gotext/trace.out", NULL, &l->profile, NULL, &l->err));
	assert_int_equal(setenv("PATH", before, 1), 0);
	assert_string_equal(
		l->err.text, GOLDEN
		"gotext/trace.out: is an execution trace of Go, which only Go can read, and there is no go here: "
		"install it (apt install golang-go), or run go tool trace -pprof=sync trace.out >sync.pb.gz where "
		"it is");
}

static void a_damaged_trace_is_an_error_with_what_go_says(void **state)
{
	struct loaded *l = *state;
	static const char bytes[] = "go 1.99 trace\0\0\0nonsense";

	if (!has_go())
		absent("there is no go (golang-go)");
	assert_false(read_as(l, "trace", (struct str){bytes, sizeof bytes - 1}));
	assert_non_null(strstr(l->err.text, "x: go tool trace cannot read this trace"));
	assert_null(strchr(l->err.text, '\n'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADED_TEST(the_four_kinds_of_waiting_are_sample_types),
		LOADED_TEST(without_go_the_error_says_what_to_do),
		LOADED_TEST(a_damaged_trace_is_an_error_with_what_go_says),
	};

	return cmocka_run_group_tests_name("profile_trace", tests, NULL, NULL);
}
