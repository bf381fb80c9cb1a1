/* Judging against stored runs, and two files of unknown origin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"

/* A stored run that was 2 % of scatter around `median`. */
static struct judge_stored *window_of(struct made *m, size_t count, double median)
{
	struct judge_stored *w = NEW_ARRAY(m->a, struct judge_stored, count);

	for (size_t i = 0; i < count; i++) {
		struct run *run = NEW(m->a, struct run);

		*run = made_run(m->a);
		made_values(m->a, made_bench(m->a, run, "BM"), "cpu_time", 20, median, 0.02, 77 + i);
		w[i].run = run;
	}
	return w;
}

static void one_stored_run_is_held_with_the_prior_and_many_with_their_history(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	m->request.mode = JUDGE_STORED;
	m->request.window = window_of(m, 1, 1000);
	m->request.window_count = 1;
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1150, 0.02, 5);
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SAME); /* 15 % is no news between two runs */
	assert_string_equal(f->method, "t-prediction");
	assert_int_equal(f->samples_base, 1);
	assert_true(f->mde_ratio.value > 0.15);
	m->request.window = window_of(m, 20, 1000);
	m->request.window_count = 20;
	assert_int_equal(judged(m, "BM")->outcome, OUTCOME_SLOWER);
	assert_int_equal(find(m, "BM", "cpu_time")->samples_base, 20);
}

/* One run, the standard deviation of the prior, 4 degrees of freedom: t = (ln 2 - ln 1.01) / (0.05 sqrt 2). */
static void the_prior_is_the_stated_one(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	m->request.mode = JUDGE_STORED;
	m->request.window = window_of(m, 1, 1000);
	m->request.window_count = 1;
	made_value(m->a, made_bench(m->a, (struct run *)m->request.window[0].run, "BM_x"), "cpu_time", 1000);
	made_value(m->a, made_bench(m->a, &m->head, "BM_x"), "cpu_time", 2000);
	f = judged(m, "BM_x");
	/* R: pt(-(log(2) - log(1.01)) / (0.05 * sqrt(2)), 4) = 0.0003169... by the closed form for 4 degrees of freedom:
	 * P(T > t) = 1/2 - x (3 - x^2) / 4 with x = t / sqrt(t^2 + 4). */
	{
		double t = (log(2) - log(1.01)) / (0.05 * sqrt(2)), x = t / sqrt(t * t + 4);

		assert_true(fabs(f->p.value - (0.5 - x * (3 - x * x) / 4)) < 1e-12);
	}
}

static void a_run_that_was_called_slower_stays_out_of_that_window(void **state)
{
	static const char *const slower[] = {"s/BM:cpu_time"};
	struct made *m = *state;
	struct judge_stored *w = window_of(m, 2, 1000);

	w[1].slower = slower;
	w[1].slower_count = 1;
	m->request.mode = JUDGE_STORED;
	m->request.window = w;
	m->request.window_count = 2;
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1000, 0.02, 5);
	assert_int_equal(judged(m, "BM")->samples_base, 1);
}

static void a_suspect_whose_commit_runs_the_same_code_was_the_machine(void **state)
{
	struct made *m = *state;
	struct run base = made_run(m->a), head = made_run(m->a);
	struct judge_confirmation confirmation = {.base = &base, .head = &head, .title = "4f2a91c"};
	const struct finding *f;

	m->request.mode = JUDGE_STORED;
	m->request.window = window_of(m, 20, 1000);
	m->request.window_count = 20;
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1150, 0.02, 5);
	made_bench(m->a, &base, "BM");
	made_bench(m->a, &head, "BM");
	m->request.confirmations = &confirmation;
	m->request.confirmation_count = 1;
	/* Nothing was measured and nobody says why: the window keeps its word. */
	assert_int_equal(judged(m, "BM")->outcome, OUTCOME_SLOWER);
	head.suites[0].same_code = true;
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_SAME_CODE);
	assert_int_equal(f->outcome, OUTCOME_NONE);
	assert_int_equal(f->effect, EFFECT_PASS);
	assert_false(f->p.known || f->q.known || f->change_ratio.known || f->low_ratio.known);
	assert_true(f->baseline.known && f->current.known);
	assert_non_null(strstr(f->reason, "by +1"));
	assert_non_null(strstr(f->reason, "the same code as 4f2a91c"));
	assert_int_equal(m->verdict.status, 0);
}

static void no_baseline_is_new_and_one_of_another_machine_incomparable(void **state)
{
	struct made *m = *state;

	m->request.mode = JUDGE_STORED;
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1000, 0.02, 5);
	assert_int_equal(judged(m, "BM")->state, STATE_NEW);
	assert_int_equal(m->verdict.status, 0);
	m->request.other_class = true;
	assert_int_equal(judged(m, "BM")->state, STATE_INCOMPARABLE);
	assert_int_equal(m->verdict.status, 3); /* nothing was checked */
}

