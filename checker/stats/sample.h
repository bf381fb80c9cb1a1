/*
 * Summaries of one sample.
 *
 * Every value is finite and the sample is not empty, unless said otherwise.  Sums are scaled so that values up to
 * DBL_MAX do not overflow on the way; the result may still be infinite where the true value is.
 */
#ifndef PAWL_STATS_SAMPLE_H
#define PAWL_STATS_SAMPLE_H

#include "base/arena.h"

#include <stddef.h>

/* A median absolute deviation times this estimates the standard deviation of normal data: 1 / quantile(0.75). */
#define SAMPLE_MAD_TO_SD 1.482602218505602

/* Puts the values in ascending order.  Cheap where they are already. */
void sample_sort(double *x, size_t n);

/* A copy in ascending order, in the arena. */
double *sample_sorted(struct arena *a, const double *x, size_t n);

/* The mean of the two middle values where n is even. */
double sample_median(struct arena *a, const double *x, size_t n);

/* The median absolute deviation from the median, not scaled. */
double sample_mad(struct arena *a, const double *x, size_t n);

double sample_mean(const double *x, size_t n);

/* With n - 1 below the fraction; 0 for a single value. */
double sample_variance(const double *x, size_t n);

/* The square root of the variance; finite wherever the result is, also where the variance overflows. */
double sample_sd(const double *x, size_t n);

/* (a + b) / 2 without overflow; rises with either argument. */
double sample_midpoint(double a, double b);

#endif
