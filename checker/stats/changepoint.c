/*
 * Change points: the cuts that PELT finds with a robust scale, less those that two tests do not stand by.
 */
#include "stats/changepoint.h"

#include "stats/distribution.h"
#include "stats/edivisive.h"
#include "stats/pelt.h"
#include "stats/sample.h"

#include <math.h>
#include <string.h>

/* Penalty of one step in units of the variance: 3 ln n.  2 ln n (BIC for a known variance) would do for normal noise; the
 * rest pays for the heavier tails of measurements. */
static const double PENALTY = 3;

/* A value further than this from the median of the five around it stands alone and is brought back to it (Davies and
 * Gather, The identification of multiple outliers, JASA 88, 1993).  A level of three survives it. */
static const double SPIKE_SD = 4;
enum { SPIKE_REACH = 2 };

/* A step that chance would make somewhere in its stretch more often than this is taken back; so is one that the second
 * opinion gives more than SECOND_ALPHA.  Both were chosen on simulated histories (tests/test_changepoint.c). */
static const double ALPHA = 0.03, SECOND_ALPHA = 0.02;

/* So few values do not tell how neighbours are correlated. */
enum { CORRELATION_MIN = 20, REFINE_PASSES = 3 };
/* Beyond this a history wanders, and no level of it is worth naming. */
static const double CORRELATION_MAX = 0.8;
/* What independent values show by chance, in standard errors, is taken off a correlation. */
static const double CORRELATION_SE = 1.5;

/* Values that are all alike still have the rounding of whoever wrote them. */
static const double ROUNDING = 1e-9;

struct history {
	const double *raw;
	double *x; /* without spikes */
	size_t n;
	struct level_sums sums;
	double variance; /* of one value, from differences */
	double spread;
};

/* The standard deviation of the differences at that lag. */
static double difference_sd(struct arena *a, const double *x, size_t n, size_t lag)
{
	struct arena_mark mark = arena_mark(a);
	double *d = NEW_ARRAY(a, double, n), sd;

	for (size_t i = 0; i + lag < n; i++)
		d[i] = fabs(x[i + lag] - x[i]);
	sd = SAMPLE_MAD_TO_SD * sample_median(a, d, n - lag);
	arena_reset(a, mark);
	return sd;
}

/*
 * How strongly neighbours move together, whatever the levels: Chakar, Lebarbier, Levy-Leduc, Robin, A robust approach for
 * estimating change-points in the mean of an AR(1) process, Bernoulli 23 (2017).
 */
static double robust_correlation(struct arena *a, const double *x, size_t n)
{
	double one = difference_sd(a, x, n, 1), two = difference_sd(a, x, n, 2);

	return one > 0 ? fmin(fmax(two * two / (one * one) - 1, 0), CORRELATION_MAX) : 0;
}

/* The same from what is left around the levels.  Each level that was estimated takes about (1 + 3 r) / n off (Kendall,
 * Note on bias in the estimation of autocorrelation, Biometrika 41, 1954). */
static double residual_correlation(const struct history *h, const size_t *at, size_t count)
{
	double product = 0, square = 0, rho;

	for (size_t k = 0; k <= count; k++) {
		size_t from = k ? at[k - 1] : 0, to = k < count ? at[k] : h->n;
		double mean = sample_mean(h->x + from, to - from);

		for (size_t i = from; i < to; i++) {
			double d = h->x[i] - mean;

			square += d * d;
			product += i + 1 < to ? d * (h->x[i + 1] - mean) : 0;
		}
	}
	rho = square > 0 ? product / square : 0;
	rho += (1 + 3 * fmax(rho, 0)) * (double)(count + 1) / (double)h->n;
	rho -= CORRELATION_SE / sqrt((double)h->n);
	return fmin(fmax(rho, 0), CORRELATION_MAX);
}

static void remove_spikes(struct arena *a, const double *x, size_t n, double sd, double *out, bool *spike)
{
	for (size_t i = 0; i < n; i++) {
		size_t width = 2 * SPIKE_REACH + 1;
		size_t from = i < SPIKE_REACH ? 0 : i - SPIKE_REACH;
		double middle;

		from = from + width > n ? n - width : from;
		middle = sample_median(a, x + from, width);
		spike[i] = fabs(x[i] - middle) > SPIKE_SD * sd;
		out[i] = spike[i] ? middle : x[i];
	}
}

/* What one level in place of two would cost more. */
static double step_gain(const struct history *h, size_t first, size_t at, size_t end)
{
	return level_cost(&h->sums, first, end) - level_cost(&h->sums, first, at) - level_cost(&h->sums, at, end);
}

static void bound(const struct history *h, const size_t *at, size_t count, size_t i, size_t *first, size_t *end)
{
	*first = i ? at[i - 1] : 0;
	*end = i + 1 < count ? at[i + 1] : h->n;
}

/* The pooled variance around the levels. */
static double residual_variance(const struct history *h, const size_t *at, size_t count)
{
	double cost = 0;

	for (size_t i = 0; i <= count; i++)
		cost += level_cost(&h->sums, i ? at[i - 1] : 0, i < count ? at[i] : h->n);
	return cost / (double)(h->n - count - 1);
}

/* For the reader of the result, who looks at many histories: the step was picked among all places of the history and all
 * lengths of the shorter level, from the least to the half; lengths within a factor of 2 see the same steps. */
static double picked_p(const struct history *h, const struct changepoint *c, double variance, double df)
{
	double t = sqrt(fmax(0, step_gain(h, c->first, c->index, c->end)) / variance);

	double least = CHANGEPOINT_MIN_SEGMENT, n = (double)h->n;
	double picks = (n - 2 * least + 1) * (1 + log2(n / (2 * least)));

	return fmin(1, 2 * student_t_upper(t, df) * picks);
}

