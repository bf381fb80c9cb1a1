/*
 * Stacks of bare addresses, and the memory map that says which file each address is of.
 *
 * For the profiles of gperftools and the texts of Go: addresses, and behind them /proc/PID/maps.
 */
#ifndef PAWL_PROFILE_ADDRESSES_H
#define PAWL_PROFILE_ADDRESSES_H

#include "base/arena.h"
#include "base/text.h"
#include "model/profile.h"
#include "profile/frames.h"

#include <stddef.h>
#include <stdint.h>

struct address_range {
	struct profile_mapping mapping;
	uint32_t added; /* its index in the profile, or PROFILE_NONE */
};

struct addresses {
	struct profile *profile;
	struct address_range *ranges; /* by start */
	size_t count, capacity;
	struct profile_line *lines; /* of one location, while it is made */
	size_t line_capacity;
};

/* Takes the ranges that hold code out of a memory map.  Other lines are passed over.  The first becomes the profile's first
 * mapping; others are added when an address is in them. */
void addresses_init(struct addresses *s, struct profile *p, struct str map);

/* The text behind "MAPPED_LIBRARIES:" or "--- Memory map: ---"; empty where there is none. */
struct str addresses_find_map(struct str text);

/* The location of an address, with the functions that stand for it, innermost first. */
uint32_t addresses_location(struct addresses *s, uint64_t address, const struct frame *functions, size_t count);

/* The mapping that an address is in, or PROFILE_NONE. */
uint32_t addresses_mapping(struct addresses *s, uint64_t address);

/* Functions of allocators and profilers that pprof, too, hides in such profiles. */
extern const char addresses_drop_heap[], addresses_keep_heap[], addresses_drop_cpu[], addresses_drop_lock[];

#endif
