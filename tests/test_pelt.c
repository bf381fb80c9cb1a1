/* PELT. */
#include "stats/pelt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "histories.h"

enum { LEAST = 3 };

static double total(const struct level_sums *s, double penalty, const size_t *at, size_t count)
{
	double cost = penalty * (double)count;

	for (size_t i = 0; i <= count; i++)
		cost += level_cost(s, i ? at[i - 1] : 0, i < count ? at[i] : s->n);
	return cost;
}

/* The same optimum by trying every last cut of every part, without dropping any. */
static double plain_optimum(const struct level_sums *s, double penalty)
{
	double best[64];

	best[0] = -penalty;
	for (size_t end = 1; end <= s->n; end++) {
		best[end] = INFINITY;
		for (size_t from = 0; from + LEAST <= end; from++)
			best[end] = fmin(best[end], best[from] + level_cost(s, from, end) + penalty);
	}
	return best[s->n];
}

static void what_is_dropped_is_never_the_best(void **state)
{
	struct random r = {.state = 3};

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct arena *a = arena_open();
		size_t n = 6 + (size_t)(made_uniform(&r) * 50), at[64], count;
		double x[64], level = 0, penalty = made_uniform(&r) * 20;

		for (size_t k = 0; k < n; k++) {
			level += made_uniform(&r) < 0.15 ? 4 * made_normal(&r) : 0;
			x[k] = level + made_normal(&r);
		}

		struct level_sums s = level_sums_of(a, x, n);

		count = pelt_cut(a, &s, penalty, LEAST, at);
		for (size_t k = 0; k <= count; k++)
			assert_true((k < count ? at[k] : n) - (k ? at[k - 1] : 0) >= LEAST);
		assert_true(fabs(total(&s, penalty, at, count) - plain_optimum(&s, penalty)) < 1e-9);
		arena_close(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_dropped_is_never_the_best)};

	return cmocka_run_group_tests_name("pelt", tests, NULL, NULL);
}
