#include "stats/mann_whitney.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "stats/distribution.h"
#include "stats/pairwise.h"
#include "stats/rank_sum.h"
#include "stats/sample.h"

/* The distribution for these sizes; NULL where it cannot be counted in reasonable time. */
static const double *null_of(struct mann_whitney_null *null, size_t nx, size_t ny)
{
	struct rank_sum counted;

	if (null->nx == nx && null->ny == ny)
		return null->p;
	null->nx = nx;
	null->ny = ny;
	null->p = rank_sum_untied(null->arena, nx, ny, nx * ny / 2, &counted) ? counted.p : NULL;
	return null->p;
}

struct pooled {
	size_t nx, ny;
	size_t *rank2; /* doubled midranks of all values, ascending */
	size_t u2;     /* twice the U of y */
	double ties;   /* the sum of t^3 - t over groups of t ties */
};

/* Both samples sorted. */
static struct pooled pool(struct arena *a, const double *x, size_t nx, const double *y, size_t ny)
{
	struct pooled p = {.nx = nx, .ny = ny, .rank2 = NEW_ARRAY(a, size_t, nx + ny)};
	size_t i = 0, j = 0;

	while (i < nx || j < ny) {
		double value = j == ny || (i < nx && x[i] < y[j]) ? x[i] : y[j];
		size_t x_before = i, y_before = j;

		while (i < nx && x[i] <= value)
			i++;
		while (j < ny && y[j] <= value)
			j++;

		double ties = (double)(i - x_before + j - y_before);

		p.ties += ties * ties * ties - ties;
		p.u2 += (j - y_before) * (x_before + i);
		for (size_t at = x_before + y_before; at < i + j; at++)
			p.rank2[at] = x_before + y_before + i + j + 1;
	}
	return p;
}

static double sum_range(const double *p, size_t begin, size_t end)
{
	double sum = 0;

	for (size_t i = begin; i < end; i++)
		sum += p[i];
	return sum;
}

/* Without ties U is symmetric, so the lower tail up to the nearer side gives both. */
static bool test_untied(struct mann_whitney_null *known, const struct pooled *p, struct mann_whitney *out)
{
	size_t above = p->u2 / 2, below = p->nx * p->ny - above, last = above < below ? above : below;
	const double *null = null_of(known, p->nx, p->ny);

	if (!null)
		return false;

	double before = sum_range(null, 0, last), tail = before + null[last], rest = 1 - before;

	out->p_greater = above >= below ? tail : rest;
	out->p_less = above <= below ? tail : rest;
	return true;
}

/* With ties it need not be symmetric.  The smaller sample is the one that is drawn; its U is nx ny - U of the other. */
static bool test_tied(struct arena *a, const struct pooled *p, struct mann_whitney *out)
{
	bool y_drawn = p->ny <= p->nx;
	size_t least = y_drawn ? p->ny : p->nx, most = y_drawn ? p->nx : p->ny;
	size_t at = y_drawn ? p->u2 : 2 * p->nx * p->ny - p->u2;
	struct rank_sum null;

	if (!rank_sum_tied(a, least, most, p->rank2, &null))
		return false;

	double lower = fmin(1, sum_range(null.p, 0, at + 1)), upper = fmin(1, sum_range(null.p, at, null.last + 1));

	out->p_greater = y_drawn ? upper : lower;
	out->p_less = y_drawn ? lower : upper;
	return true;
}

/* Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, section 4.1, with continuity correction. */
static void test_nearly(const struct pooled *p, struct mann_whitney *out)
{
	double nx = (double)p->nx, ny = (double)p->ny, n = nx + ny, mean = nx * ny / 2;
	double variance = nx * ny / 12 * (n + 1 - p->ties / (n * (n - 1)));

	if (!(variance > 0))
		return;
	out->p_greater = normal_upper((out->u - mean - 0.5) / sqrt(variance));
	out->p_less = normal_cdf((out->u - mean + 0.5) / sqrt(variance));
}

