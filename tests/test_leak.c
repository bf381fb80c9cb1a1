/* What grows from snapshot to snapshot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/leak.h"

#include <string.h>

enum { SNAPSHOTS = 4 };

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

/* Adds `value` bytes in use by `function` at that line, which main called. */
static void add_site(struct profile *p, const char *function, int64_t line, int64_t value)
{
	const char *names[] = {function, "main"};
	uint32_t locations[2];

	for (size_t i = 0; i < 2; i++) {
		struct profile_function f = {.name = profile_string_of(p, names[i])};
		struct profile_line at = {.function = profile_intern_function(p, &f), .line = line};
		struct profile_location l = {.mapping = PROFILE_NONE};

		locations[i] = profile_intern_location(p, &l, &at, 1);
	}
	profile_add_sample(p, profile_stack(p, locations, 2), 0, &value);
}

/* A snapshot a column of `values`; a value of 0 is not in it. */
static struct leak_report find(struct arena *a, const char *const *functions, const int64_t (*values)[SNAPSHOTS],
			       size_t site_count)
{
	struct leak_snapshot snapshots[SNAPSHOTS];
	struct leak_report out;

	for (size_t i = 0; i < SNAPSHOTS; i++) {
		struct profile *p = NEW(a, struct profile);

		profile_init(p, a);
		profile_add_type(p, "inuse_space", "bytes");
		for (size_t k = 0; k < site_count; k++)
			if (values[k][i])
				add_site(p, functions[k], (int64_t)(10 + k), values[k][i]);
		snapshots[i] = (struct leak_snapshot){p, 0};
	}
	leak_find(a, snapshots, SNAPSHOTS, &out);
	return out;
}

static void sites_that_grow_in_every_step_are_found_the_largest_first(void **state)
{
	static const char *const functions[] = {"slow_leak", "fast_leak", "steady", "falls_once", "freed", "new_leak"};
	static const int64_t values[][SNAPSHOTS] = {{10, 11, 12, 16},    {100, 300, 400, 401}, {7, 7, 7, 7},
						    {10, 900, 800, 950}, {50, 40, 30, 0},      {0, 1, 5, 60}};
	struct leak_report r = find(*state, functions, values, 6);

	assert_int_equal(r.site_count, 3);
	assert_string_equal(r.sites[0].functions[0], "fast_leak");
	assert_string_equal(r.sites[0].functions[1], "main");
	assert_int_equal(r.sites[0].function_count, 2);
	assert_true(r.sites[0].growth == 301);
	assert_true(r.sites[0].growth_per_step == 301 / 3.0);
	assert_true(r.sites[0].values[2] == 400);
	assert_string_equal(r.sites[1].functions[0], "new_leak");
	assert_string_equal(r.sites[2].functions[0], "slow_leak");
	assert_int_equal(r.stack_count, 6);
	assert_true(r.totals[0] == 177 && r.totals[3] == 401 + 7 + 16 + 950 + 60);
	/* Of the 24 orders of four values one rises. */
	assert_true(r.chance == 1 / 24.0);
}

static void lines_of_one_function_are_one_site(void **state)
{
	static const char *const functions[] = {"leak", "leak"};
	static const int64_t values[][SNAPSHOTS] = {{10, 0, 20, 0}, {0, 15, 0, 25}};
	struct leak_report r = find(*state, functions, values, 2);

	assert_int_equal(r.stack_count, 1);
	assert_int_equal(r.site_count, 1);
	assert_true(r.sites[0].growth == 15);
}

static void snapshots_without_anything_in_use_have_no_site(void **state)
{
	struct leak_report r = find(*state, NULL, NULL, 0);

	assert_int_equal(r.site_count, 0);
	assert_true(r.totals[0] == 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)
	static const struct CMUnitTest tests[] = {
		TEST(sites_that_grow_in_every_step_are_found_the_largest_first),
		TEST(lines_of_one_function_are_one_site),
		TEST(snapshots_without_anything_in_use_have_no_site),
	};

	return cmocka_run_group_tests_name("test_leak", tests, NULL, NULL);
}
