#include "stats/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int double_compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* The exponent that brings every value to at most 1 in size. */
static int scale_exponent(const double *x, size_t n)
{
	double largest = 0;
	int exponent = 0;

	for (size_t i = 0; i < n; i++)
		largest = fmax(largest, fabs(x[i]));
	frexp(largest, &exponent);
	return exponent;
}

/* Two passes: the second takes off the rounding error of the first. */
static double scaled_mean(const double *x, size_t n, int exponent)
{
	double sum = 0, rest = 0;

	for (size_t i = 0; i < n; i++)
		sum += ldexp(x[i], -exponent);

	double mean = sum / (double)n;

	for (size_t i = 0; i < n; i++)
		rest += ldexp(x[i], -exponent) - mean;
	return mean + rest / (double)n;
}

/*
 * Two passes with the correction of Chan, Golub and LeVeque, Algorithms for computing the sample variance,
 * The American Statistician 37 (1983), equation 1.7.
 */
static double scaled_variance(const double *x, size_t n, int exponent)
{
	double mean = scaled_mean(x, n, exponent);
	double squares = 0, rest = 0;

	if (n < 2)
		return 0;
	for (size_t i = 0; i < n; i++) {
		double deviation = ldexp(x[i], -exponent) - mean;

		squares += deviation * deviation;
		rest += deviation;
	}
	return fmax(0, squares - rest * rest / (double)n) / (double)(n - 1);
}

static double sorted_median(const double *sorted, size_t n)
{
	return n % 2 == 1 ? sorted[n / 2] : sample_midpoint(sorted[n / 2 - 1], sorted[n / 2]);
}

void sample_sort(double *x, size_t n)
{
	enum { INSERTION_LIMIT = 40 }; /* where the library's sort becomes faster */
	size_t sorted = 1;

	while (sorted < n && x[sorted - 1] <= x[sorted])
		sorted++;
	if (n > INSERTION_LIMIT) {
		if (sorted < n)
			qsort(x, n, sizeof(*x), double_compare);
		return;
	}
	for (size_t i = sorted; i < n; i++) {
		double value = x[i];
		size_t at = i;

		for (; at > 0 && x[at - 1] > value; at--)
			x[at] = x[at - 1];
		x[at] = value;
	}
}

double *sample_sorted(struct arena *a, const double *x, size_t n)
{
	double *sorted = NEW_ARRAY(a, double, n);

	if (n > 0) {
		memcpy(sorted, x, n * sizeof(*x));
		sample_sort(sorted, n);
	}
	return sorted;
}

double sample_midpoint(double a, double b)
{
	double sum = a + b;

	/* Halving first would lose the last bit of subnormal values. */
	return isinf(sum) ? a / 2 + b / 2 : sum / 2;
}

double sample_median(struct arena *a, const double *x, size_t n)
{
	struct arena_mark mark = arena_mark(a);
	double median = sorted_median(sample_sorted(a, x, n), n);

	arena_reset(a, mark);
	return median;
}

double sample_mad(struct arena *a, const double *x, size_t n)
{
	struct arena_mark mark = arena_mark(a);
	double median = sample_median(a, x, n);
	double *deviation = NEW_ARRAY(a, double, n);

	for (size_t i = 0; i < n; i++)
		deviation[i] = fabs(x[i] - median);
	sample_sort(deviation, n);

	double mad = sorted_median(deviation, n);

	arena_reset(a, mark);
	return mad;
}

double sample_mean(const double *x, size_t n)
{
	int exponent = scale_exponent(x, n);

	return ldexp(scaled_mean(x, n, exponent), exponent);
}

double sample_variance(const double *x, size_t n)
{
	int exponent = scale_exponent(x, n);

	return ldexp(scaled_variance(x, n, exponent), 2 * exponent);
}

double sample_sd(const double *x, size_t n)
{
	int exponent = scale_exponent(x, n);

	return ldexp(sqrt(scaled_variance(x, n, exponent)), exponent);
}
