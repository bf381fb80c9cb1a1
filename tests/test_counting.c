/* From two counts to what one iteration costs, and the conditions of counting. */
#include "flow/counting.h"
#include "flow/counting_process.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct counted counted(int64_t instructions, int64_t iterations)
{
	struct counted c = {.iterations = iterations};

	c.counts.values[COUNTER_INSTRUCTIONS] = instructions;
	c.counts.known[COUNTER_INSTRUCTIONS] = true;
	return c;
}

static struct counted with(struct counted c, enum counter_event event, int64_t value)
{
	c.counts.values[event] = value;
	c.counts.known[event] = true;
	return c;
}

static bool is_about(double value, double wanted)
{
	return fabs(value - wanted) < 1e-12;
}

/* Told to run 250 and 1000 iterations. */
static bool divide(struct counted one, struct counted two, struct counted_each *each, struct err *err)
{
	return counting_divide(&one, &two, 250, 1000, each, err);
}

static void start_up_falls_out_of_two_counts(void **state)
{
	struct counted_each each;
	struct err err;

	(void)state;
	assert_true(divide(counted(1000000 + 250 * 28, 250), counted(1000000 + 1000 * 28, 1000), &each, &err));
	assert_true(is_about(each.values[COUNTER_INSTRUCTIONS], 28));
	/* Of several threads or repetitions, each of which runs as many. */
	assert_true(divide(counted(5000 + 500 * 3, 500), counted(5000 + 2000 * 3, 2000), &each, &err));
	assert_true(is_about(each.values[COUNTER_INSTRUCTIONS], 3));
}

static void what_else_is_counted_is_divided_as_instructions_are(void **state)
{
	struct counted one = counted(1000, 250), two = counted(1000 + 750 * 4, 1000);
	struct counted_each each;
	struct err err;

	(void)state;
	one = with(with(one, COUNTER_CYCLES, 40000), COUNTER_BRANCH_MISSES, 900);
	two = with(with(two, COUNTER_CYCLES, 40000 + 750 * 2), COUNTER_BRANCH_MISSES, 900 + 75);
	assert_true(divide(one, two, &each, &err));
	assert_true(is_about(each.values[COUNTER_INSTRUCTIONS], 4));
	assert_true(is_about(each.values[COUNTER_CYCLES], 2));
	assert_true(is_about(each.values[COUNTER_BRANCH_MISSES], 0.1));
	assert_false(each.known[COUNTER_CACHE_MISSES]);
}

static void what_one_process_alone_knows_is_not_known(void **state)
{
	struct counted one = with(counted(1000, 250), COUNTER_CACHE_MISSES, 70), two = counted(4000, 1000);
	struct counted_each each;
	struct err err;

	(void)state;
	assert_true(divide(one, two, &each, &err));
	assert_true(each.known[COUNTER_INSTRUCTIONS]);
	assert_false(each.known[COUNTER_CACHE_MISSES]);
	two = with(two, COUNTER_CYCLES, 70);
	assert_true(divide(one, two, &each, &err));
	assert_false(each.known[COUNTER_CYCLES]);
}

/* Start-up misses some hundred branches, more or less from run to run: a loop that misses none is not below 0. */
static void misses_that_do_not_grow_are_none(void **state)
{
	struct counted one = with(counted(1000, 250), COUNTER_BRANCH_MISSES, 812);
	struct counted two = with(counted(4000, 1000), COUNTER_BRANCH_MISSES, 797);
	struct counted_each each;
	struct err err;

	(void)state;
	assert_true(divide(one, two, &each, &err));
	assert_true(each.known[COUNTER_BRANCH_MISSES]);
	assert_true(is_about(each.values[COUNTER_BRANCH_MISSES], 0));
}

static void a_program_that_runs_as_long_as_it_likes_is_refused(void **state)
{
	struct counted_each each;
	struct err err;

	(void)state;
	assert_false(divide(counted(100, 1000), counted(100, 1000), &each, &err));
	assert_non_null(strstr(err.text, "ran 1000 iterations where 1000 were asked for"));
	assert_false(divide(counted(100, 900), counted(200, 1100), &each, &err));
	assert_non_null(strstr(err.text, "its source fixes"));
	assert_false(divide(counted(100, 0), counted(200, 0), &each, &err));
}

static void work_that_does_not_grow_is_refused(void **state)
{
	struct counted_each each;
	struct err err;

	(void)state;
	assert_false(divide(counted(100, 250), counted(100, 1000), &each, &err));
	assert_non_null(strstr(err.text, "no more instructions"));
}

static void counts_are_powers_of_two_that_grow(void **state)
{
	static const int64_t iterations[] = {0, 1, 2, 3, 4, 7, 8, 1000, 1023, 1024, 1000000000, INT64_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof iterations / sizeof iterations[0]; i++) {
		int64_t counts[2];

		counting_counts(iterations[i], counts);
		assert_true(counts[0] >= 1 && counts[0] < counts[1]);
		assert_int_equal(counts[1] & (counts[1] - 1), 0);
		assert_true(counts[1] <= iterations[i] || counts[1] == 2);
		assert_true(counts[1] == 2 || counts[0] * 4 == counts[1]);
	}
}

