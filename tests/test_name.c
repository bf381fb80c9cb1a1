/* Which benchmark names mean the same benchmark. */
#include "model/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *name, *normal;
} names[] = {
	{"BM_x", "BM_x"},
	{"BM_x/64", "BM_x/64"},
	{"BM_x/iterations:1000", "BM_x"},
	{"BM_x/64/iterations:1000/repeats:3/real_time", "BM_x/64/real_time"},
	{"BM_x/min_time:0.500/min_warmup_time:1.000/threads:2", "BM_x/threads:2"},
	{"BM_x/iterations:5#2", "BM_x#2"},
	{"BM_x/iterations:many", "BM_x/iterations:many"},
	{"BM_x/iterations:", "BM_x/iterations:"},
	{"BM_x/iterations:5x", "BM_x/iterations:5x"},
	{"BM_x/my_iterations:5", "BM_x/my_iterations:5"},
	{"iterations:5", "iterations:5"},
	{"BM<a/b>/repeats:2/8", "BM<a/b>/8"},
	{"", ""},
};

enum { NAME_COUNT = sizeof names / sizeof names[0] };

static void parts_that_say_how_long_it_runs_are_taken_off(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < NAME_COUNT; i++)
		assert_string_equal(name_normalise(a, names[i].name), names[i].normal);
	arena_close(a);
}

static void two_names_are_the_same_when_their_normal_forms_are(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < NAME_COUNT; i++) {
		for (size_t j = 0; j < NAME_COUNT; j++) {
			const char *one = name_normalise(a, names[i].name), *two = name_normalise(a, names[j].name);
			bool same = strcmp(one, two) == 0;

			assert_int_equal(name_same(names[i].name, names[j].name), same);
		}
	}
	arena_close(a);
}

static void a_series_in_a_file_is_found_under_a_changed_name(void **state)
{
	static const struct {
		const char *series, *suite, *bench, *metric;
		bool is;
	} cases[] = {
		{"s/BM:cpu_time", "s", "BM", "cpu_time", true},
		{"s/BM/iterations:5:cpu_time", "s", "BM/iterations:7", "cpu_time", true},
		{"s/BM:cpu_time", "s", "BM/iterations:7", "cpu_time", true},
		{"s/std::x:cache:misses", "s", "std::x", "cache:misses", true},
		{"s/BM:cpu_time", "s", "BM", "time", false},
		{"s/BM:cpu_time", "s", "BM2", "cpu_time", false},
		{"s/BM2:cpu_time", "s", "BM", "cpu_time", false},
		{"ss/BM:cpu_time", "s", "BM", "cpu_time", false},
		{"s/BM", "s", "BM", "cpu_time", false},
		{"s/cpu_time", "s", "BM", "cpu_time", false},
		{"", "s", "BM", "cpu_time", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(name_is_series(cases[i].series, cases[i].suite, cases[i].bench, cases[i].metric),
				 cases[i].is);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_that_say_how_long_it_runs_are_taken_off),
		cmocka_unit_test(two_names_are_the_same_when_their_normal_forms_are),
		cmocka_unit_test(a_series_in_a_file_is_found_under_a_changed_name),
	};

	return cmocka_run_group_tests_name("test_name", tests, NULL, NULL);
}
