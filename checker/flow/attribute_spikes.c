/* Groups that something else made slow: drawn in, so that one of them does not hide what all others show. */
#include "flow/attribute_work.h"

#include "stats/sample.h"

#include <math.h>

/* So many robust standard deviations from the median; of normal values 3 in 1000 are. */
static const double FAR = 3;

/* How much of its distance from the median a value may keep: 0 moves it nowhere. */
static void find_excess(struct arena *a, const double *x, size_t n, double *excess)
{
	double median = sample_median(a, x, n), reach = FAR * SAMPLE_MAD_TO_SD * sample_mad(a, x, n);

	for (size_t i = 0; i < n; i++) {
		double distance = x[i] - median;

		excess[i] = reach > 0 && fabs(distance) > reach ? distance - copysign(reach, distance) : 0;
	}
}

/* Pairs share what was slow for both, so that their ratio is looked at; what is slow is the slower one's fault. */
static void find_pair_factors(struct attribute_work *w, double *factors)
{
	size_t n = w->plan.pair_count;
	double *x = NEW_ARRAY(w->arena, double, n), *excess = NEW_ARRAY(w->arena, double, n);
	const double *cost = w->stacks.cost;

	for (size_t i = 0; i < n; i++)
		x[i] = log(cost[w->plan.pairs[2 * i + 1]] / cost[w->plan.pairs[2 * i]]);
	find_excess(w->arena, x, n, excess);
	for (size_t i = 0; i < n; i++)
		factors[w->plan.pairs[2 * i + (excess[i] > 0)]] = exp(-fabs(excess[i]));
}

static void find_side_factors(struct attribute_work *w, size_t from, size_t to, double *factors)
{
	size_t n = to - from;
	double *x = NEW_ARRAY(w->arena, double, n), *excess = NEW_ARRAY(w->arena, double, n);

	for (size_t i = 0; i < n; i++)
		x[i] = log(w->stacks.cost[from + i]);
	find_excess(w->arena, x, n, excess);
	for (size_t i = 0; i < n; i++)
		factors[from + i] = exp(-excess[i]);
}

/*
 * Winsorizing (Tukey, The future of data analysis, Ann. Math. Statist. 33, 1962) of whole groups: what slows a process from
 * outside slows all of its functions, and the parts of them stay.
 */
void work_draw_in(struct attribute_work *w)
{
	size_t count = w->stacks.group_count;
	double *factors = NEW_ARRAY(w->arena, double, count);

	if (w->plan.method == ATTRIBUTION_EXACT || w->plan.method == ATTRIBUTION_POISSON)
		return;
	for (size_t i = 0; i < count; i++) {
		factors[i] = 1;
		if (!(w->stacks.cost[i] > 0))
			return;
	}
	if (w->plan.method == ATTRIBUTION_WELCH) {
		find_side_factors(w, 0, w->stacks.base_groups, factors);
		find_side_factors(w, w->stacks.base_groups, count, factors);
	} else {
		find_pair_factors(w, factors);
	}
	for (size_t i = 0; i < w->stacks.entry_count; i++)
		w->stacks.entries[i].cost *= factors[w->stacks.entries[i].group];
	for (size_t i = 0; i < count; i++) {
		w->stacks.cost[i] *= factors[i];
		w->stacks.unattributed[i] *= factors[i];
	}
}
