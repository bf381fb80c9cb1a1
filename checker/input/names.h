/*
 * Which names came before in a file, and how often: a hash table in an arena, keyed by a name and a number.
 */
#ifndef PAWL_INPUT_NAMES_H
#define PAWL_INPUT_NAMES_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct name_slot {
	const char *name; /* NULL: the slot is free */
	uint64_t hash;
	int64_t index;
	/* The owner's: zero in a slot that was just added. */
	size_t times, row;
	int64_t repetition;
	uint64_t seen;
};

/* {.arena = a} is a valid start. */
struct names {
	struct arena *arena;
	struct name_slot *slots;
	size_t capacity, count;
};

/* The slot of (name, index), added with a copy of the name if it is not there.  Good until the next call. */
struct name_slot *names_slot(struct names *n, struct str name, int64_t index);

/* Whether (name, index) is there. */
bool names_has(const struct names *n, struct str name, int64_t index);

#endif
