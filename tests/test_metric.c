/* Names of metrics and categories, and parts of benchmark names. */
#include "model/metric.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

static void the_name_of_a_counter_says_its_direction_where_it_leaves_no_doubt(void **state)
{
	static const struct metric expected[] = {
		{"requests_per_second", "/s", CATEGORY_THROUGHPUT},
		{"read_bytes_per_second", "bytes/s", CATEGORY_THROUGHPUT},
		{"MB/s", "", CATEGORY_THROUGHPUT},
		{"rows/s", "/s", CATEGORY_THROUGHPUT},
		{"hit_rate", "", CATEGORY_THROUGHPUT},
		{"QPS", "/s", CATEGORY_THROUGHPUT},
		{"ops", "", CATEGORY_THROUGHPUT},
		{"mb_s", "", CATEGORY_THROUGHPUT},
		{"write throughput", "", CATEGORY_THROUGHPUT},
		{"miss_rate", "", CATEGORY_UNKNOWN},
		{"errors_per_second", "", CATEGORY_UNKNOWN},
		{"p95_ms", "ms", CATEGORY_LATENCY},
		{"p999", "", CATEGORY_LATENCY},
		{"latency_p50_us", "us", CATEGORY_LATENCY},
		{"p99.9", "", CATEGORY_LATENCY},
		{"ns/op", "ns", CATEGORY_LATENCY},
		{"us_per_call", "us", CATEGORY_LATENCY},
		{"gc_time", "", CATEGORY_LATENCY},
		{"wall_s", "s", CATEGORY_LATENCY},
		{"wall_seconds", "s", CATEGORY_LATENCY},
		{"total_allocated_bytes", "bytes", CATEGORY_RESOURCE},
		{"max_bytes_used", "bytes", CATEGORY_RESOURCE},
		{"allocs_per_iter", "", CATEGORY_RESOURCE},
		{"allocs/op", "", CATEGORY_RESOURCE},
		{"B/op", "B", CATEGORY_RESOURCE},
		{"page_faults", "", CATEGORY_RESOURCE},
		{"INSTRUCTIONS", "", CATEGORY_RESOURCE},
		{"mem_mb", "MB", CATEGORY_RESOURCE},
		{"instructions_per_cycle", "", CATEGORY_UNKNOWN},
		{"free_bytes", "", CATEGORY_UNKNOWN},
		{"saved_ms", "", CATEGORY_UNKNOWN},
		{"latency_ratio", "", CATEGORY_UNKNOWN},
		{"s", "", CATEGORY_UNKNOWN},
		{"b", "", CATEGORY_UNKNOWN},
		{"p5", "", CATEGORY_UNKNOWN},
		{"items", "", CATEGORY_UNKNOWN},
		{"total_ops", "", CATEGORY_UNKNOWN},
		{"pass", "", CATEGORY_UNKNOWN},
		{"a_b_c_d_e_f_g_h_i_j_k_l_m_ns", "", CATEGORY_UNKNOWN},
		{"___", "", CATEGORY_UNKNOWN},
		{"", "", CATEGORY_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		struct metric m = metric_of(expected[i].name);

		if (m.category != expected[i].category || strcmp(m.unit, expected[i].unit) != 0)
			fail_msg("%s is %s [%s]", m.name, category_name(m.category), m.unit);
	}
}

static void a_unit_that_is_given_is_kept_and_tells_what_the_name_does_not(void **state)
{
	static const struct {
		const char *name, *unit;
		enum category category;
	} cases[] = {
		{"encode", "MB/s", CATEGORY_THROUGHPUT}, {"encode", "ms", CATEGORY_LATENCY},
		{"encode", "MB", CATEGORY_RESOURCE},     {"encode", "bytes", CATEGORY_RESOURCE},
		{"encode", "widgets", CATEGORY_UNKNOWN}, {"saved", "ms", CATEGORY_UNKNOWN},
		{"errors", "1/s", CATEGORY_UNKNOWN},     {"p95", "us", CATEGORY_LATENCY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct metric m = metric_with_unit(cases[i].name, cases[i].unit);

		assert_string_equal(m.unit, cases[i].unit);
		assert_int_equal(m.category, cases[i].category);
	}
	assert_string_equal(metric_with_unit("cpu_time", "ms").unit, "ns");
	assert_string_equal(metric_with_unit("p95_ms", NULL).unit, "ms");
	assert_true(metric_is_standard("max_rss") && !metric_is_standard("p95_ms"));
	assert_true(metric_is_clock("real_time") && !metric_is_clock("gc_time"));
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
		cmocka_unit_test(the_name_of_a_counter_says_its_direction_where_it_leaves_no_doubt),
		cmocka_unit_test(a_unit_that_is_given_is_kept_and_tells_what_the_name_does_not),
		cmocka_unit_test(a_part_matches_whole_or_up_to_its_colon),
	};

	return cmocka_run_group_tests_name("test_metric", tests, NULL, NULL);
}
