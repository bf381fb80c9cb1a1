/* Names of metrics and categories, and parts of benchmark names. */
#include "model/metric.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_category_is_found_by_its_name(void **state)
{
	(void)state;
	for (enum category c = CATEGORY_UNKNOWN; c <= CATEGORY_RESOURCE; c++) {
		enum category found = CATEGORY_UNKNOWN;

		assert_true(category_find(category_name(c), &found));
		assert_int_equal(found, c);
	}
	assert_string_equal(category_name(CATEGORY_THROUGHPUT), "throughput");
}

static void an_unknown_category_leaves_the_result_alone(void **state)
{
	enum category c = CATEGORY_LATENCY;

	(void)state;
	assert_false(category_find("Latency", &c));
	assert_false(category_find("", &c));
	assert_int_equal(c, CATEGORY_LATENCY);
}

static void known_metrics_have_unit_and_direction(void **state)
{
	static const struct metric expected[] = {
		{"cpu_time", "ns", CATEGORY_LATENCY},
		{"real_time", "ns", CATEGORY_LATENCY},
		{"max_rss", "bytes", CATEGORY_RESOURCE},
		{"bytes_per_second", "bytes/s", CATEGORY_THROUGHPUT},
		{"items_per_second", "items/s", CATEGORY_THROUGHPUT},
		{"instructions", "instructions", CATEGORY_RESOURCE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		struct metric m = metric_of(expected[i].name);

		assert_string_equal(m.name, expected[i].name);
		assert_string_equal(m.unit, expected[i].unit);
		assert_int_equal(m.category, expected[i].category);
	}
}

static void a_counter_has_no_unit_and_no_direction(void **state)
{
	static const char name[] = "cache misses";
	struct metric m = metric_of(name);

	(void)state;
	assert_ptr_equal(m.name, name);
	assert_string_equal(m.unit, "");
	assert_int_equal(m.category, CATEGORY_UNKNOWN);
}

static void a_part_matches_whole_or_up_to_its_colon(void **state)
{
	static const struct {
		const char *bench, *part;
		bool has;
	} cases[] = {
		{"BM_x/real_time/threads:2", "/real_time", true},
		{"BM_x/real_time/threads:2", "/threads:", true},
		{"BM_x/iterations:5/manual_time", "/manual_time", true},
		{"BM_x/real_time", "/real_time", true},
		{"BM_x/real_timer", "/real_time", false},
		{"BM_x/unreal_time", "/real_time", false},
		{"real_time", "/real_time", false},
		{"BM_real_time/8", "/real_time", false},
		{"BM_x/my_threads:2", "/threads:", false},
		{"BM_x/threads:12", "/threads:1", false},
		{"BM_x/real_timer/real_time", "/real_time", true},
		{"BM_x", "/real_time", false},
		{"BM_x/", "/real_time", false},
		{"", "/real_time", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(bench_name_has_part(cases[i].bench, cases[i].part), cases[i].has);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_category_is_found_by_its_name),
		cmocka_unit_test(an_unknown_category_leaves_the_result_alone),
		cmocka_unit_test(known_metrics_have_unit_and_direction),
		cmocka_unit_test(a_counter_has_no_unit_and_no_direction),
		cmocka_unit_test(a_part_matches_whole_or_up_to_its_colon),
	};

	return cmocka_run_group_tests_name("test_metric", tests, NULL, NULL);
}