/* Without `null` the normal approximation. */
static struct mann_whitney test_samples(struct arena *a, struct mann_whitney_null *null, const double *x, size_t nx,
					const double *y, size_t ny, double shift)
{
	struct mann_whitney out = {.p_greater = 1, .p_less = 1, .p_two_sided = 1, .exact = null != NULL};
	struct arena_mark mark = arena_mark(a);
	double *moved = sample_sorted(a, y, ny);

	for (size_t i = 0; i < ny; i++)
		moved[i] -= shift;

	struct pooled p = pool(a, sample_sorted(a, x, nx), nx, moved, ny);

	out.u = (double)p.u2 / 2;
	if (nx > 0 && ny > 0) {
		if (null)
			out.exact = p.ties > 0 ? test_tied(a, &p, &out) : test_untied(null, &p, &out);
		if (!out.exact)
			test_nearly(&p, &out);
	}
	out.p_two_sided = fmin(1, 2 * fmin(out.p_greater, out.p_less));
	arena_reset(a, mark);
	return out;
}

struct mann_whitney mann_whitney_test(struct arena *a, const double *x, size_t nx, const double *y, size_t ny,
				      double shift)
{
	struct arena_mark mark = arena_mark(a);
	struct mann_whitney_null null = {.arena = a};
	struct mann_whitney out = test_samples(a, &null, x, nx, y, ny, shift);

	arena_reset(a, mark);
	return out;
}

struct mann_whitney mann_whitney_test_with(struct arena *a, struct mann_whitney_null *null, const double *x, size_t nx,
					   const double *y, size_t ny, double shift)
{
	return test_samples(a, null, x, nx, y, ny, shift);
}

struct mann_whitney mann_whitney_approximate(struct arena *a, const double *x, size_t nx, const double *y, size_t ny,
					     double shift)
{
	return test_samples(a, NULL, x, nx, y, ny, shift);
}

double mann_whitney_estimate(struct arena *a, const double *x, size_t nx, const double *y, size_t ny)
{
	struct arena_mark mark = arena_mark(a);
	double *sorted_x = sample_sorted(a, x, nx), *sorted_y = sample_sorted(a, y, ny);
	double estimate = difference_median(sorted_x, nx, sorted_y, ny);

	arena_reset(a, mark);
	return estimate;
}

/* The least k with P(U <= k) >= tail, and P(U < k) in `*below`. */
static size_t null_quantile(struct mann_whitney_null *known, size_t nx, size_t ny, double tail, double *below)
{
	const double *null = null_of(known, nx, ny);
	size_t k = 0;

	*below = 0;
	if (null) {
		while (k < nx * ny / 2 && *below + null[k] < tail)
			*below += null[k++];
		return k;
	}

	double mean = (double)nx * (double)ny / 2;
	double sd = sqrt(mean / 6 * ((double)nx + (double)ny + 1));
	double least = ceil(mean + sd * normal_quantile(tail) - 0.5);

	if (!(least >= 1))
		return 0;
	*below = normal_cdf((least - 0.5 - mean) / sd);
	return (size_t)least;
}

/* Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, section 4.3; k as in R's wilcox.test. */
struct interval mann_whitney_interval_with(struct arena *a, struct mann_whitney_null *null, const double *x, size_t nx,
					   const double *y, size_t ny, double confidence)
{
	struct interval out = {0};
	struct arena_mark mark = arena_mark(a);

	if (nx == 0 || ny == 0)
		return out;

	/* The allowance for rounding decides levels that a probability of the distribution meets exactly. */
	double below, tail = (1 - confidence) / 2 - 10 * DBL_EPSILON;
	double *sorted_x = sample_sorted(a, x, nx), *sorted_y = sample_sorted(a, y, ny);

	out.k = null_quantile(null, nx, ny, tail, &below);
	if (out.k == 0) {
		out.k = 1;
		below = 1 / rank_sum_ways(nx, ny);
	}
	out.lower = difference_select(sorted_x, nx, sorted_y, ny, out.k);
	out.upper = difference_select(sorted_x, nx, sorted_y, ny, nx * ny + 1 - out.k);
	out.attained = 1 - 2 * below;
	out.exists = true;
	arena_reset(a, mark);
	return out;
}

struct interval mann_whitney_interval(struct arena *a, const double *x, size_t nx, const double *y, size_t ny,
				      double confidence)
{
	struct arena_mark mark = arena_mark(a);
	struct mann_whitney_null null = {.arena = a};
	struct interval out = mann_whitney_interval_with(a, &null, x, nx, y, ny, confidence);

	arena_reset(a, mark);
	return out;
}

double mann_whitney_smallest_p(size_t nx, size_t ny)
{
	return 1 / rank_sum_ways(nx, ny);
}
