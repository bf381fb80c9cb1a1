/* Counters: directions from names and rules, and values that can be 0, judged on differences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"

static const char *const gated[] = {"faults", "p95_us", "hits", "requests_per_second"};

static struct judge_suite suite = {.name = "s", .metrics = gated, .metric_count = 4, .place = "pawl.yml:3"};

/* A benchmark whose counter is `base[i % 4]` and `head[i % 4]`, 20 times. */
static const struct finding *counted(struct made *m, const char *metric, const double base[4], const double head[4])
{
	struct slice_table *b = made_bench(m->a, &m->base, "BM"), *h = made_bench(m->a, &m->head, "BM");

	m->request.suites = &suite;
	m->request.suite_count = 1;
	for (size_t i = 0; i < 20; i++) {
		made_value(m->a, b, metric, base[i % 4]);
		made_value(m->a, h, metric, head[i % 4]);
	}
	judge(m->a, &m->request, &m->verdict);
	return find(m, "BM", metric);
}

static void assert_near(struct number got, double expected)
{
	assert_true(got.known);
	if (fabs(got.value - expected) > 1e-9)
		fail_msg("%.17g is not %.17g", got.value, expected);
}

static void a_counter_that_was_0_is_judged_on_differences(void **state)
{
	const struct finding *f = counted(*state, "faults", (double[]){0, 0, 0, 0}, (double[]){5.1, 5.2, 4.9, 4.8});

	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_int_equal(f->severity, SEVERITY_CRITICAL);
	assert_int_equal(f->effect, EFFECT_FAIL);
	assert_string_equal(f->method, "signed-rank, differences");
	assert_false(f->change_ratio.known || f->low_ratio.known || f->high_ratio.known || f->mde_ratio.known);
	assert_near(f->change, 5);
	assert_true(f->low.known && f->low.value > 4.8 && f->low.value < 5);
	assert_true(f->high.known && f->high.value > 5 && f->high.value < 5.2);
	assert_true(f->mde.known);
}

static void with_a_baseline_above_0_there_is_a_ratio_too(void **state)
{
	/* One value of 0 on either side is enough. */
	const struct finding *f = counted(*state, "faults", (double[]){0, 10, 10, 10}, (double[]){1, 11, 11, 11});

	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_near(f->change, 1);
	assert_near(f->change_ratio, 0.1);
	assert_near(f->min_effect_ratio, 0.011);     /* 1 % of the larger median */
	assert_int_equal(f->severity, SEVERITY_LOW); /* exactly the threshold */
}

static void differences_up_to_the_least_effect_are_the_same(void **state)
{
	struct rule rule = {.match = "**:faults", .has_min_effect = true, .min_effect = {6, true}};
	struct made *m = *state;
	const struct finding *f;

	m->request.rules = &rule;
	m->request.rule_count = 1;
	f = counted(m, "faults", (double[]){0, 0, 0, 0}, (double[]){5, 5.5, 6, 5.25});
	assert_int_equal(f->outcome, OUTCOME_SAME);
	assert_int_equal(m->verdict.status, 0);
}

static void against_a_baseline_of_0_severity_is_measured_in_the_least_effect(void **state)
{
	struct rule rule = {.match = "**:faults",
			    .has_min_effect = true,
			    .min_effect = {4, true},
			    .has_threshold = true,
			    .threshold_ratio = 1};
	struct made *m = *state;

	m->request.rules = &rule;
	m->request.rule_count = 1;
	/* 5 is 1.25 times the threshold of 100 % of 4. */
	assert_int_equal(counted(m, "faults", (double[]){0, 0, 0, 0}, (double[]){5.1, 5.2, 4.9, 4.8})->severity,
			 SEVERITY_MEDIUM);
}

static void rare_events_count_where_both_medians_are_0(void **state)
{
	struct made *m = *state;
	struct slice_table *b = made_bench(m->a, &m->base, "BM"), *h = made_bench(m->a, &m->head, "BM");

	m->request.suites = &suite;
	m->request.suite_count = 1;
	for (int i = 0; i < 20; i++) {
		made_value(m->a, b, "faults", 0);
		made_value(m->a, h, "faults", i < 9 ? 100 : 0);
	}
	judge(m->a, &m->request, &m->verdict);
	assert_int_equal(find(m, "BM", "faults")->outcome, OUTCOME_SLOWER);
}

static void zeros_on_both_sides_are_the_same(void **state)
{
	struct made *m = *state;
	const struct finding *f = counted(m, "faults", (double[4]){0}, (double[4]){0});

	assert_int_equal(f->outcome, OUTCOME_SAME);
	assert_near(f->change, 0);
	assert_false(f->change_ratio.known);
	assert_false(finding_is_noisy(f));
	assert_int_equal(m->verdict.status, 0);
}

static void less_of_a_rate_that_can_be_0_is_worse(void **state)
{
	struct made *m = *state;
	const struct finding *f =
		counted(m, "requests_per_second", (double[]){50, 50, 51, 50}, (double[]){0, 0.5, 0, 1});

	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_true(f->change.value < -49 && f->low.value < f->change.value + 1e-9 &&
		    f->high.value > f->change.value - 1e-9);
	assert_true(f->change_ratio.value < -0.98);
}

static void two_files_are_judged_on_differences_too(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	m->request.mode = JUDGE_TWO_FILES;
	f = counted(m, "faults", (double[4]){0}, (double[]){5, 5, 6, 5});
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_string_equal(f->method, "mann-whitney, widened, differences");
	assert_near(f->change, 5);
	/* Widened by 5 % of the larger median on either side: t with few degrees of freedom. */
	assert_true(f->low.value < 4.9 && f->low.value > 3 && f->high.value > 5.1 && f->high.value < 7);
}

