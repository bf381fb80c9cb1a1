/*
 * A benchmark harness for C that speaks google-benchmark's command line and writes its JSON.
 *
 * Use it for benchmarks in C: tools that drive google-benchmark 1.9 (its flags, BENCHMARK_<FLAG> environment, output
 * files, compare.py) drive these programs too.  Do not use it where C++ is at hand: google-benchmark itself has more
 * (complexity, fixtures, memory and performance counters).
 *
 *      static void BM_hash(struct bench_state *state)
 *      {
 *              char *text = text_make(bench_state_arg(state, 0));
 *              while (bench_next(state))
 *                      bench_keep(hash(text));
 *              bench_state_bytes(state, bench_state_iterations(state) * bench_state_arg(state, 0));
 *              free(text);
 *      }
 *      BENCHMARK_WITH(BM_hash, bench_range(bench, 64, 4096));
 *      BENCHMARK_MAIN();
 *
 * Link with the objects of this folder, -lm and -pthread.  What differs from google-benchmark, on purpose: a filter that
 * is no regular expression, a bad value of a flag or a file that cannot be written make the exit status 1; strings in
 * JSON are always valid (control bytes escaped, bytes that are no UTF-8 replaced); a counter cannot take the name of a
 * field.  A name that starts with DISABLED_ is not run.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One benchmark as registered: a function and the arguments and thread counts it is to run with. */
struct bench;

/* One run of a benchmark in one thread.  The fields are the harness's own: use the functions. */
struct bench_state {
	int64_t left;    /* iterations to go after the present one */
	int64_t planned; /* iterations of the whole loop */
};

typedef void bench_function(struct bench_state *state);

/* ---- Registering ---- */

/* Registers `function` under its own name, before main() runs.  BENCHMARK_WITH does so and then runs statements in which
 * the variable `bench` is the new benchmark.  Benchmarks of one file are listed by line. */
#define BENCHMARK(function)           BENCHMARK_AT_(function, __COUNTER__, )
#define BENCHMARK_WITH(function, ...) BENCHMARK_AT_(function, __COUNTER__, __VA_ARGS__;)

/* A main() that does nothing but bench_main(). */
#define BENCHMARK_MAIN()                                                                                               \
	int main(int argc, char **argv)                                                                                \
	{                                                                                                              \
		return bench_main(argc, argv);                                                                         \
	}                                                                                                              \
	struct bench

/* The new benchmark, owned by the harness.  `name` is copied.  Several may have one name.  The first form appends, the
 * second is what the macros call: it keeps the benchmarks of one file in the order of their lines. */
struct bench *bench_register(const char *name, bench_function *function);
struct bench *bench_register_at(const char *file, int line, const char *name, bench_function *function);

/* Forgets all benchmarks and all context. */
void bench_clear(void);

/* One more set of arguments to run with; each set is a benchmark of its own and shows in its name ("BM_hash/64").  All
 * sets of a benchmark have the same count. */
