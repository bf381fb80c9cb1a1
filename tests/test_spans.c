/* Nested ranges and who is the innermost. */
#include "symbol/spans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_open();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_close(arena);
	return 0;
}

static void the_innermost_of_nested_ranges_is_found(void **state)
{
	struct spans s = {.arena = arena};

	(void)state;
	spans_add(&s, 12, 14, 3, 2);
	spans_add(&s, 10, 20, 1, 0);
	spans_add(&s, 11, 15, 2, 1);
	spans_add(&s, 30, 40, 4, 0);
	spans_flatten(&s, arena);
	assert_int_equal(spans_find(&s, 9), SPANS_NONE);
	assert_int_equal(spans_find(&s, 10), 1);
	assert_int_equal(spans_find(&s, 11), 2);
	assert_int_equal(spans_find(&s, 13), 3);
	assert_int_equal(spans_find(&s, 14), 2);
	assert_int_equal(spans_find(&s, 15), 1);
	assert_int_equal(spans_find(&s, 20), SPANS_NONE);
	assert_int_equal(spans_find(&s, 39), 4);
	assert_int_equal(spans_find(&s, 40), SPANS_NONE);
	assert_int_equal(spans_find(&s, UINT64_MAX), SPANS_NONE);
}

static void of_equal_ranges_the_deeper_one_is_the_inner_one(void **state)
{
	struct spans s = {.arena = arena};

	(void)state;
	spans_add(&s, 10, 20, 1, 5);
	spans_add(&s, 10, 20, 2, 4);
	spans_flatten(&s, arena);
	assert_int_equal(spans_find(&s, 15), 1);
}

static void ranges_that_overlap_are_cut_where_the_first_one_ends(void **state)
{
	struct spans s = {.arena = arena};

	(void)state;
	spans_add(&s, 10, 20, 1, 0);
	spans_add(&s, 15, 25, 2, 0);
	spans_flatten(&s, arena);
	assert_int_equal(spans_find(&s, 12), 1);
	assert_int_equal(spans_find(&s, 17), 2);
	assert_int_equal(spans_find(&s, 22), SPANS_NONE);
}

static void empty_and_reversed_ranges_are_nobodys(void **state)
{
	struct spans s = {.arena = arena};

	(void)state;
	spans_flatten(&s, arena);
	assert_int_equal(spans_find(&s, 0), SPANS_NONE);
	spans_add(&s, 10, 10, 1, 0);
	spans_add(&s, 10, 5, 2, 0);
	assert_int_equal(s.count, 0);
}

/* The straight way: look at every span. */
static uint32_t innermost(const struct spans *s, uint64_t address)
{
	const struct span *best = NULL;

	for (size_t i = 0; i < s->count; i++) {
		const struct span *at = &s->at[i];

		if (address >= at->start && address < at->end && (!best || at->depth > best->depth))
			best = at;
	}
	return best ? best->owner : SPANS_NONE;
}

static void many_nested_ranges_are_found_as_by_looking_at_each(void **state)
{
	struct spans s = {.arena = arena};
	uint32_t owner = 0;

	(void)state;
	for (uint64_t outer = 0; outer < 50; outer++) {
		uint64_t start = outer * 100, end = start + 40 + outer;

		for (uint32_t depth = 0; start < end; depth++, start += 3 + outer % 5, end -= outer % 4)
			spans_add(&s, start, end, owner++, depth);
	}
	spans_flatten(&s, arena);
	assert_true(s.edge_count <= 2 * s.count);
	for (uint64_t address = 0; address < 5200; address++)
		assert_int_equal(spans_find(&s, address), innermost(&s, address));
}

/* Of the order in which they are added nothing is left, wherever they lie in 64 bits. */
static void ranges_all_over_the_memory_are_sorted(void **state)
{
	struct spans s = {.arena = arena};

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t start = i * UINT64_C(0x9e3779b97f4a7c15) & ~UINT64_C(0xfff); /* 2^64 / golden ratio */

		spans_add(&s, start + 0x10, start + 0x20, (uint32_t)(3 * i + 1), 1);
		spans_add(&s, start, start + 0x80, (uint32_t)(3 * i), 0);
		spans_add(&s, start, start + 0x8, (uint32_t)(3 * i + 2), 1);
	}
	spans_flatten(&s, arena);
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t start = i * UINT64_C(0x9e3779b97f4a7c15) & ~UINT64_C(0xfff);

		assert_int_equal(spans_find(&s, start), 3 * i + 2);
		assert_int_equal(spans_find(&s, start + 0x8), 3 * i);
		assert_int_equal(spans_find(&s, start + 0x10), 3 * i + 1);
		assert_int_equal(spans_find(&s, start + 0x7f), 3 * i);
		assert_int_equal(spans_find(&s, start + 0x80), SPANS_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_innermost_of_nested_ranges_is_found),
		cmocka_unit_test(of_equal_ranges_the_deeper_one_is_the_inner_one),
		cmocka_unit_test(ranges_that_overlap_are_cut_where_the_first_one_ends),
		cmocka_unit_test(empty_and_reversed_ranges_are_nobodys),
		cmocka_unit_test(many_nested_ranges_are_found_as_by_looking_at_each),
		cmocka_unit_test(ranges_all_over_the_memory_are_sorted),
	};

	return cmocka_run_group_tests_name("spans", tests, setup, teardown);
}
