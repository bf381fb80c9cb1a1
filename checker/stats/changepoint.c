/*
 * Change points by PELT with the L2 cost (Killick, Fearnhead, Eckley: Optimal detection of changepoints with a linear
 * computational cost, JASA 107, 2012) and a robust scale.
 */
#include "stats/changepoint.h"

#include "stats/distribution.h"
#include "stats/sample.h"

#include <math.h>
#include <string.h>

/* Penalty of one change in units of the variance: 3 ln n.  2 ln n (BIC for a known variance) would do for normal noise;
 * a third of it more pays for the heavier tails of measurements. */
static const double PENALTY = 3;

/* A value is a spike when it stands out from both neighbours, to the same side, by so many standard deviations of a
 * difference. */
static const double SPIKE_SD = 3;

/* An estimate that rests on n values by the median absolute deviation of their differences is worth so many degrees of
 * freedom a value: the efficiency of the MAD, 37 % (Huber, Robust Statistics, 1981, section 5.6). */
static const double MAD_EFFICIENCY = 0.37;

struct history {
	const double *x;
	size_t n;
	double *sum, *square; /* of the first i values, from their median on */
};

static double robust_sd(struct arena *a, const double *x, size_t n)
{
	struct arena_mark mark = arena_mark(a);
	double *d = NEW_ARRAY(a, double, n), sd, largest = 0;

	for (size_t i = 0; i + 1 < n; i++)
		d[i] = x[i + 1] - x[i];
	sd = SAMPLE_MAD_TO_SD * sample_mad(a, d, n - 1) / sqrt(2);
	for (size_t i = 0; i < n; i++)
		largest = fmax(largest, fabs(x[i]));
	arena_reset(a, mark);
	return fmax(sd, 1e-9 * largest);
}

static void sum_up(struct history *h)
{
	for (size_t i = 0; i < h->n; i++) {
		double v = h->x[i] - h->x[0];

		h->sum[i + 1] = h->sum[i] + v;
		h->square[i + 1] = h->square[i] + v * v;
	}
}

static double segment_cost(const struct history *h, size_t from, size_t to)
{
	double sum = h->sum[to] - h->sum[from];

	return fmax(0, h->square[to] - h->square[from] - sum * sum / (double)(to - from));
}

/*
 * The segmentation of least cost.  A candidate is dropped once it can no longer be the last change of any longer part:
 * from the moment on at which the end that beat it may itself be one, which the least length of a segment delays.
 */
static size_t pelt(struct arena *a, const struct history *h, double penalty, size_t *out)
{
	struct arena_mark mark = arena_mark(a);
	size_t n = h->n, alive_count = 0, count = 0;
	size_t *last = NEW_ARRAY(a, size_t, n + 1), *alive = NEW_ARRAY(a, size_t, n + 1);
	size_t *beaten = NEW_ARRAY(a, size_t, n + 1);
	double *best = NEW_ARRAY(a, double, n + 1);

	best[0] = -penalty;
	for (size_t end = CHANGEPOINT_MIN_SEGMENT; end <= n; end++) {
		size_t start = end - CHANGEPOINT_MIN_SEGMENT, kept = 0;

		if (start == 0 || start >= CHANGEPOINT_MIN_SEGMENT)
			alive[alive_count++] = start;
		best[end] = INFINITY;
		for (size_t k = 0; k < alive_count; k++) {
			size_t from = alive[k];
			double cost;

			if (beaten[from] && end >= beaten[from] + CHANGEPOINT_MIN_SEGMENT)
				continue;
			alive[kept++] = from;
			cost = best[from] + segment_cost(h, from, end) + penalty;
			if (cost < best[end]) {
				best[end] = cost;
				last[end] = from;
			}
		}
		alive_count = kept;
		for (size_t k = 0; k < alive_count; k++) {
			size_t from = alive[k];

			if (!beaten[from] && best[from] + segment_cost(h, from, end) >= best[end])
				beaten[from] = end;
		}
	}
	for (size_t end = n; end > 0 && last[end] > 0; end = last[end])
		out[count++] = last[end];
	for (size_t i = 0; i < count / 2; i++) {
		size_t other = out[i];

		out[i] = out[count - 1 - i];
		out[count - 1 - i] = other;
	}
	arena_reset(a, mark);
	return count;
}

struct changepoints changepoint_analyse(struct arena *a, const double *x, size_t n)
{
	struct changepoints result = {.spread = 1, .spike = NEW_ARRAY(a, bool, n)};
	struct history h = {.x = x, .n = n, .sum = NEW_ARRAY(a, double, n + 1), .square = NEW_ARRAY(a, double, n + 1)};
	size_t *at = NEW_ARRAY(a, size_t, n + 1);

	(void)SPIKE_SD;
	(void)MAD_EFFICIENCY;
	if (n < 2 * (size_t)CHANGEPOINT_MIN_SEGMENT)
		return result;
	result.sd = robust_sd(a, x, n);
	sum_up(&h);
	result.count = pelt(a, &h, PENALTY * log((double)n) * result.sd * result.sd, at);
	result.items = NEW_ARRAY(a, struct changepoint, result.count);
	for (size_t i = 0; i < result.count; i++)
		result.items[i].index = at[i];
	return result;
}

size_t changepoint_find(struct arena *a, const double *x, size_t n, size_t *out)
{
	struct arena_mark mark = arena_mark(a);
	struct changepoints found = changepoint_analyse(a, x, n);

	for (size_t i = 0; i < found.count; i++)
		out[i] = found.items[i].index;
	arena_reset(a, mark);
	return found.count;
}
