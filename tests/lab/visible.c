/*
 * The smallest effect that screen and confirm sees with 80 % power, for the table in flow/confirm.c.
 *
 * Normal differences of standard deviation 1; effects are above the shift.  Bisection over one fixed set of series, so that
 * the power rises with the effect.
 */
#include "base/random.h"
#include "flow/confirm.h"

#include <math.h>
#include <stdio.h>

enum { SERIES = 20000, ALL = CONFIRM_SCREEN_PAIRS + CONFIRM_MOST_PAIRS };

static double normal(struct random *r)
{
	double u = ((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0;
	double v = ((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0;

	return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static double power_at(struct arena *a, double effect, double alpha)
{
	size_t called = 0;

	for (size_t i = 0; i < SERIES; i++) {
		struct random r = {.state = random_mix(1, i)};
		struct confirm_pairs pairs = {
			.screen_count = CONFIRM_SCREEN_PAIRS, .fresh_count = CONFIRM_MOST_PAIRS, .enough = alpha};
		double d[ALL];

		for (size_t k = 0; k < ALL; k++)
			d[k] = effect + normal(&r);
		pairs.d = d;
		called += confirm_look(a, &pairs).p <= alpha;
	}
	return (double)called / SERIES;
}

int main(void)
{
	struct arena *a = arena_open();

	for (int k = 1; k <= 8; k++) {
		double low = 0, high = 5, alpha = pow(10, -k);

		for (int i = 0; i < 16; i++) {
			double middle = (low + high) / 2;

			if (power_at(a, middle, alpha) < 0.8)
				low = middle;
			else
				high = middle;
		}
		printf("alpha 1e-%d: %.3f standard deviations\n", k, high);
	}
	arena_close(a);
	return 0;
}
