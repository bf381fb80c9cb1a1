/*
 * Adjusting the p-values of many tests made at once.
 */
#ifndef PAWL_STATS_MULTIPLE_H
#define PAWL_STATS_MULTIPLE_H

#include "base/arena.h"

#include <stddef.h>

/* Benjamini and Hochberg: rejecting every q <= a keeps the expected share of false rejections at a.  q has the order of
 * p, is never below it and at most 1; q may be p itself. */
void benjamini_hochberg(struct arena *a, const double *p, size_t m, double *q);

/* Holm: rejecting every q <= a keeps the chance of any false rejection at a. */
void holm(struct arena *a, const double *p, size_t m, double *q);

#endif
