/*
 * The groups of a profile, where its samples carry labels that tell them apart.
 */
#ifndef PAWL_FLOW_ATTRIBUTE_SPLIT_H
#define PAWL_FLOW_ATTRIBUTE_SPLIT_H

#include "base/arena.h"
#include "model/attribution.h"

#include <stddef.h>

/*
 * Adds a group for each number of the label "pawl_group", ascending, or one for the whole profile where no sample has it.
 * Operations come from the label "ops" of the group's samples; 0: there is none.  Pairs are up to the caller.
 */
void attribute_split(struct arena *a, const struct profile *p, size_t type, struct attribution_group **groups,
		     size_t *count, size_t *capacity);

#endif
