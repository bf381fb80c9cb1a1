/*
 * Leaks: what grows from each snapshot of a program to the next.
 *
 * For three or more profiles of what is in use (heap, goroutines), oldest first.  A pure function of its arguments.
 */
#ifndef PAWL_FLOW_LEAK_H
#define PAWL_FLOW_LEAK_H

#include "base/arena.h"
#include "model/profile.h"

#include <stddef.h>

enum { LEAK_LEAST_SNAPSHOTS = 3 };

/* A stack of functions, whatever lines they were at. */
struct leak_site {
	const char *const *functions; /* the leaf first */
	size_t function_count;
	const double *values; /* a snapshot */
	double growth;        /* from the first snapshot to the last */
	double growth_per_step;
};

struct leak_report {
	const struct leak_site *sites; /* that grow in every step, the largest growth first */
	size_t site_count;
	size_t stack_count;   /* distinct ones in all snapshots */
	const double *totals; /* a snapshot */
	size_t snapshot_count;
	/* Of values that come in any order with the same chance, to come in rising order: 1 / count!. */
	double chance;
};

struct leak_snapshot {
	const struct profile *profile;
	size_t type;
};

void leak_find(struct arena *a, const struct leak_snapshot *snapshots, size_t count, struct leak_report *out);

#endif
