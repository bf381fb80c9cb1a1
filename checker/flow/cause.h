/*
 * Cause: the attribution of a benchmark's change from the profile slices of its two tables.
 *
 * Joins model/run.h and flow/attribute.h: which slices are a group and a pair, what an operation cost, and which frames are
 * the benchmark's own.  Pure.
 */
#ifndef PAWL_FLOW_CAUSE_H
#define PAWL_FLOW_CAUSE_H

#include "base/arena.h"
#include "flow/attribute.h"
#include "model/run.h"

/* False when one side has no stacks, or they were taken by different engines. */
bool cause_find(struct arena *a, const struct slice_table *base, const struct slice_table *head, struct number change,
		double min_effect_ratio, struct attribution *out);

/* Sampled so badly that nothing may be concluded of it: why, or NULL. */
const char *cause_obstacle(struct arena *a, const struct run_profile *profile);

#endif
