/* Normal and t distributions. */
#include "stats/distribution.h"

#include "golden_stats.h"

static const double PI = 3.14159265358979323846;

/* The part of t's density that depends on x. */
static long double density_shape(long double x, long double df)
{
	return expl(-(df + 1) / 2 * log1pl(x * x / df));
}

/* The integral from `begin` to infinity by double-exponential quadrature (Takahasi and Mori 1974), x = begin + e^(c sinh
 * u): independent of the program's continued fraction. */
static long double integrate_above(long double begin, long double df)
{
	const long double step = 1.0L / 64, factor = 1.57079632679489661923L;
	long double sum = 0;

	for (int i = -6 * 64; i <= 8 * 64; i++) {
		long double u = (long double)i * step, offset = expl(factor * sinhl(u));

		sum += density_shape(begin + offset, df) * offset * factor * coshl(u);
	}
	return sum * step;
}

static void the_normal_distribution_has_its_published_values(void **state)
{
	(void)state;
	/* Abramowitz and Stegun, table 26.1 (z = 1, 2) and table 26.2 (-log10 of the tail). */
	assert_near(normal_cdf(1), 0.841344746068543, 1e-14);
	assert_near(normal_cdf(2), 0.977249868051821, 1e-14);
	assert_near(-log10(normal_upper(10)), 23.11805, 1e-6);
	assert_near(-log10(normal_upper(20)), 88.56010, 1e-6);
	assert_near(-log10(normal_upper(30)), 197.30921, 1e-6);
	assert_near(normal_upper(0), 0.5, 0);
	assert_near(normal_cdf(-37), normal_upper(37), 0);
	/* Wichura, Algorithm AS 241, Applied Statistics 37 (1988): his check values. */
	assert_near(normal_quantile(0.25), -0.6744897501960817, 1e-15);
	assert_near(normal_quantile(0.001), -3.090232306167814, 1e-15);
	assert_near(normal_quantile(1e-20), -9.262340089798408, 1e-15);
}

static void the_normal_quantile_inverts_the_tail(void **state)
{
	(void)state;
	for (double z = 0.01; z < 36; z += 0.37) {
		assert_near(normal_quantile(normal_cdf(-z)), -z, 4e-15);
		if (z < 5)
			assert_near(normal_quantile(normal_cdf(z)), z, 1e-9);
	}
	assert_near(normal_quantile(0.5), 0, 0);
	assert_near(normal_quantile(0), -INFINITY, 0);
	assert_near(normal_quantile(1), INFINITY, 0);
	assert_near(normal_quantile(1e-310), -37.6, 1e-2);
}

/* For one and two degrees of freedom the tail has a closed form (NIST DLMF 8.17.5 and following). */
static void t_with_one_and_two_degrees_has_its_closed_form(void **state)
{
	(void)state;
	for (double t = 1e-3; t < 1e200; t *= 7) {
		double root = t > 1e100 ? 1 : t / sqrt(2 + t * t);

		assert_near(student_t_upper(t, 1), atan(1 / t) / PI, 1e-12);
		assert_near(student_t_cdf(-t, 1), atan(1 / t) / PI, 1e-12);
		if (t < 1e140)
			assert_near(student_t_upper(t, 2), 1 / (2 + t * t) / (1 + root), 1e-12);
	}
}

static void t_agrees_with_the_integral_of_its_density(void **state)
{
	static const double DF[] = {0.5, 1, 1.7, 3, 4.4, 9, 19.5, 20.5, 59, 123.4, 1000, 30000};

	(void)state;
	for (size_t i = 0; i < sizeof(DF) / sizeof(DF[0]); i++) {
		long double whole = 2 * integrate_above(0, DF[i]);

		for (double t = 0.1; t < 12; t += 0.7)
			assert_near(student_t_upper(t, DF[i]), (double)(integrate_above(t, DF[i]) / whole), 1e-12);
	}
}

