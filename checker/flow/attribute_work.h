/*
 * What an attribution works on: costs of all functions by group, and what was found about them so far.
 */
#ifndef PAWL_FLOW_ATTRIBUTE_WORK_H
#define PAWL_FLOW_ATTRIBUTE_WORK_H

#include "flow/attribute.h"
#include "flow/attribute_stacks.h"
#include "flow/attribute_test.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Costs of functions by group, and their samples on both sides. */
struct cost_table {
	double *cells; /* function by function, a value a group */
	double *samples[2];
};

struct attribute_work {
	struct arena *arena;
	const struct attribute_request *request;
	struct stacked stacks;
	struct cost_plan plan;
	double level;
	struct attribution_change benchmark;
	double change;                          /* of the benchmark: the one to be explained */
	bool change_is_real;                    /* it is no chance */
	bool part_only;                         /* the benchmark's cost was measured beside the samples */
	bool *named;                            /* functions that inlined frames are not counted to their callers for */
	uint32_t *owner;                        /* by path: whose own cost it is */
	double *path_change;                    /* by path: head - base */
	unsigned char *path_sides;              /* by path: the sides that it was seen on, 1 base, 2 head */
	struct attribution_change *own, *total; /* by function */
	size_t tested;
	enum change_state *states; /* by function */
	uint32_t *moved_under;     /* function, or PROFILE_NONE */
};

/* Whether a change of that size and certainty counts. */
bool work_counts(const struct attribute_work *w, const struct attribution_change *c);

/* Tests all functions of a table.  Those that cost enough to be asked about get a q; returns how many. */
size_t work_test(struct attribute_work *w, const struct cost_table *costs, struct attribution_change *out);

struct cost_table work_table(const struct attribute_work *w);

/* Draws in groups whose whole cost lies far from the others'. */
void work_draw_in(struct attribute_work *w);

/* Adds one entry to the cost of a function. */
void work_add(const struct attribute_work *w, struct cost_table *out, uint32_t function, const struct stacked_entry *e);

/* Gives every path its owner and tests what each function owns: fills `named`, `owner`, `own` and `tested`. */
void work_test_own(struct attribute_work *w);

/* Adds every path to the cost of its owner. */
void work_add_owned(const struct attribute_work *w, struct cost_table *out);

/* Adds everything below a function to its cost, each stack once; paths that `without` has an owner of are left out
 * (NULL: none). */
void work_add_totals(struct attribute_work *w, const bool *without, struct cost_table *out);

/* The functions from the direct caller to the benchmark along which that function's cost changed most, each once. */
const uint32_t *work_callers(struct attribute_work *w, uint32_t function, size_t *count);

/* Fills `states` and `moved_under`. */
void work_find_states(struct attribute_work *w);

/* What is left of the costs that moved under that function, all of them added up; of those that have the sign of
 * `direction` the largest is returned, or PROFILE_NONE. */
uint32_t work_sum_moved(struct attribute_work *w, uint32_t under, double direction, struct attribution_change *sum);

/* The function is of a library of the system: malloc is many functions, and whoever calls it is the one to know. */
bool work_is_system(const struct attribute_work *w, uint32_t function);

/* A function that explains with everything below it what own costs do not; PROFILE_NONE where there is none.  With `system`
 * own costs of the system's libraries explain nothing, and count to those who call them. */
uint32_t work_find_spread(struct attribute_work *w, double unexplained, bool system, struct attribution_change *change);

#endif
