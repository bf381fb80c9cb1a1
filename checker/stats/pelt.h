/*
 * PELT: the cuts of a series into levels with the least sum of squares plus a penalty for each cut.
 *
 * The bare optimum, with a variance that the caller knows; for histories of measurements use changepoint.h.
 */
#ifndef PAWL_STATS_PELT_H
#define PAWL_STATS_PELT_H

#include "base/arena.h"

#include <stddef.h>

/* Sums of the first i values and of their squares, after a shift that keeps them small. */
struct level_sums {
	size_t n;
	double *sum, *square; /* n + 1 of each */
};

struct level_sums level_sums_of(struct arena *a, const double *x, size_t n);

/* The squares around the mean of [from, to), which is not empty. */
double level_cost(const struct level_sums *s, size_t from, size_t to);

/* Writes the ascending first indices of all levels but the first to `out` (room for n); every level has at least
 * `least` values.  Returns how many. */
size_t pelt_cut(struct arena *a, const struct level_sums *s, double penalty, size_t least, size_t *out);

#endif
