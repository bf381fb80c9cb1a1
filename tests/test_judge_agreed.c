/* Accepted regressions and budgets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"

enum { TODAY = 20778 /* 2026-11-21 */ };

/* BM was accepted on 2026-11-20 at 1000 to 1240 ns, up to 25 %. */
static struct accepted agreed = {
	.series = "s/BM:cpu_time",
	.reason = "checks every coupon",
	.date = "2026-11-20",
	.until = "",
	.unit = "ns",
	.machine = "made",
	.baseline = {1000, true},
	.current = {1240, true},
	.bound = {1250, true},
	.bound_ratio = {0.25, true},
};

static struct accepted_list list = {.items = &agreed, .count = 1};

static void accept(struct made *m)
{
	agreed.until = "";
	agreed.date = "2026-11-20";
	m->request.accepted = &list;
	m->request.today = TODAY;
}

static void an_accepted_slowdown_passes_and_is_shown(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	accept(m);
	add(m, "BM", 1.24, 1);
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_ACCEPTED);
	assert_int_equal(f->effect, EFFECT_PASS);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_true(f->change_ratio.known && f->low_ratio.known);
	assert_non_null(strstr(f->reason, "%, accepted on 2026-11-20 up to +25 %: checks every coupon"));
	assert_int_equal(m->verdict.status, 0);
}

static void an_acceptance_ends_after_its_last_day(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	accept(m);
	add(m, "BM", 1.24, 1);
	agreed.until = "2026-11-21";
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_ACCEPTED);
	assert_string_equal(f->until, "2026-11-21");
	assert_non_null(strstr(f->reason, "until 2026-11-21: checks"));
	m->request.today = TODAY + 1;
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->effect, EFFECT_FAIL);
	assert_string_equal(f->reason, "it was accepted until 2026-11-21, which has passed: checks every coupon");
	assert_int_equal(m->verdict.status, 1);
}

static void a_slowdown_that_grows_beyond_its_bound_fails_again(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	accept(m);
	add(m, "BM", 1.35, 1);
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->effect, EFFECT_FAIL);
	assert_string_equal(f->reason,
			    "it grew beyond what was accepted on 2026-11-20 (up to +25 %): checks every coupon");
	/* An estimate above the bound is within it while the lower end is. */
	agreed.bound_ratio.value = f->low_ratio.value + 1e-6;
	f = judged(m, "BM");
	agreed.bound_ratio.value = 0.25;
	assert_int_equal(f->state, STATE_ACCEPTED);
}

static void an_acceptance_of_another_series_excuses_nothing(void **state)
{
	struct made *m = *state;

	accept(m);
	add(m, "BM_other", 1.24, 1);
	assert_int_equal(judged(m, "BM_other")->effect, EFFECT_FAIL);
	add(m, "BM/iterations:7", 1.24, 2);
	assert_int_equal(judged(m, "BM/iterations:7")->state, STATE_ACCEPTED);
}

static void an_acceptance_of_what_is_not_slower_changes_nothing(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	accept(m);
	add(m, "BM", 1, 1);
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SAME);
	assert_string_equal(f->reason, "");
}

static void the_bound_of_a_rate_is_its_lower_end(void **state)
{
	static const char *const metrics[] = {"items_per_second"};
	struct judge_suite suite = {.name = "s", .metrics = metrics, .metric_count = 1, .place = ""};
	struct made *m = *state;

	accept(m);
	agreed.series = "s/BM:items_per_second";
	agreed.bound_ratio.value = -0.25;
	m->request.suites = &suite;
	m->request.suite_count = 1;
	made_values(m->a, made_bench(m->a, &m->base, "BM"), "items_per_second", 20, 1e6, 0.005, 1);
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "items_per_second", 20, 0.8e6, 0.005, 2);
	judge(m->a, &m->request, &m->verdict);
	assert_int_equal(find(m, "BM", "items_per_second")->state, STATE_ACCEPTED);
	agreed.bound_ratio.value = -0.15;
	judge(m->a, &m->request, &m->verdict);
	assert_int_equal(find(m, "BM", "items_per_second")->effect, EFFECT_FAIL);
	agreed.series = "s/BM:cpu_time";
	agreed.bound_ratio.value = 0.25;
}

/* Stored runs of 1000 ns, the last `slow` of them of 1240 ns and called slower; all of `day`. */
static struct judge_stored *window_of(struct made *m, size_t count, size_t slow, const char *day)
{
	static const char *const slower[] = {"s/BM:cpu_time"};
	struct judge_stored *w = NEW_ARRAY(m->a, struct judge_stored, count);

	for (size_t i = 0; i < count; i++) {
		struct run *run = NEW(m->a, struct run);
		bool is_slow = i + slow >= count;

		*run = made_run(m->a);
		run->started = arena_printf(m->a, "%sT01:02:03Z", day);
		made_values(m->a, made_bench(m->a, run, "BM"), "cpu_time", 20, is_slow ? 1240 : 1000, 0.01, 77 + i);
		w[i] = (struct judge_stored){.run = run, .slower = slower, .slower_count = is_slow};
	}
	m->request.mode = JUDGE_STORED;
	m->request.window = w;
	m->request.window_count = count;
	return w;
}

