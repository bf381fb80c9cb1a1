/* Median, deviation, mean and variance. */
#include "stats/sample.h"

#include "golden_stats.h"

/* Checks one side of a case; the file has no spread for a single value, and an overflow where ours has none. */
static void check_side(struct arena *a, const cJSON *summary, const double *x, size_t n, const char *side)
{
	char key[32];

	snprintf(key, sizeof(key), "median_%s", side);
	assert_near(sample_median(a, x, n), golden_number(summary, key), 0);
	snprintf(key, sizeof(key), "mean_%s", side);
	assert_near(sample_mean(x, n), golden_number(summary, key), 1e-13);
	snprintf(key, sizeof(key), "mad_%s", side);
	if (golden_find(summary, key) != NULL)
		assert_near(sample_mad(a, x, n), golden_number(summary, key), 1e-14);
}

/* Whether the file's own arithmetic was good for this standard deviation: squares of 1e-300 vanish, of 1e300 overflow. */
static bool check_sd(const cJSON *summary, const double *x, size_t n, const char *key)
{
	double largest = fmax(fabs(x[0]), fabs(x[n - 1]));

	if (golden_find(summary, key) == NULL) {
		assert_int_equal(n, 1);
		assert_near(sample_sd(x, n), 0, 0);
		return false;
	}
	if (largest > 1e150 || (largest > 0 && largest < 1e-150)) {
		assert_true(sample_sd(x, n) > 0 && isfinite(sample_sd(x, n)));
		return false;
	}
	/* Around 2^53 the file's variance is taken about a mean that was rounded to a whole number. */
	assert_near(sample_sd(x, n), golden_number(summary, key), largest > 1e15 ? 1e-4 : 1e-12);
	assert_near(sqrt(sample_variance(x, n)), sample_sd(x, n), 1e-15);
	return true;
}

static void every_golden_summary_agrees(void **state)
{
	cJSON *root = golden_read("two_sample");
	const cJSON *item;
	size_t cases = 0, spreads = 0;

	(void)state;
	cJSON_ArrayForEach(item, golden_find(root, "cases"))
	{
		struct arena *a = arena_open();
		size_t nx, ny;
		double *x = golden_array(a, item, "x", &nx), *y = golden_array(a, item, "y", &ny);
		const cJSON *summary = golden_find(item, "summary");

		check_side(a, summary, x, nx, "x");
		check_side(a, summary, y, ny, "y");
		spreads += check_sd(summary, x, nx, "sd_x");
		spreads += check_sd(summary, y, ny, "sd_y");
		cases++;
		arena_close(a);
	}
	assert_int_equal(cases, 201);
	/* 402 sides, less 7 single values and 4 that the file's arithmetic could not hold. */
	assert_int_equal(spreads, 391);
	cJSON_Delete(root);
}

static void a_large_offset_costs_no_digits(void **state)
{
	static const double X[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
	/* The mean is no double; the variance in exact arithmetic is 8 / 7. */
	static const double ODD[] = {0x1p53 - 1, 0x1p53 - 2, 0x1p53 - 2, 0x1p53 - 4,
				     0x1p53 - 2, 0x1p53 - 1, 0x1p53 - 1};

	(void)state;
	assert_near(sample_variance(ODD, 7), 8.0 / 7, 1e-15);
	assert_near(sample_variance(X, 4), 30, 1e-15);
	assert_near(sample_mean(X, 4), 1e9 + 10, 0);
}

static void scale_does_not_matter(void **state)
{
	static const double X[] = {4, 7, 13, 16};
	double tiny[4], huge[4];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		tiny[i] = ldexp(X[i], -1000);
		huge[i] = ldexp(X[i], 1019);
	}
	assert_near(sample_sd(tiny, 4), ldexp(sample_sd(X, 4), -1000), 0);
	assert_near(sample_sd(huge, 4), ldexp(sample_sd(X, 4), 1019), 0);
	assert_near(sample_mean(huge, 4), ldexp(10, 1019), 0);
}

static void the_middle_of_two_huge_values_is_finite(void **state)
{
	(void)state;
	assert_near(sample_midpoint(1.7e308, 1.5e308), 1.6e308, 1e-15);
	assert_near(sample_midpoint(5e-324, 5e-324), 5e-324, 0);
	assert_near(sample_midpoint(1, 2), 1.5, 0);
}

static void the_sample_stays_as_it_was(void **state)
{
	const double x[] = {3, 1, 2}, same[] = {3, 1, 2};
	struct arena *a = arena_open();

	(void)state;
	assert_near(sample_median(a, x, 3), 2, 0);
	assert_near(sample_mad(a, x, 3), 1, 0);
	assert_near(sample_sorted(a, x, 3)[2], 3, 0);
	assert_memory_equal(x, same, sizeof(x));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_golden_summary_agrees),
		cmocka_unit_test(a_large_offset_costs_no_digits),
		cmocka_unit_test(scale_does_not_matter),
		cmocka_unit_test(the_middle_of_two_huge_values_is_finite),
		cmocka_unit_test(the_sample_stays_as_it_was),
	};

	return cmocka_run_group_tests_name("test_sample", tests, NULL, NULL);
}
