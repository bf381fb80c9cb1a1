/*
 * Ranges of addresses, nested in each other: which is the innermost at an address.
 *
 * Add spans, flatten, then find.  Ranges that overlap without being nested, which no sound file has, are cut at the
 * end of what they began in.
 */
#ifndef PAWL_SYMBOL_SPANS_H
#define PAWL_SYMBOL_SPANS_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

#define SPANS_NONE UINT32_MAX

struct span {
	uint64_t start, end;
	uint32_t owner, depth; /* of two equal ranges the deeper one is the inner one */
};

struct span_edge { /* from `start` to the next edge */
	uint64_t start;
	uint32_t owner; /* SPANS_NONE: nobody's */
};

struct spans {
	struct arena *arena;
	struct span *at;
	size_t count, capacity;
	struct span_edge *edges;
	size_t edge_count, edge_capacity;
};

/* Empty ranges and those that wrap are left out. */
void spans_add(struct spans *s, uint64_t start, uint64_t end, uint32_t owner, uint32_t depth);

/* Sorts them for spans_find; `scratch` is given back as it was. */
void spans_flatten(struct spans *s, struct arena *scratch);

/* The owner of the innermost span that holds the address, or SPANS_NONE. */
uint32_t spans_find(const struct spans *s, uint64_t address);

#endif