static void runs_of_an_accepted_slowdown_are_the_new_normal(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	window_of(m, 12, 3, "2026-11-20");
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1240, 0.01, 5);
	f = judged(m, "BM");
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_int_equal(f->samples_base, 9);
	accept(m);
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SAME);
	assert_int_equal(f->samples_base, 3);
	/* Accepted the day before they were measured: it was not about them. */
	agreed.date = "2026-11-19";
	assert_int_equal(judged(m, "BM")->samples_base, 9);
}

static void runs_of_what_is_accepted_until_a_day_stay_out(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	accept(m);
	window_of(m, 12, 3, "2026-11-20");
	agreed.until = "2026-11-30";
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1240, 0.01, 5);
	f = judged(m, "BM");
	assert_int_equal(f->samples_base, 9);
	assert_int_equal(f->state, STATE_ACCEPTED);
	m->request.today = TODAY + 20;
	assert_int_equal(judged(m, "BM")->effect, EFFECT_FAIL);
}

static void a_slow_run_that_was_mended_begins_no_new_window(void **state)
{
	struct made *m = *state;
	struct judge_stored *w = window_of(m, 12, 0, "2026-11-20");

	accept(m);
	w[2].slower_count = 1;
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1000, 0.01, 5);
	assert_int_equal(judged(m, "BM")->samples_base, 12);
}

static void a_further_slowdown_beyond_the_accepted_one_fails(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	accept(m);
	window_of(m, 12, 5, "2026-11-20");
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1800, 0.01, 5);
	f = judged(m, "BM");
	assert_int_equal(f->effect, EFFECT_FAIL);
	assert_string_equal(
		f->reason,
		"what was accepted on 2026-11-20 is in the baseline already; this is more: checks every coupon");
	/* Old runs, the acceptance came with the change; 1800 is far above its amount. */
	window_of(m, 12, 0, "2026-11-19");
	f = judged(m, "BM");
	assert_non_null(strstr(f->reason, "it grew beyond"));
}

static void on_another_machine_the_ratio_is_the_bound(void **state)
{
	struct made *m = *state;

	accept(m);
	window_of(m, 20, 0, "2026-11-19");
	agreed.machine = "laptop";
	agreed.bound.value = 12; /* it is a much faster one */
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1240, 0.01, 5);
	assert_int_equal(judged(m, "BM")->state, STATE_ACCEPTED);
	agreed.machine = "made";
	assert_int_equal(judged(m, "BM")->effect, EFFECT_FAIL);
	agreed.bound.value = 1250;
	assert_int_equal(judged(m, "BM")->state, STATE_ACCEPTED);
}

static void a_window_of_slow_runs_alone_is_said_to_be_one(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	window_of(m, 4, 4, "2026-11-20");
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1240, 0.01, 5);
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_INCOMPARABLE);
	assert_true(f->only_slower_runs);
	assert_non_null(strstr(f->reason, "every stored run was called slower"));
}

static void hold(struct made *m, const struct budget *budget)
{
	m->request.budgets = budget;
	m->request.budget_count = 1;
}

static void a_broken_budget_fails_a_row_that_is_the_same(void **state)
{
	const struct budget b = {.match = "s/*:time", .has_max = true, .max = 900, .place = "pawl.yml:9"};
	struct made *m = *state;
	const struct finding *f;

	hold(m, &b);
	add_exact(m, "BM", 1);
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SAME);
	assert_int_equal(f->severity, SEVERITY_HIGH);
	assert_int_equal(f->effect, EFFECT_FAIL);
	assert_non_null(strstr(f->reason, "budget: 1.00 us is above 900 ns"));
	assert_int_equal(m->verdict.status, 1);
	assert_string_equal(m->verdict.status_reason, "1 broken budget that fails the check, the worst HIGH");
	add(m, "BM_slow", 1.5, 2);
	judged(m, "BM_slow");
	assert_string_equal(m->verdict.status_reason,
			    "1 regression and 1 broken budget that fail the check, the worst CRITICAL");
}

static void the_worse_of_budget_and_verdict_is_the_severity(void **state)
{
	const struct budget b = {.match = "s/*:cpu_time", .has_max = true, .max = 1240, .place = ""};
	struct made *m = *state;
	const struct finding *f;

	hold(m, &b);
	add(m, "BM", 1.25, 1);
	f = judged(m, "BM");
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_int_equal(f->severity, SEVERITY_HIGH); /* the budget alone: MEDIUM */
	assert_non_null(strstr(f->reason, "budget: "));
	assert_string_equal(m->verdict.status_reason, "1 regression that fails the check, the worst HIGH");
}

