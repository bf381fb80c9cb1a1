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
			[BENCH] = {"BM_orders", "bench.c", MADE_TOP, false, 20, 20},
			[PARSE] = {"parse", "parse.c", BENCH, false, 280, 280},
			[LOOP] = {"loop", "loop.c", BENCH, false, 100, 100},
			[MIX] = {"mix", "mix.c", LOOP, false, 250, 250},
			[HASH] = {"hash", "hash.h", MIX, true, 150, 150},
			[FORMAT] = {"format", "format.c", LOOP, false, 140, 140},
			[SMALL_A] = {"small_a", "small.h", FORMAT, true, 20, 20},
			[SMALL_B] = {"small_b", "small.h", FORMAT, true, 20, 20},
			[SMALL_C] = {"small_c", "small.h", FORMAT, true, 20, 20},
			[SETUP] = {"set_up", "bench.c", MADE_TOP, false, 0, 0},
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
