/*
 * Measure: runs the slices that schedule asks for and fills slice tables.
 */
#ifndef PAWL_FLOW_MEASURE_H
#define PAWL_FLOW_MEASURE_H

#include "base/arena.h"
#include "base/err.h"
#include "flow/config.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One side: a built tree. */
struct measure_side {
	const char *folder; /* that suites run in */
	struct run *run;    /* filled; revision, branch and host are the caller's */
	const bool *absent; /* suite by suite: this side has none of it; NULL: it has all */
};

struct measure_progress {
	const char *what;   /* "orders/BM_discount" */
	size_t done, total; /* slices */
	int64_t left_ns;    /* to go, estimated from what slices cost so far */
	const char *stage;  /* "listing", "sizing", "measuring" */
};

struct measure_request {
	const struct config *config;
	const bool *wanted; /* suite by suite; NULL: all */
	const char *filter; /* PCRE2 over benchmark names or suite/benchmark; NULL: all */
	uint64_t seed;
	size_t pairs;
	const struct measure_side *base; /* NULL: the head alone */
	const struct measure_side *head;
	void *to;
	void (*progress)(void *to, const struct measure_progress *p);    /* may be NULL */
	void (*plan)(void *to, size_t bench_count, int64_t expected_ns); /* once, before the slices; may be NULL */
};

/* False when nothing could be measured because of this machine or the configuration (scratch folder, bad filter).  What a
 * suite does wrong is in the runs.  After an interrupt both runs are marked partial and hold what was measured. */
bool measure(struct arena *a, const struct measure_request *request, struct err *err) MUST_CHECK;

#endif
