/*
 * Overhead: what sampling costs the benchmarks of this project on this machine.
 */
#ifndef PAWL_CMD_OVERHEAD_H
#define PAWL_CMD_OVERHEAD_H

#include "base/arena.h"
#include "base/err.h"
#include "cmd/project.h"
#include "flow/measure.h"

#include <stdbool.h>
#include <stddef.h>

struct overhead {
	size_t bench_count;                  /* that were measured with and without */
	double ratio, low_ratio, high_ratio; /* geometric mean over the benchmarks; 0.01: 1 % slower; 95 % interval */
	const char *most;                    /* suite/benchmark that it costs most */
	double most_ratio;
	const char *engine;
	int64_t rate_hz;
};

/* Slices of the built head, clean and under the sampler in turns, at the rate of stored runs.  Fails where nothing can be
 * sampled. */
bool overhead_measure(struct arena *a, const struct project *p, const struct measure_request *like,
		      struct overhead *out, struct err *err) MUST_CHECK;

/* "perf at 999 Hz: +0.6 % [+0.1, +1.1] over 38 benchmarks, most orders/BM_x +2.1 %" */
const char *overhead_words(struct arena *a, const struct overhead *o);

#endif
