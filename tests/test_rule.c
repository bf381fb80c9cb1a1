/* Which limits hold for a series after the defaults and a project's own rules. */
#include "model/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The limits are the very doubles of the rules, so they are compared without a tolerance. */
static void assert_number(double got, double expected)
{
	if (got < expected || got > expected)
		fail_msg("%.17g is not %.17g", got, expected);
}

static void severities_have_names_both_ways(void **state)
{
	static const char *const names[] = {"NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"};

	(void)state;
	for (int i = 0; i <= SEVERITY_CRITICAL; i++) {
		enum severity s = SEVERITY_NONE;

		assert_string_equal(severity_name((enum severity)i), names[i]);
		assert_true(severity_find(names[i], &s));
		assert_int_equal(s, i);
	}
}

static void an_unknown_severity_is_not_found(void **state)
{
	enum severity s = SEVERITY_HIGH;

	(void)state;
	assert_false(severity_find("high", &s));
	assert_false(severity_find("", &s));
	assert_false(severity_find("HIGHER", &s));
	assert_int_equal(s, SEVERITY_HIGH);
}

static void the_gated_clock_has_the_limits_of_time(void **state)
{
	struct limits l = rule_limits(NULL, 0, "orders", "BM_x/8", "cpu_time", true);

	(void)state;
	assert_number(l.threshold_ratio, 0.10);
	assert_number(l.min_effect.value, 0.01);
	assert_false(l.min_effect.absolute);
	assert_number(l.min_change, 0.3);
	assert_number(l.confidence, 0.95);
	assert_int_equal(l.fail_on, SEVERITY_MEDIUM);
}

static void max_rss_has_an_absolute_least_effect(void **state)
{
	struct limits l = rule_limits(NULL, 0, "orders", "BM_x/8", "max_rss", false);

	(void)state;
	assert_number(l.threshold_ratio, 0.10);
	assert_number(l.min_effect.value, 1e6);
	assert_true(l.min_effect.absolute);
	assert_number(l.min_change, 0);
}

static void instructions_have_narrow_limits(void **state)
{
	struct limits l = rule_limits(NULL, 0, "orders", "BM_x/8", "instructions", false);

	(void)state;
	assert_number(l.threshold_ratio, 0.02);
	assert_number(l.min_effect.value, 0.002);
}

static void a_metric_that_no_rule_names_gets_ten_and_one_percent(void **state)
{
	struct limits l = rule_limits(NULL, 0, "orders", "BM_x", "bytes_per_second", false);

	(void)state;
	assert_number(l.threshold_ratio, 0.10);
	assert_number(l.min_effect.value, 0.01);
	assert_false(l.min_effect.absolute);
	assert_number(l.min_change, 0);
	assert_number(l.confidence, 0.95);
	assert_int_equal(l.fail_on, SEVERITY_MEDIUM);
}

static void the_defaults_are_four_rules(void **state)
{
	static const char *const matches[] = {"**:time", "**:instructions", "**:max_rss", "**"};
	size_t count;
	const struct rule *rules = rule_defaults(&count);

	(void)state;
	assert_int_equal(count, 4);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(rules[i].match, matches[i]);
}

static double threshold_of(const char *match, const char *bench, const char *metric, bool gated_clock)
{
	const struct rule rule = {.match = match, .has_threshold = true, .threshold_ratio = 0.5};

	return rule_limits(&rule, 1, "orders", bench, metric, gated_clock).threshold_ratio;
}

static void a_clock_that_is_not_gated_is_matched_by_its_own_name_only(void **state)
{
	(void)state;
	assert_number(threshold_of("**:time", "BM_x", "real_time", false), 0.1);
	assert_number(threshold_of("**:real_time", "BM_x", "real_time", false), 0.5);
	assert_number(threshold_of("**:time", "BM_x", "real_time", true), 0.5);
	assert_number(threshold_of("**:real_time", "BM_x", "real_time", true), 0.5);
	assert_number(threshold_of("**:cpu_time", "BM_x", "real_time", true), 0.1);
}

static void one_star_stops_at_a_slash_and_two_do_not(void **state)
{
	(void)state;
	assert_number(threshold_of("orders/*:time", "BM_x", "cpu_time", true), 0.5);
	assert_number(threshold_of("orders/*:time", "BM_x/8", "cpu_time", true), 0.1);
	assert_number(threshold_of("orders/**:time", "BM_x/8", "cpu_time", true), 0.5);
	assert_number(threshold_of("*/BM_x/*:time", "BM_x/threads:4", "cpu_time", true), 0.5);
	assert_number(threshold_of("prices/**", "BM_x", "cpu_time", true), 0.1);
	assert_number(threshold_of("**", "BM_x/8", "p95_ms", false), 0.5);
}

static void a_later_rule_overrides_key_by_key(void **state)
{
	const struct rule rules[] = {
		{.match = "orders/**",
		 .has_threshold = true,
		 .threshold_ratio = 0.2,
		 .has_min_change = true,
		 .min_change = 5},
		{.match = "prices/**", .has_threshold = true, .threshold_ratio = 0.9},
		{.match = "**:time", .has_threshold = true, .threshold_ratio = 0.05},
		{.match = "**:time", .has_confidence = true, .confidence = 0.99},
		{.match = "**", .has_fail_on = true, .fail_on = SEVERITY_HIGH},
		{.match = "**:time", .has_min_effect = true, .min_effect = {.value = 50, .absolute = true}},
	};
	struct limits l = rule_limits(rules, sizeof rules / sizeof rules[0], "orders", "BM_x", "cpu_time", true);

	(void)state;
	assert_number(l.threshold_ratio, 0.05);
	assert_number(l.min_change, 5);
	assert_number(l.confidence, 0.99);
	assert_int_equal(l.fail_on, SEVERITY_HIGH);
	assert_number(l.min_effect.value, 50);
	assert_true(l.min_effect.absolute);
}

static void a_very_long_name_keeps_its_metric(void **state)
{
	static char bench[100001];

	(void)state;
	memset(bench, 'b', sizeof bench - 1);
	assert_number(threshold_of("orders/*:time", bench, "cpu_time", true), 0.5);
}

int main(void)
{
	const struct CMUnitTest rule[] = {
		cmocka_unit_test(severities_have_names_both_ways),
		cmocka_unit_test(an_unknown_severity_is_not_found),
		cmocka_unit_test(the_gated_clock_has_the_limits_of_time),
		cmocka_unit_test(max_rss_has_an_absolute_least_effect),
		cmocka_unit_test(instructions_have_narrow_limits),
		cmocka_unit_test(a_metric_that_no_rule_names_gets_ten_and_one_percent),
		cmocka_unit_test(the_defaults_are_four_rules),
		cmocka_unit_test(a_clock_that_is_not_gated_is_matched_by_its_own_name_only),
		cmocka_unit_test(one_star_stops_at_a_slash_and_two_do_not),
		cmocka_unit_test(a_later_rule_overrides_key_by_key),
		cmocka_unit_test(a_very_long_name_keeps_its_metric),
	};

	return cmocka_run_group_tests_name("rule", rule, NULL, NULL);
}