/* Of the largest t of all places where the step could stand: Bonferroni over the places. */
static double step_p(const struct history *h, size_t first, size_t at, size_t end, double variance, double df)
{
	double t = sqrt(fmax(0, step_gain(h, first, at, end)) / variance);
	double places = (double)(end - first) - 2 * CHANGEPOINT_MIN_SEGMENT + 1;

	return fmin(1, 2 * student_t_upper(t, df) * fmax(1, places));
}

/* The spread of a value as the mean of a level feels it. */
static double felt_variance(const struct history *h, const size_t *at, size_t count)
{
	return h->spread * fmax(h->variance, residual_variance(h, at, count));
}

/* The second opinion: values parted by the step are not parted as well by chance.  Asked of values as they came, so that
 * a few slow ones in a row, with more of their kind elsewhere, are no level.  So few values that no order of them could
 * be clear say nothing. */
static bool is_parted(struct arena *a, const struct history *h, size_t first, size_t at, size_t end)
{
	size_t n = end - first, few = at - first < end - at ? at - first : end - at;
	double orders = 1;

	for (size_t i = 0; i < few && orders < 1e6; i++)
		orders *= (double)(n - i) / (double)(i + 1);
	return orders < 4 / SECOND_ALPHA || edivisive_p(a, h->raw + first, n, at - first, SECOND_ALPHA) <= SECOND_ALPHA;
}

/* Takes back the least clear step until all are clear. */
static size_t prune(struct arena *a, const struct history *h, size_t *at, size_t count)
{
	while (count) {
		double variance = felt_variance(h, at, count), worst = -1;
		size_t least = 0, first, end;

		for (size_t i = 0; i < count; i++) {
			bound(h, at, count, i, &first, &end);

			double p = step_p(h, first, at[i], end, variance, (double)(h->n - count - 1));

			if (p <= ALPHA && !is_parted(a, h, first, at[i], end))
				p = 1;
			if (p > worst) {
				worst = p;
				least = i;
			}
		}
		if (worst <= ALPHA)
			return count;
		memmove(at + least, at + least + 1, (count - least - 1) * sizeof *at);
		count--;
	}
	return 0;
}

/* The steps, if neighbours are correlated by `rho`. */
static size_t cut(struct arena *a, struct history *h, double difference_variance, double rho, size_t *at)
{
	size_t count;

	h->variance = difference_variance / (1 - rho);
	h->spread = (1 + rho) / (1 - rho);
	count = pelt_cut(a, &h->sums, PENALTY * log((double)h->n) * h->spread * h->variance, CHANGEPOINT_MIN_SEGMENT,
			 at);
	return prune(a, h, at, count);
}

/* Where else the step could stand: all places that the values make no less than a twentieth as likely. */
static void place(const struct history *h, struct changepoint *c, double variance)
{
	double least = step_gain(h, c->first, c->index, c->end) - 2 * log(20) * variance;

	c->earliest = c->latest = c->index;
	while (c->earliest - 1 > c->first && step_gain(h, c->first, c->earliest - 1, c->end) >= least)
		c->earliest--;
	while (c->latest + 1 < c->end && step_gain(h, c->first, c->latest + 1, c->end) >= least)
		c->latest++;
}

static void describe(struct arena *a, const struct history *h, const size_t *at, struct changepoints *r)
{
	double variance = felt_variance(h, at, r->count);

	r->items = NEW_ARRAY(a, struct changepoint, r->count);
	r->df = (double)(h->n - r->count - 1);
	r->sd = sqrt(variance / h->spread);
	r->spread = h->spread;
	for (size_t i = 0; i < r->count; i++) {
		struct changepoint *c = &r->items[i];

		c->index = at[i];
		bound(h, at, r->count, i, &c->first, &c->end);
		c->before = sample_mean(h->x + c->first, c->index - c->first);
		c->after = sample_mean(h->x + c->index, c->end - c->index);
		place(h, c, variance);
		c->p = picked_p(h, c, variance, r->df);
	}
}

struct changepoints changepoint_analyse(struct arena *a, const double *x, size_t n)
{
	struct changepoints r = {.spread = 1, .spike = NEW_ARRAY(a, bool, n + 1)};
	struct history h = {.raw = x, .x = NEW_ARRAY(a, double, n + 1), .n = n};
	size_t *at = NEW_ARRAY(a, size_t, n + 1);
	double largest = 0, sd, rho;

	if (n < 2 * (size_t)CHANGEPOINT_MIN_SEGMENT)
		return r;
	for (size_t i = 0; i < n; i++)
		largest = fmax(largest, fabs(x[i]));
	sd = fmax(difference_sd(a, x, n, 1) / sqrt(2), ROUNDING * largest);
	remove_spikes(a, x, n, sd, h.x, r.spike);
	h.sums = level_sums_of(a, h.x, n);
	rho = n < CORRELATION_MIN ? 0 : robust_correlation(a, h.x, n);
	r.count = cut(a, &h, sd * sd, rho, at);
	/* That estimate is rough; with most steps out of the way the usual one is better, and then finds more of them. */
	for (int pass = 0; pass < REFINE_PASSES && rho > 0; pass++) {
		double finer = fmin(rho, residual_correlation(&h, at, r.count));

		if (finer == rho)
			break;
		rho = finer;
		r.count = cut(a, &h, sd * sd, rho, at);
	}
	describe(a, &h, at, &r);
	return r;
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
