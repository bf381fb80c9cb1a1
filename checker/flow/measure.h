/*
 * Measure: runs the slices that schedule asks for and fills slice tables.
 */
#ifndef PAWL_FLOW_MEASURE_H
#define PAWL_FLOW_MEASURE_H

#include "base/arena.h"
#include "base/err.h"
#include "flow/config.h"
#include "flow/judge.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One side: a built tree. */
struct measure_side {
	const char *folder; /* that suites run in */
	struct run *run;    /* filled; revision, branch and host are the caller's */
	const bool *absent; /* suite by suite: this side has none of it; NULL: it has all */
	/* Suite by suite: this side's own word on which benchmarks there are (filter, params); NULL: the configuration's. */
	const struct suite_settings *const *own;
	const char *program; /* runs instead of the wanted suites' own program; NULL: it does not */
};

struct measure_progress {
	const char *what;   /* "orders/BM_discount" */
	size_t done, total; /* slices */
	int64_t left_ns;    /* to go, estimated from what slices cost so far */
	const char *stage;  /* "listing", "sizing", "measuring", "counting" */
};

/* How a job will be measured. */
struct measure_job {
	const char *title;
	size_t bench_count;
	int64_t iterations, repetitions; /* 0: the program decides */
	int64_t slice_ns;                /* of one process */
	int64_t counting_ns;             /* of all that counts its instructions; 0: nothing does */
	size_t pairs;                    /* at least; 0: no time for it */
	bool screens;                    /* more of them, if it looks slower */
	bool one_side;                   /* only the head has it: slices, not pairs */
	bool stopped;                    /* failed, skipped, gone or the same code: nothing to measure */
	bool same_code;                  /* on both sides */
	bool left_out;                   /* not even tried: the budget was gone */
};

struct measure_plan {
	struct measure_job *jobs;
	size_t job_count, bench_count;
	int64_t expected_ns;
};

/* Whose stacks are sampled: of nothing; of every benchmark of a single side, and of what is called slower or faster on two. */
enum measure_profiles { MEASURE_NO_PROFILES, MEASURE_PROFILES };

struct measure_request {
	const struct config *config;
	const bool *wanted; /* suite by suite; NULL: all */
	const char *filter; /* PCRE2 over benchmark names or suite/benchmark; NULL: all */
	uint64_t seed;
	size_t pairs;  /* of every job; 0: screen and confirm */
	size_t slices; /* of what only the head has */
	const struct judge_request
		*judge;    /* how pairs are judged; without `pairs` and with a base it says how many it takes */
	size_t family;     /* gated series of the whole check; 0: those that are measured */
	bool improvements; /* confirm every one, not only those beyond the threshold */
	int64_t budget_ns; /* for the whole check; 0: no limit */
	int64_t spent_ns;  /* of it, before measuring */
	bool plan_only;    /* end when the plan is told */
	enum measure_profiles profiles;
	bool samples_head; /* the head's timing slices run under the sampler of stored runs: what that costs is the question */
	const bool *same_code; /* suite by suite: both sides run the same code; listed, not measured; NULL: none */
	const struct measure_side *base; /* NULL: the head alone */
	const struct measure_side *head;
	void *to;
	void (*progress)(void *to, const struct measure_progress *p); /* may be NULL */
	void (*plan)(void *to, const struct measure_plan *plan);      /* once, before the slices; may be NULL */
};

/* False when nothing could be measured because of this machine or the configuration (scratch folder, bad filter).  What a
 * suite does wrong is in the runs.  After an interrupt both runs are marked partial and hold what was measured. */
bool measure(struct arena *a, const struct measure_request *request, struct err *err) MUST_CHECK;

#endif
