/* The noise of shared runners, as a model with stated constants. */
#include "noise.h"

#include <math.h>

/*
 * Jitter and job shifts: published spreads inside one job of shared runners are 1 to 5 %, and from job to job the same
 * benchmark moves by up to 3 % more than its neighbours do.  A host is 5 % faster or slower than another one of its
 * class.  These three are uniform or normal because nothing better is known.
 */
static const double JITTER_SD_LEAST = 0.01, JITTER_SD_MOST = 0.05;
static const double JOB_SD_MOST = 0.03;
static const double HOST_SD = 0.05;

/* Slow drift in a job: a first-order autoregression over the values of a benchmark, of this spread in the long run.  Its
 * memory is ten values, a few blocks. */
static const double DRIFT_SD = 0.005, DRIFT_MEMORY = 0.9;

/* Outliers, 3 in 100 values: 1 + an exponential of this mean. */
static const double OUTLIER_SHARE = 0.03, OUTLIER_MEAN = 0.25;

/*
 * A quarter of the benchmarks has a second mode that takes a tenth to a half of the values: placement of memory differs
 * from process to process.  How much slower it is, 1 to 5 %, is chosen so that a recipe with known power (20 pairs, 95 %
 * Hodges-Lehmann interval above 1 %: 50, 85 and 99.9 % at +3, +5 and +10 %) has nearly that power here (48, 84, 99.7).
 */
static const double TWO_MODES_SHARE = 0.25;
static const double MODE_LEAST = 0.01, MODE_MOST = 0.05;
static const double MODE_SHARE_LEAST = 0.1, MODE_SHARE_MOST = 0.5;

/* All medians are alike, and so far above min_change that it plays no part. */
static const double MEDIAN_NS = 1000;

double noise_uniform(struct random *r)
{
	return ((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0;
}

/* Box and Muller, Ann. Math. Stat. 29, 1958; the second deviate of each pair is left unused so that there is no state. */
double noise_normal(struct random *r)
{
	double radius = sqrt(-2 * log(noise_uniform(r)));

	return radius * cos(6.283185307179586 * noise_uniform(r));
}

double noise_exponential(struct random *r)
{
	return -log(noise_uniform(r));
}

static double between(struct random *r, double least, double most)
{
	return least + (most - least) * noise_uniform(r);
}

struct noise_bench noise_bench_draw(struct random *r)
{
	struct noise_bench b = {.median_ns = MEDIAN_NS};

	b.jitter_sd = between(r, JITTER_SD_LEAST, JITTER_SD_MOST);
	b.job_sd = between(r, 0, JOB_SD_MOST);
	if (noise_uniform(r) < TWO_MODES_SHARE) {
		b.mode_ln = log1p(between(r, MODE_LEAST, MODE_MOST));
		b.mode_share = between(r, MODE_SHARE_LEAST, MODE_SHARE_MOST);
	}
	return b;
}

double noise_host_draw(struct random *r)
{
	return HOST_SD * noise_normal(r);
}

struct noise_stream noise_stream_open(const struct noise_bench *bench, uint64_t seed, double host_ln)
{
	struct noise_stream s = {.bench = bench, .random = {.state = seed}};

	s.level_ln = log(bench->median_ns) + host_ln + bench->job_sd * noise_normal(&s.random);
	s.drift_ln = DRIFT_SD * noise_normal(&s.random);
	return s;
}

double noise_next(struct noise_stream *s, double effect_ratio)
{
	const struct noise_bench *b = s->bench;
	double step = DRIFT_SD * sqrt(1 - DRIFT_MEMORY * DRIFT_MEMORY), value;

	s->drift_ln = DRIFT_MEMORY * s->drift_ln + step * noise_normal(&s->random);
	value = s->level_ln + s->drift_ln + b->jitter_sd * noise_normal(&s->random);
	if (b->mode_share > 0 && noise_uniform(&s->random) < b->mode_share)
		value += b->mode_ln;
	value = exp(value);
	if (noise_uniform(&s->random) < OUTLIER_SHARE)
		value *= 1 + OUTLIER_MEAN * noise_exponential(&s->random);
	return value * (1 + effect_ratio);
}

void noise_pairs(struct noise_stream *s, size_t count, double effect_ratio, double *base, double *head)
{
	for (size_t at = 0; at < count; at += 2) {
		bool head_first = random_next(&s->random) & 1;

		for (size_t i = at; i < at + 2 && i < count; i++) {
			/* The second pair of a block is the first one mirrored. */
			bool head_now = i == at ? head_first : !head_first;
			double *first = head_now ? head : base, *second = head_now ? base : head;

			first[i] = noise_next(s, head_now ? effect_ratio : 0);
			second[i] = noise_next(s, head_now ? 0 : effect_ratio);
		}
	}
}
