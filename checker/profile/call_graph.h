/*
 * Who called whom and at what cost, made into stacks.
 *
 * Callgrind knows no stacks: it knows what each line cost itself, and what each call cost with all that it called.  Those are
 * a flow: what a function cost comes in through its callers, and goes out into its own lines and what it calls.  A flow can
 * be taken apart into paths whose sums are the flow again (flow decomposition: Ahuja, Magnanti, Orlin, Network Flows, 1993,
 * theorem 3.5), at most as many as there are lines and calls.  So every line's cost, every call's cost and every function's
 * cost with what it called stays as it was measured.  Which caller's caller a cost belongs to was not measured, and the paths
 * choose one that fits.
 *
 * Functions that call each other in a circle have no such flow between them: the costs of their calls count what
 * they call again and again.  There the path takes the fewest calls from where the circle was entered to where it was left.
 */
#ifndef PAWL_PROFILE_CALL_GRAPH_H
#define PAWL_PROFILE_CALL_GRAPH_H

#include "base/err.h"
#include "model/profile.h"
#include "profile/keyed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Functions are numbers that the reader gives. */
struct call_graph {
	struct arena *arena;
	size_t event_count;
	struct keyed costs;    /* function, location */
	int64_t *cost_values;  /* event_count a cost */
	struct keyed calls;    /* caller, called function, location of the call */
	int64_t *call_values;  /* event_count a call */
	size_t function_count; /* numbers are below it */

	/* Its own. */
	size_t cost_capacity, call_capacity;
};

/* Add to what was there; false where the sum does not fit 64 bits. */
bool call_graph_cost(struct call_graph *g, uint32_t function, uint32_t location, const int64_t *values) MUST_CHECK;
bool call_graph_call(struct call_graph *g, uint32_t caller, uint32_t called, uint32_t location,
		     const int64_t *values) MUST_CHECK;

/* Adds samples to a profile with event_count types, to which the locations belong.  Fails for graphs that would take too
 * much memory as stacks. */
bool call_graph_stacks(struct call_graph *g, struct profile *p, const char *path, struct err *err) MUST_CHECK;

#endif