static void zeros_in_two_files_are_the_same(void **state)
{
	struct made *m = *state;

	m->request.mode = JUDGE_TWO_FILES;
	assert_int_equal(counted(m, "faults", (double[4]){0}, (double[4]){0})->outcome, OUTCOME_SAME);
}

static const struct finding *stored(struct made *m, double base, double head)
{
	struct judge_stored *w = NEW_ARRAY(m->a, struct judge_stored, 12);

	for (int i = 0; i < 12; i++) {
		struct run *run = NEW(m->a, struct run);

		*run = made_run(m->a);
		made_value(m->a, made_bench(m->a, run, "BM"), "faults", base);
		w[i].run = run;
	}
	made_value(m->a, made_bench(m->a, &m->head, "BM"), "faults", head);
	m->request.suites = &suite;
	m->request.suite_count = 1;
	m->request.mode = JUDGE_STORED;
	m->request.window = w;
	m->request.window_count = 12;
	judge(m->a, &m->request, &m->verdict);
	return find(m, "BM", "faults");
}

static void stored_runs_are_judged_on_differences_too(void **state)
{
	const struct finding *f = stored(*state, 0, 7);

	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_string_equal(f->method, "t-prediction, differences");
	assert_near(f->change, 7);
	assert_true(f->low.known && f->low.value > 0);
}

static void zeros_in_stored_runs_are_the_same(void **state)
{
	const struct finding *f = stored(*state, 0, 0);

	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SAME);
}

static void a_counter_named_for_a_time_is_gated_where_the_suite_says_so(void **state)
{
	struct made *m = *state;
	const struct finding *f = counted(m, "p95_us", (double[]){100, 101, 99, 100}, (double[]){125, 126, 124, 125.5});

	assert_true(f->gated);
	assert_int_equal(f->category, CATEGORY_LATENCY);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	suite.metric_count = 1;
	judge(m->a, &m->request, &m->verdict);
	suite.metric_count = 4;
	f = find(m, "BM", "p95_us");
	assert_false(f->gated);
	assert_int_equal(f->effect, EFFECT_PASS);
	assert_string_equal(f->warning, ""); /* the watchdog is for clocks */
}

static void a_rule_says_the_direction_and_unit_that_a_name_does_not(void **state)
{
	struct rule rule = {.match = "**:hits", .has_category = true, .category = CATEGORY_THROUGHPUT, .unit = "hits"};
	struct made *m = *state;
	const struct finding *f = counted(m, "hits", (double[]){100, 101, 99, 100}, (double[]){80, 81, 79, 80.5});

	assert_false(f->gated); /* no direction, no gate */
	assert_int_equal(f->outcome, OUTCOME_NONE);
	m->request.rules = &rule;
	m->request.rule_count = 1;
	judge(m->a, &m->request, &m->verdict);
	f = find(m, "BM", "hits");
	assert_true(f->gated);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_string_equal(f->unit, "hits");
	rule.category = CATEGORY_UNKNOWN;
	judge(m->a, &m->request, &m->verdict);
	assert_false(find(m, "BM", "hits")->gated);
}

/*
 * 1,000 checks of 5 counters that are Poisson-like around 2 on both sides: at a true difference of 0 a test of "at most
 * 1 %" at a false-discovery rate of 5 % calls at most that part.  Seeds are fixed, so the count never changes.
 */
static void unchanged_counters_are_not_called(void **state)
{
	size_t alarms = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 1000; seed++) {
		struct random r = {.state = seed};
		struct made *m;
		void *own;

		setup(&own);
		m = own;
		m->request.suites = &suite;
		m->request.suite_count = 1;
		for (int i = 0; i < 5; i++) {
			const char *name = arena_printf(m->a, "BM_%d", i);
			struct slice_table *b = made_bench(m->a, &m->base, name), *h = made_bench(m->a, &m->head, name);

			for (int j = 0; j < 20; j++) {
				made_value(m->a, b, "faults", fmax(0, floor(2 + 1.5 * made_normal(&r))));
				made_value(m->a, h, "faults", fmax(0, floor(2 + 1.5 * made_normal(&r))));
			}
		}
		judge(m->a, &m->request, &m->verdict);
		alarms += verdict_count(&m->verdict).slower > 0;
		teardown(&own);
	}
	assert_in_range(alarms, 0, 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(a_counter_that_was_0_is_judged_on_differences),
		MADE_TEST(with_a_baseline_above_0_there_is_a_ratio_too),
		MADE_TEST(differences_up_to_the_least_effect_are_the_same),
		MADE_TEST(against_a_baseline_of_0_severity_is_measured_in_the_least_effect),
		MADE_TEST(rare_events_count_where_both_medians_are_0),
		MADE_TEST(zeros_on_both_sides_are_the_same),
		MADE_TEST(less_of_a_rate_that_can_be_0_is_worse),
		MADE_TEST(two_files_are_judged_on_differences_too),
		MADE_TEST(zeros_in_two_files_are_the_same),
		MADE_TEST(stored_runs_are_judged_on_differences_too),
		MADE_TEST(zeros_in_stored_runs_are_the_same),
		MADE_TEST(a_counter_named_for_a_time_is_gated_where_the_suite_says_so),
		MADE_TEST(a_rule_says_the_direction_and_unit_that_a_name_does_not),
		MADE_TEST(unchanged_counters_are_not_called),
	};

	return cmocka_run_group_tests_name("judge_counters", tests, NULL, NULL);
}
