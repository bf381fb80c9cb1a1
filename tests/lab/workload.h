/*
 * Workloads: where the values of a check come from, made up (noise.h) or recorded (trace.h).
 *
 * A workload draws checks; a check is a set of benchmarks, of which the first `planted_count` are slower on the head; a
 * job is one session in which they are measured.  Base and head of an interleaved check come from one job; the rules that
 * measure the base first and the head later take two.  Whatever is drawn depends on the seeds alone.
 */
#ifndef PAWL_LAB_WORKLOAD_H
#define PAWL_LAB_WORKLOAD_H

#include "noise.h"
#include "trace.h"

#include "base/arena.h"
#include "model/run.h"

struct workload {
	size_t bench_count, planted_count;
	double effect_ratio;
	bool one_host; /* made up: every job runs on the same host, nothing moves all benchmarks at once */
	const struct trace_set *set; /* recorded; NULL: made up */
	enum trace_kind kind;        /* recorded: TRACE_LAYOUT and TRACE_ALIGNED take all rows from such arms */
};

/* One benchmark of a check. */
struct workload_bench {
	double effect_ratio;
	struct noise_bench noise;
	const struct trace_row *row;
};

struct workload_check {
	const struct workload *of;
	struct workload_bench *benches;
};

/* One benchmark in one job. */
struct workload_cursor {
	struct noise_stream noise;
	struct random random;
	const struct trace_row *row; /* that this job takes it from */
	size_t at, left;             /* the pair that is next, and how many more of this stretch */
	bool swapped;                /* the sides of this stretch have changed places */
};

struct workload_job {
	const struct workload_check *check;
	struct workload_cursor *cursors;
};

/* False, with what is missing, when the traces do not have what is asked for. */
bool workload_check_ready(const struct workload *w, struct err *err) MUST_CHECK;

void workload_draw(struct arena *a, const struct workload *w, uint64_t seed, struct workload_check *check);

/* A new session.  `number` tells the jobs of one check apart. */
void workload_open(struct arena *a, const struct workload_check *check, uint64_t seed, size_t number,
		   struct workload_job *job);

/* The next pair of a benchmark, in ns an operation. */
void workload_pair(struct workload_job *job, size_t bench, enum side first, double *base_ns, double *head_ns);

/* The next values of one side alone. */
void workload_values(struct workload_job *job, size_t bench, enum side side, double *x, size_t count);

#endif
