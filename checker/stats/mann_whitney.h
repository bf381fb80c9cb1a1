/*
 * The Mann-Whitney U test (Wilcoxon's rank-sum test) on two independent samples, with the estimate and the interval of
 * the shift between them.
 *
 * x is the base, y the head.  "Greater" speaks of y: p_greater is small when y tends to be greater than x.  (Tools that
 * speak of x call the same number "less".)  For pairs use signed_rank.h, which sees more.
 */
#ifndef PAWL_STATS_MANN_WHITNEY_H
#define PAWL_STATS_MANN_WHITNEY_H

#include "base/arena.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The null distribution without ties: what was counted last is kept, for many tests of samples of the same sizes.
 * {.arena = own} is a valid start, `own` not being the arena of the call; the functions that end in _with take one.
 */
struct mann_whitney_null {
	struct arena *arena;
	size_t nx, ny;
	const double *p; /* P(U = u) for u from 0 to nx ny / 2; NULL: not counted yet, or too much to count */
};

struct mann_whitney {
	double u;           /* pairs with y > x, and half of those with y = x */
	double p_greater;   /* one-sided: y - shift tends to be greater than x */
	double p_less;      /* one-sided: y - shift tends to be less than x */
	double p_two_sided; /* twice the smaller one-sided p, at most 1 */
	bool exact;
};

/*
 * Tests y - shift against x.  Exact, conditional on the ties, while the null distribution can be counted in reasonable
 * time (300 + 300 values without ties, 100 + 100 with them); else normal with tie correction and continuity correction.
 * A tie is exact equality of doubles after the shift was taken off.  An empty sample, or all values equal: every p is 1.
 */
struct mann_whitney mann_whitney_test(struct arena *a, const double *x, size_t nx, const double *y, size_t ny,
				      double shift);
struct mann_whitney mann_whitney_test_with(struct arena *a, struct mann_whitney_null *null, const double *x, size_t nx,
					   const double *y, size_t ny, double shift);

/* The same by the normal approximation, whatever the sizes: what most other tools print. */
struct mann_whitney mann_whitney_approximate(struct arena *a, const double *x, size_t nx, const double *y, size_t ny,
					     double shift);

/* Hodges and Lehmann's estimate of the shift: the median of all differences y - x.  Neither sample is empty. */
double mann_whitney_estimate(struct arena *a, const double *x, size_t nx, const double *y, size_t ny);

/*
 * The k-th difference y - x from either end, k the quantile of U's null distribution without ties at
 * (1 - confidence) / 2.  Where the quantile is 0 the whole range of differences is the interval (k = 1), and `attained`
 * is below the confidence asked for.
 */
struct interval mann_whitney_interval(struct arena *a, const double *x, size_t nx, const double *y, size_t ny,
				      double confidence);
struct interval mann_whitney_interval_with(struct arena *a, struct mann_whitney_null *null, const double *x, size_t nx,
					   const double *y, size_t ny, double confidence);

/* The least one-sided p that samples of these sizes can reach: 1 / binomial(nx + ny, nx). */
double mann_whitney_smallest_p(size_t nx, size_t ny);

#endif
