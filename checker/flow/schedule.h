/*
 * Schedule: what to measure next.
 *
 * A pure function of what is known so far: no I/O, no clock, no globals.  measure and the laboratory drive the same one.
 * In this version every benchmark gets the same number of pairs, spread over the whole check: round by round, one block
 * a benchmark, the benchmarks of a round in random order, the sides of a block as ABBA or BAAB.
 */
#ifndef PAWL_FLOW_SCHEDULE_H
#define PAWL_FLOW_SCHEDULE_H

#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCHEDULE_BLOCK_SLICES = 4 };

/* What is known about one benchmark. */
struct schedule_bench {
	bool stopped;      /* failed, skipped or gone */
	bool one_side;     /* only the head has it */
	size_t pair_count; /* measured so far (with one side: slices) */
	size_t block_count;
};

struct schedule_state {
	uint64_t seed;
	size_t pairs; /* wanted for every benchmark (with one side: slices) */
	const struct schedule_bench *benches;
	size_t bench_count;
};

/* One block: slices of one benchmark, one after another.  Slices 2k and 2k+1 are a pair. */
struct schedule_block {
	size_t bench;
	uint64_t seed; /* for whatever is random in the block: padding */
	enum phase phase;
	enum side sides[SCHEDULE_BLOCK_SLICES];
	size_t slice_count;
};

/* False when nothing is left to measure. */
bool schedule_next(const struct schedule_state *state, struct schedule_block *block);

/* Slices that are left, for the progress line. */
size_t schedule_left(const struct schedule_state *state);

#endif
