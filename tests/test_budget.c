/* How far beyond its limit a value is. */
#include "model/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_edges_of_a_broken_budget_are_as_written(void **state)
{
	static const struct {
		double value;
		enum severity severity;
	} cases[] = {{0, SEVERITY_NONE},         {100, SEVERITY_NONE},   {100.1, SEVERITY_MEDIUM},
		     {110, SEVERITY_MEDIUM},     {110.1, SEVERITY_HIGH}, {120, SEVERITY_HIGH},
		     {120.1, SEVERITY_CRITICAL}, {-5, SEVERITY_NONE},    {1e9, SEVERITY_CRITICAL}};
	const struct budget b = {.has_max = true, .max = 100};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		double limit = 0;

		assert_int_equal(budget_severity(&b, cases[i].value, &limit), cases[i].severity);
		if (cases[i].severity != SEVERITY_NONE)
			assert_true(limit >= 100 && limit <= 100);
	}
}

static void a_least_rate_mirrors_a_largest_time(void **state)
{
	static const struct {
		double value;
		enum severity severity;
	} cases[] = {{120, SEVERITY_NONE},    {100, SEVERITY_NONE},   {99.9, SEVERITY_MEDIUM},
		     {91, SEVERITY_MEDIUM},   {90, SEVERITY_HIGH},    {84, SEVERITY_HIGH},
		     {83, SEVERITY_CRITICAL}, {0, SEVERITY_CRITICAL}, {-1, SEVERITY_CRITICAL}};
	const struct budget b = {.has_min = true, .min = 100};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		double limit;

		assert_int_equal(budget_severity(&b, cases[i].value, &limit), cases[i].severity);
	}
}

static void above_a_limit_of_zero_all_is_critical(void **state)
{
	const struct budget b = {.has_max = true, .has_min = true};
	double limit;

	(void)state;
	assert_int_equal(budget_severity(&b, 0, &limit), SEVERITY_NONE);
	assert_int_equal(budget_severity(&b, 1, &limit), SEVERITY_CRITICAL);
	assert_int_equal(budget_severity(&b, -1, &limit), SEVERITY_CRITICAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_edges_of_a_broken_budget_are_as_written),
		cmocka_unit_test(a_least_rate_mirrors_a_largest_time),
		cmocka_unit_test(above_a_limit_of_zero_all_is_critical),
	};

	return cmocka_run_group_tests_name("test_budget", tests, NULL, NULL);
}
