/*
 * A run: everything measured for one revision at one time on one host.
 *
 * One slice table a benchmark, one row a slice.  An interleaved check makes two runs (base and head) with the same
 * check id; their slices join by block and position.  Plain data: strings and tables live in the arena of whoever made
 * the run.
 */
#ifndef PAWL_MODEL_RUN_H
#define PAWL_MODEL_RUN_H

#include "base/arena.h"
#include "model/metric.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum side { SIDE_BASE, SIDE_HEAD };

/* Why a slice was measured.  Trials size the later slices and are never judged.  A counting slice is one measurement of
 * instructions, two processes or more: it holds that metric alone.  A profile slice ran under a sampler: its values say
 * what its samples are worth and are never judged. */
enum phase { PHASE_TRIAL, PHASE_MEASURE, PHASE_SCREEN, PHASE_CONFIRM, PHASE_COUNT, PHASE_PROFILE };

/* One value of a slice.  A metric that the slice did not give is not present. */
struct cell {
	double value;
	bool present;
};

struct slice {
	int64_t block;    /* number of the block in the check, from 0 */
	int64_t position; /* place in the block, from 0; positions 2k and 2k+1 are a pair */
	enum side side;
	enum phase phase;
	int64_t start_ns; /* since the check began */
	int64_t iterations;
	int64_t repetitions; /* in this process; the values are their means */
	int64_t threads;
	int64_t wall_ns, user_ns, sys_ns; /* of the process */
	int64_t setup_ns;                 /* wall time outside the timed loop */
	int64_t cpu;                      /* pinned to it, or -1 */
	int64_t voluntary_switches, involuntary_switches;
	int64_t steal_ns;   /* taken by the hypervisor on all CPUs meanwhile */
	struct cell *cells; /* metric_count of the table */
};

/* The values of one metric in the file's order. */
struct value_list {
	double *items;
	size_t count, capacity;
};

/* What a file that holds no single values says of one metric. */
struct aggregate {
	double median, mean, sd;
	bool has_median, has_mean, has_sd;
};

/* Where the time of a benchmark went.  Its groups are the profile slices of the table, in their order. */
struct run_profile {
	const char *engine; /* "perf"; NULL: nothing was sampled */
	const char *unwind; /* "frames", "dwarf" */
	const char *
		file; /* name of the profile beside the run file, by its content's hash; "" when it is in memory only */
	const char *trouble; /* why there are no samples, or fewer than there should be; "" */
	int64_t rate_hz, sample_count, lost_count;
	int64_t broken_count;   /* stacks that do not reach the start of their thread */
	struct profile *stacks; /* samples with the numeric label pawl_group, from 0; NULL: not loaded */
};

/* What the functions of a benchmark executed in two processes that ran few and many iterations; in memory only. */
struct run_counts {
	struct profile *few, *many; /* of instructions; NULL: not counted, or by an engine that tells only sums */
	int64_t few_iterations, many_iterations;
};

enum bench_status { BENCH_MEASURED, BENCH_FAILED, BENCH_SKIPPED };

struct slice_table {
	const char *suite, *bench;
	enum bench_status status;
	const char *reason;    /* of failed and skipped, one line or several; else "" */
	const char *clock;     /* the gated time metric: cpu_time or real_time */
	const char *uncounted; /* why its instructions were asked for and could not be counted; "" */
	struct metric *metrics;
	size_t metric_count, metric_capacity;
	struct slice *slices;
	size_t slice_count, slice_capacity;
	/* Instead of slices, from a result file that says nothing of them but their values: a list a metric. */
	struct value_list *values;
	/* Instead of either, from a file that holds aggregates alone: one a metric, over `aggregated` values (0: the file
	 * does not say how many). */
	struct aggregate *aggregates;
	size_t aggregated;
	struct run_profile profile;
	struct run_counts counts;
};

/* The phases of which values are judged, shown and stored as measurements of the benchmark. */
bool phase_counts(enum phase phase);

struct run_suite {
	const char *name, *kind;
	const char *config_digest;   /* SHA-256 of the suite's settings */
	const char *program_version; /* of the benchmark library; "" unknown */
	const char *failure;         /* why nothing could be measured; "" when it could */
	bool absent;                 /* this revision has no such suite */
	bool same_code;              /* both sides of the check run the same code, so it was not measured */
	/* Of a suite whose instructions were counted, else "". */
	const char *counter;  /* the engine and its version */
	const char *isa;      /* the instruction set that programs found */
	const char *compiler; /* that its program says it was built with */
};

/* Facts of the machine; a text that is not known is "". */
struct host {
	const char *machine_class; /* slug of arch, CPU model, logical cores, hypervisor */
	const char *arch, *cpu_model, *cpu_flags, *hypervisor;
	int64_t cores;
	const char *kernel, *governor, *turbo, *smt, *libc, *compiler;
	double load; /* of one minute, when the run began */
};

struct run {
	const char *id;       /* SHA-256 of the file's bytes; "" before it is written; not in the file */
	const char *check_id; /* the same for both sides of a check */
	uint64_t seed;
	const char *pawl_version;
	const char *started;  /* RFC 3339, UTC */
	const char *revision; /* full commit id, "" outside git */
	const char *const *parents;
	size_t parent_count;
	const char *branch;
	bool dirty;                 /* uncommitted changes were measured too */
	bool partial;               /* interrupted */
	int64_t shard, shard_count; /* 1 of 1 */
	const char *source;         /* the file that it was read from, or "" */
	struct host host;
	struct run_suite *suites;
	size_t suite_count, suite_capacity;
	struct slice_table *tables;
	size_t table_count, table_capacity;
	const char **warnings;
	size_t warning_count, warning_capacity;

	/* run_find's own: tables by the hash of their names. */
	uint32_t *index;
	size_t index_room, index_count;
};

/* The table or suite with that name, or NULL.  Points into `r` and is good until the next add. */
struct slice_table *run_find(const struct run *r, const char *suite, const char *bench);
struct run_suite *run_find_suite(const struct run *r, const char *suite);

/* New, empty entries; names are copied. */
struct slice_table *run_add(struct arena *a, struct run *r, const char *suite, const char *bench);
struct run_suite *run_add_suite(struct arena *a, struct run *r, const char *name, const char *kind);
void run_warn(struct arena *a, struct run *r, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The column of a metric, or -1. */
int table_metric(const struct slice_table *t, const char *metric);

/* Where the table has no such metric as its clock, the next best is gated: real_time, else the first metric of which the
 * direction is known. */
void table_mend_clock(struct slice_table *t);

/* A new slice with an empty cell for every metric of the table. */
struct slice *table_add_slice(struct arena *a, struct slice_table *t);

/* Sets a value of a slice of `t`; a metric that the table has not yet becomes a new column (name and unit copied). */
void table_set(struct arena *a, struct slice_table *t, struct slice *s, const struct metric *m, double value);

/* Adds one to the values of a metric in a table without slices.  `expected`: how many there will be, if that is known. */
void table_add_value(struct arena *a, struct slice_table *t, const struct metric *m, double value, size_t expected);

/* The aggregate of a metric in a table without slices, empty when it is new. */
struct aggregate *table_aggregate(struct arena *a, struct slice_table *t, const struct metric *m);

/* The values of one metric in measured order, trials left out; `*count` of them, in the arena or in the table: they are
 * not to be changed. */
double *table_series(struct arena *a, const struct slice_table *t, const char *metric, size_t *count);

#endif
