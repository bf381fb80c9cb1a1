/* Order statistics of pairwise averages and differences. */
#include "stats/pairwise.h"

#include "base/random.h"
#include "golden_stats.h"
#include "stats/sample.h"

/* A mix of ties, signs, zeros and scales. */
static double *random_sorted(struct arena *a, struct random *r, size_t n)
{
	double *x = NEW_ARRAY(a, double, n);

	for (size_t i = 0; i < n; i++)
		x[i] = ldexp((double)(random_next(r) % 17) - 8, (int)(random_next(r) % 3) * 9);
	return sample_sorted(a, x, n);
}

static void every_average_is_the_one_that_sorting_gives(void **state)
{
	struct random r = {.state = 41};

	(void)state;
	for (size_t n = 1; n <= 14; n++) {
		struct arena *a = arena_open();
		size_t count = 0;
		double *x = random_sorted(a, &r, n), *all = NEW_ARRAY(a, double, n *n);

		for (size_t i = 0; i < n; i++)
			for (size_t j = i; j < n; j++)
				all[count++] = (x[i] + x[j]) / 2;
		all = sample_sorted(a, all, count);
		for (size_t k = 1; k <= count; k++)
			assert_near(walsh_select(x, n, k), all[k - 1], 0);
		assert_near(walsh_median(x, n), sample_median(a, all, count), 0);
		arena_close(a);
	}
}

static void every_difference_is_the_one_that_sorting_gives(void **state)
{
	struct random r = {.state = 42};

	(void)state;
	for (size_t trial = 0; trial < 40; trial++) {
		struct arena *a = arena_open();
		size_t nx = 1 + trial % 7, ny = 1 + trial % 11, count = 0;
		double *x = random_sorted(a, &r, nx), *y = random_sorted(a, &r, ny),
		       *all = NEW_ARRAY(a, double, nx *ny);

		for (size_t i = 0; i < nx; i++)
			for (size_t j = 0; j < ny; j++)
				all[count++] = y[j] - x[i];
		all = sample_sorted(a, all, count);
		for (size_t k = 1; k <= count; k++)
			assert_near(difference_select(x, nx, y, ny, k), all[k - 1], 0);
		assert_near(difference_median(x, nx, y, ny), sample_median(a, all, count), 0);
		arena_close(a);
	}
}

static void zero_has_no_sign(void **state)
{
	static const double X[] = {-0.0, -0.0};

	(void)state;
	assert_false(signbit(walsh_select(X, 2, 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_average_is_the_one_that_sorting_gives),
		cmocka_unit_test(every_difference_is_the_one_that_sorting_gives),
		cmocka_unit_test(zero_has_no_sign),
	};

	return cmocka_run_group_tests_name("test_pairwise", tests, NULL, NULL);
}
