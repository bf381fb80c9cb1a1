/*
 * E-divisive: the energy distance between what lies before and behind a cut.
 *
 * Sees any difference between the two sides, not of their means only, and does not care how the values are distributed;
 * the second opinion on a change point that another method found.
 */
#ifndef PAWL_STATS_EDIVISIVE_H
#define PAWL_STATS_EDIVISIVE_H

#include "base/arena.h"

#include <stddef.h>

/* The statistic for every size of the left part; out[0] is 0.  Room for n. */
void edivisive_qhat(const double *x, size_t n, double *out);

/* The size of the left part that the statistic is largest for, the smallest where several are; 0 when all are equal. */
size_t edivisive_best_split(struct arena *a, const double *x, size_t n);

enum { EDIVISIVE_PERMUTATIONS = 199 };

/*
 * The share of random orders of the values that a cut behind the first `left` of them parts as clearly.  The orders are
 * drawn from a fixed seed: the same values give the same p, which is at least 1 / (EDIVISIVE_PERMUTATIONS + 1).
 * Ends early, with what was found so far, once p is above `enough`.
 */
double edivisive_p(struct arena *a, const double *x, size_t n, size_t left, double enough);

#endif
