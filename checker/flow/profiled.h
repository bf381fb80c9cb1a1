/*
 * Profiled: which benchmarks of some runs can be held against each other by their profiles, and why others cannot.
 *
 * Pure.  The caller loads the stacks of the tables between finding and checking, so that those of benchmarks that nobody
 * asks for stay where they are.
 */
#ifndef PAWL_FLOW_PROFILED_H
#define PAWL_FLOW_PROFILED_H

#include "base/arena.h"
#include "base/regex.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

/* A run and what it is called in messages. */
struct profiled_run {
	struct run *run;
	const char *path;
};

/* One side of a benchmark: its tables in the order of the runs, those without one left out. */
struct profiled_tables {
	struct slice_table **items;
	const char **paths; /* of the run that each is of */
	size_t count, items_capacity, paths_capacity;
};

struct profiled_bench {
	const char *suite, *bench;
	struct profiled_tables base, head;
	const char *obstacle; /* why it cannot be compared; NULL: it can */
	const char *note;     /* what is not counted of it; NULL */
};

/* Benchmarks that were sampled in one of the runs, in the order in which the runs have them.  Names that differ in how long
 * a benchmark runs alone (model/name.h) are the same. */
struct profiled_bench *profiled_find(struct arena *a, const struct profiled_run *base, size_t base_count,
				     const struct profiled_run *head, size_t head_count, size_t *count);

/* The pattern is found in the benchmark's name or in suite/name, as --filter of other commands has it. */
bool profiled_matches(struct arena *a, const struct profiled_bench *b, const struct regex *filter);

/* Leaves out tables without stacks and sets the obstacle, if there is one. */
void profiled_check(struct arena *a, struct profiled_bench *b);

#endif
