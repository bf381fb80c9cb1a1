/*
 * Order statistics of all pairwise averages or differences, found without making the pairs.
 *
 * The k-th value is found by trying limits and counting, so it is the very value that sorting all pairs would give, in
 * memory of the size of the samples.  Ranks count from 1.
 */
#ifndef PAWL_STATS_PAIRWISE_H
#define PAWL_STATS_PAIRWISE_H

#include <stddef.h>

/* The k-th of the n(n+1)/2 Walsh averages (x[i] + x[j]) / 2, i <= j, of a sorted sample. */
double walsh_select(const double *sorted, size_t n, size_t k);

/* Their median. */
double walsh_median(const double *sorted, size_t n);

/* The k-th of the nx * ny differences y[j] - x[i] of sorted samples. */
double difference_select(const double *x, size_t nx, const double *y, size_t ny, size_t k);

/* Their median. */
double difference_median(const double *x, size_t nx, const double *y, size_t ny);

#endif
