/*
 * The state of one measurement: sides, programs, and the jobs with the way each is run.
 *
 * measure.c joins the parts: listing.c finds the benchmarks, sizing.c decides how each is run, slicing.c runs one slice,
 * harvest.c takes the values from it, counting.c counts instructions.
 */
#ifndef PAWL_FLOW_MEASURING_H
#define PAWL_FLOW_MEASURING_H

#include "flow/measure.h"
#include "flow/schedule.h"
#include "input/input.h"
#include "sampler/sampler.h"
#include "suite/suite.h"

enum { SIDE_COUNT = 2 };

struct bench {
	const char *names[SIDE_COUNT]; /* as the suite lists it there; NULL: that side does not have it */
	const char *title;             /* suite/name, with #2 for the second of that name */
	size_t occurrence;
	struct slice_table *tables[SIDE_COUNT]; /* NULL: that side does not have it */
};

/* What one process measures: a benchmark, or a whole suite. */
struct job {
	const struct suite_settings *settings;
	const char *title;
	struct bench *benches;
	size_t bench_count, bench_capacity;
	struct suite_program *programs[SIDE_COUNT]; /* NULL: that side does not have it */
	struct suite_slice how;                     /* iterations, repetitions, least time */
	bool pinned;   /* it has one thread only, so both sides of a block can share a CPU */
	bool left_out; /* the budget was gone before it was its turn to be sized */
};

/* One suite on one side. */
struct suite_side {
	struct suite_settings settings; /* its program may be another one on each side */
	const char *folder;             /* the side's folder as the suite sees it */
	bool set_up;
	bool compared, same_code; /* of the head: with what was built on the base */
};

struct measuring {
	struct arena *arena;
	const struct measure_request *request;
	const char *scratch, *out_path;
	const struct measure_side *sides[SIDE_COUNT]; /* NULL: not measured */
	const char *links[SIDE_COUNT];                /* of equal length: the folders as the benchmarks see them */
	struct suite_side *suites[SIDE_COUNT];        /* as in the configuration */
	struct job *jobs;
	struct schedule_job *known; /* one each */
	size_t job_count, job_capacity;
	int64_t started_ns;
	int64_t left_out_ns; /* what sizing and measuring those that were left out would take, as the others did */
	size_t slices_done, slices_total;
	size_t family;                 /* gated series, where pairs are screened */
	struct counting *counting;     /* counting.c's own */
	const struct sampler *sampler; /* the best that works here, once it was looked for */
};

/* The environment of a suite on a side: this process's own without what would change a benchmark, PWD, what pawl.yml adds,
 * and `padding` bytes. */
const char *const *measuring_env(struct arena *a, const struct measuring *m, enum side side,
				 const struct suite_settings *settings, size_t padding);

/* Runs a shell text (setup, prepare, …) where the suite runs.  `final`: even after an interrupt. */
bool measuring_shell(struct arena *a, const struct measuring *m, enum side side, const struct suite_settings *settings,
		     const char *what, const char *text, bool final, struct err *err) MUST_CHECK;

/* Sets every wanted suite up on every side, lists it and fills the jobs; what cannot be listed is told in the runs. */
bool measuring_list(struct measuring *m, struct err *err) MUST_CHECK;

/* The counterpart of every setup that was run. */
void measuring_tear_down(struct measuring *m);

/* Finds out how a job is run, with one trial or two a side; benchmarks that fail are marked so. */
void measuring_size(struct measuring *m, size_t job);

/* Where and how one slice runs. */
struct slice_place {
	enum side side;
	enum phase phase;
	int64_t block, position;
	size_t padding;
	int cpu; /* pinned to it, or -1 */
	bool watch_threads;
	struct suite_slice how;
	const struct sampler *sampler; /* it runs under that; NULL: clean */
	const struct sampling_spec *sampling;
};

enum slice_end { SLICE_OK, SLICE_FAILED, SLICE_INTERRUPTED };

/* What one process did. */
struct slice_result {
	struct proc_result process;
	int64_t stolen_ns;
	int64_t epoch_ns;         /* when it was started, as files are stamped */
	struct sampling sampling; /* of a sampler */
};

/*
 * Runs one process and adds a slice to the table of every benchmark of the job; a failure or skip is put into the table's
 * status and reason.  SLICE_FAILED: no benchmark is left that can be measured on that side.  `*threads`: the most that
 * were seen, where they were watched; may be NULL.
 */
enum slice_end measuring_slice(struct measuring *m, struct job *j, const struct slice_place *place, int *threads);

/* Runs the process of a slice alone.  A process that ends badly is a failure with the last lines that it wrote. */
enum slice_end slice_run(struct measuring *m, struct arena *a, struct job *j, const struct slice_place *place,
			 struct slice_result *result, struct err *err);

/* From a process that ended well to slices in the tables. */
void slice_harvest(struct measuring *m, struct arena *a, struct job *j, const struct slice_place *place,
		   const struct slice_result *result);

/* For suites of which not all names are listed: runs them and takes the names from the result. */
bool slice_discover(struct measuring *m, enum side side, struct suite_program *program, struct err *err) MUST_CHECK;

enum { RESULT_LIMIT = 256 << 20 };

/* The result is the process' standard output. */
bool slice_prints_result(const struct suite_program *program);

/* Gives the rows of its result to the sink.  False with the reason why it cannot be used. */
bool slice_read_result(struct arena *a, const struct measuring *m, const struct suite_program *program,
		       const struct slice_result *result, const struct input_sink *sink, struct err *err) MUST_CHECK;

/* Where the program of that slice puts its result. */
const char *slice_result_path(struct arena *a, const struct measuring *m, const struct suite_program *program);

/* "WHAT", and the last lines of standard error below it. */
const char *slice_reason(struct arena *a, const char *what, const struct proc_result *p);

#endif
