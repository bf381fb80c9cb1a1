/*
 * Matteson and James: A nonparametric approach for multiple change point analysis of multivariate data, JASA 109 (2014),
 * section 2, with exponent 1; the means within a part are over all n^2 pairs.
 */
#include "stats/edivisive.h"

#include "base/random.h"
#include "stats/sample.h"

#include <math.h>
#include <string.h>

/* The statistic from the sums of distances between the parts and within each, every pair counted once. */
static double statistic(double between, double within_left, double within_right, size_t left, size_t right)
{
	double n = (double)left, m = (double)right;

	return n * m / (n + m) * (2 * between / (n * m) - 2 * within_left / (n * n) - 2 * within_right / (m * m));
}

void edivisive_qhat(const double *x, size_t n, double *out)
{
	double between = 0, within_left = 0, within_right = 0;

	if (n)
		out[0] = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			within_right += fabs(x[i] - x[j]);
	for (size_t left = 1; left < n; left++) {
		double to_left = 0, to_right = 0;

		for (size_t i = 0; i < left - 1; i++)
			to_left += fabs(x[left - 1] - x[i]);
		for (size_t i = left; i < n; i++)
			to_right += fabs(x[left - 1] - x[i]);
		between += to_right - to_left;
		within_left += to_left;
		within_right -= to_right;
		out[left] = statistic(between, within_left, within_right, left, n - left);
	}
}

size_t edivisive_best_split(struct arena *a, const double *x, size_t n)
{
	struct arena_mark mark = arena_mark(a);
	double *q = NEW_ARRAY(a, double, n + 1);
	size_t best = 0;

	edivisive_qhat(x, n, q);
	for (size_t i = 1; i < n; i++)
		best = q[i] > q[best] ? i : best;
	arena_reset(a, mark);
	return best;
}

/*
 * Sums of distances along the sorted values: each is as far from those below it as its value times their number less
 * their sum.  So one order takes n steps, not n^2.
 */
static double labelled_statistic(const double *sorted, const unsigned char *is_left, size_t n, size_t left,
				 double total)
{
	double sum[2] = {0}, within[2] = {0}, count[2] = {0};

	for (size_t i = 0; i < n; i++) {
		size_t side = !is_left[i];

		within[side] += sorted[i] * count[side] - sum[side];
		sum[side] += sorted[i];
		count[side]++;
	}
	return statistic(total - within[0] - within[1], within[0], within[1], left, n - left);
}

/* Marks the `left` first of the values in the order of the sorted ones, ties in the order in which they came. */
static void mark_left(const double *x, const double *sorted, size_t n, size_t left, unsigned char *is_left)
{
	for (size_t i = 0; i < left; i++) {
		size_t low = 0, high = n;

		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (sorted[middle] < x[i])
				low = middle + 1;
			else
				high = middle;
		}
		/* Which of equal values is marked makes no difference. */
		while (is_left[low])
			low++;
		is_left[low] = 1;
	}
}

static void shuffle(struct random *r, unsigned char *labels, size_t n)
{
	for (size_t i = n - 1; i > 0; i--) {
		/* The upper half of a product: even to within 2^-32 for any n below 2^32. */
		size_t j = (size_t)(((random_next(r) >> 32) * (uint64_t)(i + 1)) >> 32);
		unsigned char other = labels[i];

		labels[i] = labels[j];
		labels[j] = other;
	}
}

double edivisive_p(struct arena *a, const double *x, size_t n, size_t left, double enough)
{
	struct arena_mark mark = arena_mark(a);
	double *sorted = sample_sorted(a, x, n), middle = sorted[n / 2], total = 0, sum = 0, seen;
	unsigned char *is_left = NEW_ARRAY(a, unsigned char, n + 1);
	struct random r = {.state = random_mix(n, left)};
	size_t as_clear = 0, drawn = 0;

	mark_left(x, sorted, n, left, is_left);
	for (size_t i = 0; i < n; i++) {
		sorted[i] -= middle;
		total += sorted[i] * (double)i - sum;
		sum += sorted[i];
	}
	seen = labelled_statistic(sorted, is_left, n, left, total);
	while (drawn < EDIVISIVE_PERMUTATIONS &&
	       (double)as_clear + 1 <= enough * (double)(EDIVISIVE_PERMUTATIONS + 1)) {
		shuffle(&r, is_left, n);
		/* Rounding must not part orders that are alike. */
		as_clear += labelled_statistic(sorted, is_left, n, left, total) >= seen * (1 - 1e-9);
		drawn++;
	}
	arena_reset(a, mark);
	return (double)(as_clear + 1) / (double)(drawn + 1);
}
