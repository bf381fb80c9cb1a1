/* From histories to change points and creeping changes. */
#include "flow/trend.h"

#include "golden_stats.h"
#include "histories.h"

struct bench {
	struct arena *arena;
	struct history history;
};

static struct metric time_metric(void)
{
	return (struct metric){.name = "cpu_time", .unit = "us", .category = CATEGORY_LATENCY};
}

static void put(struct bench *b, const char *bench, struct metric metric, const double *x, size_t n)
{
	struct history_series *s = history_take_series(b->arena, &b->history, "s", bench, &metric);

	s->gated_clock = true;
	while (b->history.moment_count < n)
		history_add_moment(b->arena, &b->history, "", arena_printf(b->arena, "c%zu", b->history.moment_count),
				   "");
	for (size_t i = 0; i < n; i++)
		history_add_value(b->arena, s, i, x[i]);
}

static struct trend find(struct bench *b)
{
	struct trend_request request = {.history = &b->history};
	struct trend trend;

	trend_find(b->arena, &request, &trend);
	return trend;
}

/* Noise of 1 % around levels that are `factors` of 100 from those places on. */
static void make(struct random *r, double *x, size_t n, const size_t *at, const double *factors, size_t count)
{
	double level = 100;

	for (size_t i = 0, next = 0; i < n; i++) {
		if (next < count && at[next] == i)
			level = 100 * factors[next++];
		x[i] = level * (1 + 0.01 * made_normal(r));
	}
}

static void a_step_has_its_size_place_and_direction(void **state)
{
	struct bench b = {.arena = arena_open()};
	struct random r = {.state = 1};
	struct metric rate = {.name = "items_per_second", .unit = "items/s", .category = CATEGORY_THROUGHPUT};
	double x[60];

	(void)state;
	make(&r, x, 60, (const size_t[]){40}, (const double[]){1.2}, 1);
	put(&b, "time", time_metric(), x, 60);
	put(&b, "rate", rate, x, 60);

	struct trend t = find(&b);
	const struct trend_change *c = t.rows[0].changes;

	assert_int_equal(t.row_count, 2);
	assert_int_equal(t.rows[0].change_count, 1);
	assert_int_equal(c->index, 40);
	assert_true(fabs(c->size.ratio - 0.2) < 0.01 && c->size.low < 0.2 && c->size.high > 0.2);
	assert_true(fabs(c->size.before - 100) < 1 && fabs(c->size.after - 120) < 1);
	assert_int_equal(c->size.way, TREND_SLOWER);
	assert_string_equal(b.history.moments[c->good].commit, "c39");
	assert_string_equal(b.history.moments[c->bad].commit, "c40");
	assert_true(c->holds);
	assert_int_equal(t.rows[1].changes[0].size.way, TREND_FASTER);
	assert_false(t.rows[0].creep.found);
	arena_close(b.arena);
}

static void a_change_that_went_away_does_not_hold(void **state)
{
	struct bench b = {.arena = arena_open()};
	struct random r = {.state = 2};
	double x[60];

	(void)state;
	make(&r, x, 60, (const size_t[]){20, 40}, (const double[]){1.2, 1.0}, 2);
	put(&b, "b", time_metric(), x, 60);

	struct trend t = find(&b);

	assert_int_equal(t.rows[0].change_count, 2);
	assert_false(t.rows[0].changes[0].holds);
	assert_true(t.rows[0].changes[1].holds);
	assert_int_equal(t.rows[0].changes[1].size.way, TREND_FASTER);
	arena_close(b.arena);
}

static void changes_below_the_least_effect_do_not_count(void **state)
{
	struct bench b = {.arena = arena_open()};
	double x[40];

	(void)state;
	for (size_t i = 0; i < 40; i++)
		x[i] = i < 20 ? 1000 : 1005;
	put(&b, "b", time_metric(), x, 40);
	assert_int_equal(find(&b).rows[0].change_count, 0);
	arena_close(b.arena);
}

