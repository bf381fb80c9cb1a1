/* The signed-rank test, its estimate and its interval. */
#include "stats/signed_rank.h"

#include "base/random.h"
#include "golden_stats.h"
#include "stats/distribution.h"

static double random_unit(struct random *r)
{
	return ((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0;
}

/* Differences without ties, around 0. */
static double *random_differences(struct arena *a, struct random *r, size_t n)
{
	double *d = NEW_ARRAY(a, double, n);

	for (size_t i = 0; i < n; i++)
		d[i] = random_unit(r) - 0.45;
	return d;
}

static void check_p(const cJSON *expected, const struct signed_rank *actual)
{
	assert_true(actual->exact);
	assert_near(actual->w_plus, golden_number(expected, "W_plus"), 0);
	assert_near(actual->p_greater, golden_number(expected, "greater"), 1e-12);
	assert_near(actual->p_less, golden_number(expected, "less"), 1e-12);
	assert_near(actual->p_two_sided, golden_number(expected, "two_sided_doubled"), 1e-12);
}

static void check_interval(const cJSON *expected, const struct interval *actual)
{
	assert_near((double)actual->k, golden_number(expected, "k"), 0);
	assert_int_equal(actual->exists, actual->k > 0);
	if (!actual->exists) {
		assert_null(golden_find(expected, "lower"));
		return;
	}
	assert_near(actual->lower, golden_number(expected, "lower"), 0);
	assert_near(actual->upper, golden_number(expected, "upper"), 0);
	assert_near(actual->attained, golden_number(expected, "attained"), 1e-12);
}

static void every_golden_case_agrees(void **state)
{
	cJSON *root = golden_read("signed_rank");
	const cJSON *item;
	size_t cases = 0, shifted = 0, intervals = 0, plain = 0;

	(void)state;
	cJSON_ArrayForEach(item, golden_find(root, "cases"))
	{
		struct arena *a = arena_open();
		size_t n;
		double *d = golden_array(a, item, "d", &n);
		struct signed_rank test = signed_rank_test(a, d, n, 0), moved = signed_rank_test(a, d, n, 0.01);
		struct interval low = signed_rank_interval(a, d, n, 0.95), high = signed_rank_interval(a, d, n, 0.99);
		const cJSON *scipy = golden_find(item, "scipy_exact");

		check_p(golden_find(item, "signed_rank"), &test);
		check_p(golden_find(item, "signed_rank_shifted_by_0_01"), &moved);
		check_interval(golden_find(item, "interval_95"), &low);
		check_interval(golden_find(item, "interval_99"), &high);
		assert_near(signed_rank_estimate(a, d, n), golden_number(item, "hodges_lehmann"), 1e-15);
		if (scipy != NULL) {
			assert_near(test.p_greater, golden_number(scipy, "greater"), 1e-12);
			assert_near(test.p_less, golden_number(scipy, "less"), 1e-12);
			assert_near(test.p_two_sided, golden_number(scipy, "two-sided"), 1e-12);
			plain++;
		}
		cases++;
		shifted++;
		intervals += (size_t)low.exists + (size_t)high.exists;
		arena_close(a);
	}
	assert_int_equal(cases, 82);
	assert_int_equal(shifted, 82);
	assert_int_equal(plain, 54);
	assert_true(intervals > 82);
	cJSON_Delete(root);
}

static void turning_the_signs_swaps_the_sides(void **state)
{
	struct random r = {.state = 11};

	(void)state;
	for (size_t n = 1; n <= 40; n++) {
		struct arena *a = arena_open();
		double *d = random_differences(a, &r, n), *turned = NEW_ARRAY(a, double, n);

		for (size_t i = 0; i < n; i++)
			turned[i] = -d[i];

		struct signed_rank one = signed_rank_test(a, d, n, 0), other = signed_rank_test(a, turned, n, 0);
		struct interval left = signed_rank_interval(a, d, n, 0.9),
				right = signed_rank_interval(a, turned, n, 0.9);

		assert_near(one.p_greater, other.p_less, 0);
		assert_near(one.p_less, other.p_greater, 0);
		assert_near(one.p_two_sided, other.p_two_sided, 0);
		assert_near(signed_rank_estimate(a, d, n), -signed_rank_estimate(a, turned, n), 0);
		assert_near(left.lower, -right.upper, 0);
		assert_near(left.upper, -right.lower, 0);
		arena_close(a);
	}
}

static void moving_the_data_moves_estimate_and_interval(void **state)
{
	struct random r = {.state = 12};

	(void)state;
	for (size_t n = 6; n <= 40; n++) {
		struct arena *a = arena_open();
		double *d = NEW_ARRAY(a, double, n), *moved = NEW_ARRAY(a, double, n);

		/* Multiples of 2^-20, so that adding 3 is exact. */
		for (size_t i = 0; i < n; i++) {
			d[i] = ldexp((double)(random_next(&r) >> 44), -20);
			moved[i] = d[i] + 3;
		}

		struct interval at = signed_rank_interval(a, d, n, 0.9), off = signed_rank_interval(a, moved, n, 0.9);

		assert_near(signed_rank_estimate(a, moved, n), signed_rank_estimate(a, d, n) + 3, 0);
		assert_near(off.lower, at.lower + 3, 0);
		assert_near(off.upper, at.upper + 3, 0);
		assert_near(signed_rank_test(a, moved, n, 3).p_greater, signed_rank_test(a, d, n, 0).p_greater, 0);
		arena_close(a);
	}
}

static void interval_and_one_sided_p_agree(void **state)
{
	static const double ALPHA[] = {0.0013, 0.01, 0.04, 0.05, 0.1, 0.2};
	struct random r = {.state = 13};
	size_t above = 0, below = 0;

	(void)state;
	for (size_t trial = 0; trial < 2000; trial++) {
		struct arena *a = arena_open();
		size_t n = 4 + trial % 30;
		double *d = random_differences(a, &r, n), alpha = ALPHA[trial % 6], shift = random_unit(&r) / 4 - 0.2;
		struct signed_rank test = signed_rank_test(a, d, n, shift);
		struct interval range = signed_rank_interval(a, d, n, 1 - 2 * alpha);

		assert_int_equal(range.exists && range.lower > shift, test.p_greater < alpha);
		assert_int_equal(range.exists && range.upper < shift, test.p_less < alpha);
		above += test.p_greater < alpha;
		below += test.p_greater >= alpha;
		arena_close(a);
	}
	assert_true(above > 200 && below > 200);
}

static void the_smallest_p_is_reached_when_all_differences_are_above(void **state)
{
	(void)state;
	for (size_t n = 1; n <= 300; n++) {
		struct arena *a = arena_open();
		double *d = NEW_ARRAY(a, double, n);

		for (size_t i = 0; i < n; i++)
			d[i] = 1 + (double)i;
		assert_near(signed_rank_test(a, d, n, 0).p_greater, signed_rank_smallest_p(n), 0);
		assert_near(signed_rank_test(a, d, n, 0).p_less, 1, 0);
		arena_close(a);
	}
	assert_near(signed_rank_smallest_p(5), 0.03125, 0);
}

static void nothing_but_zeros_decides_nothing(void **state)
{
	static const double ZEROS[8] = {0};
	struct arena *a = arena_open();
	struct signed_rank none = signed_rank_test(a, NULL, 0, 0), zeros = signed_rank_test(a, ZEROS, 8, 0);

	(void)state;
	assert_near(none.p_greater, 1, 0);
	assert_near(none.p_two_sided, 1, 0);
	assert_near(zeros.p_greater, 1, 0);
	assert_near(zeros.p_less, 1, 0);
	assert_false(signed_rank_interval(a, NULL, 0, 0.95).exists);
	arena_close(a);
}

static void above_the_limit_the_normal_approximation_goes_on_smoothly(void **state)
{
	enum { N = SIGNED_RANK_EXACT_LIMIT };
	struct arena *a = arena_open();
	double *d = NEW_ARRAY(a, double, N + 1);
	struct random r = {.state = 14};

	(void)state;
	for (size_t i = 0; i < N; i++)
		d[i] = random_unit(&r) - 0.46;
	d[N] = 1e-12; /* one more, too small to change much */

	struct signed_rank exact = signed_rank_test(a, d, N, 0), near = signed_rank_test(a, d, N + 1, 0);
	struct interval at = signed_rank_interval(a, d, N, 0.95), off = signed_rank_interval(a, d, N + 1, 0.95);

	assert_true(exact.exact);
	assert_false(near.exact);
	assert_near(near.p_greater, exact.p_greater, 0.1);
	assert_near(near.p_less, exact.p_less, 0.1);
	assert_near(off.attained, at.attained, 1e-3);
	assert_near((double)off.k, (double)at.k, 0.02);
	assert_near(off.lower, at.lower, 0.2);
	arena_close(a);
}

/* 40 zeros, and groups of 150, 100 and 60 with sizes 1, 2 and 3; 56 in 100 are positive.  Given the midranks r, W has the
 * mean sum(r) / 2 and the variance sum(r^2) / 4. */
static void the_normal_approximation_takes_zeros_and_ties_into_account(void **state)
{
	static const double GROUP[] = {150, 100, 60}, RANK[] = {40 + 75.5, 190 + 50.5, 290 + 30.5};
	struct arena *a = arena_open();
	double *d = NEW_ARRAY(a, double, 350), mean = 0, variance = 0;
	size_t n = 40;

	(void)state;
	for (size_t g = 0; g < 3; g++) {
		for (size_t i = 0; i < (size_t)GROUP[g]; i++)
			d[n++] = (double)(g + 1) * (i % 25 < 14 ? 1 : -1);
		mean += GROUP[g] * RANK[g] / 2;
		variance += GROUP[g] * RANK[g] * RANK[g] / 4;
	}

	struct signed_rank test = signed_rank_test(a, d, n, 0);

	assert_int_equal(n, 350);
	assert_false(test.exact);
	assert_near(test.p_greater, normal_upper((test.w_plus - mean - 0.5) / sqrt(variance)), 1e-12);
	assert_near(test.p_less, normal_cdf((test.w_plus - mean + 0.5) / sqrt(variance)), 1e-12);
	arena_close(a);
}

static void the_largest_values_do_not_overflow(void **state)
{
	static const double D[] = {1.7e308, 1.6e308, 1.5e308, -1.7e308, 1.4e308, 1.3e308, 1.2e308};
	struct arena *a = arena_open();
	struct interval range = signed_rank_interval(a, D, 7, 0.9);

	(void)state;
	assert_true(isfinite(signed_rank_estimate(a, D, 7)));
	assert_near(range.upper, 1.6e308, 1e-15);
	assert_true(isfinite(range.lower));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_golden_case_agrees),
		cmocka_unit_test(turning_the_signs_swaps_the_sides),
		cmocka_unit_test(moving_the_data_moves_estimate_and_interval),
		cmocka_unit_test(interval_and_one_sided_p_agree),
		cmocka_unit_test(the_smallest_p_is_reached_when_all_differences_are_above),
		cmocka_unit_test(nothing_but_zeros_decides_nothing),
		cmocka_unit_test(above_the_limit_the_normal_approximation_goes_on_smoothly),
		cmocka_unit_test(the_normal_approximation_takes_zeros_and_ties_into_account),
		cmocka_unit_test(the_largest_values_do_not_overflow),
	};

	return cmocka_run_group_tests_name("test_signed_rank", tests, NULL, NULL);
}
