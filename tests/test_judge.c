/* From pairs to verdicts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"

static void a_real_slowdown_is_called_and_only_that(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	add(m, "BM_same", 1, 1);
	add(m, "BM_slow", 1.25, 2);
	add(m, "BM_fast", 0.8, 3);
	f = judged(m, "BM_slow");
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_int_equal(f->severity, SEVERITY_HIGH);
	assert_int_equal(f->effect, EFFECT_FAIL);
	assert_true(fabs(f->change_ratio.value - 0.25) < 0.01);
	assert_true(f->low_ratio.value < 0.25 && f->low_ratio.value > 0.22);
	assert_true(f->high_ratio.value > 0.25 && f->high_ratio.value < 0.28);
	assert_true(f->q.value <= 0.05 && f->p.value <= f->q.value);
	assert_string_equal(f->method, "signed-rank");
	assert_int_equal(find(m, "BM_same", "cpu_time")->outcome, OUTCOME_SAME);
	assert_true(find(m, "BM_same", "cpu_time")->mde_ratio.value < 0.03);
	assert_int_equal(find(m, "BM_fast", "cpu_time")->outcome, OUTCOME_FASTER);
	assert_int_equal(find(m, "BM_fast", "cpu_time")->severity, SEVERITY_NONE);
	assert_int_equal(m->verdict.status, 1);
}

static void the_edges_of_severity_are_as_written(void **state)
{
	static const struct {
		double ratio;
		enum severity severity;
	} edges[] = {{1.05, SEVERITY_LOW},    {1.1, SEVERITY_LOW},  {1.1001, SEVERITY_MEDIUM},  {1.2, SEVERITY_MEDIUM},
		     {1.2001, SEVERITY_HIGH}, {1.3, SEVERITY_HIGH}, {1.3001, SEVERITY_CRITICAL}};

	(void)state;
	for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
		void *own;
		const struct finding *f;

		setup(&own);
		add_exact(own, "BM", edges[i].ratio);
		f = judged(own, "BM");
		assert_int_equal(f->outcome, OUTCOME_SLOWER);
		assert_int_equal(f->severity, edges[i].severity);
		assert_int_equal(f->effect, edges[i].severity >= SEVERITY_MEDIUM ? EFFECT_FAIL : EFFECT_PASS);
		teardown(&own);
	}
}

static void fail_on_decides_what_fails(void **state)
{
	struct made *m = *state;

	add_exact(m, "BM", 1.15);
	m->request.has_fail_on = true;
	m->request.fail_on = SEVERITY_HIGH;
	assert_int_equal(judged(m, "BM")->effect, EFFECT_PASS);
	assert_int_equal(m->verdict.status, 0);
	m->request.fail_on = SEVERITY_LOW;
	assert_int_equal(judged(m, "BM")->effect, EFFECT_FAIL);
}

static void less_than_the_least_effect_that_counts_is_the_same(void **state)
{
	struct made *m = *state;

	add_exact(m, "BM_one_percent", 1.0099);
	add_exact(m, "BM_more", 1.0101);
	judged(m, "BM_more");
	assert_int_equal(find(m, "BM_one_percent", "cpu_time")->outcome, OUTCOME_SAME);
	assert_int_equal(find(m, "BM_more", "cpu_time")->outcome, OUTCOME_SLOWER);
}

static void a_tiny_absolute_change_of_a_tiny_benchmark_does_not_count(void **state)
{
	struct made *m = *state;
	struct slice_table *base = made_bench(m->a, &m->base, "BM"), *head = made_bench(m->a, &m->head, "BM");

	for (int i = 0; i < 20; i++) {
		made_value(m->a, base, "cpu_time", 1.0);
		made_value(m->a, head, "cpu_time", 1.29); /* min_change is 0.3 ns */
	}
	assert_int_equal(judged(m, "BM")->outcome, OUTCOME_SAME);
}