static void a_slow_line_is_creeping(void **state)
{
	struct bench b = {.arena = arena_open()};
	struct random r = {.state = 3};
	double x[60];

	(void)state;
	for (size_t i = 0; i < 60; i++)
		x[i] = 100 * (1 + 0.004 * (double)i) * (1 + 0.01 * made_normal(&r));
	put(&b, "b", time_metric(), x, 60);

	struct trend t = find(&b);
	const struct trend_creep *c = &t.rows[0].creep;

	assert_true(c->found && !c->in_steps);
	assert_true(fabs(c->size.ratio - 0.236) < 0.03);
	assert_int_equal(c->size.way, TREND_SLOWER);
	assert_int_equal(t.rows[0].change_count, 0);
	arena_close(b.arena);
}

static void small_steps_that_add_up_are_creeping(void **state)
{
	struct bench b = {.arena = arena_open()};
	struct random r = {.state = 3};
	double x[80];

	(void)state;
	make(&r, x, 80, (const size_t[]){15, 50}, (const double[]){1.07, 1.145}, 2);
	put(&b, "b", time_metric(), x, 80);

	struct trend t = find(&b);

	assert_int_equal(t.rows[0].change_count, 2);
	assert_true(t.rows[0].creep.found && t.rows[0].creep.in_steps);
	assert_true(fabs(t.rows[0].creep.size.ratio - 0.145) < 0.02);
	arena_close(b.arena);
}

static void one_large_step_is_not_creeping(void **state)
{
	struct random r = {.state = 6};

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct bench b = {.arena = arena_open()};
		double x[60];

		make(&r, x, 60, (const size_t[]){30}, (const double[]){1.15}, 1);
		put(&b, "b", time_metric(), x, 60);

		struct trend t = find(&b);

		assert_false(t.rows[0].creep.found);
		assert_true(t.rows[0].change_count >= 1);
		arena_close(b.arena);
	}
}

/* The measured number stands in docs/statistics.md. */
static void many_quiet_series_give_few_false_alarms(void **state)
{
	struct random r = {.state = 7};
	size_t series_alarms = 0, check_alarms = 0, creeps = 0;

	(void)state;
	for (int round = 0; round < 50; round++) {
		struct bench b = {.arena = arena_open()};
		size_t alarms = 0;

		for (int k = 0; k < 100; k++) {
			struct made_history h = {.n = 100};

			made_fill(&r, &h, NOISE_NORMAL, 0.02);
			put(&b, arena_printf(b.arena, "b%d", k), time_metric(), h.x, h.n);
		}

		struct trend t = find(&b);

		for (size_t k = 0; k < t.row_count; k++) {
			alarms += t.rows[k].change_count > 0;
			creeps += t.rows[k].creep.found;
		}
		series_alarms += alarms;
		check_alarms += alarms > 0;
		arena_close(b.arena);
	}
	print_message("5,000 quiet series in 50 histories of 100: %zu with a change, in %zu histories; %zu creeping\n",
		      series_alarms, check_alarms, creeps);
	assert_true(series_alarms <= 10 && check_alarms <= 8 && creeps == 0);
}

static void values_of_0_and_below_have_amounts(void **state)
{
	struct bench b = {.arena = arena_open()};
	double x[20];

	(void)state;
	for (size_t i = 0; i < 20; i++)
		x[i] = i < 10 ? 0 : 7;
	put(&b, "b", (struct metric){.name = "faults", .unit = "", .category = CATEGORY_RESOURCE}, x, 20);

	struct trend t = find(&b);

	assert_int_equal(t.rows[0].change_count, 1);
	assert_false(t.rows[0].changes[0].size.has_ratio);
	assert_true(t.rows[0].changes[0].size.after == 7);
	arena_close(b.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_has_its_size_place_and_direction),
		cmocka_unit_test(a_change_that_went_away_does_not_hold),
		cmocka_unit_test(changes_below_the_least_effect_do_not_count),
		cmocka_unit_test(a_slow_line_is_creeping),
		cmocka_unit_test(small_steps_that_add_up_are_creeping),
		cmocka_unit_test(one_large_step_is_not_creeping),
		cmocka_unit_test(many_quiet_series_give_few_false_alarms),
		cmocka_unit_test(values_of_0_and_below_have_amounts),
	};

	return cmocka_run_group_tests_name("trend", tests, NULL, NULL);
}
