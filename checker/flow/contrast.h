/*
 * What two runs have and have not in common, in words: what a comparison must say beside its rows.
 */
#ifndef PAWL_FLOW_CONTRAST_H
#define PAWL_FLOW_CONTRAST_H

#include "base/arena.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

struct contrast {
	const char **notes; /* one line each */
	size_t count, capacity;
	bool other_class; /* both say on which class of machine they were measured, and it is not the same one */
};

/*
 * A result file calls its suite "results".  Where the other run has a single suite, it is taken to be that one; false
 * where nothing was renamed.
 */
bool contrast_adopt_suite(struct arena *a, struct run *base, struct run *head);

/* Suites, metrics and units that differ, and what is known of machines and libraries. */
struct contrast contrast_runs(struct arena *a, const struct run *base, const struct run *head);

#endif
