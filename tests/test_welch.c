/* Welch's t test. */
#include "stats/welch.h"

#include "golden_stats.h"

/* The file speaks of x - y, the program of y - x. */
static void check_case(const cJSON *expected, const struct welch *actual)
{
	static const double RELATIVE = 1e-9;
	const cJSON *range = golden_find(expected, "ci95_mean_y_minus_x");
	double width = actual->interval.upper - actual->interval.lower;

	assert_true(actual->exists);
	assert_near(actual->t, -golden_number(expected, "t"), RELATIVE);
	assert_near(actual->df, golden_number(expected, "df"), RELATIVE);
	assert_near(actual->p_greater, golden_number(expected, "p_less"), RELATIVE);
	assert_near(actual->p_less, golden_number(expected, "p_greater"), RELATIVE);
	assert_near(actual->p_two_sided, golden_number(expected, "p_two-sided"), RELATIVE);
	assert_non_null(range);
	/* Relative to the width, as an end may be near 0; and the file's own t quantile is good to about 1e-8 only. */
	assert_near((actual->interval.lower - golden_value(cJSON_GetArrayItem(range, 0))) / width + 1, 1,
		    10 * RELATIVE);
	assert_near((actual->interval.upper - golden_value(cJSON_GetArrayItem(range, 1))) / width + 1, 1,
		    10 * RELATIVE);
}

/*
 * Where the file's arithmetic failed the same data near 1 are the expected ones: its squares of 1e300 overflow, those of
 * 1e-300 vanish, and its means around 2^53 are rounded to whole numbers.
 */
static void check_brought_near(double *x, size_t nx, double *y, size_t ny, double origin, const struct welch *actual)
{
	int exponent;

	frexp(x[0], &exponent);
	for (size_t i = 0; i < nx; i++)
		x[i] = ldexp(x[i] - origin, -exponent);
	for (size_t i = 0; i < ny; i++)
		y[i] = ldexp(y[i] - origin, -exponent);

	struct welch plain = welch_test(x, nx, y, ny, 0.95);

	assert_true(actual->exists && plain.exists);
	assert_near(actual->t, plain.t, 1e-12);
	assert_near(actual->df, plain.df, 1e-12);
	assert_near(actual->p_greater, plain.p_greater, 1e-12);
}

static void every_golden_case_agrees(void **state)
{
	cJSON *root = golden_read("two_sample");
	const cJSON *item;
	size_t plain = 0, scaled = 0, moved = 0, constant = 0, single = 0;

	(void)state;
	cJSON_ArrayForEach(item, golden_find(root, "cases"))
	{
		struct arena *a = arena_open();
		size_t nx, ny;
		double *x = golden_array(a, item, "x", &nx), *y = golden_array(a, item, "y", &ny);
		const cJSON *expected = golden_find(item, "welch_ttest");
		const char *kind = golden_text(item, "kind");
		struct welch test = welch_test(x, nx, y, ny, 0.95);

		if (expected == NULL) {
			assert_false(test.exists);
			single++;
		} else if (strcmp(kind, "large_integers") == 0) {
			/* The whole numbers of the means are off by up to 0.6 of about 100. */
			assert_near(test.t, -golden_number(expected, "t"), 0.01);
			check_brought_near(x, nx, y, ny, y[0], &test);
			moved++;
		} else if (strcmp(kind, "extreme_scale") == 0 && isnan(golden_number(expected, "df"))) {
			check_brought_near(x, nx, y, ny, 0, &test);
			scaled++;
		} else if (isnan(golden_number(expected, "df"))) {
			assert_false(test.exists);
			assert_near(test.p_greater, 1, 0);
			constant++;
		} else {
			check_case(expected, &test);
			plain++;
		}
		arena_close(a);
	}
	assert_int_equal(plain, 175);
	assert_int_equal(scaled, 4);
	assert_int_equal(moved, 4);
	assert_int_equal(constant, 12);
	assert_int_equal(single, 6);
	cJSON_Delete(root);
}

static void one_constant_sample_is_enough_variance(void **state)
{
	static const double X[] = {5, 5, 5, 5}, Y[] = {6, 7, 8, 9};
	struct welch test = welch_test(X, 4, Y, 4, 0.95);

	(void)state;
	assert_true(test.exists);
	assert_near(test.df, 3, 1e-15);
	assert_true(test.p_greater < 0.05 && test.interval.lower > 0);
}

static void interval_and_p_agree(void **state)
{
	static const double X[] = {1, 4, 2, 8, 5}, Y[] = {7, 9, 6, 4, 8, 3};
	struct welch test = welch_test(X, 5, Y, 6, 0.5);
	struct welch edge = welch_test(X, 5, Y, 6, 1 - 2 * test.p_greater);

	(void)state;
	assert_near(1 + edge.interval.lower, 1, 1e-12);
	assert_near(test.p_greater + test.p_less, 1, 1e-14);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_golden_case_agrees),
		cmocka_unit_test(one_constant_sample_is_enough_variance),
		cmocka_unit_test(interval_and_p_agree),
	};

	return cmocka_run_group_tests_name("test_welch", tests, NULL, NULL);
}
