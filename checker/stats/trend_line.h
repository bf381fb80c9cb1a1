/*
 * A line through a series, and whether it rises or falls at all: Theil-Sen and Mann-Kendall.
 *
 * For slow drifts.  A single step in the middle has a slope, too: ask changepoint.h first.
 */
#ifndef PAWL_STATS_TREND_LINE_H
#define PAWL_STATS_TREND_LINE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct trend_line {
	bool exists;      /* false: fewer than 4 values, or all are equal */
	double start;     /* of the line, at the first value */
	double slope;     /* from one value to the next */
	double low, high; /* of the slope, at the confidence asked for */
	double p;         /* two-sided, of no trend at all */
};

struct trend_line trend_line_fit(struct arena *a, const double *x, size_t n, double confidence);

#endif
