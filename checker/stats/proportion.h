/*
 * A proportion: how often something happened, and how often it may happen at most.
 */
#ifndef PAWL_STATS_PROPORTION_H
#define PAWL_STATS_PROPORTION_H

#include <stddef.h>

/*
 * The one-sided upper bound of a binomial proportion: with it as the true one, `hits` or fewer of `trials` would have a
 * probability of 1 - confidence (Clopper and Pearson, Biometrika 26, 1934).  1 where every trial hit, and without trials.
 */
double proportion_upper(size_t hits, size_t trials, double confidence);

#endif
