/*
 * Names of frames in flame graphs: frames with equal names are one.
 */
#ifndef PAWL_DRAW_FLAME_NAMES_H
#define PAWL_DRAW_FLAME_NAMES_H

#include "draw/flame.h"

/* Names, equal ones once.  Open addressing. */
struct flame_names {
	struct arena *arena;
	const char **at;
	size_t count, capacity;
	uint32_t *slots; /* index and 1 */
	size_t room;
};

/* The index of a name, which is not copied. */
uint32_t flame_name_find(struct flame_names *n, const char *text);

/* As the graph's nodes are called: what is known of address, name, file and line; `line` is NULL for a location without. */
const char *flame_frame_name(struct arena *a, const struct flame_build_options *options, const struct profile *p,
			     const struct profile_location *l, const struct profile_line *line);

#endif
