/*
 * Geometric means: one line a metric for all benchmarks together.
 *
 * Only for reading: nothing is judged by them, since one benchmark that became slower hides among many that did not.
 */
#ifndef PAWL_MODEL_GEOMEAN_H
#define PAWL_MODEL_GEOMEAN_H

#include "base/arena.h"
#include "base/json.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

struct geomean {
	const char *metric, *unit;
	bool gated;   /* a row of it is */
	size_t count; /* benchmarks that have it on both sides, above 0 */
	double baseline, current;
	double change_ratio; /* of current to baseline, less 1 */
};

/* One for every metric of which at least two benchmarks can be compared, in the arena; gated ones first, then by name. */
struct geomean *verdict_geomeans(struct arena *a, const struct verdict *v, size_t *count);

/* The same as a JSON list. */
void geomeans_to_json(struct json *j, const struct verdict *v);

#endif
