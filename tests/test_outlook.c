/* What a job still has to measure. */
#include "flow/outlook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/confirm.h"
#include "made_runs.h"

/* Pairs that screen and pairs that confirm, the head `ratio` times the base. */
static void add_screened(struct made *m, const char *name, const char *metric, size_t fresh, double ratio)
{
	struct slice_table *base = run_find(&m->base, "s", name), *head = run_find(&m->head, "s", name);
	size_t all = CONFIRM_SCREEN_PAIRS + fresh;

	base = base ? base : made_bench(m->a, &m->base, name);
	head = head ? head : made_bench(m->a, &m->head, name);
	if (base->slice_count) {
		struct metric column = metric_of(metric);

		for (size_t i = 0; i < base->slice_count; i++) {
			table_set(m->a, base, &base->slices[i], &column, 1000);
			table_set(m->a, head, &head->slices[i], &column, 1000 * ratio + (double)i);
		}
		return;
	}
	made_values(m->a, base, metric, all, 1000, 0.005, 1);
	made_values(m->a, head, metric, all, 1000 * ratio, 0.005, 2);
	for (size_t i = 0; i < all; i++)
		base->slices[i].phase = head->slices[i].phase = i < CONFIRM_SCREEN_PAIRS ? PHASE_SCREEN : PHASE_CONFIRM;
}

static struct outlook outlook(struct made *m, const char *name, bool improvements)
{
	struct outlook_request request = {.judge = &m->request, .family = 100, .improvements = improvements};

	return outlook_of(m->a, &request, run_find(&m->base, "s", name), run_find(&m->head, "s", name));
}

static void what_looks_the_same_needs_nothing_more(void **state)
{
	struct made *m = *state;

	add_screened(m, "BM_x", "cpu_time", 0, 1);
	assert_int_equal(outlook(m, "BM_x", false).pairs, 0);
	assert_string_equal(judged(m, "BM_x")->method, "signed-rank, screened");
	assert_int_equal(judged(m, "BM_x")->outcome, OUTCOME_SAME);
	assert_true(judged(m, "BM_x")->low_ratio.known);
}

static void what_looks_slower_needs_fresh_pairs_until_it_is_called(void **state)
{
	struct made *m = *state;

	add_screened(m, "BM_x", "cpu_time", 0, 1.1);
	assert_int_equal(outlook(m, "BM_x", false).pairs, 10);
	add_screened(m, "BM_y", "cpu_time", 10, 1.1);
	assert_int_equal(outlook(m, "BM_y", false).pairs, 20);
	add_screened(m, "BM_z", "cpu_time", 20, 1.1);
	assert_int_equal(outlook(m, "BM_z", false).pairs, 0);
	assert_int_equal(judged(m, "BM_z")->outcome, OUTCOME_SLOWER);
	assert_string_equal(find(m, "BM_z", "cpu_time")->method, "signed-rank, confirmed");
	assert_true(find(m, "BM_z", "cpu_time")->low_ratio.value > 0.01);
}

static void a_budget_that_ends_first_leaves_it_undecided(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	add_screened(m, "BM_x", "cpu_time", 10, 1.1);
	f = judged(m, "BM_x");
	assert_int_equal(f->state, STATE_UNDECIDED);
	assert_int_equal(f->effect, EFFECT_PASS);
	m->request.undecided_fails = true;
	assert_int_equal(judged(m, "BM_x")->effect, EFFECT_ERROR);
	assert_int_equal(m->verdict.status, 3);
}

static void a_small_improvement_is_confirmed_only_on_demand(void **state)
{
	struct made *m = *state;

	add_screened(m, "BM_x", "cpu_time", 0, 0.95);
	assert_int_equal(outlook(m, "BM_x", false).pairs, 0);
	assert_int_equal(outlook(m, "BM_x", true).pairs, 10);
	add_screened(m, "BM_y", "cpu_time", 0, 0.8);
	assert_int_equal(outlook(m, "BM_y", false).pairs, 10);
	/* Not confirmed is not undecided: nothing is at stake. */
	assert_int_equal(judged(m, "BM_x")->state, STATE_JUDGED);
}

static void a_metric_that_is_only_reported_asks_for_nothing(void **state)
{
	struct made *m = *state;

	add_screened(m, "BM_x", "cpu_time", 0, 1);
	add_screened(m, "BM_x", "hits", 0, 2);
	add_screened(m, "BM_x", "real_time", 0, 1.1);
	assert_int_equal(outlook(m, "BM_x", false).pairs, 0);
	judged(m, "BM_x");
	assert_int_equal(find(m, "BM_x", "real_time")->state, STATE_UNDECIDED);
	assert_int_equal(find(m, "BM_x", "real_time")->effect, EFFECT_PASS);
}

static void a_clock_that_would_warn_is_confirmed(void **state)
{
	struct made *m = *state;

	add_screened(m, "BM_x", "cpu_time", 0, 1);
	add_screened(m, "BM_x", "real_time", 0, 1.3);
	assert_int_equal(outlook(m, "BM_x", false).pairs, 10);
}

static void screening_that_was_not_finished_is_too_few(void **state)
{
	struct made *m = *state;

	add_screened(m, "BM_x", "cpu_time", 0, 1.1);
	run_find(&m->head, "s", "BM_x")->slice_count--;
	assert_int_equal(outlook(m, "BM_x", false).pairs, 0);
	assert_int_equal(judged(m, "BM_x")->state, STATE_TOO_FEW);
}

static void gated_series_are_counted(void **state)
{
	struct made *m = *state;
	struct outlook_request request = {.judge = &m->request};

	add_screened(m, "BM_x", "cpu_time", 0, 1);
	add_screened(m, "BM_x", "real_time", 0, 1);
	assert_int_equal(
		outlook_gated(m->a, &request, run_find(&m->base, "s", "BM_x"), run_find(&m->head, "s", "BM_x")), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(what_looks_the_same_needs_nothing_more),
		MADE_TEST(what_looks_slower_needs_fresh_pairs_until_it_is_called),
		MADE_TEST(a_budget_that_ends_first_leaves_it_undecided),
		MADE_TEST(a_small_improvement_is_confirmed_only_on_demand),
		MADE_TEST(a_metric_that_is_only_reported_asks_for_nothing),
		MADE_TEST(a_clock_that_would_warn_is_confirmed),
		MADE_TEST(screening_that_was_not_finished_is_too_few),
		MADE_TEST(gated_series_are_counted),
	};

	return cmocka_run_group_tests_name("outlook", tests, NULL, NULL);
}