static void t_with_many_degrees_is_normal(void **state)
{
	(void)state;
	for (double t = -6; t <= 6; t += 0.5) {
		assert_near(student_t_upper(t, 1e9), normal_upper(t), 1e-6);
		assert_near(student_t_upper(t, INFINITY), normal_upper(t), 0);
	}
	assert_near(student_t_quantile(0.01, INFINITY), normal_quantile(0.01), 0);
	assert_near(student_t_quantile(0.01, 1e8), normal_quantile(0.01), 1e-7);
}

static void t_quantiles_have_their_published_values(void **state)
{
	/* Abramowitz and Stegun, table 26.10. */
	static const struct {
		double p, df, t;
	} TABLE[] = {
		{0.95, 1, 6.314},  {0.975, 1, 12.706}, {0.975, 4, 2.776},  {0.975, 10, 2.228},
		{0.99, 10, 2.764}, {0.995, 30, 2.750}, {0.9995, 5, 6.869}, {0.95, 120, 1.658},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(TABLE) / sizeof(TABLE[0]); i++)
		assert_near(round(student_t_quantile(TABLE[i].p, TABLE[i].df) * 1000) / 1000, TABLE[i].t, 1e-15);
}

static void the_t_quantile_inverts_the_tail(void **state)
{
	static const double P[] = {1e-300, 1e-100, 1e-16, 1e-9, 1e-4, 0.0013, 0.025, 0.2, 0.4, 0.49, 0.4999};
	static const double DF[] = {0.7, 1, 2, 3.3, 9, 58.8, 1e4, 1e7};

	(void)state;
	for (size_t i = 0; i < sizeof(P) / sizeof(P[0]); i++) {
		for (size_t j = 0; j < sizeof(DF) / sizeof(DF[0]); j++) {
			double t = student_t_quantile(P[i], DF[j]);

			if (-t < 1e300)
				assert_near(student_t_cdf(t, DF[j]), P[i], 2e-12);
			if (P[i] > 1e-5)
				assert_near(student_t_quantile(1 - P[i], DF[j]), -t, 1e-10);
		}
	}
	assert_near(student_t_quantile(0.5, 3), 0, 0);
	assert_near(student_t_quantile(0, 3), -INFINITY, 0);
	assert_near(student_t_quantile(1, 3), INFINITY, 0);
}

static void infinite_t_has_no_tail(void **state)
{
	(void)state;
	assert_near(student_t_upper(INFINITY, 3), 0, 0);
	assert_near(student_t_cdf(INFINITY, 3), 1, 0);
	assert_near(student_t_upper(0, 3), 0.5, 0);
	assert_near(student_t_upper(1e-200, 3), 0.5, 0);
}

static void the_incomplete_beta_function_has_its_closed_forms(void **state)
{
	(void)state;
	for (double x = 0.05; x < 1; x += 0.1) {
		/* NIST DLMF 8.17.4 (symmetry) and the cases b = 1, a = 1, a = b = 1/2. */
		assert_near(incomplete_beta(2.5, 1, x), pow(x, 2.5), 1e-13);
		assert_near(incomplete_beta(1, 40, x), -expm1(40 * log1p(-x)), 1e-13);
		assert_near(incomplete_beta(0.5, 0.5, x), 2 / PI * asin(sqrt(x)), 1e-13);
		assert_near(incomplete_beta(30, 25, x) + incomplete_beta(25, 30, 1 - x), 1, 1e-13);
		assert_near(incomplete_beta(300, 1, x), pow(x, 300), 1e-11);
	}
	assert_near(incomplete_beta(3, 4, 0), 0, 0);
	assert_near(incomplete_beta(3, 4, 1), 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_normal_distribution_has_its_published_values),
		cmocka_unit_test(the_normal_quantile_inverts_the_tail),
		cmocka_unit_test(t_with_one_and_two_degrees_has_its_closed_form),
		cmocka_unit_test(t_agrees_with_the_integral_of_its_density),
		cmocka_unit_test(t_with_many_degrees_is_normal),
		cmocka_unit_test(t_quantiles_have_their_published_values),
		cmocka_unit_test(the_t_quantile_inverts_the_tail),
		cmocka_unit_test(infinite_t_has_no_tail),
		cmocka_unit_test(the_incomplete_beta_function_has_its_closed_forms),
	};

	return cmocka_run_group_tests_name("test_distribution", tests, NULL, NULL);
}
