/* The rules that people use today, as plainly as they can be written. */
#include "detector.h"

#include "stats/distribution.h"
#include "stats/mann_whitney.h"
#include "stats/sample.h"
#include "stats/signed_rank.h"

#include <math.h>

enum { FEW = 10, MANY = 20 };

const struct detector detectors[DETECTOR_COUNT] = {
#define ROW(name, design, title) {#name, title, DESIGN_##design, detect_##name},
	DETECTOR_LIST(ROW)
#undef ROW
};

/* `count` pairs of a benchmark, in blocks ABBA and BAAB. */
static void take_pairs(struct workload_job *job, size_t bench, size_t count, double *x, double *y)
{
	for (size_t i = 0; i < count; i++)
		workload_pair(job, bench, i % 4 == 1 || i % 4 == 2 ? SIDE_HEAD : SIDE_BASE, &x[i], &y[i]);
}

/* Two samples of a benchmark, FEW values each. */
struct two {
	double x[FEW], y[FEW];
};

/* Calls `decide` for every benchmark with samples from one interleaved job, or from a job for each side. */
static void each(struct arena *a, const struct workload_check *check, uint64_t seed, bool interleaved,
		 struct call *calls, void (*decide)(struct arena *, const struct two *, struct call *))
{
	struct workload_job head_job, base_job;
	struct two two;

	workload_open(a, check, seed, 0, &head_job);
	workload_open(a, check, seed, 1, &base_job);
	for (size_t i = 0; i < check->of->bench_count; i++) {
		struct arena_mark mark = arena_mark(a);

		if (interleaved) {
			take_pairs(&head_job, i, FEW, two.x, two.y);
		} else {
			workload_values(&base_job, i, SIDE_BASE, two.x, FEW);
			workload_values(&head_job, i, SIDE_HEAD, two.y, FEW);
		}
		calls[i] = (struct call){.pairs = FEW};
		decide(a, &two, &calls[i]);
		calls[i].fails = calls[i].slower;
		arena_reset(a, mark);
	}
}

/* benchstat (golang.org/x/perf) and google-benchmark's compare.py: two-sided at 0.05, slower where the median is. */
static void mann_whitney(struct arena *a, const struct two *two, struct call *call)
{
	double x = sample_median(a, two->x, FEW), y = sample_median(a, two->y, FEW);

	call->effect_ratio = y / x - 1;
	call->p = mann_whitney_test(a, two->x, FEW, two->y, FEW, 0).p_two_sided;
	call->slower = call->p < 0.05 && y > x;
}

static void mean_above(const struct two *two, double ratio, struct call *call)
{
	call->effect_ratio = sample_mean(two->y, FEW) / sample_mean(two->x, FEW) - 1;
	call->slower = call->effect_ratio > ratio - 1;
	call->p = call->slower ? 0 : 1;
}

/* pytest-benchmark: --benchmark-compare-fail=mean:5%. */
static void mean_5(struct arena *a, const struct two *two, struct call *call)
{
	(void)a;
	mean_above(two, 1.05, call);
}

/* github-action-benchmark: alert-threshold, 200 % by default; 120 % is what users who want to see something set. */
static void mean_120(struct arena *a, const struct two *two, struct call *call)
{
	(void)a;
	mean_above(two, 1.20, call);
}

static void mean_200(struct arena *a, const struct two *two, struct call *call)
{
	(void)a;
	mean_above(two, 2.00, call);
}

void detect_mw_pairs(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls)
{
	each(a, check, seed, true, calls, mann_whitney);
}

void detect_mw_jobs(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls)
{
	each(a, check, seed, false, calls, mann_whitney);
}

void detect_mean_5_pairs(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls)
{
	each(a, check, seed, true, calls, mean_5);
}

void detect_mean_5_jobs(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls)
{
	each(a, check, seed, false, calls, mean_5);
}

void detect_ratio_120(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls)
{
	each(a, check, seed, false, calls, mean_120);
}

void detect_ratio_200(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls)
{
	each(a, check, seed, false, calls, mean_200);
}

/* A fixed number of pairs, and the lower end of the interval above what counts; no step for many benchmarks. */
void detect_hl_20(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls)
{
	struct workload_job job;
	double x[MANY], y[MANY], d[MANY];

	workload_open(a, check, seed, 0, &job);
	for (size_t i = 0; i < check->of->bench_count; i++) {
		struct arena_mark mark = arena_mark(a);

		take_pairs(&job, i, MANY, x, y);
		for (size_t k = 0; k < MANY; k++)
			d[k] = log(y[k] / x[k]);
		calls[i] = (struct call){.pairs = MANY};
		calls[i].slower = signed_rank_interval(a, d, MANY, 0.95).lower > log1p(0.01);
		calls[i].fails = calls[i].slower;
		calls[i].p = calls[i].slower ? 0 : 1;
		calls[i].effect_ratio = expm1(signed_rank_estimate(a, d, MANY));
		arena_reset(a, mark);
	}
}

/* The head's median against the medians of the stored runs: above the prediction limit for one more of them (Hahn and
 * Meeker, Statistical Intervals, 1991, section 4.7) at 0.995, and more than 1 % above their mean. */
void detect_t_history(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls)
{
	size_t n = check->of->bench_count;
	double *window = NEW_ARRAY(a, double, n *DETECTOR_WINDOW), x[DETECTOR_RUN_VALUES];
	struct workload_job job;

	for (size_t k = 0; k < DETECTOR_WINDOW; k++) {
		workload_open(a, check, seed, k + 1, &job);
		for (size_t i = 0; i < n; i++) {
			struct arena_mark mark = arena_mark(a);

			workload_values(&job, i, SIDE_BASE, x, DETECTOR_RUN_VALUES);
			window[i * DETECTOR_WINDOW + k] = log(sample_median(a, x, DETECTOR_RUN_VALUES));
			arena_reset(a, mark);
		}
	}
	workload_open(a, check, seed, 0, &job);
	for (size_t i = 0; i < n; i++) {
		struct arena_mark mark = arena_mark(a);
		const double *own = window + i * DETECTOR_WINDOW;
		double mean = sample_mean(own, DETECTOR_WINDOW), sd = sample_sd(own, DETECTOR_WINDOW), d;

		workload_values(&job, i, SIDE_HEAD, x, DETECTOR_RUN_VALUES);
		d = log(sample_median(a, x, DETECTOR_RUN_VALUES)) - mean;
		arena_reset(a, mark);
		calls[i] = (struct call){.pairs = DETECTOR_RUN_VALUES, .effect_ratio = expm1(d), .p = 1};
		if (d > log1p(0.01))
			calls[i].p = student_t_upper(d / (sd * sqrt(1 + 1.0 / DETECTOR_WINDOW)), DETECTOR_WINDOW - 1);
		calls[i].slower = calls[i].fails = calls[i].p < 0.005;
	}
}