static void a_budget_holds_for_new_rows_and_without_a_gate(void **state)
{
	const struct budget b = {.match = "s/*:widgets", .has_max = true, .max = 100, .place = ""};
	struct made *m = *state;
	const struct finding *f;

	hold(m, &b);
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "widgets", 20, 104, 0, 1);
	judge(m->a, &m->request, &m->verdict);
	f = find(m, "BM", "widgets");
	assert_int_equal(f->state, STATE_NEW);
	assert_true(f->gated);
	assert_int_equal(f->severity, SEVERITY_MEDIUM);
	assert_int_equal(f->effect, EFFECT_FAIL);
	assert_string_equal(f->reason, "budget: 104 is above 100; the base does not have it");
	assert_int_equal(m->verdict.status, 1);
}

static void a_budget_that_is_kept_is_a_check(void **state)
{
	const struct budget b = {.match = "s/*:widgets", .has_max = true, .max = 200, .place = ""};
	struct made *m = *state;

	made_values(m->a, made_bench(m->a, &m->head, "BM"), "widgets", 20, 104, 0, 1);
	judge(m->a, &m->request, &m->verdict);
	assert_int_equal(m->verdict.status, 3); /* no gated series, no budget: nothing was checked */
	hold(m, &b);
	judge(m->a, &m->request, &m->verdict);
	assert_int_equal(m->verdict.status, 0);
	assert_false(find(m, "BM", "widgets")->gated);
}

static void a_budget_below_fail_on_warns(void **state)
{
	const struct budget b = {.match = "s/*:time", .has_max = true, .max = 999, .place = ""};
	struct made *m = *state;
	const struct finding *f;

	hold(m, &b);
	m->request.has_fail_on = true;
	m->request.fail_on = SEVERITY_HIGH;
	add_exact(m, "BM", 1);
	f = judged(m, "BM");
	assert_int_equal(f->effect, EFFECT_PASS);
	assert_int_equal(f->severity, SEVERITY_NONE);
	/* Three digits would hide what is wrong. */
	assert_string_equal(f->warning, "budget: 1.00 us is above 999 ns");
	assert_int_equal(m->verdict.status, 0);
}

static void two_amounts_that_look_the_same_are_written_whole(void **state)
{
	const struct budget b = {.match = "s/*:time", .has_max = true, .max = 999.5, .place = ""};
	struct made *m = *state;

	hold(m, &b);
	add_exact(m, "BM", 1.0001);
	assert_string_equal(judged(m, "BM")->reason, "budget: 1000.1 ns is above 999.5 ns");
}

static void an_accepted_row_must_keep_its_budget(void **state)
{
	const struct budget b = {.match = "s/*:time", .has_max = true, .max = 1200, .place = ""};
	struct made *m = *state;
	const struct finding *f;

	accept(m);
	hold(m, &b);
	add(m, "BM", 1.24, 1);
	f = judged(m, "BM");
	assert_int_equal(f->state, STATE_ACCEPTED);
	assert_int_equal(f->effect, EFFECT_FAIL);
	assert_int_equal(m->verdict.status, 1);
}

static void a_budget_that_names_nothing_is_told(void **state)
{
	const struct budget b = {.match = "s/*:p95", .has_max = true, .max = 1, .place = "pawl.yml:9"};
	struct made *m = *state;

	hold(m, &b);
	add(m, "BM", 1, 1);
	judged(m, "BM");
	assert_int_equal(m->verdict.warning_count, 1);
	assert_string_equal(m->verdict.warnings[0],
			    "pawl.yml:9: the budget for s/*:p95 names no series that was measured");
	m->request.partial = true;
	judged(m, "BM");
	assert_int_equal(m->verdict.warning_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(an_accepted_slowdown_passes_and_is_shown),
		MADE_TEST(an_acceptance_ends_after_its_last_day),
		MADE_TEST(a_slowdown_that_grows_beyond_its_bound_fails_again),
		MADE_TEST(an_acceptance_of_another_series_excuses_nothing),
		MADE_TEST(an_acceptance_of_what_is_not_slower_changes_nothing),
		MADE_TEST(the_bound_of_a_rate_is_its_lower_end),
		MADE_TEST(runs_of_an_accepted_slowdown_are_the_new_normal),
		MADE_TEST(runs_of_what_is_accepted_until_a_day_stay_out),
		MADE_TEST(a_slow_run_that_was_mended_begins_no_new_window),
		MADE_TEST(a_further_slowdown_beyond_the_accepted_one_fails),
		MADE_TEST(on_another_machine_the_ratio_is_the_bound),
		MADE_TEST(a_window_of_slow_runs_alone_is_said_to_be_one),
		MADE_TEST(a_broken_budget_fails_a_row_that_is_the_same),
		MADE_TEST(the_worse_of_budget_and_verdict_is_the_severity),
		MADE_TEST(a_budget_holds_for_new_rows_and_without_a_gate),
		MADE_TEST(a_budget_that_is_kept_is_a_check),
		MADE_TEST(a_budget_below_fail_on_warns),
		MADE_TEST(two_amounts_that_look_the_same_are_written_whole),
		MADE_TEST(an_accepted_row_must_keep_its_budget),
		MADE_TEST(a_budget_that_names_nothing_is_told),
	};

	return cmocka_run_group_tests_name("judge_agreed", tests, NULL, NULL);
}