void bench_arg(struct bench *bench, int64_t value);
void bench_args(struct bench *bench, const int64_t *values, size_t count);
#define BENCH_ARGS(bench, ...)                                                                                         \
	bench_args((bench), (const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

/* `low`, `high` and the powers of the multiplier (8 unless set before) between them. */
void bench_range(struct bench *bench, int64_t low, int64_t high);
void bench_range_multiplier(struct bench *bench, int multiplier);
/* Every `step` from `low` up to `high`. */
void bench_dense_range(struct bench *bench, int64_t low, int64_t high, int64_t step);

/* Every combination of one value from each list; the first list varies fastest. */
struct bench_values {
	const int64_t *values;
	size_t count;
};
void bench_args_product(struct bench *bench, const struct bench_values *lists, size_t count);

/* Names of the arguments, in order ("BM_hash/size:64"); "" leaves one without. */
void bench_arg_names(struct bench *bench, const char *const *names, size_t count);
#define BENCH_ARG_NAMES(bench, ...)                                                                                    \
	bench_arg_names((bench), (const char *const[]){__VA_ARGS__},                                                   \
			sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* Runs the function in that many threads at once ("/threads:4"); once per call.  The range is `low`, `high` and
 * the powers of two between them.  The loops of all threads start together; times are per iteration of one thread. */
void bench_threads(struct bench *bench, int threads);
void bench_thread_range(struct bench *bench, int low, int high);

/* Which time decides how many iterations are enough, and what cpu_time counts: without these, cpu_time decides and is
 * the CPU time of the benchmark's own threads.  "/process_time": cpu_time is that of the whole process, "/real_time":
 * real time decides, "/manual_time": real_time is what bench_state_iteration_time() adds up, and decides. */
void bench_process_time(struct bench *bench);
void bench_real_time(struct bench *bench);
void bench_manual_time(struct bench *bench);

/* These override the command line, and all but the unit show in the name. */
void bench_iterations(struct bench *bench, int64_t iterations);
void bench_repetitions(struct bench *bench, int repetitions);
void bench_min_time(struct bench *bench, double seconds);
void bench_min_warmup_time(struct bench *bench, double seconds);

enum bench_unit { BENCH_NS, BENCH_US, BENCH_MS, BENCH_S };
void bench_unit(struct bench *bench, enum bench_unit unit);

/* Reports only mean, median, stddev and cv of the repetitions. */
void bench_report_aggregates_only(struct bench *bench);

/* Called before and after each measurement, outside the timed threads.  Arguments can be read from the state. */
void bench_hooks(struct bench *bench, bench_function *setup, bench_function *teardown);

/* ---- Running ---- */

/* Does what the command line says, with the environment's BENCHMARK_<FLAG> as defaults, and returns the exit status: 0,
 * or 1 when nothing was run because of a wrong flag, filter or file. */
int bench_main(int argc, char **argv);

/* One more pair in the context of every report.  Both are copied; the first of two equal keys stays. */
void bench_context_add(const char *key, const char *value);

/* True once per iteration.  The loop `while (bench_next(state))` is what is timed; a benchmark has exactly one and
 * leaves it only when this is false, or after bench_state_fail() or bench_state_skip(). */
static inline bool bench_next(struct bench_state *state);

/* The loop's iterations: all of them once it has ended. */
int64_t bench_state_iterations(const struct bench_state *state);
/* The argument of that index; 0 if there is none. */
int64_t bench_state_arg(const struct bench_state *state, size_t index);
int bench_state_threads(const struct bench_state *state);
/* From 0.  What is done for the whole run, do in thread 0 before the loop: the loops wait for one another. */
int bench_state_thread_index(const struct bench_state *state);

/* Stops and restarts the clocks inside the loop.  That costs some 0.4 us of its own, so not for short iterations. */
void bench_state_pause(struct bench_state *state);
void bench_state_resume(struct bench_state *state);
/* What this iteration took, for bench_manual_time(). */
void bench_state_iteration_time(struct bench_state *state, double seconds);

/* Makes the result an error, or a skip that is no error; the first message counts and is copied.  Leave the loop. */
void bench_state_fail(struct bench_state *state, const char *message);
void bench_state_skip(struct bench_state *state, const char *message);

/* Text shown beside the result; copied, the last one counts. */
void bench_state_label(struct bench_state *state, const char *label);

/* bytes_per_second and items_per_second of the whole run. */
void bench_state_bytes(struct bench_state *state, int64_t bytes);
void bench_state_items(struct bench_state *state, int64_t items);

/* How a counter's value becomes what is reported; they combine.  Values of several threads are added up first. */
enum bench_counter_flags {
	BENCH_RATE = 1,                /* divided by the seconds of the run */
	BENCH_AVG_THREADS = 2,         /* divided by the threads */
	BENCH_ITERATION_INVARIANT = 4, /* times the iterations: the value is that of one */
	BENCH_AVG_ITERATIONS = 8,      /* divided by the iterations */
	BENCH_INVERT = 16,             /* one over the result of the others */
	BENCH_1024 = 32                /* shown with Ki, Mi, Gi on the console */
};
/* Sets a counter of this thread.  A name that results have a field of already makes the result an error. */
void bench_state_counter(struct bench_state *state, const char *name, double value, unsigned flags);

/* ---- Keeping the compiler honest ---- */

/* The value, a number or a pointer, counts as used; with a pointer, so does the memory that others can reach. */
#define bench_keep(value) __asm__ volatile("" : : "r,m"(value) : "memory")
/* All memory counts as read and written. */
static inline void bench_clobber(void)
{
	__asm__ volatile("" : : : "memory");
}

/* ---- Parts of the above ---- */

/* Starts or ends the loop. */
bool bench_state_turn(struct bench_state *state);

static inline bool bench_next(struct bench_state *state)
{
	if (__builtin_expect(state->left > 0, 1)) {
		state->left--;
		return true;
	}
	return bench_state_turn(state);
}

#define BENCHMARK_AT_(function, number, ...) BENCHMARK_NUMBERED_(function, number, __VA_ARGS__)
#define BENCHMARK_NUMBERED_(function, number, ...)                                                                     \
	__attribute__((constructor)) static void bench_registers_##function##_##number(void)                           \
	{                                                                                                              \
		struct bench *bench = bench_register_at(__FILE__, __LINE__, #function, function);                      \
		(void)bench;                                                                                           \
		__VA_ARGS__                                                                                            \
	}                                                                                                              \
	struct bench

#endif
