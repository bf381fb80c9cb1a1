/*
 * Slope: the median of the slopes of all pairs (Theil, Proc. Kon. Ned. Akad. Wet. A 53, 1950; Sen, Estimates of the
 * regression coefficient based on Kendall's tau, JASA 63, 1968, for the interval).  Test: Mann, Econometrica 13, 1945;
 * Kendall, Rank Correlation Methods, 1975, chapter 4, for the variance with ties.  Neighbours that move together widen
 * the variance by (1 + r) / (1 - r), with r from what is left around the line (Yue and Wang, Water Resources Management
 * 18, 2004).
 */
#include "stats/trend_line.h"

#include "stats/distribution.h"
#include "stats/sample.h"

#include <math.h>

/* More values are first joined to so many blocks by their medians: pairs grow with the square. */
enum { BLOCK_LIMIT = 200, VALUE_LEAST = 4 };
static const double CORRELATION_MAX = 0.95;

/* Medians of neighbouring values; `*width` of them a block, the last block may have more. */
static double *join(struct arena *a, const double *x, size_t n, size_t *width, size_t *count)
{
	double *blocks = NEW_ARRAY(a, double, n);

	*width = (n + BLOCK_LIMIT - 1) / BLOCK_LIMIT;
	*count = n / *width;
	for (size_t i = 0; i < *count; i++) {
		size_t end = i + 1 < *count ? (i + 1) * *width : n;

		blocks[i] = sample_median(a, x + i * *width, end - i * *width);
	}
	return blocks;
}

/* Pairs that rise less pairs that fall. */
static double kendall_score(const double *x, size_t n)
{
	double score = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			score += (x[j] > x[i]) - (x[j] < x[i]);
	return score;
}

static double score_variance(struct arena *a, const double *x, size_t n)
{
	double *sorted = sample_sorted(a, x, n), m = (double)n, sum = m * (m - 1) * (2 * m + 5);

	for (size_t i = 0, end; i < n; i = end) {
		double tied;

		for (end = i + 1; end < n && sorted[end] <= sorted[i];)
			end++;
		tied = (double)(end - i);
		sum -= tied * (tied - 1) * (2 * tied + 5);
	}
	return sum / 18;
}

static double correlation_spread(const double *x, size_t n, double start, double slope)
{
	double product = 0, square = 0, last = 0, r;

	for (size_t i = 0; i < n; i++) {
		double left = x[i] - start - slope * (double)i;

		square += left * left;
		product += i ? left * last : 0;
		last = left;
	}
	/* What fitting two numbers takes off; see Kendall, Biometrika 41, 1954. */
	r = square > 0 ? product / square : 0;
	r = fmin(fmax(r + (1 + 3 * fmax(r, 0)) * 2 / (double)n, 0), CORRELATION_MAX);
	return (1 + r) / (1 - r);
}

static double *pair_slopes(struct arena *a, const double *x, size_t n, size_t *count)
{
	double *slopes = NEW_ARRAY(a, double, n *(n - 1) / 2);

	*count = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			slopes[(*count)++] = (x[j] - x[i]) / (double)(j - i);
	sample_sort(slopes, *count);
	return slopes;
}

/* The slope at that rank among the sorted ones, the outermost where there are not so many. */
static double slope_at(const double *slopes, size_t count, double rank)
{
	double at = fmin(fmax(rank, 0), (double)(count - 1));

	return slopes[(size_t)at];
}

struct trend_line trend_line_fit(struct arena *a, const double *values, size_t value_count, double confidence)
{
	struct arena_mark mark = arena_mark(a);
	struct trend_line line = {.p = 1};
	size_t width, n, pairs;
	double *x, *slopes, *rest, score, variance, reach;

	if (value_count < VALUE_LEAST)
		return line;
	x = join(a, values, value_count, &width, &n);
	score = kendall_score(x, n);
	variance = score_variance(a, x, n);
	line.exists = variance > 0;
	if (line.exists) {
		slopes = pair_slopes(a, x, n, &pairs);
		line.slope = sample_median(a, slopes, pairs);
		rest = NEW_ARRAY(a, double, n);
		for (size_t i = 0; i < n; i++)
			rest[i] = x[i] - line.slope * (double)i;
		line.start = sample_median(a, rest, n);
		variance *= correlation_spread(x, n, line.start, line.slope);
		line.p = fmin(1, 2 * normal_upper(fmax(0, fabs(score) - 1) / sqrt(variance)));
		reach = normal_quantile(0.5 + confidence / 2) * sqrt(variance);
		line.low = slope_at(slopes, pairs, floor(((double)pairs - reach) / 2) - 1) / (double)width;
		line.high = slope_at(slopes, pairs, ceil(((double)pairs + reach) / 2)) / (double)width;
		line.slope /= (double)width;
		/* The median of a block stands in its middle. */
		line.start -= line.slope * ((double)width - 1) / 2;
	}
	arena_reset(a, mark);
	return line;
}