static void more_throughput_is_better(void **state)
{
	static const char *const metrics[] = {"items_per_second"};
	struct judge_suite suite = {.name = "s", .metrics = metrics, .metric_count = 1, .place = "pawl.yml:3"};
	struct made *m = *state;
	const struct finding *f;

	m->request.suites = &suite;
	m->request.suite_count = 1;
	made_values(m->a, made_bench(m->a, &m->base, "BM_less"), "items_per_second", 20, 1e6, 0.005, 1);
	made_values(m->a, made_bench(m->a, &m->head, "BM_less"), "items_per_second", 20, 0.8e6, 0.005, 2);
	made_values(m->a, made_bench(m->a, &m->base, "BM_more"), "items_per_second", 20, 1e6, 0.005, 3);
	made_values(m->a, made_bench(m->a, &m->head, "BM_more"), "items_per_second", 20, 1.2e6, 0.005, 4);
	judge(m->a, &m->request, &m->verdict);
	f = find(m, "BM_less", "items_per_second");
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_true(f->change_ratio.value < -0.19 && f->change_ratio.value > -0.21);
	assert_true(f->low_ratio.value < f->change_ratio.value && f->high_ratio.value > f->change_ratio.value);
	assert_int_equal(f->severity, SEVERITY_HIGH); /* 1/0.8 is 25 % more cost */
	assert_string_equal(f->place, "pawl.yml:3");
	assert_int_equal(find(m, "BM_more", "items_per_second")->outcome, OUTCOME_FASTER);
}

static void a_metric_that_is_not_gated_never_fails_but_warns(void **state)
{
	struct made *m = *state;
	struct metric real = metric_of("real_time");
	const struct finding *f;

	add(m, "BM", 1, 1);
	for (size_t i = 0; i < 20; i++) {
		table_set(m->a, &m->base.tables[0], &m->base.tables[0].slices[i], &real, 1000 + (double)i);
		table_set(m->a, &m->head.tables[0], &m->head.tables[0].slices[i], &real, 1400 + (double)i);
	}
	judge(m->a, &m->request, &m->verdict);
	f = find(m, "BM", "real_time");
	assert_false(f->gated);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_int_equal(f->severity, SEVERITY_NONE);
	assert_int_equal(f->effect, EFFECT_PASS);
	assert_non_null(strstr(f->warning, "real_time is 39"));
	assert_int_equal(m->verdict.status, 0);
}

static void a_counter_of_unknown_direction_is_only_reported(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	add(m, "BM", 1, 1);
	made_values(m->a, &m->base.tables[0], "widgets", 20, 5, 0.001, 1);
	made_values(m->a, &m->head.tables[0], "widgets", 20, 50, 0.001, 2);
	judge(m->a, &m->request, &m->verdict);
	f = find(m, "BM", "widgets");
	assert_false(f->gated);
	assert_int_equal(f->outcome, OUTCOME_NONE);
	assert_true(f->current.known);
	assert_int_equal(m->verdict.status, 0);
}

static void pairs_join_by_block_and_a_lost_slice_costs_only_its_pair(void **state)
{
	struct made *m = *state;
	struct slice_table *base = made_bench(m->a, &m->base, "BM"), *head = made_bench(m->a, &m->head, "BM");

	for (int i = 0; i < 20; i++) {
		/* A drift that would hide the change if values were paired wrongly. */
		made_value(m->a, base, "cpu_time", 1000 * exp(0.2 * i));
		made_value(m->a, head, "cpu_time", 1020 * exp(0.2 * i));
	}
	memmove(&head->slices[3], &head->slices[4], 16 * sizeof head->slices[0]);
	head->slice_count--;
	assert_int_equal(judged(m, "BM")->outcome, OUTCOME_SLOWER);
	assert_true(fabs(find(m, "BM", "cpu_time")->change_ratio.value - 0.02) < 1e-9);
}

static void trials_are_never_judged(void **state)
{
	struct made *m = *state;

	add_exact(m, "BM", 1);
	for (size_t i = 0; i < 10; i++) {
		m->head.tables[0].slices[i].phase = PHASE_TRIAL;
		m->head.tables[0].slices[i].cells[0].value *= 100;
	}
	assert_int_equal(judged(m, "BM")->outcome, OUTCOME_SAME);
	assert_int_equal(find(m, "BM", "cpu_time")->samples_head, 10);
}

