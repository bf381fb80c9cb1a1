/*
 * Exact null distributions of the Mann-Whitney U statistic.
 *
 * mann_whitney.c is what a caller wants; here is only the counting.
 */
#ifndef PAWL_STATS_RANK_SUM_H
#define PAWL_STATS_RANK_SUM_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Probabilities p[0] to p[last] of the values 0 to last. */
struct rank_sum {
	const double *p;
	size_t last;
};

/* The number of ways to choose m of m + n, INFINITY where it is above DBL_MAX. */
double rank_sum_ways(size_t m, size_t n);

/* P(U = u) without ties for u from 0 to `last`, at most mn/2.  False where counting would take too long for these
 * sizes, whatever `last` is. */
bool rank_sum_untied(struct arena *a, size_t m, size_t n, size_t last, struct rank_sum *out);

/* P(2U = u) for all u from 0 to 2mn, where U belongs to m values drawn from m + n that have these doubled midranks, in
 * ascending order.  m <= n.  False where counting would take too long. */
bool rank_sum_tied(struct arena *a, size_t m, size_t n, const size_t *rank2, struct rank_sum *out);

#endif
