/*
 * Change points: where the level of a series of measurements changes and stays changed.
 *
 * For histories, one value a run, oldest first.  Values of a ratio scale (times) should come as logarithms, so that a
 * change is a ratio and the noise is the same on every level.  Not for a slow drift, which is not a level: see trend_line.
 */
#ifndef PAWL_STATS_CHANGEPOINT_H
#define PAWL_STATS_CHANGEPOINT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { CHANGEPOINT_MIN_SEGMENT = 3 };

struct changepoint {
	size_t index;            /* 0-based: the first point of the new level */
	size_t first, end;       /* the level before is [first, index), the new one [index, end) */
	size_t earliest, latest; /* where the first point of the new level may lie as well */
	double before, after;    /* the two levels: means without spikes */
	double p;                /* of a step as clear anywhere in the history, were there none */
};

struct changepoints {
	struct changepoint *items; /* ascending */
	size_t count;
	double sd;     /* of one value around its level */
	double df;     /* degrees of freedom that `sd` is worth */
	double spread; /* factor, at least 1: by how much neighbours that move together widen a level's error */
	bool *spike;   /* value by value: stands alone and was replaced by its neighbours' mean */
};

/* Every value is finite; `n` may be anything, fewer than 6 values have no change point. */
struct changepoints changepoint_analyse(struct arena *a, const double *x, size_t n);

/* The indices alone; `out` has room for n. */
size_t changepoint_find(struct arena *a, const double *x, size_t n, size_t *out);

#endif
