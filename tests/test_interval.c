/*
 * Interval plots: where marks stand, and on which scale.
 */
#include "draw/interval.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A scale of a doubling to each side: 86 units are ln 2. */
static const struct interval_scale doubling = {0.6931471805599453};

static const char *plot(struct arena *a, struct interval_mark mark)
{
	struct buf out = {.arena = a};

	interval_draw(&out, &doubling, &mark);
	return buf_string(&out);
}

static const char *axis(struct arena *a, double largest_ratio)
{
	struct buf out = {.arena = a};
	struct interval_scale scale = {log1p(largest_ratio)};

	interval_axis_draw(&out, &scale);
	return buf_string(&out);
}

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no %s in %s", part, text);
}

static void twice_and_half_are_equally_far_from_zero(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	expect(plot(a, (struct interval_mark){.change_ratio = 1}), "cx=\"176.0\"");
	expect(plot(a, (struct interval_mark){.change_ratio = -0.5}), "cx=\"4.0\"");
	expect(plot(a, (struct interval_mark){.change_ratio = 0}), "cx=\"90.0\"");
	arena_close(a);
}

static void the_threshold_is_a_band_around_zero(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	expect(plot(a, (struct interval_mark){.threshold_ratio = 0.4142135623730951}),
	       "class=\"band\" d=\"M47.0 0H133.0V20H47.0z\"");
	assert_null(strstr(plot(a, (struct interval_mark){0}), "band"));
	arena_close(a);
}

static void an_interval_ends_in_bars_and_beyond_the_scale_in_arrows(void **state)
{
	struct arena *a = arena_open();
	struct interval_mark mark = {.low_ratio = -0.5, .high_ratio = 1, .has_low = true, .has_high = true};

	(void)state;
	expect(plot(a, mark), "M4.0 10H176.0M4.0 6v8M176.0 6v8");
	mark.high_ratio = 3;
	expect(plot(a, mark), "M4.0 6v8M172.0 6l4 4-4 4");
	mark.has_low = false;
	expect(plot(a, mark), "M4.0 10H176.0M8.0 6l-4 4 4 4");
	arena_close(a);
}

static void a_change_beyond_the_scale_is_an_arrow_at_the_edge(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	expect(plot(a, (struct interval_mark){.change_ratio = 5}), "M180 10l-8-6v12z");
	expect(plot(a, (struct interval_mark){.change_ratio = -1}), "M0 10l8-6v12z");
	arena_close(a);
}

static void every_change_up_to_a_tenfold_one_fits(void **state)
{
	struct arena *a = arena_open();
	struct interval_mark marks[] = {{.change_ratio = 0.05, .threshold_ratio = 0.1}, {.change_ratio = -0.6}};

	(void)state;
	assert_true(interval_scale_of(a, marks, 1).span >= log1p(0.1));
	assert_true(interval_scale_of(a, marks, 1).span < log1p(0.3));
	assert_true(interval_scale_of(a, marks, 2).span > -log(0.4));
	marks[1].change_ratio = 1000;
	assert_float_equal(interval_scale_of(a, marks, 2).span, log(10), 1e-12);
	assert_true(interval_scale_of(a, NULL, 0).span > 0);
	arena_close(a);
}

static void one_wide_interval_does_not_flatten_the_others(void **state)
{
	struct arena *a = arena_open();
	struct interval_mark marks[20];

	(void)state;
	for (size_t i = 0; i < 20; i++)
		marks[i] = (struct interval_mark){
			.low_ratio = -0.02, .high_ratio = 0.02, .has_low = true, .has_high = true};
	marks[7].high_ratio = 9;
	assert_true(interval_scale_of(a, marks, 20).span < 0.03);
	arena_close(a);
}

static void the_axis_says_percent_for_small_scales_and_times_for_large_ones(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	expect(axis(a, 0.15), ">+10 %<");
	expect(axis(a, 0.15), ">\xE2\x88\x92"
			      "10 %<");
	expect(axis(a, 9), ">\xC3\x97"
			   "5<");
	expect(axis(a, 9), ">\xC3\xB7"
			   "5<");
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twice_and_half_are_equally_far_from_zero),
		cmocka_unit_test(the_threshold_is_a_band_around_zero),
		cmocka_unit_test(an_interval_ends_in_bars_and_beyond_the_scale_in_arrows),
		cmocka_unit_test(a_change_beyond_the_scale_is_an_arrow_at_the_edge),
		cmocka_unit_test(every_change_up_to_a_tenfold_one_fits),
		cmocka_unit_test(one_wide_interval_does_not_flatten_the_others),
		cmocka_unit_test(the_axis_says_percent_for_small_scales_and_times_for_large_ones),
	};

	return cmocka_run_group_tests_name("test_interval", tests, NULL, NULL);
}
