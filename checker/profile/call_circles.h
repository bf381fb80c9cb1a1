/*
 * Circles of calls: the strongly connected components of a graph.
 */
#ifndef PAWL_PROFILE_CALL_CIRCLES_H
#define PAWL_PROFILE_CALL_CIRCLES_H

#include "base/arena.h"
#include "profile/call_graph.h"

#include <stddef.h>
#include <stdint.h>

struct call_circles {
	struct arena *arena;
	const struct keyed *calls;
	uint32_t *of;                 /* circle of each function; a function that is in none has one of its own */
	uint32_t *sizes;              /* functions in it */
	size_t count, function_count; /* of circles; of functions */
	uint32_t *first_call, *out;   /* calls by caller: out[first_call[f]] to before out[first_call[f + 1]] */
	uint32_t **ways;  /* by function that was entered: the call through which each one is reached, + 1 */
	uint32_t *place;  /* of a function in its circle */
	uint32_t *queue;  /* of a search */
	size_t way_count; /* entries in `ways` so far */
};

void call_circles_find(struct arena *a, const struct call_graph *g, struct call_circles *out);

/* The call by which `function` is reached on the shortest way from `entered`, both in one circle, or UINT32_MAX: they are the
 * same, or the circle is so large that ways in it are not looked for. */
uint32_t call_circles_way(struct call_circles *c, uint32_t entered, uint32_t function);

#endif
