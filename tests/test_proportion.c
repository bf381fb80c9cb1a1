/* Upper bounds of proportions. */
#include "stats/proportion.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void nothing_seen_is_the_rule_of_three(void **state)
{
	(void)state;
	for (size_t n = 1; n < 100000; n *= 3)
		assert_true(fabs(proportion_upper(0, n, 0.95) - (1 - pow(0.05, 1 / (double)n))) < 1e-12);
}

static void bounds_are_those_of_clopper_and_pearson(void **state)
{
	(void)state;
	/* The binomial tail summed and bisected apart. */
	assert_true(fabs(proportion_upper(4, 10000, 0.95) - 0.0009151160584711105) < 1e-12);
	assert_true(fabs(proportion_upper(2, 100, 0.95) - 0.061619200396040685) < 1e-12);
	/* 1 of 2 at 0.95: 1 - p^2 = 0.05. */
	assert_true(fabs(proportion_upper(1, 2, 0.95) - sqrt(0.95)) < 1e-12);
	/* k = n - 1: 1 - p^n = 0.05. */
	assert_true(fabs(proportion_upper(9, 10, 0.95) - pow(0.95, 0.1)) < 1e-12);
}

static void everything_seen_bounds_nothing(void **state)
{
	(void)state;
	assert_true(proportion_upper(5, 5, 0.95) >= 1);
	assert_true(proportion_upper(0, 0, 0.95) >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_seen_is_the_rule_of_three),
		cmocka_unit_test(bounds_are_those_of_clopper_and_pearson),
		cmocka_unit_test(everything_seen_bounds_nothing),
	};

	return cmocka_run_group_tests_name("proportion", tests, NULL, NULL);
}
