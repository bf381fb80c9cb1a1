/* Functions whose class has no name. */
#include "symbol/lookup.h"

#include "symbol_scratch.h"

/* The address of a symbol, as nm says. */
static uint64_t address_of(const char *program, const char *symbol)
{
	struct str out = sh("nm '%s' | awk '$3 == \"%s\" {print $1}'", program, symbol);

	if (!out.size)
		fail_msg("%s has no %s", program, symbol);
	return strtoull(arena_copy(arena, out.at, out.size), NULL, 16);
}

static void lambdas_of_one_function_are_told_apart(void **state)
{
	const char *const wanted[] = {"outer::{lambda#1}::operator()", "outer::{lambda#2}::operator()"};
	const struct frame *frames;
	bool found[2] = {false};
	struct module *m;
	uint64_t start;
	size_t count;

	(void)state;
	sh("printf 'volatile int v;\\n__attribute__((noinline)) int outer(int x) {\\n"
	   "auto one = [](int i) { v = i * 3; };\\nauto two = [](int i) { v = i / 7; };\\n"
	   "one(x); two(x); return v; }\\nint main(int c, char **) { return outer(c); }\\n' >lambdas.cc; "
	   "g++ -O2 -g -o lambdas lambdas.cc");
	if (!module_open(arena, in_scratch("lambdas"), &m, &err))
		fail_msg("%s", err.text);
	start = address_of("lambdas", "_Z5outeri");
	for (uint64_t at = start; at < start + 32; at++) {
		count = module_frames(m, at, &frames);
		for (size_t i = 0; count == 2 && i < 2; i++)
			found[i] |= strcmp(frames[0].name, wanted[i]) == 0;
	}
	assert_true(found[0] && found[1]);
	module_close(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lambdas_of_one_function_are_told_apart),
	};

	return cmocka_run_group_tests_name("lambdas", tests, group_setup, group_teardown);
}
