#include "stats/rank_sum.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>

/* Steps of the inner loops; chosen so that one test without ties takes at most about a quarter of a second, and one with
 * ties about a second. */
static const double UNTIED_WORK_LIMIT = 2e8;
static const double TIED_WORK_LIMIT = 1e10;

/* Cells of the table of a test with ties: 160 MB. */
static const double TIED_CELL_LIMIT = 2e7;

/* Whole numbers of `width` 64-bit digits, least first, one after another; they wrap, and so may be below 0 on the way. */
struct wide {
	uint64_t *digits;
	size_t width;
};

/* Number `at` += number `from`. */
static void wide_add(const struct wide *w, size_t at, size_t from)
{
	uint64_t *left = w->digits + at * w->width, carry = 0;
	const uint64_t *right = w->digits + from * w->width;

	for (size_t i = 0; i < w->width; i++) {
		uint64_t sum = left[i] + carry;

		carry = sum < carry;
		left[i] = sum + right[i];
		carry += left[i] < sum;
	}
}

static void wide_subtract(const struct wide *w, size_t at, size_t from)
{
	uint64_t *left = w->digits + at * w->width, borrow = 0;
	const uint64_t *right = w->digits + from * w->width;

	for (size_t i = 0; i < w->width; i++) {
		uint64_t rest = left[i] - borrow;

		borrow = rest > left[i];
		left[i] = rest - right[i];
		borrow += left[i] > rest;
	}
}

static double wide_value(const struct wide *w, size_t at)
{
	double value = 0;

	for (size_t i = w->width; i > 0; i--)
		value = ldexp(value, 64) + (double)w->digits[at * w->width + i - 1];
	return value;
}

/*
 * The number of rank sums u is the coefficient of q^u in the Gaussian binomial coefficient (MacMahon; NIST DLMF 26.9.8),
 * the product over i = 1 … m of (1 - q^(n+i)) / (1 - q^i).  Each factor is one pass up to q^last.  The final numbers fit
 * the width, so that wrapping on the way does no harm and every count is exact.
 */
static void count_rank_sums(const struct wide *w, size_t m, size_t n, size_t last)
{
	for (size_t i = 1; i <= m; i++) {
		size_t top = n * i < last ? n * i : last; /* the degree so far */

		for (size_t u = top; u >= n + i; u--)
			wide_subtract(w, u, u - n - i);
		for (size_t u = i; u <= top; u++)
			wide_add(w, u, u - i);
	}
}

/* The same in numbers of one digit, which samples up to 30 + 30 have. */
static void count_rank_sums_narrow(uint64_t *count, size_t m, size_t n, size_t last)
{
	for (size_t i = 1; i <= m; i++) {
		size_t top = n * i < last ? n * i : last;

		for (size_t u = top; u >= n + i; u--)
			count[u] -= count[u - n - i];
		for (size_t u = i; u <= top; u++)
			count[u] += count[u - i];
	}
}

double rank_sum_ways(size_t m, size_t n)
{
	size_t least = m < n ? m : n, most = m < n ? n : m;
	double ways = 1;

	/* Whole numbers while they are below 2^53, so that small cases are exact. */
	for (size_t i = 1; i <= least && !isinf(ways); i++)
		ways = ways * (double)(most + i) / (double)i;
	return ways;
}

bool rank_sum_untied(struct arena *a, size_t m, size_t n, size_t last, struct rank_sum *out)
{
	size_t least = m < n ? m : n, most = m < n ? n : m;
	double ways = rank_sum_ways(m, n), pairs = (double)m * (double)n;
	int bits;

	if (isinf(ways))
		return false;
	frexp(ways, &bits);

	/* One bit to spare, because `ways` is rounded. */
	struct wide w = {.width = (size_t)bits / 64 + 1};

	if ((double)least * pairs / 2 * (double)w.width > UNTIED_WORK_LIMIT)
		return false;
	assert((double)last <= pairs / 2);
	w.digits = NEW_ARRAY(a, uint64_t, (last + 1) * w.width);
	w.digits[0] = 1;
	if (w.width == 1)
		count_rank_sums_narrow(w.digits, least, most, last);
	else
		count_rank_sums(&w, least, most, last);

	double *p = NEW_ARRAY(a, double, last + 1);

	for (size_t u = 0; u <= last; u++)
		p[u] = wide_value(&w, u) / ways;
	*out = (struct rank_sum){.p = p, .last = last};
	return true;
}

/*
 * The ways to choose k of the values seen so far, by doubled rank sum; k(k+1) is taken off each sum, so that every row
 * begins near 0.  All terms are positive: nothing cancels.
 */
bool rank_sum_tied(struct arena *a, size_t m, size_t n, const size_t *rank2, struct rank_sum *out)
{
	double total = (double)m + (double)n, width = 2 * (double)m * (double)n + 1;

	if (((double)m + 1) * width > TIED_CELL_LIMIT || total * ((double)m + 1) * width > TIED_WORK_LIMIT ||
	    isinf(rank_sum_ways(m, n)))
		return false;

	size_t columns = 2 * m * n + 1;
	double *ways = NEW_ARRAY(a, double, (m + 1) * columns);
	size_t *low = NEW_ARRAY(a, size_t, m + 1), *high = NEW_ARRAY(a, size_t, m + 1); /* the part of a row in use */

	ways[0] = 1;
	for (size_t k = 1; k <= m; k++)
		low[k] = SIZE_MAX;
	for (size_t i = 0; i < m + n; i++) {
		size_t most = i + 1 < m ? i + 1 : m, least = i < n ? 1 : i - n + 1;

		for (size_t k = most; k >= least; k--) {
			const double *from = ways + (k - 1) * columns;
			double *to = ways + k * columns;

			for (size_t u = low[k - 1]; u <= high[k - 1]; u++)
				to[u + rank2[i] - 2 * k] += from[u];
			if (low[k] > low[k - 1] + rank2[i] - 2 * k)
				low[k] = low[k - 1] + rank2[i] - 2 * k;
			if (high[k] < high[k - 1] + rank2[i] - 2 * k)
				high[k] = high[k - 1] + rank2[i] - 2 * k;
		}
	}

	double *p = ways + m * columns, sum = rank_sum_ways(m, n);

	for (size_t u = 0; u < columns; u++)
		p[u] /= sum;
	*out = (struct rank_sum){.p = p, .last = columns - 1};
	return true;
}
