/* Minimum detectable effects. */
#include "stats/power.h"

#include "base/random.h"
#include "golden_stats.h"
#include "stats/distribution.h"
#include "stats/signed_rank.h"

static double random_normal(struct random *r)
{
	return normal_quantile(((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0);
}

static double simulate_power(struct random *r, size_t n, double sd, double location, double shift, double alpha)
{
	enum { TRIALS = 1000 };
	struct arena *a = arena_open();
	double *d = NEW_ARRAY(a, double, n);
	int called = 0;

	for (int trial = 0; trial < TRIALS; trial++) {
		for (size_t i = 0; i < n; i++)
			d[i] = location + sd * random_normal(r);
		called += signed_rank_test(a, d, n, shift).p_greater <= alpha;
	}
	arena_close(a);
	return (double)called / TRIALS;
}

/* Normal data with the effect that is promised to be seen at 80 % power. */
static void the_signed_rank_test_sees_what_is_promised(void **state)
{
	static const size_t N[] = {5, 6, 8, 10, 14, 20, 40, 60};
	static const double ALPHA[] = {0.05, 0.01, 0.0013};
	struct random r = {.state = 31};
	size_t checked = 0;

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		for (size_t j = 0; j < 3; j++) {
			double mde = signed_rank_mde(0.02, N[i], 0.01, ALPHA[j], 0.8);

			if (isinf(mde))
				continue;

			double power = simulate_power(&r, N[i], 0.02, mde, 0.01, ALPHA[j]);

			assert_true(power > 0.66 && power < 0.88);
			checked++;
		}
	}
	assert_int_equal(checked, 19);
}

static void too_few_pairs_see_nothing(void **state)
{
	(void)state;
	assert_true(isinf(signed_rank_mde(0.02, 4, 0, 0.05, 0.8)));
	assert_true(isfinite(signed_rank_mde(0.02, 5, 0, 0.05, 0.8)));
	assert_true(isinf(signed_rank_mde(0.02, 5, 0, 0.01, 0.8)));
	assert_true(isinf(signed_rank_mde(0.02, 0, 0, 0.05, 0.8)));
	assert_true(isinf(t_prediction_mde(0, 1, 0, 0.05, 0.8)));
}

static void no_spread_leaves_only_the_shift(void **state)
{
	(void)state;
	assert_near(signed_rank_mde(0, 20, 0.01, 0.05, 0.8), 0.01, 0);
	assert_near(t_prediction_mde(0.01, 0, 4, 0.05, 0.8), 0.01, 0);
}

/* Abramowitz and Stegun, table 26.10: t(0.95, 10) = 1.812 and t(0.80, 10) = 0.879. */
static void the_t_effect_is_the_sum_of_two_quantiles(void **state)
{
	(void)state;
	assert_near(t_prediction_mde(1, 2, 10, 0.05, 0.8), 1 + 2 * (1.8125 + 0.8791), 1e-4);
}

/* The Pitman efficiency of the signed-rank test on normal data is 3 / pi = 0.955 (Hodges and Lehmann 1956). */
static void the_signed_rank_test_pays_a_little_for_robustness(void **state)
{
	(void)state;
	assert_near(signed_rank_mde(1, 40, 0, 0.05, 0.8), t_prediction_mde(0, 1 / sqrt(40 * 0.954930), 39, 0.05, 0.8),
		    1e-6);
}

static void more_pairs_see_smaller_effects(void **state)
{
	(void)state;
	for (size_t n = 5; n < 60; n++)
		assert_true(signed_rank_mde(0.02, n + 1, 0, 0.05, 0.8) < signed_rank_mde(0.02, n, 0, 0.05, 0.8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_signed_rank_test_sees_what_is_promised),
		cmocka_unit_test(too_few_pairs_see_nothing),
		cmocka_unit_test(no_spread_leaves_only_the_shift),
		cmocka_unit_test(the_t_effect_is_the_sum_of_two_quantiles),
		cmocka_unit_test(the_signed_rank_test_pays_a_little_for_robustness),
		cmocka_unit_test(more_pairs_see_smaller_effects),
	};

	return cmocka_run_group_tests_name("test_power", tests, NULL, NULL);
}
