/*
 * Hot: where the time of a suite goes, function by function.
 *
 * Every benchmark counts alike, whatever it was sampled for: a function's share of the suite is the mean of its shares of
 * the benchmarks' own stacks (set-up stays out).  Pure.
 */
#ifndef PAWL_FLOW_HOT_H
#define PAWL_FLOW_HOT_H

#include "base/arena.h"
#include "model/run.h"

#include <stddef.h>
#include <stdint.h>

/* What a function is of one benchmark. */
struct hot_bench {
	const char *bench;
	double share; /* 0.41 is 41 % of it */
};

struct hot_row {
	const char *name, *file; /* file "": not known */
	int64_t line;            /* where the function begins; 0: not known */
	/* Own cost as part of the suite's time, with the 95 % interval that the groups of samples give (Student's, over the
	 * variances of the benchmarks' means); without groups to compare the interval is 0 to 1. */
	double share, low_share, high_share;
	double total_share;        /* with all it calls */
	struct hot_bench *benches; /* those that run it, the largest share first */
	size_t bench_count;
};

struct hot_rows {
	struct hot_row *rows; /* the largest share first */
	size_t count;
	size_t bench_count, group_count;
	double sample_count;
};

/* The functions of the suite's benchmarks of which stacks are loaded. */
struct hot_rows hot_functions(struct arena *a, const struct run *run, const char *suite);

#endif
