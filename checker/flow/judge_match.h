/*
 * Matching: which benchmark of one run is which of another.
 */
#ifndef PAWL_FLOW_JUDGE_MATCH_H
#define PAWL_FLOW_JUDGE_MATCH_H

#include "base/arena.h"
#include "model/name.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

struct match {
	const struct slice_table **base_of; /* by the head's table: the same benchmark of the base, or NULL */
	bool *taken;                        /* by the base's table: it is the base of one */
};

/*
 * Benchmarks of the same name; then, among what is left and has values, those whose names are the same when renames and
 * the parts that say how long a benchmark runs are taken off.  Two that would both fit are left alone.
 */
struct match match_runs(struct arena *a, const struct run *base, const struct run *head, const struct rename *renames,
			size_t rename_count);

/*
 * For each of `gone` the one of `fresh` that it was probably renamed to, NULL where none is near: of the same suite, with
 * a near name, or the only one with the same arguments behind it.  None is named twice.
 */
const struct slice_table **match_suggest(struct arena *a, const struct slice_table *const *gone, size_t gone_count,
					 const struct slice_table *const *fresh, size_t fresh_count);

#endif
