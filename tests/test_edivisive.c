/* E-divisive. */
#include "stats/edivisive.h"

#include "golden_stats.h"

static void every_golden_statistic_agrees(void **state)
{
	cJSON *root = golden_read("changepoint");
	const cJSON *item;
	size_t values = 0;

	(void)state;
	cJSON_ArrayForEach(item, golden_find(root, "cases"))
	{
		struct arena *a = arena_open();
		size_t n, same;
		double *x = golden_array(a, item, "series", &n), *expected, *q = NEW_ARRAY(a, double, n);

		expected = golden_array(a, item, "edivisive_qhat", &same);
		assert_int_equal(n, same);
		edivisive_qhat(x, n, q);
		for (size_t i = 0; i < n; i++, values++)
			assert_true(fabs(q[i] - expected[i]) <= 1e-9 * fmax(1, fabs(expected[i])));
		assert_int_equal(edivisive_best_split(a, x, n), golden_number(item, "edivisive_best_split"));
		arena_close(a);
	}
	cJSON_Delete(root);
	assert_true(values > 2000);
}

static void the_same_values_give_the_same_p(void **state)
{
	static const double apart[] = {1, 2, 3, 4, 5, 6, 7, 8, 21, 22, 23, 24, 25, 26, 27, 28};
	static const double mixed[] = {1, 24, 3, 22, 5, 26, 7, 28, 21, 2, 23, 4, 25, 6, 27, 8};
	struct arena *a = arena_open();

	(void)state;
	assert_true(edivisive_p(a, apart, 16, 8, 1) == 1.0 / (EDIVISIVE_PERMUTATIONS + 1));
	assert_true(edivisive_p(a, mixed, 16, 8, 1) > 0.5);
	assert_true(edivisive_p(a, mixed, 16, 8, 1) == edivisive_p(a, mixed, 16, 8, 1));
	assert_true(edivisive_p(a, mixed, 16, 8, 0.05) > 0.05);
	arena_close(a);
}

/* All 20 orders of 3 and 3 values: the clearest one and its mirror image are as clear as each other. */
static void p_of_few_values_is_that_of_counting(void **state)
{
	static const double x[] = {1, 2, 3, 11, 12, 13};
	struct arena *a = arena_open();

	(void)state;
	assert_true(fabs(edivisive_p(a, x, 6, 3, 1) - 0.1) < 0.04);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_golden_statistic_agrees),
		cmocka_unit_test(the_same_values_give_the_same_p),
		cmocka_unit_test(p_of_few_values_is_that_of_counting),
	};

	return cmocka_run_group_tests_name("edivisive", tests, NULL, NULL);
}
