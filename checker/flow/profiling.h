/*
 * Profiling: which benchmarks run under a sampler, and what is kept of it.
 *
 * Profile slices are interleaved like timing slices and never used for timing.  Where a run is stored every benchmark gets a
 * few, so that a baseline carries a profile of each; where two sides are held against each other those that were called
 * slower or faster get as many as attribution asks for (flow/attribute.h), up to a limit.
 */
#ifndef PAWL_FLOW_PROFILING_H
#define PAWL_FLOW_PROFILING_H

#include "flow/measuring.h"

enum { PROFILING_MOST_ROWS = 12 }; /* of a check: one cause mostly explains them all */

/* After the timing slices: adds profile slices and stacks to the tables.  Never makes a benchmark fail; what stands in the
 * way is said in the tables and, once, in the warnings of the head. */
void profiling_run(struct measuring *m);

/* Expected time of what is known beforehand: the slices of a single side.  What two sides ask for, their pairs will tell. */
int64_t profiling_expected_ns(const struct measuring *m);

#endif
