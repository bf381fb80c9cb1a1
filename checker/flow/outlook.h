/*
 * Outlook: what one job still has to measure, by what its pairs say so far.
 *
 * The part of the judge that schedule needs while measuring: pure, and made of the judge's own rows, so that what was
 * measured is what the verdict asks for.
 */
#ifndef PAWL_FLOW_OUTLOOK_H
#define PAWL_FLOW_OUTLOOK_H

#include "base/arena.h"
#include "flow/judge.h"

#include <stdbool.h>
#include <stddef.h>

struct outlook_request {
	const struct judge_request *judge; /* rules, suites, and a head; nothing else of it is looked at */
	size_t family;                     /* gated series of the check */
	bool improvements;                 /* confirm every improvement, not only those beyond the threshold */
};

struct outlook {
	size_t pairs; /* fresh ones that the next look needs, those that are there included; 0: nothing more to measure */
	double promise; /* the least p of its series that go on; 1 where there is none */
};

/* Of one benchmark; a job of several benchmarks needs what the greediest of them does. */
struct outlook outlook_of(struct arena *a, const struct outlook_request *request, const struct slice_table *base,
			  const struct slice_table *head);

/* How many gated series such a benchmark has. */
size_t outlook_gated(struct arena *a, const struct outlook_request *request, const struct slice_table *base,
		     const struct slice_table *head);

#endif
