/*
 * Frames of stacks as names: for formats that know functions and no addresses.
 */
#ifndef PAWL_PROFILE_FRAMES_H
#define PAWL_PROFILE_FRAMES_H

#include "base/text.h"
#include "model/profile.h"

#include <stddef.h>
#include <stdint.h>

/* One function of a location; texts may hold any bytes. */
struct frame {
	struct str name, file;
	int64_t line; /* 0: not known */
};

/* The functions of a list of frames that grows. */
struct frames {
	struct arena *arena;
	uint32_t *locations; /* the leaf first, or the root, as the format has it */
	size_t count, capacity;
};

/* The line of a location: the function of that name and file, and where in it. */
struct profile_line frame_line(struct profile *p, const struct frame *f);

/* The location that is one function without address. */
uint32_t frame_location(struct profile *p, const struct frame *f);

void frames_add(struct frames *s, uint32_t location);

/* The root first becomes the leaf first. */
void frames_turn(struct frames *s);

/* Adds the name of one function of a location (innermost: 0; of a location without symbols 0 alone) as pprof shows it: its
 * file in brackets where there are no symbols, [unknown] where there is no file. */
void frame_name(const struct profile *p, uint32_t location, size_t line, struct buf *out);

/* How many there are, at least 1. */
size_t frame_line_count(const struct profile *p, uint32_t location);

/* The function there, or PROFILE_NONE. */
uint32_t frame_function(const struct profile *p, uint32_t location, size_t line);

#endif