static void verdict_and_interval_agree(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 300; seed++) {
		void *own;
		const struct finding *f;

		setup(&own);
		add(own, "BM", 1 + 0.00008 * (double)seed, seed);
		f = judged(own, "BM");
		assert_true(f->low_ratio.known);
		/* Lower end above the least effect that counts, if and only if it is called. */
		assert_int_equal(f->low_ratio.value > 0.01, f->outcome == OUTCOME_SLOWER);
		teardown(&own);
	}
}

/*
 * 2,000 checks of 5 unchanged benchmarks with 2 % of scatter: at a true difference of 0 a test of "at most 1 %" calls
 * nearly none.  Seeds are fixed, so the count never changes.
 */
static void unchanged_benchmarks_are_not_called(void **state)
{
	size_t alarms = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		void *own;
		struct made *m;

		setup(&own);
		m = own;
		for (uint64_t i = 0; i < 5; i++) {
			const char *name = arena_printf(m->a, "BM_%d", (int)i);

			made_values(m->a, made_bench(m->a, &m->base, name), "cpu_time", 20, 1000, 0.014, seed * 16 + i);
			made_values(m->a, made_bench(m->a, &m->head, name), "cpu_time", 20, 1000, 0.014,
				    (seed * 16 + i) << 32);
		}
		judge(m->a, &m->request, &m->verdict);
		alarms += verdict_count(&m->verdict).slower > 0;
		teardown(&own);
	}
	assert_in_range(alarms, 0, 10);
}

static void the_same_arguments_give_the_same_rows_in_order_of_name(void **state)
{
	struct made *m = *state;

	add(m, "BM_b", 1, 1);
	add(m, "BM_a", 1, 2);
	add(m, "BM_c", 1.2, 3);
	judge(m->a, &m->request, &m->verdict);
	assert_string_equal(m->verdict.findings[0].bench, "BM_a");
	assert_string_equal(m->verdict.findings[2].bench, "BM_c");
}

static void one_false_discovery_step_over_all_rows_decides(void **state)
{
	struct made *m = *state;
	double alone;

	/* One benchmark whose p is between 0.05/20 and 0.05: called alone, not among twenty. */
	add(m, "BM_edge", 1.0135, 11);
	alone = judged(m, "BM_edge")->p.value;
	assert_true(alone < 0.05 && alone > 0.05 / 20);
	assert_int_equal(find(m, "BM_edge", "cpu_time")->outcome, OUTCOME_SLOWER);
	for (uint64_t i = 0; i < 19; i++)
		add(m, arena_printf(m->a, "BM_%d", (int)i), 1, 100 + i);
	assert_int_equal(judged(m, "BM_edge")->outcome, OUTCOME_SAME);
	assert_true(find(m, "BM_edge", "cpu_time")->p.value == alone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(a_real_slowdown_is_called_and_only_that),
		MADE_TEST(the_edges_of_severity_are_as_written),
		MADE_TEST(fail_on_decides_what_fails),
		MADE_TEST(less_than_the_least_effect_that_counts_is_the_same),
		MADE_TEST(a_tiny_absolute_change_of_a_tiny_benchmark_does_not_count),
		MADE_TEST(more_throughput_is_better),
		MADE_TEST(a_metric_that_is_not_gated_never_fails_but_warns),
		MADE_TEST(a_counter_of_unknown_direction_is_only_reported),
		MADE_TEST(pairs_join_by_block_and_a_lost_slice_costs_only_its_pair),
		MADE_TEST(trials_are_never_judged),
		MADE_TEST(verdict_and_interval_agree),
		MADE_TEST(unchanged_benchmarks_are_not_called),
		MADE_TEST(the_same_arguments_give_the_same_rows_in_order_of_name),
		MADE_TEST(one_false_discovery_step_over_all_rows_decides),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
