/*
 * Welch's t test: the means of two independent samples with unequal variances.
 *
 * x is the base, y the head; everything speaks of y - x.
 */
#ifndef PAWL_STATS_WELCH_H
#define PAWL_STATS_WELCH_H

#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>

struct welch {
	double t, df;
	double p_greater; /* one-sided: the mean of y is above the mean of x */
	double p_less;
	double p_two_sided;
	struct interval interval; /* of mean(y) - mean(x) at the confidence asked for */
	bool exists;              /* false: fewer than two values in a sample, or no variance in either */
};

struct welch welch_test(const double *x, size_t nx, const double *y, size_t ny, double confidence);

#endif
