/*
 * Schedule: what to measure next.
 *
 * A pure function of what is known so far: no I/O, no clock, no globals.  measure and the laboratory drive the same one.
 * Every job is screened with a few pairs; jobs whose outlook asks for more (flow/outlook.h) get fresh pairs that confirm,
 * up to the next look, and so on.  Or, where a number of pairs is wished for, every job gets that many.  Work is spread over
 * the whole check: round by round, one block a job, the jobs of a round in random order, the sides of a block as ABBA or
 * BAAB.  A job is what one process measures: mostly one benchmark, for some suites all of them.
 */
#ifndef PAWL_FLOW_SCHEDULE_H
#define PAWL_FLOW_SCHEDULE_H

#include "flow/confirm.h"
#include "flow/outlook.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SCHEDULE_BLOCK_SLICES = 4,
	SCHEDULE_LEAST_PAIRS = 6, /* fewer decide nothing: 2^-5 is above 0.05 / 2 */
};

/* What is known about one job.  All zero but slice_ns and one_side before schedule_plan. */
struct schedule_job {
	bool stopped;      /* failed, skipped or gone */
	bool one_side;     /* only the head has it */
	enum phase phase;  /* that it is in */
	size_t pair_count; /* measured so far (with one side: slices) */
	size_t block_count;
	size_t pairs;        /* wanted so far (with one side: slices) */
	size_t screen_count; /* of pair_count: those that screened */
	double promise;      /* of its outlook */
	int64_t slice_ns;    /* expected of one slice */
};

struct schedule_state {
	uint64_t seed;
	const struct schedule_job *jobs;
	size_t job_count;
	int64_t budget_ns; /* for all slices; 0: no limit */
	int64_t spent_ns;  /* of it */
};

/* One block: slices of one job, one after another.  Slices 2k and 2k+1 are a pair. */
struct schedule_block {
	size_t job;
	uint64_t seed; /* for whatever is random in the block: padding */
	enum phase phase;
	enum side sides[SCHEDULE_BLOCK_SLICES];
	size_t slice_count;
};

/* What the user wants. */
struct schedule_wish {
	size_t pairs;      /* for every job, none screened; 0: screen and confirm */
	size_t slices;     /* of jobs with one side */
	int64_t budget_ns; /* 0: no limit */
};

/*
 * Divides a budget: sets `phase` and `pairs` of every job.  All get the same; where that would be fewer than
 * SCHEDULE_LEAST_PAIRS, the cheapest jobs get those and the others none.  Returns the budget that would give every job
 * that many.  Without a budget everybody gets what is wished.
 */
int64_t schedule_plan(struct schedule_job *jobs, size_t job_count, const struct schedule_wish *wish);

/* True when the job's pairs were screened and it is time to look at them: take its outlook, and tell it with
 * schedule_learn. */
bool schedule_wants_look(const struct schedule_job *job);
void schedule_learn(struct schedule_job *job, const struct outlook *outlook);

/* Expected time of what is planned and not yet measured, and, while a job is screened, of what usually follows. */
int64_t schedule_left_ns(const struct schedule_job *jobs, size_t job_count);

/* Slices that are planned and not yet measured. */
size_t schedule_left(const struct schedule_job *jobs, size_t job_count);

/* False when nothing is left to measure, or no budget for the next block. */
bool schedule_next(const struct schedule_state *state, struct schedule_block *block);

#endif
