/*
 * The stacks of all groups as one list: functions of both sides are one where they have one name, and what is not the
 * benchmark's is left out.
 */
#ifndef PAWL_FLOW_ATTRIBUTE_STACKS_H
#define PAWL_FLOW_ATTRIBUTE_STACKS_H

#include "base/arena.h"
#include "flow/attribute.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A frame of a path: a function, and whether it was inlined into the next one. */
#define FRAME_FUNCTION(frame) ((frame) >> 1)
#define FRAME_INLINED(frame)  ((frame)&1)

struct stacked_function {
	const char *name; /* cleaned */
	const char *file; /* of the head, where it is there */
	int64_t line, hot_line, last_line;
	bool kernel;
	bool in_system, elsewhere; /* its code is in a library of the system, and in other files */
};

/* So much of one path was seen in one group. */
struct stacked_entry {
	uint32_t path, group; /* groups of the base first */
	double cost;          /* per operation */
	double samples;
};

struct stacked {
	struct stacked_function *functions;
	size_t function_count;
	const struct profile
		*paths; /* its stacks are the paths: frames, the leaf first, the benchmark's function last */
	struct stacked_entry *entries;
	size_t entry_count;
	size_t base_groups, group_count;
	/* A value a group: the benchmark's whole cost per operation, what of it could not be placed, its samples, and the
	 * part of all samples that were left out. */
	double *cost, *unattributed, *samples, *left_out;
};

struct stacked stack_groups(struct arena *a, const struct attribute_request *request);

/* The frames of a path. */
const uint32_t *path_frames(const struct stacked *s, uint32_t path, size_t *count);

#endif
