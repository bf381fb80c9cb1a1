/*
 * The state of one measurement: sides, programs and benchmarks with the way each is run.
 *
 * measure.c joins the parts: listing.c finds the benchmarks, sizing.c decides how each is run, slicing.c runs one slice.
 */
#ifndef PAWL_FLOW_MEASURING_H
#define PAWL_FLOW_MEASURING_H

#include "flow/measure.h"
#include "flow/schedule.h"
#include "suite/suite.h"

enum { SIDE_COUNT = 2 };

struct bench {
	const char *suite, *name; /* as the suite lists it */
	const char *title;        /* suite/name, for messages */
	size_t occurrence;
	struct slice_table *tables[SIDE_COUNT]; /* NULL: that side does not have it */
	struct suite_program *programs[SIDE_COUNT];
	struct suite_slice how; /* iterations, repetitions, least time */
	bool pinned;            /* it has one thread only, so both sides of a block can share a CPU */
	int64_t slice_cost_ns;  /* of one slice, by the last trial */
};

struct measuring {
	struct arena *arena;
	const struct measure_request *request;
	struct err *err; /* where the reason of a failure that ends everything goes */
	const char *scratch, *out_path;
	const struct measure_side *sides[SIDE_COUNT]; /* NULL: not measured */
	const char *links[SIDE_COUNT];                /* of equal length: the folders as the benchmarks see them */
	struct bench *benches;
	struct schedule_bench *known; /* one each */
	size_t bench_count, bench_capacity;
	int64_t started_ns;
	size_t slices_done, slices_total;
};

/* The environment of one side: this process's own without what would change a benchmark, PWD, and `padding` bytes. */
const char *const *measuring_env(struct arena *a, const struct measuring *m, enum side side, size_t padding);

/* Lists every wanted suite on every side and fills benches; what cannot be listed is told in the runs. */
bool measuring_list(struct measuring *m, struct err *err) MUST_CHECK;

/* Finds out how a benchmark is run, with one trial or two a side; a benchmark that fails is marked so. */
void measuring_size(struct measuring *m, size_t bench);

/* Where and how one slice runs. */
struct slice_place {
	enum side side;
	enum phase phase;
	int64_t block, position;
	size_t padding;
	int cpu; /* pinned to it, or -1 */
	bool watch_threads;
	struct suite_slice how;
};

enum slice_end { SLICE_OK, SLICE_FAILED, SLICE_SKIPPED, SLICE_INTERRUPTED };

/* Runs one slice and adds it to the side's table; a failure or skip is put into the table's status and reason.
 * `*threads`: the most that were seen, where they were watched; may be NULL. */
enum slice_end measuring_slice(struct measuring *m, struct bench *b, const struct slice_place *place, int *threads);

#endif
