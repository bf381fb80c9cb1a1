/*
 * Wilcoxon's signed-rank test on paired differences, with the estimate and the interval that go with it.
 *
 * For two samples that are not pairs use mann_whitney.h.
 */
#ifndef PAWL_STATS_SIGNED_RANK_H
#define PAWL_STATS_SIGNED_RANK_H

#include "base/arena.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>

/* Up to this many differences the null distribution is exact; above, normal with tie correction and continuity
 * correction.  Chosen because the exact work grows with n^3 and is a few milliseconds here. */
enum { SIGNED_RANK_EXACT_LIMIT = 300 };

struct signed_rank {
	double w_plus;      /* sum of the midranks of the positive differences */
	double p_greater;   /* one-sided: d tends to be above the shift */
	double p_less;      /* one-sided: d tends to be below the shift */
	double p_two_sided; /* twice the smaller one-sided p, at most 1 */
	bool exact;
};

/*
 * Tests d - shift.  Zeros by Pratt: they are ranked, then dropped.  Ties get midranks, and the distribution is the one
 * conditional on them.  A zero or a tie is exact equality of doubles after the shift was taken off.
 * Nothing but zeros, or n = 0: every p is 1.
 */
struct signed_rank signed_rank_test(struct arena *a, const double *d, size_t n, double shift);

/* Hodges and Lehmann's estimate of the centre: the median of the n(n+1)/2 Walsh averages.  n is at least 1. */
double signed_rank_estimate(struct arena *a, const double *d, size_t n);

/*
 * The k-th Walsh average from either end, k the quantile of the null distribution at (1 - confidence) / 2.  Where k is 0
 * no interval of that level exists.  In data without ties its lower end is above a shift exactly when p_greater at that
 * shift is below (1 - confidence) / 2.
 */
struct interval signed_rank_interval(struct arena *a, const double *d, size_t n, double confidence);

/* The least one-sided p that n pairs can reach: 2^-n. */
double signed_rank_smallest_p(size_t n);

#endif
