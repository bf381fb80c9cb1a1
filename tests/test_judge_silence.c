/* What would pass in silence: lost baselines, lost benchmarks, runs that cannot be compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"

static const char *const slower_bm[] = {"s/BM:cpu_time"};

/* Stored runs of BM at these medians; those marked were called slower. */
static void store(struct made *m, const double *medians, const bool *marked, size_t count)
{
	struct judge_stored *w = NEW_ARRAY(m->a, struct judge_stored, count);

	for (size_t i = 0; i < count; i++) {
		struct run *run = NEW(m->a, struct run);

		*run = made_run(m->a);
		made_values(m->a, made_bench(m->a, run, "BM"), "cpu_time", 20, medians[i], 0.01, 7 + i);
		w[i] = (struct judge_stored){.run = run, .slower = slower_bm, .slower_count = marked[i] ? 1 : 0};
	}
	m->request.mode = JUDGE_STORED;
	m->request.window = w;
	m->request.window_count = count;
}

static void the_window_is_of_runs_that_count_and_not_of_those_called_slower(void **state)
{
	static const double medians[] = {1000, 1000, 1000, 3000, 3000, 3000};
	static const bool marked[] = {false, false, false, true, true, true};
	struct made *m = *state;

	store(m, medians, marked, 6);
	m->request.window_size = 3;
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 3000, 0.01, 5);
	assert_int_equal(judged(m, "BM")->outcome, OUTCOME_SLOWER);
	assert_int_equal(find(m, "BM", "cpu_time")->samples_base, 3);
	m->request.window_size = 2;
	assert_int_equal(judged(m, "BM")->samples_base, 2);
}

static void a_series_whose_every_stored_run_was_slower_has_no_baseline_and_does_not_pass(void **state)
{
	static const double medians[] = {3000};
	static const bool marked[] = {true};
	struct made *m = *state;

	store(m, medians, marked, 1);
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 3000, 0.01, 5);
	assert_int_equal(judged(m, "BM")->state, STATE_INCOMPARABLE);
	assert_true(find(m, "BM", "cpu_time")->only_slower_runs);
	assert_int_equal(m->verdict.status, 3);
}

static void a_benchmark_of_any_run_of_the_window_can_be_gone(void **state)
{
	static const double medians[] = {1000, 1000};
	static const bool marked[] = {false, false};
	struct made *m = *state;

	store(m, medians, marked, 2);
	made_values(m->a, made_bench(m->a, (struct run *)m->request.window[0].run, "BM_old"), "cpu_time", 20, 1000,
		    0.01, 3);
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1000, 0.01, 5);
	judge(m->a, &m->request, &m->verdict);
	assert_int_equal(find(m, "BM_old", "cpu_time")->state, STATE_GONE);
	assert_int_equal(m->verdict.status, 0);
}

static void when_all_there_was_is_gone_nothing_was_checked(void **state)
{
	struct made *m = *state;

	made_bench(m->a, &m->base, "BM");
	judge(m->a, &m->request, &m->verdict);
	assert_int_equal(find(m, "BM", "cpu_time")->state, STATE_GONE);
	assert_int_equal(m->verdict.status, 3);
}

static void what_failed_when_it_was_stored_too_does_not_fail_the_check(void **state)
{
	static const double medians[] = {1000};
	static const bool marked[] = {false};
	struct made *m = *state;
	struct slice_table *t;

	store(m, medians, marked, 1);
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1000, 0.01, 5);
	t = made_bench(m->a, (struct run *)m->request.window[0].run, "BM_bad");
	t->status = BENCH_FAILED;
	t->reason = "signal 11";
	t = made_bench(m->a, &m->head, "BM_bad");
	t->status = BENCH_FAILED;
	t->reason = "signal 11";
	judge(m->a, &m->request, &m->verdict);
	assert_int_equal(find(m, "BM_bad", "cpu_time")->state, STATE_FAILED);
	assert_int_equal(find(m, "BM_bad", "cpu_time")->effect, EFFECT_PASS);
	assert_int_equal(m->verdict.status, 0);
}

static void times_of_two_machine_classes_are_not_compared(void **state)
{
	struct made *m = *state;

	m->request.mode = JUDGE_TWO_FILES;
	m->request.other_class = true;
	add(m, "BM", 3, 1);
	assert_int_equal(judged(m, "BM")->state, STATE_INCOMPARABLE);
	assert_non_null(strstr(find(m, "BM", "cpu_time")->reason, "machines of different classes"));
	assert_int_equal(m->verdict.status, 3);
}

static void what_the_budget_left_out_says_so(void **state)
{
	struct made *m = *state;

	add(m, "BM_good", 1, 1);
	made_bench(m->a, &m->base, "BM");
	made_bench(m->a, &m->head, "BM")->reason = "no time for 6 pairs within the budget of 1 ms; 2 s would do";
	assert_int_equal(judged(m, "BM")->state, STATE_TOO_FEW);
	assert_string_equal(find(m, "BM", "cpu_time")->reason,
			    "no time for 6 pairs within the budget of 1 ms; 2 s would do");
	assert_int_equal(m->verdict.status, 0);
}

/* With most rows slower the slower family is lenient, the faster one strict: each end of an interval has its own. */
static void both_ends_of_an_interval_agree_with_their_own_family(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		void *own;
		struct made *m;

		setup(&own);
		m = own;
		for (uint64_t i = 0; i < 12; i++)
			add(m, arena_printf(m->a, "BM_s%d", (int)i), 1.3, seed * 100 + i);
		add(m, "BM_edge", 1 - 0.0003 * (double)seed, seed);
		judge(m->a, &m->request, &m->verdict);
		for (size_t i = 0; i < m->verdict.finding_count; i++) {
			const struct finding *f = &m->verdict.findings[i];

			assert_int_equal(f->low_ratio.value > 0.01, f->outcome == OUTCOME_SLOWER);
			assert_int_equal(f->high_ratio.value < 1 / 1.01 - 1, f->outcome == OUTCOME_FASTER);
		}
		teardown(&own);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(the_window_is_of_runs_that_count_and_not_of_those_called_slower),
		MADE_TEST(a_series_whose_every_stored_run_was_slower_has_no_baseline_and_does_not_pass),
		MADE_TEST(a_benchmark_of_any_run_of_the_window_can_be_gone),
		MADE_TEST(when_all_there_was_is_gone_nothing_was_checked),
		MADE_TEST(what_failed_when_it_was_stored_too_does_not_fail_the_check),
		MADE_TEST(times_of_two_machine_classes_are_not_compared),
		MADE_TEST(what_the_budget_left_out_says_so),
		MADE_TEST(both_ends_of_an_interval_agree_with_their_own_family),
	};

	return cmocka_run_group_tests_name("judge_silence", tests, NULL, NULL);
}