/* A counted slice of a head's table, as counting adds it. */
static void add_slice(struct arena *a, struct slice_table *t, const struct counted_each *each)
{
	struct measuring m = {.arena = a};
	struct bench bench = {.tables = {[SIDE_HEAD] = t}};
	struct job job = {.benches = &bench, .bench_count = 1};
	struct slice_place place = {.side = SIDE_HEAD, .phase = PHASE_COUNT};
	struct counted two[2] = {counted(1000, 250), counted(4000, 1000)};
	struct proc_result process[2] = {{0}, {0}};

	counting_add_slice(&m, &job, &place, process, two, each);
}

static void every_count_that_is_known_becomes_a_metric(void **state)
{
	struct counted_each each = {.values = {28, 14, 0}, .known = {true, true, true, false}};
	struct arena *a = arena_open();
	struct slice_table t = {0};

	(void)state;
	add_slice(a, &t, &each);
	assert_int_equal(t.slice_count, 1);
	assert_int_equal(t.slices[0].phase, PHASE_COUNT);
	assert_int_equal(t.slices[0].iterations, 750);
	assert_int_equal(t.metric_count, 3);
	assert_string_equal(t.metrics[table_metric(&t, "cycles")].unit, "cycles");
	assert_true(is_about(t.slices[0].cells[table_metric(&t, "cycles")].value, 14));
	assert_true(t.slices[0].cells[table_metric(&t, "branch_misses")].present);
	assert_int_equal(table_metric(&t, "cache_misses"), -1);
	arena_close(a);
}

/* What a program counts itself has its own meaning. */
static void a_counter_of_the_program_keeps_its_name(void **state)
{
	struct counted_each each = {.values = {28, 14}, .known = {true, true}};
	const struct metric cycles = {"cycles", "", CATEGORY_UNKNOWN};
	struct arena *a = arena_open();
	struct slice_table t = {0};
	struct slice *own;

	(void)state;
	own = table_add_slice(a, &t);
	own->phase = PHASE_MEASURE;
	table_set(a, &t, own, &cycles, 7);
	add_slice(a, &t, &each);
	assert_false(t.slices[1].cells[table_metric(&t, "cycles")].present);
	assert_true(t.slices[1].cells[table_metric(&t, "instructions")].present);
	arena_close(a);
}

static size_t size_of(const char *const *env)
{
	size_t size = 0;

	for (size_t i = 0; env[i]; i++)
		size += strlen(env[i]) + 1 + sizeof(char *);
	return size;
}

static bool has(const char *const *env, const char *entry)
{
	for (size_t i = 0; env[i]; i++) {
		if (strcmp(env[i], entry) == 0)
			return true;
	}
	return false;
}

static void the_environment_fills_whole_pages(void **state)
{
	static const char *const envs[][4] = {
		{"PATH=/bin", NULL},
		{"PATH=/bin", "PWD=/a/long/folder/name/of/somebody/else", "PAWL_PADDING=xxxxxxxx", NULL},
		{NULL},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof envs / sizeof envs[0]; i++) {
		assert_int_equal(size_of(counting_env(a, envs[i], NULL)) % 4096, 0);
		assert_int_equal(size_of(counting_env(a, envs[i], "glibc.cpu.name=generic")) % 4096, 0);
	}
	arena_close(a);
}

static void what_the_user_tuned_stays_and_the_pin_comes_behind(void **state)
{
	static const char *const tuned[] = {"GLIBC_TUNABLES=glibc.malloc.check=3", "A=1", NULL};
	static const char *const plain[] = {"A=1", NULL};
	struct arena *a = arena_open();

	(void)state;
	assert_true(has(counting_env(a, tuned, "x=1"), "GLIBC_TUNABLES=glibc.malloc.check=3:x=1"));
	assert_true(has(counting_env(a, tuned, NULL), tuned[0]));
	assert_true(has(counting_env(a, plain, "x=1"), "GLIBC_TUNABLES=x=1"));
	assert_true(has(counting_env(a, plain, "x=1"), "A=1"));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(start_up_falls_out_of_two_counts),
		cmocka_unit_test(what_else_is_counted_is_divided_as_instructions_are),
		cmocka_unit_test(what_one_process_alone_knows_is_not_known),
		cmocka_unit_test(misses_that_do_not_grow_are_none),
		cmocka_unit_test(a_program_that_runs_as_long_as_it_likes_is_refused),
		cmocka_unit_test(work_that_does_not_grow_is_refused),
		cmocka_unit_test(every_count_that_is_known_becomes_a_metric),
		cmocka_unit_test(a_counter_of_the_program_keeps_its_name),
		cmocka_unit_test(counts_are_powers_of_two_that_grow),
		cmocka_unit_test(the_environment_fills_whole_pages),
		cmocka_unit_test(what_the_user_tuned_stays_and_the_pin_comes_behind),
	};

	return cmocka_run_group_tests_name("counting", tests, NULL, NULL);
}
