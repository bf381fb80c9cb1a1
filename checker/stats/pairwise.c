#include "stats/pairwise.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "stats/sample.h"

struct pairs {
	const double *x, *y; /* y is NULL for the averages within x */
	size_t nx, ny;
};

static const uint64_t SIGN = UINT64_C(1) << 63;

/* Integers in the order of the doubles (IEEE 754 orders like sign and magnitude). */
static uint64_t key_of_double(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits & SIGN ? ~bits : bits | SIGN;
}

static double double_of_key(uint64_t key)
{
	uint64_t bits = key & SIGN ? key & ~SIGN : ~key;
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* What lies on either side of a limit. */
struct cut {
	size_t count;        /* of the values up to the limit */
	double below, above; /* the largest of them and the least of the others; infinite where there is none */
};

/* Averages and differences round monotonically, so one pointer that never turns back is enough for each cut. */
static struct cut cut_walsh(const double *sorted, size_t n, double limit)
{
	struct cut cut = {.below = -INFINITY, .above = INFINITY};
	size_t end = n;

	for (size_t i = 0; i < n; i++) {
		while (end > i && sample_midpoint(sorted[i], sorted[end - 1]) > limit)
			end--;
		if (end > i)
			cut.below = fmax(cut.below, sample_midpoint(sorted[i], sorted[end - 1]));
		if (end < n)
			cut.above = fmin(cut.above, sample_midpoint(sorted[i], sorted[end > i ? end : i]));
		cut.count += end > i ? end - i : 0;
	}
	return cut;
}

static struct cut cut_differences(const struct pairs *p, double limit)
{
	struct cut cut = {.below = -INFINITY, .above = INFINITY};
	size_t end = 0;

	for (size_t i = 0; i < p->nx; i++) {
		while (end < p->ny && p->y[end] - p->x[i] <= limit)
			end++;
		if (end > 0 && p->y[end - 1] - p->x[i] > cut.below)
			cut.below = p->y[end - 1] - p->x[i];
		if (end < p->ny && p->y[end] - p->x[i] < cut.above)
			cut.above = p->y[end] - p->x[i];
		cut.count += end;
	}
	return cut;
}

static double middle_of(double low, double high)
{
	uint64_t low_key = key_of_double(low), high_key = key_of_double(high);

	return double_of_key(low_key + (high_key - low_key) / 2);
}

static struct cut cut_pairs(const struct pairs *p, double limit)
{
	return p->y ? cut_differences(p, limit) : cut_walsh(p->x, p->nx, limit);
}

static double logit(double rank, double total)
{
	return log(rank / (total - rank));
}

/* Where the k-th of `total` values stands between number `first` (0) and number `last` (1), if they are spread as those of
 * a logistic distribution: a bell, as sums of measurements are. */
static double share_of(size_t first, size_t k, size_t last, size_t total)
{
	double low = logit((double)first - 0.5, (double)total), high = logit((double)last - 0.5, (double)total);

	return (logit((double)k - 0.5, (double)total) - low) / (high - low);
}

/*
 * The values from `low` to `high`, themselves two of them, are those left.  A limit is tried where the k-th would stand in
 * a bell, which takes few steps with real samples; a step that left more than half of them is followed by one that bisects
 * over the doubles, so that no sample takes many.
 */
static double pairs_select(const struct pairs *p, double low, double high, size_t k)
{
	const size_t total = p->y ? p->nx * p->ny : p->nx * (p->nx + 1) / 2;
	size_t before = 0, up_to = total;
	bool bisect = false;

	while (low < high) {
		size_t left = up_to - before;
		double share = share_of(before + 1, k, up_to, total);
		double limit = bisect ? middle_of(low, high) : low + (high - low) * share;

		if (limit >= high)
			limit = double_of_key(key_of_double(high) - 1);
		if (!(limit >= low))
			limit = low;

		struct cut cut = cut_pairs(p, limit);

		if (cut.count == k)
			low = high = cut.below;
		else if (cut.count + 1 == k)
			low = high = cut.above;
		else if (cut.count > k)
			high = cut.below;
		else
			low = cut.above;
		if (cut.count >= k)
			up_to = cut.count;
		else
			before = cut.count;
		bisect = !bisect && up_to - before > left / 2;
	}
	return low;
}

/* The k-th value, or the mean of it and the next one. */
static double pairs_value(const struct pairs *p, double low, double high, size_t k, bool with_next)
{
	double value = pairs_select(p, low, high, k);

	if (with_next) {
		struct cut cut = cut_pairs(p, value);

		value = cut.count > k ? value : sample_midpoint(value, cut.above);
	}
	return value + 0.0; /* makes -0 a plain 0 */
}

double walsh_select(const double *sorted, size_t n, size_t k)
{
	struct pairs p = {.x = sorted, .nx = n};

	return pairs_value(&p, sorted[0], sorted[n - 1], k, false);
}

double walsh_median(const double *sorted, size_t n)
{
	struct pairs p = {.x = sorted, .nx = n};
	size_t count = n * (n + 1) / 2;

	return pairs_value(&p, sorted[0], sorted[n - 1], (count + 1) / 2, count % 2 == 0);
}

double difference_select(const double *x, size_t nx, const double *y, size_t ny, size_t k)
{
	struct pairs p = {.x = x, .nx = nx, .y = y, .ny = ny};

	return pairs_value(&p, y[0] - x[nx - 1], y[ny - 1] - x[0], k, false);
}

double difference_median(const double *x, size_t nx, const double *y, size_t ny)
{
	struct pairs p = {.x = x, .nx = nx, .y = y, .ny = ny};
	size_t count = nx * ny;

	return pairs_value(&p, y[0] - x[nx - 1], y[ny - 1] - x[0], (count + 1) / 2, count % 2 == 0);
}
