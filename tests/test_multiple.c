/* Adjusted p-values. */
#include "stats/multiple.h"

#include "golden_stats.h"

/* The same sums in another order may differ in the last bit. */
static const double LAST_BIT = 3e-16;

static size_t count_up_to(const double *q, size_t m, double limit)
{
	size_t count = 0;

	for (size_t i = 0; i < m; i++)
		count += q[i] <= limit;
	return count;
}

static void every_golden_family_agrees(void **state)
{
	cJSON *root = golden_read("multiple_testing");
	const cJSON *item;
	size_t families = 0, values = 0;

	(void)state;
	cJSON_ArrayForEach(item, golden_find(root, "families"))
	{
		struct arena *a = arena_open();
		size_t m, same;
		double *p = golden_array(a, item, "p", &m), *q = NEW_ARRAY(a, double, m);
		double *bh = golden_array(a, item, "BH", &same), *stepwise = golden_array(a, item, "holm", &same);

		assert_int_equal(m, same);
		assert_near((double)m, golden_number(item, "m"), 0);
		benjamini_hochberg(a, p, m, q);
		for (size_t i = 0; i < m; i++)
			assert_near(q[i], bh[i], LAST_BIT);
		assert_near((double)count_up_to(q, m, 0.05), golden_number(item, "bh_rejects_at_0_05"), 0);
		assert_near((double)count_up_to(q, m, 0.01), golden_number(item, "bh_rejects_at_0_01"), 0);
		holm(a, p, m, q);
		for (size_t i = 0; i < m; i++)
			assert_near(q[i], stepwise[i], LAST_BIT);
		families++;
		values += m;
		arena_close(a);
	}
	assert_int_equal(families, 27);
	assert_int_equal(values, 3402);
	cJSON_Delete(root);
}

static void q_is_never_below_p_and_never_above_one(void **state)
{
	static const double P[] = {0.9, 1, 0.001, 0.5, 0.02, 0.02, 1, 0};
	struct arena *a = arena_open();
	double q[8];

	(void)state;
	benjamini_hochberg(a, P, 8, q);
	for (size_t i = 0; i < 8; i++) {
		assert_true(q[i] >= P[i] && q[i] <= 1);
		for (size_t j = 0; j < 8; j++)
			assert_true(P[i] > P[j] || q[i] <= q[j]);
	}
	arena_close(a);
}

static void q_may_take_the_place_of_p(void **state)
{
	struct arena *a = arena_open();
	double p[] = {0.03, 0.01, 0.02};

	(void)state;
	benjamini_hochberg(a, p, 3, p);
	for (size_t i = 0; i < 3; i++)
		assert_near(p[i], 0.03, LAST_BIT);
	benjamini_hochberg(a, p, 0, p);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_golden_family_agrees),
		cmocka_unit_test(q_is_never_below_p_and_never_above_one),
		cmocka_unit_test(q_may_take_the_place_of_p),
	};

	return cmocka_run_group_tests_name("test_multiple", tests, NULL, NULL);
}
