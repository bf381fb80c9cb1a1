#include "stats/pairwise.h"

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

/* Averages and differences round monotonically, so one pointer that never turns back is enough for each count. */
static size_t count_walsh_up_to(const double *sorted, size_t n, double limit)
{
	size_t count = 0, end = n;

	for (size_t i = 0; i < n; i++) {
		while (end > i && sample_midpoint(sorted[i], sorted[end - 1]) > limit)
			end--;
		if (end <= i)
			break;
		count += end - i;
	}
	return count;
}

static size_t count_differences_up_to(const struct pairs *p, double limit)
{
	size_t count = 0, end = 0;

	for (size_t i = 0; i < p->nx; i++) {
		while (end < p->ny && p->y[end] - p->x[i] <= limit)
			end++;
		count += end;
	}
	return count;
}

static double pairs_select(const struct pairs *p, double lowest, double highest, size_t k)
{
	uint64_t low = key_of_double(lowest), high = key_of_double(highest);

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		double limit = double_of_key(middle);
		size_t count = p->y == NULL ? count_walsh_up_to(p->x, p->nx, limit) : count_differences_up_to(p, limit);

		if (count >= k)
			high = middle;
		else
			low = middle + 1;
	}
	return double_of_key(low) + 0.0; /* makes -0 a plain 0 */
}

double walsh_select(const double *sorted, size_t n, size_t k)
{
	struct pairs p = {.x = sorted, .nx = n};

	return pairs_select(&p, sorted[0], sorted[n - 1], k);
}

double walsh_median(const double *sorted, size_t n)
{
	size_t count = n * (n + 1) / 2;
	double upper = walsh_select(sorted, n, count / 2 + 1);

	return count % 2 == 1 ? upper : sample_midpoint(walsh_select(sorted, n, count / 2), upper);
}

double difference_select(const double *x, size_t nx, const double *y, size_t ny, size_t k)
{
	struct pairs p = {.x = x, .nx = nx, .y = y, .ny = ny};

	return pairs_select(&p, y[0] - x[nx - 1], y[ny - 1] - x[0], k);
}

double difference_median(const double *x, size_t nx, const double *y, size_t ny)
{
	size_t count = nx * ny;
	double upper = difference_select(x, nx, y, ny, count / 2 + 1);

	return count % 2 == 1 ? upper : sample_midpoint(difference_select(x, nx, y, ny, count / 2), upper);
}
