/*
 * Names of states and outcomes, and counts.
 */
#include "model/verdict.h"

#include "verdict_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void every_state_and_outcome_is_found_by_its_name(void **state)
{
	enum state s = STATE_JUDGED;
	enum outcome o = OUTCOME_NONE;

	(void)state;
	for (size_t i = 0; i < STATE_COUNT; i++) {
		assert_true(state_find(state_name((enum state)i), &s));
		assert_int_equal(s, i);
	}
	for (size_t i = OUTCOME_NONE; i <= OUTCOME_SAME; i++) {
		assert_true(outcome_find(outcome_name((enum outcome)i), &o));
		assert_int_equal(o, i);
	}
	assert_false(state_find("Judged", &s));
	assert_false(outcome_find("slow", &o));
}

static void rows_are_counted_by_state_outcome_and_severity(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);
	struct verdict_counts c = verdict_count(&v);

	(void)state;
	assert_int_equal(c.benchmarks, 24);
	assert_int_equal(c.slower, 2);
	assert_int_equal(c.faster, 1);
	assert_int_equal(c.same, 2);
	assert_int_equal(c.too_noisy, 1);
	assert_int_equal(c.by_state[STATE_NEW], 12);
	assert_int_equal(c.by_state[STATE_JUDGED], 6);
	assert_int_equal(c.by_severity[SEVERITY_HIGH], 1);
	assert_int_equal(c.by_severity[SEVERITY_LOW], 1);
	assert_true(c.largest_mde_ratio.known);
	assert_true(c.largest_mde_ratio.value == 0.0341);
	arena_close(a);
}

static void nothing_counts_as_nothing(void **state)
{
	struct verdict v = {0};
	struct verdict_counts c = verdict_count(&v);

	(void)state;
	assert_int_equal(c.benchmarks, 0);
	assert_false(c.largest_mde_ratio.known);
}

static void noisy_is_a_gated_same_row_that_could_not_see_its_threshold(void **state)
{
	struct finding f = {
		.gated = true, .outcome = OUTCOME_SAME, .threshold_ratio = 0.1, .mde_ratio = KNOWN(0.1000001)};

	(void)state;
	assert_true(finding_is_noisy(&f));
	assert_false(finding_is_small(&f));
	f.min_effect_ratio = (struct number)KNOWN(0.1);
	assert_false(finding_is_noisy(&f));
	assert_true(finding_is_small(&f));
	f.min_effect_ratio.value = 0.01;
	f.mde_ratio.value = 0.1;
	assert_false(finding_is_noisy(&f));
	f.mde_ratio.value = 0.2;
	f.gated = false;
	assert_false(finding_is_noisy(&f));
	f.gated = true;
	f.outcome = OUTCOME_SLOWER;
	assert_false(finding_is_noisy(&f));
	f.outcome = OUTCOME_SAME;
	f.mde_ratio.known = false;
	assert_false(finding_is_noisy(&f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_and_outcome_is_found_by_its_name),
		cmocka_unit_test(rows_are_counted_by_state_outcome_and_severity),
		cmocka_unit_test(nothing_counts_as_nothing),
		cmocka_unit_test(noisy_is_a_gated_same_row_that_could_not_see_its_threshold),
	};

	return cmocka_run_group_tests_name("test_verdict", tests, NULL, NULL);
}
