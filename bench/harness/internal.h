/*
 * What the files of the harness share; not for users of it.
 *
 * family.c: what is registered   instance.c: names and filter   flags.c: the command line   state.c: one loop in one thread   run.c: measurements and
 * repetitions   aggregate.c: statistics   context.c: the machine   report.c and json.c console.c csv.c: output
 */
#ifndef BENCH_INTERNAL_H
#define BENCH_INTERNAL_H

#include "bench.h"

#include <pthread.h>
#include <stdio.h>

#define BENCH_VERSION "v1.9.5+pawl" /* the interface that is spoken, and by whom */

/* Memory that is there: these end the program when there is none. */
void *bench_alloc(void *old, size_t count, size_t size);
char *bench_copy(const char *text);
char *bench_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- Families and instances ---- */

struct bench_arg_set {
	int64_t *values;
	size_t count;
};

struct bench {
	char *name;
	const char *file;
	int line;
	bench_function *function, *setup, *teardown;
	struct bench_arg_set *sets;
	size_t set_count;
	char **arg_names;
	size_t arg_name_count;
	int *threads;
	size_t thread_count;
	int multiplier;
	bool process_time, real_time, manual_time, aggregates_only, unit_set;
	enum bench_unit unit;
	int64_t iterations; /* these four: 0 is not set */
	int repetitions;
	double min_time_s, min_warmup_time_s;
};

struct bench_families {
	struct bench **all;
	size_t count;
};

const struct bench_families *bench_families_all(void);

/* A family with one set of arguments and one number of threads. */
struct bench_instance {
	const struct bench *family;
	const struct bench_arg_set *args;
	int threads;
	size_t family_index, instance_index; /* among those that the filter left */
	char *name;
	enum bench_unit unit;
};

struct bench_instances {
	struct bench_instance *all;
	size_t count;
};

/* All instances that the filter (POSIX extended, "-" in front turns it round, "" and "all" take all) leaves.  False
 * when it is no regular expression; then `problem` says why. */
bool bench_instances_find(struct bench_instances *found, const char *filter, enum bench_unit unit, char *problem,
			  size_t problem_size);
void bench_instances_release(struct bench_instances *instances);

/* ---- Command line ---- */

struct bench_pair {
	char *key, *value;
};

struct bench_pairs {
	struct bench_pair *all;
	size_t count;
};

/* Sorted by key; a key that is there stays as it is. */
void bench_pairs_add(struct bench_pairs *pairs, const char *key, const char *value);
void bench_pairs_release(struct bench_pairs *pairs);
const struct bench_pairs *bench_context_pairs(void);

struct bench_flags {
	bool list_tests, random_interleaving, report_aggregates_only, display_aggregates_only;
	bool counters_tabular, dry_run, help, version;
	const char *filter, *format, *out, *out_format, *color, *time_unit, *min_time;
	double min_warmup_time_s;
	int64_t repetitions, verbosity;
	struct bench_pairs context;
	/* from min_time: iterations > 0, or seconds */
	int64_t iterations;
	double min_time_s;
	enum bench_unit unit;
};

/* Environment first, then the command line.  False after it has said on stderr what is wrong. */
bool bench_flags_read(struct bench_flags *flags, int argc, char **argv);
void bench_flags_help(FILE *out);

/* ---- Measuring ---- */

struct bench_counter {
	char *name;
	double value;
	unsigned flags;
};

/* Sorted by name. */
struct bench_counters {
	struct bench_counter *all;
	size_t count;
};

struct bench_counter *bench_counters_find(const struct bench_counters *counters, const char *name);
void bench_counters_set(struct bench_counters *counters, const char *name, double value, unsigned flags);
void bench_counters_release(struct bench_counters *counters);

enum bench_skip { BENCH_RAN, BENCH_SKIPPED, BENCH_FAILED };

/* What the threads of one measurement add up to. */
struct bench_sum {
	int64_t iterations;
	double real_s, cpu_s, manual_s;
	struct bench_counters counters;
	enum bench_skip skip;
	char *message, *label; /* NULL: none */
};

void bench_sum_release(struct bench_sum *sum);

/* Runs the instance in its threads, `iterations` in each. */
void bench_measure(const struct bench_instance *instance, int64_t iterations, struct bench_sum *sum);
/* Calls setup or teardown with a state that has the instance's arguments; NULL is allowed. */
void bench_hook_call(const struct bench_instance *instance, bench_function *hook);

/* ---- Results ---- */

struct bench_row {
	const struct bench_instance *instance;
	const char *aggregate; /* NULL: one repetition */
	bool percentage;       /* real and cpu are ratios */
	int64_t repetitions, repetition_index, iterations;
	double real, cpu; /* per iteration, in the instance's unit */
	struct bench_counters counters;
	enum bench_skip skip;
	char *message, *label; /* NULL: none */
};

struct bench_rows {
	struct bench_row *all;
	size_t count;
};

struct bench_row *bench_rows_add(struct bench_rows *rows);
void bench_rows_release(struct bench_rows *rows);

/* Adds mean, median, stddev and cv of the repetitions that ran, if they are two or more. */
void bench_aggregate(const struct bench_rows *repetitions, struct bench_rows *aggregates);
size_t bench_aggregate_name_width(void);

const char *bench_unit_name(enum bench_unit unit);
double bench_unit_per_second(enum bench_unit unit);

/* ---- Reports ---- */

enum { BENCH_CACHE_MAX = 16 };

struct bench_cache {
	char type[32];
	long level, size_bytes, sharing;
};

struct bench_context {
	char date[40], host_name[256];
	const char *executable;
	long cpu_count;
	double mhz;
	bool scaling_known, scaling, aslr;
	struct bench_cache caches[BENCH_CACHE_MAX];
	size_t cache_count;
	double load[3];
	int load_count;
	const char *build_type;
	const struct bench_pairs *custom;
};

void bench_context_read(struct bench_context *context, const char *executable, const struct bench_pairs *custom);
/* The machine in a few lines, as google-benchmark prints it on stderr. */
void bench_context_print(FILE *out, const struct bench_context *context);

struct bench_report {
	const struct bench_format *format;
	FILE *out;
	size_t name_width;
	bool color, tabular, aggregates_only;
	size_t row_count;              /* written so far */
	struct bench_counters columns; /* csv, tabular console: names in the header */
	bool column_missing;
};

struct bench_format {
	const char *name;
	void (*begin)(struct bench_report *report, const struct bench_context *context);
	void (*row)(struct bench_report *report, const struct bench_row *row);
	void (*end)(struct bench_report *report);
};

extern const struct bench_format bench_format_json, bench_format_console, bench_format_csv;

/* The format of that name, or NULL. */
const struct bench_format *bench_format_find(const char *name);

/* Runs the instances in the order the flags say and gives the rows to the reports (`file` may be NULL). */
void bench_run(const struct bench_instances *instances, const struct bench_flags *flags, struct bench_report *display,
	       struct bench_report *file);

/* The row's name with the aggregate's suffix; freed by the caller. */
char *bench_row_name(const struct bench_row *row);

#endif
