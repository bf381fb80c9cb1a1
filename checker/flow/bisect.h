/*
 * Bisect: which commit to measure next, and what its measurement makes of it.
 *
 * Pure functions of their arguments.  The commits are a line: the first is good, the last is bad, and somewhere between them
 * good becomes bad once.
 */
#ifndef PAWL_FLOW_BISECT_H
#define PAWL_FLOW_BISECT_H

#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

enum bisect_mark {
	BISECT_UNKNOWN, /* of a commit: not measured; of a row: it could be either */
	BISECT_GOOD,
	BISECT_BAD,
	BISECT_SKIPPED, /* cannot be measured */
};

enum bisect_step {
	BISECT_MEASURE, /* the commit `at` */
	BISECT_FOUND,   /* `at` is the first bad one */
	BISECT_RANGE,   /* one of those behind `low`, up to `at`; between them all are skipped */
};

struct bisect_answer {
	enum bisect_step step;
	size_t at;
	size_t low;   /* the last good one */
	size_t high;  /* the first that is known to be bad */
	size_t steps; /* about as many measurements to go */
};

/* At least two marks, the first GOOD, the last BAD.  A good mark behind a bad one is not looked at. */
struct bisect_answer bisect_next(const enum bisect_mark *marks, size_t count);

/* A change for the worse of a series; worse is more. */
struct bisect_change {
	double estimate, low, high;
	bool known;
	bool is_ratio; /* else in the unit of the series */
};

struct bisect_change bisect_change_of(const struct finding *f);

/* What makes a series bad. */
struct bisect_scale {
	struct bisect_change full; /* at the bad end; unknown: any confirmed slowdown of `enough` is bad */
	double enough;             /* least ratio that is bad; below 0: half of the full change */
};

/* GOOD, BAD, UNKNOWN where more pairs may tell, SKIPPED where they cannot (no such benchmark, or it failed). */
enum bisect_mark bisect_mark_of(const struct finding *f, const struct bisect_scale *scale);

#endif
