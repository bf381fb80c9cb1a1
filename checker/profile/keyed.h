/*
 * Keys of four numbers, numbered in the order in which they come.
 */
#ifndef PAWL_PROFILE_KEYED_H
#define PAWL_PROFILE_KEYED_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

struct key {
	uint32_t at[4];
};

struct keyed {
	struct arena *arena;
	struct key *keys;
	size_t count;

	/* Its own. */
	size_t capacity, room;
	uint32_t *slots;
};

/* The key's number; `count` grows when it is new. */
uint32_t keyed_add(struct keyed *k, struct key key);

/* The key's number, or UINT32_MAX. */
uint32_t keyed_find(const struct keyed *k, struct key key);

#endif
