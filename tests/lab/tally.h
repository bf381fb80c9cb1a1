/*
 * Tallies: how often a rule was right and wrong, over many checks, and how sure that makes us.
 */
#ifndef PAWL_LAB_TALLY_H
#define PAWL_LAB_TALLY_H

#include "detector.h"

struct tally {
	size_t checks;
	size_t alarmed;          /* checks with a benchmark called slower that is not */
	size_t failed;           /* checks that such a row alone would fail */
	size_t unchanged, wrong; /* benchmarks, and those of them called slower */
	size_t wrong_failing;    /* and those of them that fail */
	size_t planted, called;  /* slower benchmarks, and those of them called */
	size_t pairs;            /* spent on unchanged benchmarks */
	size_t confirm_most;     /* on any benchmark */
	double effect_sum;       /* of the estimates on planted ones */
	/* Where a rule's level can be moved: the least p of each check over its unchanged benchmarks, and the p of every
	 * planted one.  NULL: not kept. */
	double *least_p, *planted_p;
};

/* Adds one check. */
void tally_add(struct tally *t, const struct workload_check *check, const struct call *calls);

/* The level at which a rule with these p alarms in as many checks as `alarmed`. */
double tally_level(struct arena *a, const struct tally *t, size_t alarmed);

/* The share of planted benchmarks that it then calls. */
double tally_power_at(const struct tally *t, double level);

#endif
