/*
 * Whether a cost changed, by what its groups say.
 */
#ifndef PAWL_FLOW_ATTRIBUTE_TEST_H
#define PAWL_FLOW_ATTRIBUTE_TEST_H

#include "base/arena.h"
#include "flow/attribute.h"
#include "model/attribution.h"

#include <stdbool.h>
#include <stddef.h>

/* How groups are held against each other; made once, used for every function. */
struct cost_plan {
	enum attribution_method method;
	bool indicative;
	size_t base_groups, group_count;
	size_t *pairs; /* base group, head group, … */
	size_t pair_count;
	double noise_ratio, run_spread_ratio;
	double base_samples, head_samples; /* of the benchmark */
};

struct cost_plan cost_plan_make(struct arena *a, const struct attribute_request *request);

/* What of a cost is known beside its values: samples on both sides, and whether the benchmark's whole cost was measured
 * beside them, so that only the part of it is uncertain. */
struct cost_evidence {
	double base_samples, head_samples;
	bool part_only;
};

/* `cost` has a value a group, those of the base first. */
struct attribution_change cost_test(struct arena *a, const struct cost_plan *plan, const double *cost,
				    const struct cost_evidence *evidence);

#endif
