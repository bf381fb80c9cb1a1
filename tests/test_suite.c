/* What holds for every kind of suite: names, the gated clock, the digest of the settings. */
#include "suite/suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_kind_is_found_by_its_name(void **state)
{
	(void)state;
	assert_true(suite_kind_count > 0);
	for (size_t i = 0; i < suite_kind_count; i++)
		assert_ptr_equal(suite_find(suite_kinds[i]->name), suite_kinds[i]);
	assert_null(suite_find("gben"));
	assert_null(suite_find(""));
}

static void names_that_say_so_are_gated_by_the_clock_on_the_wall(void **state)
{
	const struct suite_settings s = {.clock = CLOCK_AUTO};

	(void)state;
	assert_string_equal(suite_clock_metric(&s, "BM_x"), "cpu_time");
	assert_string_equal(suite_clock_metric(&s, "BM_x/8/64"), "cpu_time");
	assert_string_equal(suite_clock_metric(&s, "BM_x/process_time"), "cpu_time");
	assert_string_equal(suite_clock_metric(&s, "BM_x/real_time"), "real_time");
	assert_string_equal(suite_clock_metric(&s, "BM_x/8/process_time/real_time"), "real_time");
	assert_string_equal(suite_clock_metric(&s, "BM_x/manual_time"), "real_time");
	assert_string_equal(suite_clock_metric(&s, "BM_x/8/threads:4"), "real_time");
	assert_string_equal(suite_clock_metric(&s, "BM_x/real_time/threads:1"), "real_time");
	assert_string_equal(suite_clock_metric(&s, "BM_real_time"), "cpu_time");
	assert_string_equal(suite_clock_metric(&s, "BM_x/real_timer"), "cpu_time");
}

static void a_clock_that_is_set_is_used_for_every_name(void **state)
{
	struct suite_settings s = {.clock = CLOCK_CPU_TIME};

	(void)state;
	assert_string_equal(suite_clock_metric(&s, "BM_x/real_time"), "cpu_time");
	s.clock = CLOCK_REAL_TIME;
	assert_string_equal(suite_clock_metric(&s, "BM_x"), "real_time");
}

static const struct suite_kind one_kind = {.name = "one"}, other_kind = {.name = "other"};
static const char *const one_run[] = {"ab", "c", NULL}, *const other_run[] = {"a", "bc", NULL};

static struct suite_settings some_settings(void)
{
	return (struct suite_settings){
		.name = "orders", .kind = &one_kind, .build = "make", .run = one_run, .run_count = 2, .filter = ".*"};
}

static void the_digest_does_not_depend_on_what_measures_the_same(void **state)
{
	static const char *const metrics[] = {"p95_ms", NULL};
	struct suite_settings a_settings = some_settings(), b_settings = some_settings();
	struct arena *a = arena_open();

	(void)state;
	b_settings.name = "renamed";
	b_settings.filter = "BM_x";
	b_settings.line = 7;
	b_settings.timeout_ns = 5;
	b_settings.clock = CLOCK_REAL_TIME;
	b_settings.metrics = metrics;
	b_settings.metric_count = 1;
	assert_string_equal(suite_digest(a, &a_settings), suite_digest(a, &b_settings));
	assert_int_equal(strlen(suite_digest(a, &a_settings)), 64);
	arena_close(a);
}

static void the_digest_changes_with_what_measures_something_else(void **state)
{
	struct suite_settings settings[5];
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < 5; i++)
		settings[i] = some_settings();
	settings[1].kind = &other_kind;
	settings[2].build = "make fast";
	settings[3].run = other_run;
	settings[4].slice_ns = 50000000;
	for (size_t i = 0; i < 5; i++) {
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(suite_digest(a, &settings[i]), suite_digest(a, &settings[j]));
	}
	arena_close(a);
}

static void counts_are_wanted_by_name_of_programs_that_can_be_told(void **state)
{
	static const char *const time[] = {"time", "max_rss"}, *const exact[] = {"time", "instructions"};
	static const char *const noisy[] = {"time", "branch_misses"};
	struct suite_settings s = {.kind = suite_find("gbench"), .metrics = time, .metric_count = 2};

	(void)state;
	assert_false(suite_wants_counts(&s) || suite_wants_instructions(&s));
	s.metrics = exact;
	assert_true(suite_wants_counts(&s) && suite_wants_instructions(&s));
	s.metrics = noisy;
	assert_true(suite_wants_counts(&s));
	assert_false(suite_wants_instructions(&s));
	/* Of a command it is a counter of its own. */
	s.kind = suite_find("command");
	assert_false(suite_wants_counts(&s));
}

int main(void)
{
	const struct CMUnitTest suite[] = {
		cmocka_unit_test(every_kind_is_found_by_its_name),
		cmocka_unit_test(names_that_say_so_are_gated_by_the_clock_on_the_wall),
		cmocka_unit_test(a_clock_that_is_set_is_used_for_every_name),
		cmocka_unit_test(the_digest_does_not_depend_on_what_measures_the_same),
		cmocka_unit_test(the_digest_changes_with_what_measures_something_else),
		cmocka_unit_test(counts_are_wanted_by_name_of_programs_that_can_be_told),
	};

	return cmocka_run_group_tests_name("suite", suite, NULL, NULL);
}
