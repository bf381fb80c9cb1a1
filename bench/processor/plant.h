/*
 * Slowdowns planted for experiments: a named function does its work twice, or more often, in every Nth call, without any
 * code moving.
 *
 * Which functions and how often is data in an object of its own (plant.c), so that a planted program and a clean one
 * have the same text at the same addresses: what differs in a measurement is the work.
 */
#ifndef PROCESSOR_PLANT_H
#define PROCESSOR_PLANT_H

#include "harness/bench.h"

#include <stdbool.h>
#include <stdio.h>

/* Functions that can be slowed down. */
#define PLANT_LIST(ROW)                                                                                                \
	ROW(parse_order)                                                                                               \
	ROW(validate_order)                                                                                            \
	ROW(hash_order)                                                                                                \
	ROW(find_customer)                                                                                             \
	ROW(apply_rules)                                                                                               \
	ROW(compute_discount)                                                                                          \
	ROW(compute_tax)                                                                                               \
	ROW(format_receipt)                                                                                            \
	ROW(process_order)                                                                                             \
	ROW(sort_orders)                                                                                               \
	ROW(queue_push)                                                                                                \
	ROW(queue_pop)                                                                                                 \
	ROW(latency_record)                                                                                            \
	ROW(latency_percentile)

enum plant_function {
#define ROW(name) PLANT_##name,
	PLANT_LIST(ROW)
#undef ROW
		PLANT_COUNT
};

enum { PLANT_TEXT_SIZE = 256 };

/* "compute_discount:2,hash_order:3x8", or "": every 2nd call of one does its work twice, every 3rd of the other eight
 * times. */
extern const char plant_text[PLANT_TEXT_SIZE];

/* 0, or the N of "every Nth call"; how often such a call does its work. */
extern unsigned plant_every[PLANT_COUNT], plant_times[PLANT_COUNT];
extern _Thread_local unsigned plant_calls[PLANT_COUNT];

/* Reads the text into plant_every.  False after it has said on `out` what is wrong with it and what can be named. */
bool plant_read(const char *text, FILE *out);

static inline unsigned plant_rounds(enum plant_function function)
{
	unsigned every = plant_every[function];

	if (every == 0 || ++plant_calls[function] < every)
		return 1;
	plant_calls[function] = 0;
	return plant_times[function];
}

/* Runs the block that follows once, or more often when the plant says so.  The block computes everything anew from memory and
 * ends with bench_keep() of what it found: the compiler can then neither skip a round nor merge two. */
#define PLANT_LOOP(function)                                                                                           \
	for (unsigned plant_round = plant_rounds(PLANT_##function); plant_round > 0; plant_round--, bench_clobber())

#endif
