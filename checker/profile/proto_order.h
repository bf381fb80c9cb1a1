/*
 * The one order of a profile: what is equal by content counts as one, and everything is ranked by content, so that the order
 * in which a profile was read or made, and the indices that it gave, leave no trace.
 */
#ifndef PAWL_PROFILE_PROTO_ORDER_H
#define PAWL_PROFILE_PROTO_ORDER_H

#include "base/arena.h"
#include "model/profile.h"

#include <stddef.h>
#include <stdint.h>

/* Samples of one stack and one set of labels, added up. */
struct proto_row {
	uint32_t stack, label_set; /* any of the equal ones */
	int64_t *values;
};

struct proto_order {
	const struct profile *profile;
	/* By index; equal entries have equal ranks, below the number of entries. */
	uint32_t *strings, *mappings, *functions, *locations, *stacks, *label_sets;
	/* Sorted copies without labels that the format cannot tell from none; spans by the profile's label set. */
	struct profile_label *labels;
	struct profile_span *label_spans;
	/* By stack from its root, then by labels; rows that are 0 in every type are left out, as pprof leaves them out. */
	struct proto_row *rows;
	size_t row_count;
};

void proto_order_init(struct proto_order *o, struct arena *a, const struct profile *p);

#endif
