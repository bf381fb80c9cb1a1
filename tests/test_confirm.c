/* Screening, looks and giving up. */
#include "flow/confirm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "made_runs.h"
#include "stats/signed_rank.h"

enum { ALL = CONFIRM_SCREEN_PAIRS + CONFIRM_MOST_PAIRS };

static const double SHIFT = 0.01;

/* Differences with that mean, of standard deviation 1 %. */
static void draw(double *d, size_t n, double mean, uint64_t seed)
{
	struct random r = {.state = seed};

	for (size_t i = 0; i < n; i++)
		d[i] = mean + 0.01 * made_normal(&r);
}

static struct confirm_answer answer_of(const double *d, size_t screen, size_t fresh)
{
	struct arena *a = arena_open();
	struct confirm_pairs pairs = {
		.d = d, .screen_count = screen, .fresh_count = fresh, .shift = SHIFT, .enough = 0.0005};
	struct confirm_answer answer = confirm_look(a, &pairs);

	arena_close(a);
	return answer;
}

static void too_few_pairs_screen_nothing(void **state)
{
	const double d[ALL] = {1, 1, 1, 1, 1};

	(void)state;
	assert_int_equal(answer_of(d, CONFIRM_SCREEN_PAIRS - 1, 0).step, CONFIRM_SCREENS);
	assert_true(answer_of(d, CONFIRM_SCREEN_PAIRS - 1, 0).p >= 1);
}

static void what_does_not_look_slower_is_cleared_with_p_1(void **state)
{
	double d[ALL];
	struct confirm_answer answer;

	(void)state;
	draw(d, ALL, -0.02, 1);
	answer = answer_of(d, CONFIRM_SCREEN_PAIRS, 0);
	assert_int_equal(answer.step, CONFIRM_CLEARED);
	assert_true(answer.p >= 1);
	/* Whatever else is measured of it, since other series of its job go on. */
	draw(d + CONFIRM_SCREEN_PAIRS, CONFIRM_MOST_PAIRS, 0.5, 2);
	assert_int_equal(answer_of(d, CONFIRM_SCREEN_PAIRS, CONFIRM_MOST_PAIRS).step, CONFIRM_CLEARED);
	assert_true(answer_of(d, CONFIRM_SCREEN_PAIRS, CONFIRM_MOST_PAIRS).p >= 1);
}

static void a_clear_slowdown_ends_at_the_first_look_that_may_decide(void **state)
{
	double d[ALL];
	struct confirm_answer answer;

	(void)state;
	draw(d, ALL, 0.2, 1);
	answer = answer_of(d, CONFIRM_SCREEN_PAIRS, 0);
	assert_int_equal(answer.step, CONFIRM_GOES_ON);
	assert_int_equal(answer.wanted, 10);
	answer = answer_of(d, CONFIRM_SCREEN_PAIRS, 10);
	assert_int_equal(answer.step, CONFIRM_GOES_ON);
	assert_int_equal(answer.wanted, 20);
	assert_true(answer.p >= 1);
	answer = answer_of(d, CONFIRM_SCREEN_PAIRS, 20);
	assert_int_equal(answer.step, CONFIRM_ENDED);
	assert_int_equal(answer.look_pairs, 20);
	assert_true(fabs(answer.p * answer.weight / signed_rank_smallest_p(20) - 1) < 1e-9);
}

static void the_screening_pairs_do_not_decide(void **state)
{
	double d[ALL], other[ALL];

	(void)state;
	draw(d, ALL, 0.02, 3);
	draw(other, ALL, 0.02, 3);
	for (size_t i = 0; i < CONFIRM_SCREEN_PAIRS; i++)
		other[i] = 9 + (double)i;
	assert_true(fabs(answer_of(d, CONFIRM_SCREEN_PAIRS, 40).p - answer_of(other, CONFIRM_SCREEN_PAIRS, 40).p) <
		    1e-15);
}

static void what_no_longer_looks_slower_is_given_up(void **state)
{
	double d[ALL];
	struct confirm_answer answer;

	(void)state;
	draw(d, CONFIRM_SCREEN_PAIRS, 0.015, 1);
	draw(d + CONFIRM_SCREEN_PAIRS, CONFIRM_MOST_PAIRS, 0, 2);
	answer = answer_of(d, CONFIRM_SCREEN_PAIRS, 10);
	assert_int_equal(answer.step, CONFIRM_GAVE_UP);
	assert_true(answer.p >= 1);
	/* More pairs change nothing: the procedure had ended. */
	assert_int_equal(answer_of(d, CONFIRM_SCREEN_PAIRS, 60).step, CONFIRM_GAVE_UP);
}

static void nobody_gets_more_than_the_last_look(void **state)
{
	double d[ALL];

	(void)state;
	draw(d, ALL, 0.0125, 8);
	assert_int_not_equal(answer_of(d, CONFIRM_SCREEN_PAIRS, CONFIRM_MOST_PAIRS).step, CONFIRM_GOES_ON);
}

/* At the edge of the null hypothesis P(p <= a) <= a, however often one looks.  20,000 series of a fixed seed. */
static void looking_often_costs_no_false_alarms(void **state)
{
	size_t below = 0, series = 20000;
	const double level = 0.02;

	(void)state;
	for (size_t i = 0; i < series; i++) {
		double d[ALL];

		draw(d, ALL, SHIFT, 1000 + i);
		for (size_t fresh = 0; fresh <= CONFIRM_MOST_PAIRS;
		     fresh = answer_of(d, CONFIRM_SCREEN_PAIRS, fresh).wanted) {
			struct confirm_answer answer = answer_of(d, CONFIRM_SCREEN_PAIRS, fresh);

			if (answer.step == CONFIRM_GOES_ON)
				continue;
			below += answer.p <= level;
			break;
		}
	}
	/* Four standard deviations of a binomial above. */
	assert_true((double)below < (double)series * level + 4 * sqrt((double)series * level));
	assert_true(below > 0);
}

static void a_smaller_alpha_sees_less(void **state)
{
	(void)state;
	for (double alpha = 0.05; alpha > 1e-9; alpha /= 2)
		assert_true(confirm_mde(alpha / 2) > confirm_mde(alpha));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_few_pairs_screen_nothing),
		cmocka_unit_test(what_does_not_look_slower_is_cleared_with_p_1),
		cmocka_unit_test(a_clear_slowdown_ends_at_the_first_look_that_may_decide),
		cmocka_unit_test(the_screening_pairs_do_not_decide),
		cmocka_unit_test(what_no_longer_looks_slower_is_given_up),
		cmocka_unit_test(nobody_gets_more_than_the_last_look),
		cmocka_unit_test(looking_often_costs_no_false_alarms),
		cmocka_unit_test(a_smaller_alpha_sees_less),
	};

	return cmocka_run_group_tests_name("confirm", tests, NULL, NULL);
}
