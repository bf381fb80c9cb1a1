/*
 * Pairs of numbers to a number, by open addressing.
 *
 * For what is looked up with every frame: addresses, stacks, threads.  Entries are never taken away; a caller that must
 * forget one gives it another value.
 */
#ifndef PAWL_SAMPLER_TABLE_H
#define PAWL_SAMPLER_TABLE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_slot {
	uint64_t first, second;
	uint32_t value;
	bool used;
};

/* {.arena = a} is a valid start. */
struct table {
	struct arena *arena;
	struct table_slot *slots;
	size_t room, count;
};

/* The value's place; `*added` says that it is new (and 0).  Valid until the next call. */
uint32_t *table_put(struct table *t, uint64_t first, uint64_t second, bool *added);

/* The value's place, or NULL. */
uint32_t *table_find(const struct table *t, uint64_t first, uint64_t second);

#endif
