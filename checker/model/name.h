/*
 * Benchmark names: which two names mean the same benchmark.
 *
 * google-benchmark writes how long a benchmark runs into its name: "BM_x/64/iterations:1000/repeats:3/min_time:0.500".
 * Whoever changes that in the source means the same benchmark, so these parts count for nothing when two runs are
 * matched.  Names are shown and stored as they came.
 */
#ifndef PAWL_MODEL_NAME_H
#define PAWL_MODEL_NAME_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* The name without its parts iterations:N, repeats:N, min_time:X and min_warmup_time:X.  The number that tells benchmarks
 * of one name apart ("#2") stays. */
const char *name_normalise(struct arena *a, const char *bench);

/* Both mean the same benchmark: their normalised names are equal. */
bool name_same(const char *one, const char *two);

/* `series` (suite/benchmark:metric, as it stands in a file) means that metric of that benchmark. */
bool name_is_series(const char *series, const char *suite, const char *bench, const char *metric);

/* A benchmark that the head has under another name; both are suite/benchmark. */
struct rename {
	const char *from, *to;
};

/* The normalised name (suite/benchmark) that `name`, which is normalised, has now.  A benchmark that was renamed twice
 * goes through both, if they stand in that order. */
const char *name_renamed(struct arena *a, const char *name, const struct rename *renames, size_t count);

#endif