static void two_files_are_widened_unless_they_are_of_one_session(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	m->request.mode = JUDGE_TWO_FILES;
	made_values(m->a, made_bench(m->a, &m->base, "BM"), "cpu_time", 10, 1000, 0.01, 1);
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 10, 1080, 0.01, 2);
	f = judged(m, "BM");
	assert_int_equal(f->outcome, OUTCOME_SAME);
	assert_true(f->measured_low_ratio.value > 0.05);
	assert_true(f->low_ratio.value < 0);
	assert_true(f->p_two_sided.value < 0.001);
	assert_string_equal(f->method, "mann-whitney, widened");
	m->request.same_session = true;
	f = judged(m, "BM");
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_string_equal(f->method, "mann-whitney");
	assert_true(f->low_ratio.value > 0.05);
}

static void a_single_repetition_a_side_decides_nothing(void **state)
{
	struct made *m = *state;

	m->request.mode = JUDGE_TWO_FILES;
	made_value(m->a, made_bench(m->a, &m->base, "BM"), "cpu_time", 1000);
	made_value(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 2000);
	assert_int_equal(judged(m, "BM")->state, STATE_TOO_FEW);
	assert_int_equal(m->verdict.status, 3);
}

static void set_aggregate(struct made *m, struct run *run, double median, double sd, size_t n)
{
	struct slice_table *t = made_bench(m->a, run, "BM");
	struct metric metric = metric_of("cpu_time");
	struct aggregate *g = table_aggregate(m->a, t, &metric);

	*g = (struct aggregate){.median = median, .has_median = true, .sd = sd, .has_sd = sd > 0};
	t->aggregated = n;
}

static void aggregates_alone_are_judged_by_centre_and_spread(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	m->request.mode = JUDGE_TWO_FILES;
	set_aggregate(m, &m->base, 1000, 10, 10);
	set_aggregate(m, &m->head, 1500, 15, 10);
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_string_equal(f->method, "t, aggregates, widened");
	assert_int_equal(f->samples_base, 10);
	assert_true(fabs(f->change_ratio.value - 0.5) < 1e-9);
	assert_true(f->low_ratio.value > 0 && f->low_ratio.value < 0.5 && f->mde_ratio.known);
	assert_false(f->p_two_sided.known || f->measured_low_ratio.known);
	/* 8 % is no news between two sessions, but within one it is. */
	m->head.tables[0].aggregates[0].median = 1080;
	assert_int_equal(judged(m, "BM")->outcome, OUTCOME_SAME);
	m->request.same_session = true;
	f = judged(m, "BM");
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_string_equal(f->method, "t, aggregates");
	m->head.tables[0].aggregates[0].has_sd = m->base.tables[0].aggregates[0].has_sd = false;
	assert_int_equal(judged(m, "BM")->state, STATE_INCOMPARABLE);
	m->request.same_session = false;
	assert_int_equal(judged(m, "BM")->state, STATE_JUDGED);
}

static void a_new_benchmark_shows_its_aggregate(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	m->request.mode = JUDGE_TWO_FILES;
	set_aggregate(m, &m->head, 1000, 10, 10);
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_NEW);
	assert_true(f->current.known && f->samples_head == 10);
}

static void aggregates_of_few_values_decide_as_little_as_the_values(void **state)
{
	struct made *m = *state;

	m->request.mode = JUDGE_TWO_FILES;
	set_aggregate(m, &m->base, 1000, 10, 2);
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 2, 3000, 0.01, 1);
	assert_int_equal(judged(m, "BM")->state, STATE_TOO_FEW);
	/* One side may have its values. */
	m->base.tables[0].aggregated = 12;
	made_values(m->a, &m->head.tables[0], "cpu_time", 10, 3000, 0.01, 1);
	assert_int_equal(judged(m, "BM")->outcome, OUTCOME_SLOWER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(one_stored_run_is_held_with_the_prior_and_many_with_their_history),
		MADE_TEST(the_prior_is_the_stated_one),
		MADE_TEST(a_run_that_was_called_slower_stays_out_of_that_window),
		MADE_TEST(a_suspect_whose_commit_runs_the_same_code_was_the_machine),
		MADE_TEST(no_baseline_is_new_and_one_of_another_machine_incomparable),
		MADE_TEST(two_files_are_widened_unless_they_are_of_one_session),
		MADE_TEST(a_single_repetition_a_side_decides_nothing),
		MADE_TEST(aggregates_alone_are_judged_by_centre_and_spread),
		MADE_TEST(a_new_benchmark_shows_its_aggregate),
		MADE_TEST(aggregates_of_few_values_decide_as_little_as_the_values),
	};

	return cmocka_run_group_tests_name("judge_modes", tests, NULL, NULL);
}
