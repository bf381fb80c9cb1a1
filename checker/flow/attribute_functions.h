/*
 * The functions of all profiles of an attribution: one entry where base and head mean the same one.
 *
 * Matched by cleaned name; where one side has a name in two source files (static functions), by name and file.
 */
#ifndef PAWL_FLOW_ATTRIBUTE_FUNCTIONS_H
#define PAWL_FLOW_ATTRIBUTE_FUNCTIONS_H

#include "base/arena.h"
#include "flow/attribute.h"
#include "flow/attribute_stacks.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A profile with its locations as functions, innermost first; PROFILE_NONE: has no name. */
struct function_source {
	const struct profile *profile;
	bool on_side[2];
	uint32_t *frames, *first_frame, *frame_count; /* the last two by location */
	double *leaf_cost;                            /* by location */
};

struct function_table {
	struct arena *arena;
	struct function_source *sources;
	size_t source_count;
	struct stacked_function *functions;
	size_t function_count, function_capacity;
};

struct function_table function_table_make(struct arena *a, const struct attribute_request *request);

/* Number of the source that has this profile. */
size_t function_table_source(const struct function_table *t, const struct profile *p);

/* A sample had that location as its leaf. */
void function_table_saw(struct function_table *t, size_t source, uint32_t location, double cost);

/* Fills the lines of all functions from what was seen. */
void function_table_place(struct function_table *t);

#endif
