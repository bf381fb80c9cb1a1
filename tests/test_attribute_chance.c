/* How often chance makes attribute wrong: few checks of fixed seeds; `make lab` makes many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "made_checks.h"

static void check_planted(double share)
{
	const struct checks_plan plan = {.groups = 16, .share = share, .count = 100, .seed = 5};
	struct checks_tally tally = checks_make(&plan);

	assert_true(tally.first >= 95);
	assert_true(tally.another <= 1);
	assert_true(tally.wrong <= 0.01 * tally.tested);
}

static void a_function_that_makes_its_benchmark_5_percent_slower_is_named_first(void **state)
{
	(void)state;
	check_planted(0.02);
	check_planted(0.1);
	check_planted(0.4);
	check_planted(0.8);
}

static void of_programs_that_did_not_change_few_functions_are_called_changed(void **state)
{
	const struct checks_plan plan = {.groups = 16, .count = 200, .seed = 6};
	struct checks_tally tally = checks_make(&plan);

	(void)state;
	assert_true(tally.tested > 5000);
	assert_true(tally.wrong <= 0.01 * tally.tested);
	assert_true(tally.called <= 0.1 * plan.count);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_that_makes_its_benchmark_5_percent_slower_is_named_first),
		cmocka_unit_test(of_programs_that_did_not_change_few_functions_are_called_changed),
	};

	return cmocka_run_group_tests_name("test_attribute_chance", tests, NULL, NULL);
}
