/* The same function of two builds: other addresses are no other code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/proc.h"
#include "symbol/alike.h"

#include <string.h>

static struct arena *arena;
static const char *folder;
static struct err err;

static struct module *built(const char *name, const char *source, const char *flags)
{
	const char *c = path_join(arena, folder, arena_printf(arena, "%s.c", name));
	const char *out = path_join(arena, folder, name);
	const char *line =
		arena_printf(arena, "cc -O2 -fno-inline -fno-ipa-cp -fno-ipa-icf %s -o '%s' '%s'", flags, out, c);
	struct proc_spec spec = {.argv = (const char *const[]){"sh", "-c", line, NULL}};
	struct proc_result r;
	struct module *m;

	if (!file_write(c, source, strlen(source), &err) || !proc_run(arena, &spec, &r, &err))
		fail_msg("%s", err.text);
	if (r.end != PROC_EXITED || r.code != 0)
		fail_msg("%s: %s", line, arena_copy(arena, r.errors.at, r.errors.size));
	if (!module_open(arena, out, &m, &err))
		fail_msg("%s", err.text);
	return m;
}

/* `work` calls, jumps, and reads data that lies elsewhere in each build. */
#define PROGRAM(before, step, callee)                                                                                  \
	before "static int table[64];\n"                                                                               \
	       "int add(int x) { return x + table[x & 63]; }\n"                                                        \
	       "int subtract(int x) { return x - table[x & 63]; }\n"                                                   \
	       "int work(int n) {\n"                                                                                   \
	       "	int sum = 0;\n"                                                                                       \
	       "	for (int i = 0; i < n; i += " step ")\n"                                                       \
	       "		sum += " callee "(i) ^ table[sum & 63];\n"                                             \
	       "	return sum;\n"                                                                                        \
	       "}\n"                                                                                                   \
	       "int main(int argc, char **argv) { (void)argv; table[1] = argc; return work(argc); }\n"

#define MOVES "int first(int x) { return x * 31 + 7; }\nint other[500] = {1};\n"

static void expect_alike(const char *one, const char *two, const char *flags, const char *name, enum alike wanted)
{
	struct module *x = built("one", one, flags), *y = built("two", two, flags);

	assert_int_equal(function_alike(arena, x, y, name), wanted);
	assert_int_equal(function_alike(arena, y, x, name), wanted);
	module_close(x);
	module_close(y);
}

static void a_function_that_only_moved_is_alike(void **state)
{
	static const char *const flags[] = {"-fPIE -pie", "-fno-pie -no-pie", "-fPIE -pie -falign-functions=64"};

	(void)state;
	/* Without a position of its own, data is reached by absolute addresses: those are code. */
	for (size_t i = 0; i < 3; i += 2)
		expect_alike(PROGRAM("", "1", "add"), PROGRAM(MOVES, "1", "add"), flags[i], "work", ALIKE_MOVED);
	expect_alike(PROGRAM("", "1", "add"), PROGRAM("", "1", "add"), flags[1], "work", ALIKE_SAME);
}

static void other_constants_and_other_callees_are_other_code(void **state)
{
	(void)state;
	expect_alike(PROGRAM("", "1", "add"), PROGRAM(MOVES, "3", "add"), "-fPIE -pie", "work", ALIKE_DIFFERS);
	expect_alike(PROGRAM("", "1", "add"), PROGRAM(MOVES, "1", "subtract"), "-fPIE -pie", "work", ALIKE_DIFFERS);
}

static void what_is_not_in_both_or_twice_in_one_is_unknown(void **state)
{
	(void)state;
	expect_alike(PROGRAM("", "1", "add"), PROGRAM(MOVES, "1", "add"), "-fPIE -pie", "first", ALIKE_UNKNOWN);
	expect_alike(PROGRAM("", "1", "add"), PROGRAM("", "1", "add"), "-fPIE -pie -s", "work", ALIKE_UNKNOWN);
}

/* What golden/aarch64/make.sh built. */
static struct module *golden(const char *name)
{
	struct module *m;

	if (!module_open(arena, arena_printf(arena, "tests/golden/aarch64/alike-%s.elf", name), &m, &err))
		fail_msg("%s", err.text);
	return m;
}

static enum alike arm_alike(const char *one, const char *two, const char *name)
{
	struct module *x = golden(one), *y = golden(two);
	enum alike answer = function_alike(arena, x, y, name);

	assert_int_equal(function_alike(arena, y, x, name), answer);
	module_close(x);
	module_close(y);
	return answer;
}

static void functions_of_aarch64_that_only_moved_are_alike(void **state)
{
	static const char *const names[] = {"add", "subtract", "field", "work"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_equal(arm_alike("one", "moved", names[i]), ALIKE_MOVED);
	assert_int_equal(arm_alike("one", "step", "add"), ALIKE_MOVED);
	assert_int_equal(arm_alike("moved", "step", "add"), ALIKE_SAME);
	assert_int_equal(arm_alike("one", "moved", "before"), ALIKE_UNKNOWN);
}

static void other_constants_callees_and_fields_are_other_code_of_aarch64(void **state)
{
	(void)state;
	assert_int_equal(arm_alike("one", "step", "work"), ALIKE_DIFFERS);
	assert_int_equal(arm_alike("one", "callee", "work"), ALIKE_DIFFERS);
	assert_int_equal(arm_alike("moved", "callee", "work"), ALIKE_DIFFERS);
	assert_int_equal(arm_alike("one", "field", "work"), ALIKE_MOVED);
	assert_int_equal(arm_alike("one", "field", "field"), ALIKE_DIFFERS);
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_open();
	return dir_make_scratch(arena, &folder, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	dir_remove(folder);
	arena_close(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_that_only_moved_is_alike),
		cmocka_unit_test(other_constants_and_other_callees_are_other_code),
		cmocka_unit_test(what_is_not_in_both_or_twice_in_one_is_unknown),
		cmocka_unit_test(functions_of_aarch64_that_only_moved_are_alike),
		cmocka_unit_test(other_constants_callees_and_fields_are_other_code_of_aarch64),
	};

	return cmocka_run_group_tests_name("test_alike", tests, set_up, tear_down);
}
