/* Names of functions in two builds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/attribute_names.h"

static void assert_clean(const char *name, const char *clean)
{
	struct str out = function_clean(str_of(name));

	if (!str_equal(out, clean))
		fail_msg("'%s' became '%.*s', not '%s'", name, (int)out.size, out.at, clean);
}

static void marks_of_clones_are_taken_off(void **state)
{
	(void)state;
	assert_clean("mix.constprop.0", "mix");
	assert_clean("mix.isra.0.cold", "mix");
	assert_clean("mix.part.12.constprop.3", "mix");
	assert_clean("mix.llvm.1234567890", "mix");
	assert_clean("mix(int) [clone .cold]", "mix(int)");
	assert_clean("mix(int) [clone .isra.0] [clone .cold.3]", "mix(int)");
}

static void other_names_stay(void **state)
{
	static const char *const names[] = {"mix",
					    "main.(*pool).hold",
					    "main.worker.func1",
					    "a.b",
					    ".cold",
					    "cold",
					    "mix.0",
					    "operator[]",
					    "",
					    ".",
					    "0x1234"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		assert_clean(names[i], names[i]);
}

static void an_address_in_a_library_is_the_library(void **state)
{
	(void)state;
	assert_clean("[libfoo.so+0x1234]", "[libfoo.so");
	assert_clean("[kernel.kallsyms]", "[kernel.kallsyms]");
}

static void a_benchmark_is_found_in_any_namespace_with_any_arguments(void **state)
{
	static const char *const names[] = {"BM_parse",
					    "BM_parse(benchmark::State&)",
					    "bench::BM_parse(benchmark::State&)",
					    "ns::(anonymous namespace)::BM_parse(benchmark::State&)",
					    "void BM_parse<int>(benchmark::State&)",
					    "example.org/codec.BM_parse"};
	static const char *const others[] = {"BM_parse2",      "xBM_parse",       "BM_pars",
					     "run(BM_parse*)", "f(ns::BM_parse)", ""};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (!function_is(str_of(names[i]), "BM_parse"))
			fail_msg("%s", names[i]);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (function_is(str_of(others[i]), "BM_parse"))
			fail_msg("%s", others[i]);
	assert_true(function_is(str_of("BM_sort<int>(benchmark::State&)"), "BM_sort<int>"));
	assert_false(function_is(str_of("BM_sort<long>(benchmark::State&)"), "BM_sort<int>"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_of_clones_are_taken_off),
		cmocka_unit_test(other_names_stay),
		cmocka_unit_test(an_address_in_a_library_is_the_library),
		cmocka_unit_test(a_benchmark_is_found_in_any_namespace_with_any_arguments),
	};

	return cmocka_run_group_tests_name("test_attribute_names", tests, NULL, NULL);
}
