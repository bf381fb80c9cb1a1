/*
 * Noise: what a benchmark on a shared runner answers, made up.
 *
 * One value is median x host x job x drift x mode x jitter x outlier x (1 + effect), every factor as the constants in
 * noise.c say.  A job is one session on one machine: all its benchmarks share the host's factor, each has a job factor of
 * its own.  Base and head of an interleaved check are one job; stored runs, and "base job, then head job", are several.
 * The same seed makes the same numbers.  Nothing here knows how pawl decides.
 */
#ifndef PAWL_LAB_NOISE_H
#define PAWL_LAB_NOISE_H

#include "base/random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one benchmark is like wherever it runs.  Deviations are those of logarithms. */
struct noise_bench {
	double median_ns;
	double jitter_sd;  /* from value to value */
	double job_sd;     /* from job to job, of this benchmark alone */
	double mode_ln;    /* how much slower its second mode is; 0: it has one mode */
	double mode_share; /* of the values that are in the second mode */
};

struct noise_bench noise_bench_draw(struct random *r);

/* The logarithm of the factor that all benchmarks of one job share. */
double noise_host_draw(struct random *r);

/* One benchmark in one job: gives values in measured order. */
struct noise_stream {
	const struct noise_bench *bench;
	struct random random;
	double level_ln; /* host and job */
	double drift_ln;
};

/* `host_ln` is what noise_host_draw gave for the job. */
struct noise_stream noise_stream_open(const struct noise_bench *bench, uint64_t seed, double host_ln);

/* The next value, in ns an operation, of code that is `effect_ratio` slower (0.05 is 5 %). */
double noise_next(struct noise_stream *s, double effect_ratio);

/* `count` pairs as an interleaved check measures them: blocks ABBA or BAAB at random, the head `effect_ratio` slower. */
void noise_pairs(struct noise_stream *s, size_t count, double effect_ratio, double *base, double *head);

/* Draws: uniform in (0, 1), standard normal, exponential with mean 1. */
double noise_uniform(struct random *r);
double noise_normal(struct random *r);
double noise_exponential(struct random *r);

#endif
