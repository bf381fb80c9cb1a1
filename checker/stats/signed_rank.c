#include "stats/signed_rank.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "stats/distribution.h"
#include "stats/pairwise.h"
#include "stats/sample.h"

/* A difference that is not zero, by size. */
struct ranked {
	double size;
	bool positive;
	size_t rank2; /* twice the midrank, which is a whole number */
};

struct ranking {
	struct ranked *at;
	size_t count, zeros;
	size_t total2, positive2; /* sums of doubled midranks */
	double ties;              /* the sum of t^3 - t over groups of t ties */
};

static int ranked_compare(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	return (a->size > b->size) - (a->size < b->size);
}

/* Pratt, Remarks on zeros and ties in the Wilcoxon signed rank procedures, JASA 54 (1959). */
static struct ranking rank_differences(struct arena *a, const double *d, size_t n, double shift)
{
	struct ranking r = {.at = NEW_ARRAY(a, struct ranked, n)};

	for (size_t i = 0; i < n; i++) {
		double rest = d[i] - shift;

		if (rest > 0 || rest < 0)
			r.at[r.count++] = (struct ranked){.size = fabs(rest), .positive = rest > 0};
	}
	r.zeros = n - r.count;
	qsort(r.at, r.count, sizeof(*r.at), ranked_compare);
	for (size_t i = 0, end; i < r.count; i = end) {
		for (end = i + 1; end < r.count && r.at[end].size <= r.at[i].size; end++)
			continue;

		double ties = (double)(end - i);

		r.ties += ties * ties * ties - ties;
		for (size_t j = i; j < end; j++) {
			r.at[j].rank2 = 2 * r.zeros + i + end + 1;
			r.total2 += r.at[j].rank2;
			r.positive2 += r.at[j].positive ? r.at[j].rank2 : 0;
		}
	}
	return r;
}

/*
 * P(W = w) for w from 0 to `last`, where every rank is in the sum W with probability 1/2.  Ranks and W are in units of
 * half a rank divided by `unit`.  Only additions and halves: no digit is lost in the tail.
 */
static double *null_distribution(struct arena *a, const struct ranking *r, size_t unit, size_t last)
{
	double *p = NEW_ARRAY(a, double, last + 1);
	size_t reached = 0;

	p[0] = 1;
	for (size_t i = 0; i < r->count; i++) {
		size_t rank = r->at[i].rank2 / unit;

		reached = reached + rank < last ? reached + rank : last;
		for (size_t w = reached; w + 1 > rank; w--)
			p[w] = (p[w] + p[w - rank]) / 2;
		for (size_t w = 0; w < rank && w <= reached; w++)
			p[w] /= 2;
	}
	return p;
}

static double sum_up_to(const double *p, size_t end)
{
	double sum = 0;

	for (size_t i = 0; i < end; i++)
		sum += p[i];
	return sum;
}

/* The distribution is symmetric, so the lower tail up to the nearer side gives both. */
static void test_exactly(struct arena *a, const struct ranking *r, struct signed_rank *out)
{
	size_t unit = r->ties > 0 ? 1 : 2;
	size_t positive = r->positive2 / unit, negative = (r->total2 - r->positive2) / unit;
	size_t last = positive < negative ? positive : negative;
	double *p = null_distribution(a, r, unit, last);
	double tail = sum_up_to(p, last + 1), rest = 1 - sum_up_to(p, last);

	out->exact = true;
	out->p_greater = positive >= negative ? tail : rest;
	out->p_less = positive <= negative ? tail : rest;
}

/* Moments with zeros and ties: Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, section 3.1. */
static void test_nearly(const struct ranking *r, struct signed_rank *out)
{
	double n = (double)(r->count + r->zeros), z = (double)r->zeros;
	double mean = (n * (n + 1) - z * (z + 1)) / 4;
	double variance = (n * (n + 1) * (2 * n + 1) - z * (z + 1) * (2 * z + 1) - r->ties / 2) / 24;

	out->p_greater = normal_upper((out->w_plus - mean - 0.5) / sqrt(variance));
	out->p_less = normal_cdf((out->w_plus - mean + 0.5) / sqrt(variance));
}

struct signed_rank signed_rank_test(struct arena *a, const double *d, size_t n, double shift)
{
	struct signed_rank out = {.p_greater = 1, .p_less = 1, .p_two_sided = 1, .exact = true};
	struct arena_mark mark = arena_mark(a);
	struct ranking r = rank_differences(a, d, n, shift);

	out.w_plus = (double)r.positive2 / 2;
	if (r.count > SIGNED_RANK_EXACT_LIMIT) {
		out.exact = false;
		test_nearly(&r, &out);
	} else if (r.count > 0) {
		test_exactly(a, &r, &out);
	}
	out.p_two_sided = fmin(1, 2 * fmin(out.p_greater, out.p_less));
	arena_reset(a, mark);
	return out;
}

double signed_rank_estimate(struct arena *a, const double *d, size_t n)
{
	struct arena_mark mark = arena_mark(a);
	double estimate = walsh_median(sample_sorted(a, d, n), n);

	arena_reset(a, mark);
	return estimate;
}

/* The least k with P(W <= k) >= tail, and P(W < k) in `*below`, for ranks 1 to n. */
static size_t null_quantile(struct arena *a, size_t n, double tail, double *below)
{
	struct ranking r = {.at = NEW_ARRAY(a, struct ranked, n), .count = n};
	size_t last = n * (n + 1) / 4, k = 0;

	for (size_t i = 0; i < n; i++)
		r.at[i].rank2 = 2 * (i + 1);

	double *p = null_distribution(a, &r, 2, last);

	*below = 0;
	while (k < last && *below + p[k] < tail)
		*below += p[k++];
	return k;
}

static size_t null_quantile_nearly(size_t n, double tail, double *below)
{
	double count = (double)n, mean = count * (count + 1) / 4;
	double sd = sqrt(count * (count + 1) * (2 * count + 1) / 24);
	double k = ceil(mean + sd * normal_quantile(tail) - 0.5);

	if (!(k >= 1))
		return 0;
	*below = normal_cdf((k - 0.5 - mean) / sd);
	return (size_t)k;
}

/* Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, section 3.3; k as in R's wilcox.test. */
struct interval signed_rank_interval(struct arena *a, const double *d, size_t n, double confidence)
{
	struct interval out = {0};
	struct arena_mark mark = arena_mark(a);
	/* The allowance for rounding decides levels that a probability of the distribution meets exactly. */
	double tail = (1 - confidence) / 2 - 10 * DBL_EPSILON, below = 0;
	size_t k = n <= SIGNED_RANK_EXACT_LIMIT ? null_quantile(a, n, tail, &below)
						: null_quantile_nearly(n, tail, &below);

	if (k > 0) {
		double *sorted = sample_sorted(a, d, n);

		out.lower = walsh_select(sorted, n, k);
		out.upper = walsh_select(sorted, n, n * (n + 1) / 2 + 1 - k);
		out.attained = 1 - 2 * below;
		out.k = k;
		out.exists = true;
	}
	arena_reset(a, mark);
	return out;
}

double signed_rank_smallest_p(size_t n)
{
	return n < 2000 ? ldexp(1, -(int)n) : 0;
}
