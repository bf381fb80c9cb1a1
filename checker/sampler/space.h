/*
 * Address spaces: what code a process has mapped where, at this moment of what was recorded.
 *
 * Processes that were forked share their parent's until one of them maps something.
 */
#ifndef PAWL_SAMPLER_SPACE_H
#define PAWL_SAMPLER_SPACE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct space_map {
	uint64_t start, limit, offset; /* [start, limit) in memory; offset: of start in the file */
	uint32_t image;
	uint32_t mapping; /* of the profile; PROFILE_NONE: not there yet */
};

struct space {
	struct space_map *maps; /* by start, without overlaps */
	size_t count, capacity;
	size_t users;
	struct space *next_free;
};

/* {.arena = a} is a valid start. */
struct spaces {
	struct arena *arena;
	struct space *free;
	size_t room; /* mappings that there is memory for, in all of them */
};

struct space *space_new(struct spaces *all);
struct space *space_share(struct space *s);
void space_drop(struct spaces *all, struct space *s);

/* Maps over what was there.  Returns the space to use from now on: a copy when others share it.  Beyond what any system
 * maps, nothing changes. */
struct space *space_map_add(struct spaces *all, struct space *s, const struct space_map *map);

/* Nothing is mapped there any more.  Returns as space_map_add does. */
struct space *space_map_remove(struct spaces *all, struct space *s, uint64_t start, uint64_t limit);

struct space_map *space_find(const struct space *s, uint64_t address);

#endif
