/*
 * Suites: how a kind of benchmark program is listed and run, one benchmark at a time.
 *
 * A kind knows command lines and file formats; it never measures.  flow/measure runs what a kind says and reads the
 * artefacts through input/.  Adding one is one new file with its row and one line in SUITE_LIST.
 */
#ifndef PAWL_SUITE_SUITE_H
#define PAWL_SUITE_SUITE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/proc.h"
#include "model/metric.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum suite_clock { CLOCK_AUTO, CLOCK_CPU_TIME, CLOCK_REAL_TIME };

/* A parameter of a command: every combination of values is a benchmark. */
struct suite_param {
	const char *name;
	const char *const *values;
	size_t value_count;
};

/* How the stacks of a suite are taken. */
struct suite_profiling {
	bool off;
	int64_t rate_hz;    /* 0: not set */
	bool dwarf;         /* callers by CFI over a copy of the stack, not by frame pointers */
	const char *engine; /* a name of sampler/; NULL: the first that works here */
};

/* A suite as pawl.yml describes it. */
struct suite_settings {
	const char *name;
	const struct suite_kind *kind;
	const char *build;      /* shell text, or "" */
	const char *const *run; /* argv, NULL at its end */
	size_t run_count;
	const char *filter; /* PCRE2 over benchmark names; ".*" */
	int64_t slice_ns;   /* timed loop of one slice; 0: auto */
	int64_t timeout_ns; /* of one process */
	enum suite_clock clock;
	const char *const *metrics; /* "time", "max_rss", counters by name */
	size_t metric_count;
	const char *counter; /* the engine that counts instructions; NULL: the first that works here */
	size_t line;         /* in pawl.yml */

	/* Texts that are not set are NULL. */
	const char *const *env; /* NAME=VALUE, env_count of them, beside pawl's own environment */
	size_t env_count;
	const char *cwd;               /* below the side's folder */
	const char *setup, *teardown;  /* shell text, once a side: before its first process and after its last */
	const char *prepare, *cleanup; /* shell text, before and after every process; not measured */
	int64_t jobs;                  /* of the build, as MAKEFLAGS=-jN; 0: not set */
	int64_t warmup;                /* processes before the first that counts */
	const char *input;             /* file that is standard input */
	const struct suite_param *params;
	size_t param_count;
	const char *result; /* file that the program writes its result to; "-": standard output */
	const char *format; /* of it, a name of input/; NULL: what it looks like */
	struct suite_profiling profile;
};

/* What was found out about the program of one side. */
struct suite_program {
	const struct suite_settings *settings;
	const char *cwd; /* where it runs */
	const char *const *env;
	bool fixes_iterations;  /* takes an exact iteration count */
	bool min_time_has_unit; /* wants "0.5s", not "0.5" */
	const char *version;    /* of its library, "" unknown */
	const char **benches;
	size_t bench_count, bench_capacity;
	const char *scratch; /* a folder for what list makes */
	const char *built;   /* the program that list made of `run`; NULL: `run` is the program */
};

/* What one process shall measure. */
struct suite_slice {
	const char *bench;    /* "": all */
	size_t occurrence;    /* which of several benchmarks of that name */
	int64_t iterations;   /* > 0: exactly these, where the program can */
	int64_t min_time_ns;  /* else a timed loop of at least this */
	int64_t repetitions;  /* at least 1 */
	const char *out_path; /* where its result goes */
};

struct suite_kind {
	const char *name, *help;
	const char *
		format; /* of its result file, a name of input/; "": any that is known; NULL: the process is the result */
	bool whole_suite;     /* one process measures all benchmarks; they are known when one has run */
	bool prints_result;   /* standard output is the result, no file */
	bool lists_functions; /* what is listed may have sub-benchmarks, known when all have run with one iteration */
	const char *
		last_words; /* what a program that crashes says begins so, and a long trace follows; NULL: its end says it */
	/* Fills version, capabilities and benches of `program` (settings, cwd and env are set).  Fails when the program
	 * cannot be run or lists nothing that can be understood.  For whole_suite it only looks whether the program is there. */
	bool (*list)(struct arena *a, struct suite_program *program, struct err *err);
	/* The argv of one slice. */
	const char *const *(*slice_argv)(struct arena *a, const struct suite_program *program,
					 const struct suite_slice *slice);
	/* A shell text of the settings (prepare, cleanup) for one benchmark; NULL: as it is. */
	const char *(*fill)(struct arena *a, const struct suite_program *program, const char *text, const char *bench);
	/* Keys in pawl.yml that this kind takes beside name, kind, build, run, timeout and metrics; NULL at the end.
	 * NULL instead of a list: all that there are. */
	const char *const *keys;
};

#define SUITE_LIST(ROW)                                                                                                \
	ROW(gbench)                                                                                                    \
	ROW(command)                                                                                                   \
	ROW(gotest)                                                                                                    \
	ROW(file)

#define ROW(name) extern const struct suite_kind suite_##name;
SUITE_LIST(ROW)
#undef ROW

extern const struct suite_kind *const suite_kinds[];
extern const size_t suite_kind_count;

const struct suite_kind *suite_find(const char *name);

/* False, with an error that helps, when the suite's program is named by a path and is not there. */
bool suite_look_for_program(struct arena *a, const struct suite_program *program, struct err *err) MUST_CHECK;

/* The suite gates its instructions. */
bool suite_wants_instructions(const struct suite_settings *s);

/* It gates something that is counted, and can be counted; of other suites, such names are counters of their own. */
bool suite_wants_counts(const struct suite_settings *s);

/* Its programs can be told how many iterations one process runs: they measure one benchmark, and write a result. */
bool suite_can_be_told(const struct suite_kind *kind);

/* The gated time metric of a benchmark: the clock that is set, else real_time for names that say so ("/real_time",
 * "/manual_time", "/threads:N"), else cpu_time. */
const char *suite_clock_metric(const struct suite_settings *s, const char *bench);

/* SHA-256 of the settings that change what is measured (not the filter, not the line). */
const char *suite_digest(struct arena *a, const struct suite_settings *s);

#endif
