/* The Mann-Whitney test, its estimate and its interval. */
#include "stats/mann_whitney.h"

#include "base/random.h"
#include "golden_stats.h"
#include "stats/rank_sum.h"

static double random_unit(struct random *r)
{
	return ((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0;
}

static double *random_sample(struct arena *a, struct random *r, size_t n)
{
	double *x = NEW_ARRAY(a, double, n);

	for (size_t i = 0; i < n; i++)
		x[i] = random_unit(r);
	return x;
}

/* The file speaks of x ("less": x tends to be less), the program of y. */
static bool check_exact(const cJSON *expected, const struct mann_whitney *actual)
{
	if (expected == NULL || !actual->exact)
		return false;
	assert_near(actual->p_greater, golden_number(expected, "less"), 1e-12);
	assert_near(actual->p_less, golden_number(expected, "greater"), 1e-12);
	assert_near(actual->p_two_sided, golden_number(expected, "two_sided_doubled"), 1e-12);
	return true;
}

static void check_near(const cJSON *expected, const struct mann_whitney *actual)
{
	assert_false(actual->exact);
	assert_near(actual->p_greater, golden_number(expected, "asymptotic_cc_less"), 1e-9);
	assert_near(actual->p_less, golden_number(expected, "asymptotic_cc_greater"), 1e-9);
	assert_near(actual->p_two_sided, golden_number(expected, "asymptotic_cc_two-sided"), 1e-9);
}

static void every_golden_p_agrees(void **state)
{
	cJSON *root = golden_read("two_sample");
	const cJSON *item;
	size_t cases = 0, exact = 0, near = 0, more = 0;

	(void)state;
	cJSON_ArrayForEach(item, golden_find(root, "cases"))
	{
		struct arena *a = arena_open();
		size_t nx, ny;
		double *x = golden_array(a, item, "x", &nx), *y = golden_array(a, item, "y", &ny);
		const cJSON *expected = golden_find(item, "mannwhitneyu");
		struct mann_whitney test = mann_whitney_test(a, x, nx, y, ny, 0);
		struct mann_whitney normal = mann_whitney_approximate(a, x, nx, y, ny, 0);
		bool has_exact = golden_find(expected, "exact_permutation") != NULL;

		assert_near(test.u, golden_number(expected, "U2"), 0);
		exact += check_exact(golden_find(expected, "exact_permutation"), &test);
		check_near(expected, &normal);
		if (!test.exact)
			check_near(expected, &test);
		near += !test.exact;
		more += test.exact && !has_exact;
		cases++;
		arena_close(a);
	}
	/* The twelve cases with ties that the file holds no exact p for are small enough for ours. */
	assert_int_equal(cases, 201);
	assert_int_equal(exact, 189);
	assert_int_equal(near, 0);
	assert_int_equal(more, 12);
	cJSON_Delete(root);
}

static bool check_interval(const cJSON *expected, const struct interval *actual)
{
	if (expected == NULL)
		return false;
	assert_true(actual->exists);
	assert_near((double)actual->k, golden_number(expected, "k"), 0);
	assert_near(actual->lower, golden_number(expected, "lo"), 0);
	assert_near(actual->upper, golden_number(expected, "hi"), 0);
	assert_near(actual->attained, golden_number(expected, "conf_achieved"), 1e-12);
	return true;
}

static void every_golden_estimate_and_interval_agrees(void **state)
{
	cJSON *root = golden_read("two_sample");
	const cJSON *item;
	size_t cases = 0, ratios = 0, intervals = 0;

	(void)state;
	cJSON_ArrayForEach(item, golden_find(root, "cases"))
	{
		struct arena *a = arena_open();
		size_t nx, ny;
		double *x = golden_array(a, item, "x", &nx), *y = golden_array(a, item, "y", &ny);
		const cJSON *expected = golden_find(item, "hodges_lehmann");
		struct interval low = mann_whitney_interval(a, x, nx, y, ny, 0.95);
		struct interval high = mann_whitney_interval(a, x, nx, y, ny, 0.99);

		assert_near(mann_whitney_estimate(a, x, nx, y, ny), golden_number(expected, "shift_y_minus_x"), 1e-15);
		intervals += check_interval(golden_find(expected, "ci95_exact_notie"), &low);
		intervals += check_interval(golden_find(expected, "ci99_exact_notie"), &high);
		if (golden_find(expected, "ratio_exp_median_logdiff") != NULL) {
			for (size_t i = 0; i < nx; i++)
				x[i] = log(x[i]);
			for (size_t i = 0; i < ny; i++)
				y[i] = log(y[i]);
			assert_near(exp(mann_whitney_estimate(a, x, nx, y, ny)),
				    golden_number(expected, "ratio_exp_median_logdiff"), 1e-12);
			ratios++;
		}
		cases++;
		arena_close(a);
	}
	assert_int_equal(cases, 201);
	assert_int_equal(ratios, 168);
	assert_int_equal(intervals, 2 * 195);
	cJSON_Delete(root);
}

/* Every one of the ways to choose n values for y from all, counted one by one. */
static void count_all(const double *all, size_t total, size_t ny, double u2, double *above, double *below, double *ways)
{
	*above = *below = *ways = 0;
	for (unsigned chosen = 0; chosen < 1U << total; chosen++) {
		double sum = 0;

		if ((size_t)__builtin_popcount(chosen) != ny)
			continue;
		for (size_t i = 0; i < total; i++)
			for (size_t j = 0; j < total; j++)
				if ((chosen >> i & 1) && !(chosen >> j & 1))
					sum += all[i] > all[j] ? 2 : all[i] >= all[j] ? 1 : 0;
		*ways += 1;
		*above += sum >= u2;
		*below += sum <= u2;
	}
}

static void small_samples_with_ties_agree_with_counting_every_split(void **state)
{
	struct random r = {.state = 21};

	(void)state;
	for (size_t trial = 0; trial < 200; trial++) {
		struct arena *a = arena_open();
		size_t nx = 1 + trial % 5, ny = 1 + trial / 5 % 6, values = 1 + trial % 7;
		double all[11], above, below, ways;

		for (size_t i = 0; i < nx + ny; i++)
			all[i] = (double)(random_next(&r) % values);

		struct mann_whitney test = mann_whitney_test(a, all, nx, all + nx, ny, 0);

		count_all(all, nx + ny, ny, 2 * test.u, &above, &below, &ways);
		assert_near(test.p_greater, above / ways, 1e-14);
		assert_near(test.p_less, below / ways, 1e-14);
		arena_close(a);
	}
}

static void both_ways_of_counting_agree(void **state)
{
	static const size_t SIZES[][2] = {{1, 1}, {3, 9}, {20, 20}, {31, 31}, {33, 34}, {40, 60}, {2, 90}, {70, 70}};

	(void)state;
	for (size_t s = 0; s < sizeof(SIZES) / sizeof(SIZES[0]); s++) {
		struct arena *a = arena_open();
		size_t m = SIZES[s][0], n = SIZES[s][1];
		size_t *rank2 = NEW_ARRAY(a, size_t, m + n);
		struct rank_sum untied, tied;

		for (size_t i = 0; i < m + n; i++)
			rank2[i] = 2 * (i + 1);
		assert_true(rank_sum_untied(a, m, n, m * n / 2, &untied));
		assert_true(rank_sum_tied(a, m, n, rank2, &tied));
		for (size_t u = 0; u <= m * n / 2; u++)
			assert_near(untied.p[u], tied.p[2 * u], 1e-13);
		arena_close(a);
	}
}

static void swapping_the_samples_swaps_the_sides(void **state)
{
	struct random r = {.state = 22};

	(void)state;
	for (size_t trial = 0; trial < 100; trial++) {
		struct arena *a = arena_open();
		size_t nx = 1 + trial % 13, ny = 1 + trial % 17;
		double *x = random_sample(a, &r, nx), *y = random_sample(a, &r, ny);

		for (size_t i = 0; i < nx && trial % 2 == 1; i++)
			x[i] = round(x[i] * 8);
		for (size_t i = 0; i < ny && trial % 2 == 1; i++)
			y[i] = round(y[i] * 8);

		struct mann_whitney one = mann_whitney_test(a, x, nx, y, ny, 0);
		struct mann_whitney other = mann_whitney_test(a, y, ny, x, nx, 0);
		struct interval left = mann_whitney_interval(a, x, nx, y, ny, 0.9);
		struct interval right = mann_whitney_interval(a, y, ny, x, nx, 0.9);

		assert_near(one.u, (double)(nx * ny) - other.u, 0);
		assert_near(one.p_greater, other.p_less, 1e-14);
		assert_near(one.p_less, other.p_greater, 1e-14);
		assert_near(left.lower, -right.upper, 0);
		assert_near(left.upper, -right.lower, 0);
		arena_close(a);
	}
}

static void moving_one_sample_moves_estimate_and_interval(void **state)
{
	struct random r = {.state = 23};

	(void)state;
	for (size_t trial = 0; trial < 50; trial++) {
		struct arena *a = arena_open();
		size_t nx = 4 + trial % 9, ny = 4 + trial % 11;
		double *x = random_sample(a, &r, nx), *y = random_sample(a, &r, ny), *moved = NEW_ARRAY(a, double, ny);

		/* Multiples of 2^-20, so that adding 3 is exact. */
		for (size_t i = 0; i < nx; i++)
			x[i] = ldexp(round(ldexp(x[i], 20)), -20);
		for (size_t i = 0; i < ny; i++) {
			y[i] = ldexp(round(ldexp(y[i], 20)), -20);
			moved[i] = y[i] + 3;
		}

		struct interval at = mann_whitney_interval(a, x, nx, y, ny, 0.9);
		struct interval off = mann_whitney_interval(a, x, nx, moved, ny, 0.9);

		assert_near(mann_whitney_estimate(a, x, nx, moved, ny), mann_whitney_estimate(a, x, nx, y, ny) + 3, 0);
		assert_near(off.lower, at.lower + 3, 0);
		assert_near(off.upper, at.upper + 3, 0);
		assert_near(mann_whitney_test(a, x, nx, moved, ny, 3).p_greater,
			    mann_whitney_test(a, x, nx, y, ny, 0).p_greater, 0);
		arena_close(a);
	}
}

static void interval_and_one_sided_p_agree(void **state)
{
	static const double ALPHA[] = {0.0013, 0.01, 0.025, 0.05, 0.1, 0.2};
	struct random r = {.state = 24};
	size_t above = 0, below = 0;

	(void)state;
	for (size_t trial = 0; trial < 2000; trial++) {
		struct arena *a = arena_open();
		size_t nx = 3 + trial % 17, ny = 3 + trial % 23;
		double *x = random_sample(a, &r, nx), *y = random_sample(a, &r, ny);
		double alpha = ALPHA[trial % 6], shift = random_unit(&r) * 0.8 - 0.6;
		struct mann_whitney test = mann_whitney_test(a, x, nx, y, ny, shift);
		struct interval range = mann_whitney_interval(a, x, nx, y, ny, 1 - 2 * alpha);
		bool reaches = range.attained >= 1 - 2 * alpha;

		assert_int_equal(reaches && range.lower > shift, test.p_greater < alpha);
		assert_int_equal(reaches && range.upper < shift, test.p_less < alpha);
		above += test.p_greater < alpha;
		below += test.p_greater >= alpha;
		arena_close(a);
	}
	assert_true(above > 200 && below > 200);
}

static void the_smallest_p_is_reached_by_samples_that_do_not_overlap(void **state)
{
	(void)state;
	for (size_t nx = 1; nx <= 12; nx++) {
		for (size_t ny = 1; ny <= 12; ny++) {
			struct arena *a = arena_open();
			double x[12], y[12];

			for (size_t i = 0; i < 12; i++) {
				x[i] = (double)i;
				y[i] = 100 + (double)i;
			}

			struct mann_whitney test = mann_whitney_test(a, x, nx, y, ny, 0);

			assert_near(test.p_greater, mann_whitney_smallest_p(nx, ny), 1e-15);
			assert_near(test.p_less, 1, 0);
			arena_close(a);
		}
	}
	assert_near(mann_whitney_smallest_p(4, 4), 1.0 / 70, 1e-15);
	assert_near(mann_whitney_smallest_p(20, 20), 1.0 / 137846528820.0, 1e-15);
}

static void samples_too_large_to_count_get_the_normal_approximation(void **state)
{
	enum { N = 1000 };
	struct arena *a = arena_open();
	struct random r = {.state = 25};
	double *x = random_sample(a, &r, N), *y = random_sample(a, &r, N);
	struct mann_whitney test = mann_whitney_test(a, x, N, y, N, 0);
	struct interval range = mann_whitney_interval(a, x, N, y, N, 0.95);

	(void)state;
	assert_false(test.exact);
	assert_near(test.p_greater + test.p_less, 1, 1e-3);
	assert_near(range.attained, 0.95, 1e-3);
	assert_near(range.upper - range.lower, 2 * 1.96 * sqrt(1.0 / 12 * 2 / N), 0.1);
	assert_near(mann_whitney_smallest_p(N, N), 0, 0);
	arena_close(a);
}

static void equal_or_empty_samples_decide_nothing(void **state)
{
	static const double SAME[400] = {0};
	struct arena *a = arena_open();
	struct mann_whitney none = mann_whitney_test(a, NULL, 0, SAME, 3, 0);
	struct mann_whitney few = mann_whitney_test(a, SAME, 4, SAME, 7, 0);
	struct mann_whitney many = mann_whitney_test(a, SAME, 400, SAME, 400, 0);

	(void)state;
	assert_near(none.p_greater, 1, 0);
	assert_near(few.p_greater, 1, 0);
	assert_near(few.p_two_sided, 1, 0);
	assert_near(many.p_less, 1, 0);
	assert_false(mann_whitney_interval(a, NULL, 0, SAME, 3, 0.95).exists);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_golden_p_agrees),
		cmocka_unit_test(every_golden_estimate_and_interval_agrees),
		cmocka_unit_test(small_samples_with_ties_agree_with_counting_every_split),
		cmocka_unit_test(both_ways_of_counting_agree),
		cmocka_unit_test(swapping_the_samples_swaps_the_sides),
		cmocka_unit_test(moving_one_sample_moves_estimate_and_interval),
		cmocka_unit_test(interval_and_one_sided_p_agree),
		cmocka_unit_test(the_smallest_p_is_reached_by_samples_that_do_not_overlap),
		cmocka_unit_test(samples_too_large_to_count_get_the_normal_approximation),
		cmocka_unit_test(equal_or_empty_samples_decide_nothing),
	};

	return cmocka_run_group_tests_name("test_mann_whitney", tests, NULL, NULL);
}
