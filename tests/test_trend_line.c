/* Theil-Sen and Mann-Kendall. */
#include "stats/trend_line.h"

#include "golden_stats.h"
#include "histories.h"

/* All 21 pairs, counted out by hand. */
static void the_slope_is_the_median_of_all_slopes(void **state)
{
	static const double x[] = {9, 15, 19, 20, 45, 55, 78};
	struct arena *a = arena_open();
	double slopes[21], sorted;
	size_t count = 0;
	struct trend_line line = trend_line_fit(a, x, 7, 0.95);

	(void)state;
	for (size_t i = 0; i < 7; i++)
		for (size_t j = i + 1; j < 7; j++)
			slopes[count++] = (x[j] - x[i]) / (double)(j - i);
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			if (slopes[j] < slopes[i]) {
				sorted = slopes[i];
				slopes[i] = slopes[j];
				slopes[j] = sorted;
			}
	assert_true(line.exists);
	assert_near(line.slope, slopes[10], 1e-12);
	assert_true(line.low <= line.slope && line.slope <= line.high);
	/* All 21 pairs rise: S = 21, variance 7 * 6 * 19 / 18 = 44.33, z = 20 / 6.658; a bend left by the line widens it. */
	assert_true(line.p < 0.2);
	arena_close(a);
}

static void a_line_is_found_in_noise(void **state)
{
	struct random r = {.state = 4};
	struct arena *a = arena_open();
	double x[1000];

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		x[i] = 5 + 0.01 * (double)i + made_normal(&r);

	struct trend_line line = trend_line_fit(a, x, 1000, 0.95);

	assert_true(fabs(line.slope - 0.01) < 0.0005 && line.low < 0.01 && line.high > 0.01);
	assert_true(fabs(line.start - 5) < 0.3);
	assert_true(line.p < 1e-9);
	arena_close(a);
}

/* 5 % of series without any trend; those whose neighbours are correlated not many more. */
static void series_without_a_trend_seldom_have_one(void **state)
{
	struct random r = {.state = 5};
	size_t plain = 0, correlated = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct arena *a = arena_open();
		double x[60], y[60], last = 0;

		for (size_t k = 0; k < 60; k++) {
			x[k] = made_normal(&r);
			y[k] = made_noise(&r, NOISE_CORRELATED, &last);
		}
		plain += trend_line_fit(a, x, 60, 0.95).p <= 0.05;
		correlated += trend_line_fit(a, y, 60, 0.95).p <= 0.05;
		arena_close(a);
	}
	print_message("p <= 0.05 of 1,000: %zu, with correlation 0.5: %zu\n", plain, correlated);
	assert_true(plain <= 70 && correlated <= 140);
}

static void equal_and_few_values_are_no_line(void **state)
{
	static const double x[] = {3, 3, 3, 3, 3, 3};
	struct arena *a = arena_open();

	(void)state;
	assert_false(trend_line_fit(a, x, 6, 0.95).exists);
	assert_false(trend_line_fit(a, (const double[]){1, 2, 3}, 3, 0.95).exists);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_slope_is_the_median_of_all_slopes),
		cmocka_unit_test(a_line_is_found_in_noise),
		cmocka_unit_test(series_without_a_trend_seldom_have_one),
		cmocka_unit_test(equal_and_few_values_are_no_line),
	};

	return cmocka_run_group_tests_name("trend_line", tests, NULL, NULL);
}
