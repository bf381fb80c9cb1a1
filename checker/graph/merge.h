/*
 * Profiles made one: what is equal in them stands once, and its values are added up.
 *
 * Identities are those of google/pprof (profile/merge.go): a mapping is its size (rounded up to 4 KiB), offset, and build
 * id or else file; an address counts from its mapping's start; a function is its start line, name, system name and file.
 * Samples whose values are all 0 are left out.  Mappings, locations and functions stand in the order of their first use.
 */
#ifndef PAWL_GRAPH_MERGE_H
#define PAWL_GRAPH_MERGE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>

/* The key of the label that samples of a base bear ("true"), so that they do not merge with the head's. */
#define MERGE_BASE_LABEL "pprof::base"

/* The sample types that all of some profiles have, in the order of the first one, each in the finest unit. */
struct merge_types {
	const char **names, **units;
	size_t count;
	size_t **columns; /* per profile, per type: the profile's own type */
	double **ratios;  /* per profile, per type: what its values are multiplied by */
	const char *period_name, *period_unit;
	double *period_ratios; /* per profile */
	size_t dropped_count;  /* types that some profile lacks */
};

struct merge_input {
	const struct profile *profile;
	bool negate, mark_base;
};

/* Fails, and says for which types, when profiles have no sample type in common, measure one in units that cannot be
 * converted, or have different period types. */
bool merge_agree(struct arena *a, const struct merge_input *inputs, size_t count, struct merge_types *out,
		 struct err *err) MUST_CHECK;

/* The merged profile, `scales` (per type, NULL: 1) times the values of inputs that are not negated.  Values are rounded
 * half away from 0; sums beyond int64 stay at its end, and *clipped says so. */
void merge_profiles(struct arena *a, const struct merge_input *inputs, size_t count, const struct merge_types *types,
		    const double *scales, struct profile *out, bool *clipped);

/* What remains of a profile that was filtered: unused entries are gone, what became equal is one. */
void merge_compact(struct arena *a, const struct profile *p, struct profile *out);

/* Per type, by what the head must be multiplied to have the base's sum; 0 where the head's sum is 0. */
double *merge_normalization(struct arena *a, const struct merge_input *inputs, size_t count,
			    const struct merge_types *types);

#endif
