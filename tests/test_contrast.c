/* What two runs have and have not in common. */
#include "flow/contrast.h"

#include "flow/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"

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

static void add_value(struct arena *a, struct run *run, const char *bench, const char *metric, const char *unit)
{
	struct metric m = {metric, unit, CATEGORY_UNKNOWN};
	struct slice_table *t = run_find(run, "s", bench);

	t = t ? t : made_bench(a, run, bench);
	table_add_value(a, t, &m, 1, 0);
}

static void expect(const struct contrast *c, const char *note)
{
	for (size_t i = 0; i < c->count; i++) {
		if (text_equal(c->notes[i], note))
			return;
	}
	for (size_t i = 0; i < c->count; i++)
		print_message("has: %s\n", c->notes[i]);
	fail_msg("lacks: %s", note);
}

static void equal_runs_have_no_notes(void **state)
{
	struct arena *a = *state;
	struct run base = made_run(a), head = made_run(a);

	add_value(a, &base, "x", "cpu_time", "ns");
	add_value(a, &head, "x", "cpu_time", "ns");
	assert_int_equal(contrast_runs(a, &base, &head).count, 0);
}

static void a_metric_of_one_side_is_said_once(void **state)
{
	struct arena *a = *state;
	struct run base = made_run(a), head = made_run(a);
	struct contrast c;

	for (int i = 0; i < 3; i++) {
		const char *name = arena_printf(a, "x%d", i);

		add_value(a, &base, name, "cpu_time", "ns");
		add_value(a, &head, name, "cpu_time", "ns");
		add_value(a, &base, name, "lost", "");
	}
	add_value(a, &head, "x1", "found", "");
	c = contrast_runs(a, &base, &head);
	assert_int_equal(c.count, 2);
	expect(&c, "metric lost is only in the base (3 benchmarks, the first is x0)");
	expect(&c, "metric found is only in the head (x1)");
}

static void another_unit_is_said(void **state)
{
	struct arena *a = *state;
	struct run base = made_run(a), head = made_run(a);
	struct contrast c;

	add_value(a, &base, "x", "latency", "us");
	add_value(a, &head, "x", "latency", "ms");
	c = contrast_runs(a, &base, &head);
	assert_int_equal(c.count, 1);
	expect(&c, "metric latency is in 'us' in the base and in 'ms' in the head, which is not compared (x)");
}

static void suites_of_one_side_and_runs_with_nothing_in_common_are_said(void **state)
{
	struct arena *a = *state;
	struct run base = made_run(a), head = made_run(a);
	struct contrast c;

	run_add_suite(a, &base, "old", "gbench");
	run_add_suite(a, &head, "fresh", "gbench");
	run_add_suite(a, &head, "absent", "gbench")->absent = true;
	add_value(a, &base, "x", "cpu_time", "ns");
	for (int i = 0; i < 7; i++)
		add_value(a, &head, arena_printf(a, "y%d", i), "cpu_time", "ns");
	c = contrast_runs(a, &base, &head);
	assert_int_equal(c.count, 3);
	expect(&c, "suite old is only in the base");
	expect(&c, "suite fresh is only in the head");
	expect(&c, "no benchmark is in both: the base has s/x, the head s/y0, s/y1, s/y2, s/y3, s/y4, …");
}

static void machines_of_other_classes_are_said(void **state)
{
	struct arena *a = *state;
	struct run base = made_run(a), head = made_run(a);
	struct contrast c;

	base.host.machine_class = "one";
	head.host.machine_class = "two";
	head.host.kernel = "6.1";
	c = contrast_runs(a, &base, &head);
	assert_true(c.other_class);
	assert_int_equal(c.count, 1);
	expect(&c, "measured on machines of different classes: one and two");
	base.host.machine_class = "";
	base.host.cores = 2;
	head.host.cores = 4;
	base.host.kernel = "6.0";
	c = contrast_runs(a, &base, &head);
	assert_false(c.other_class);
	expect(&c, "measured on machines with 2 and 4 cores: times are hardly comparable");
	expect(&c, "measured with different kernels: 6.0 and 6.1");
}

static void versions_and_settings_of_suites_are_said(void **state)
{
	struct arena *a = *state;
	struct run base = made_run(a), head = made_run(a);
	struct contrast c;

	base.suites[0].program_version = "v1.5";
	head.suites[0].program_version = "v1.9";
	base.suites[0].config_digest = "1";
	head.suites[0].config_digest = "2";
	c = contrast_runs(a, &base, &head);
	expect(&c, "suite s was measured with versions v1.5 and v1.9 of its benchmark library");
	expect(&c, "suite s was measured with different settings");
}

static void a_result_file_is_taken_for_the_one_suite_of_the_other_side(void **state)
{
	struct arena *a = *state;
	struct run base = made_run(a), head = {0};

	made_bench(a, &base, "x");
	run_add_suite(a, &head, LOAD_SUITE, "gbench");
	run_add(a, &head, LOAD_SUITE, "x")->clock = "real_time";
	assert_true(contrast_adopt_suite(a, &base, &head));
	assert_non_null(run_find(&head, "s", "x"));
	assert_null(run_find(&head, LOAD_SUITE, "x"));
	assert_string_equal(run_find(&head, "s", "x")->clock, "real_time");
	assert_string_equal(head.suites[0].name, "s");
	assert_false(contrast_adopt_suite(a, &base, &head));
}

static void with_several_suites_nothing_is_guessed(void **state)
{
	struct arena *a = *state;
	struct run base = made_run(a), head = {0};

	run_add_suite(a, &base, "t", "gbench");
	run_add_suite(a, &head, LOAD_SUITE, "gbench");
	assert_false(contrast_adopt_suite(a, &base, &head));
	assert_string_equal(head.suites[0].name, LOAD_SUITE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)
	const struct CMUnitTest tests[] = {
		TEST(equal_runs_have_no_notes),
		TEST(a_metric_of_one_side_is_said_once),
		TEST(another_unit_is_said),
		TEST(suites_of_one_side_and_runs_with_nothing_in_common_are_said),
		TEST(machines_of_other_classes_are_said),
		TEST(versions_and_settings_of_suites_are_said),
		TEST(a_result_file_is_taken_for_the_one_suite_of_the_other_side),
		TEST(with_several_suites_nothing_is_guessed),
	};

	return cmocka_run_group_tests_name("test_contrast", tests, NULL, NULL);
}
