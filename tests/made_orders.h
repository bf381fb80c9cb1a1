/*
 * A made-up program that handles orders, and what is asked of its attributions.
 */
#ifndef TESTS_MADE_ORDERS_H
#define TESTS_MADE_ORDERS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "flow/attribute.h"
#include "made_stacks.h"

#include <math.h>

enum { BENCH, PARSE, LOOP, MIX, HASH, FORMAT, SMALL_A, SMALL_B, SMALL_C, SETUP };

/* 1000 ns an operation: BM_orders calls parse and loop; loop calls mix, with hash inlined into it, and format, into which
 * three small ones are inlined. */
static const struct made_program orders = {
	.count = 10,
	.benchmark = "BM_orders",
	.functions =
		{
			[BENCH] = {.name = "BM_orders",
				   .file = "bench.c",
				   .parent = MADE_TOP,
				   .base_ns = 20,
				   .head_ns = 20},
			[PARSE] = {.name = "parse", .file = "parse.c", .parent = BENCH, .base_ns = 280, .head_ns = 280},
			[LOOP] = {.name = "loop", .file = "loop.c", .parent = BENCH, .base_ns = 100, .head_ns = 100},
			[MIX] = {.name = "mix", .file = "mix.c", .parent = LOOP, .base_ns = 250, .head_ns = 250},
			[HASH] = {.name = "hash",
				  .file = "hash.h",
				  .parent = MIX,
				  .inlined = true,
				  .base_ns = 150,
				  .head_ns = 150},
			[FORMAT] =
				{.name = "format", .file = "format.c", .parent = LOOP, .base_ns = 140, .head_ns = 140},
			[SMALL_A] = {.name = "small_a",
				     .file = "small.h",
				     .parent = FORMAT,
				     .inlined = true,
				     .base_ns = 20,
				     .head_ns = 20},
			[SMALL_B] = {.name = "small_b",
				     .file = "small.h",
				     .parent = FORMAT,
				     .inlined = true,
				     .base_ns = 20,
				     .head_ns = 20},
			[SMALL_C] = {.name = "small_c",
				     .file = "small.h",
				     .parent = FORMAT,
				     .inlined = true,
				     .base_ns = 20,
				     .head_ns = 20},
			[SETUP] = {.name = "set_up", .file = "bench.c", .parent = MADE_TOP, .base_ns = 0, .head_ns = 0},
		},
};

static inline struct made_function made_added(const char *name, const char *file, int parent, double base_ns,
					      double head_ns)
{
	return (struct made_function){
		.name = name, .file = file, .parent = parent, .base_ns = base_ns, .head_ns = head_ns};
}

static const struct made_measurement steady = {.groups = 12, .samples = 10000, .interleaved = true, .measured = true};

static inline struct attribution attribute_made(struct arena *a, const struct made_program *p,
						const struct made_measurement *m)
{
	struct attribute_request request = {0};
	struct attribution out;

	made_check(a, p, m, &request);
	attribute(a, &request, &out);
	return out;
}

static inline const struct attribution_row *row_of(const struct attribution *at, const char *name)
{
	for (size_t i = 0; i < at->row_count; i++)
		if (text_equal(at->rows[i].name, name))
			return at->rows + i;
	fail_msg("there is no row '%s'", name);
	return NULL;
}

static inline const char *cause_of(const struct attribution *at, size_t i)
{
	assert_true(i < at->cause_count);
	return at->rows[at->causes[i].row].name;
}

static inline void assert_state(const struct attribution *at, const char *name, enum change_state state)
{
	assert_string_equal(change_state_name(row_of(at, name)->state), change_state_name(state));
}

static inline void assert_near(double actual, double expected, double tolerance)
{
	if (!(fabs(actual - expected) <= tolerance))
		fail_msg("%.9g is not %.9g", actual, expected);
}

static inline int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static inline int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

#define ORDERS_TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

#endif
