/*
 * A confidence interval, as the tests of this folder return it.
 */
#ifndef PAWL_STATS_INTERVAL_H
#define PAWL_STATS_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

struct interval {
	double lower, upper;
	double attained; /* the confidence it really has; discrete statistics cannot hit every level */
	size_t k;        /* the order statistic, counted from 1 at either end; 0 where there is none */
	bool exists;     /* false: no interval of that level exists, the other fields are 0 */
};

#endif
