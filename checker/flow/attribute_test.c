/* Tests of one cost over groups. */
#include "flow/attribute_test.h"

#include "stats/distribution.h"
#include "stats/sample.h"
#include "stats/signed_rank.h"
#include "stats/welch.h"

#include <math.h>

static const double CONFIDENCE = 0.95;

/* Counts of samples vary up to 4.2 times as much from run to run as Poisson's law has it; measured on a shared machine
 * with 30 runs of one program a side.  For a single profile a side, where nothing says how much. */
static const double OVERDISPERSION = 4;

/* Groups of one block, first come first served, as both sides have them in the order of measurement. */
static void find_pairs(struct arena *a, const struct attribute_request *r, struct cost_plan *plan)
{
	bool *taken = NEW_ARRAY(a, bool, r->head.group_count);

	plan->pairs = NEW_ARRAY(a, size_t, 2 * r->base.group_count);
	for (size_t i = 0; i < r->base.group_count; i++) {
		for (size_t k = 0; r->base.groups[i].block >= 0 && k < r->head.group_count; k++) {
			if (taken[k] || r->head.groups[k].block != r->base.groups[i].block)
				continue;
			taken[k] = true;
			plan->pairs[2 * plan->pair_count] = i;
			plan->pairs[2 * plan->pair_count + 1] = r->base.group_count + k;
			plan->pair_count++;
			break;
		}
	}
}

struct cost_plan cost_plan_make(struct arena *a, const struct attribute_request *request)
{
	struct cost_plan plan = {.method = request->method,
				 .base_groups = request->base.group_count,
				 .group_count = request->base.group_count + request->head.group_count,
				 .noise_ratio = request->noise_ratio,
				 .run_spread_ratio = request->run_spread_ratio};
	size_t least = request->base.group_count < request->head.group_count ? request->base.group_count
									     : request->head.group_count;

	find_pairs(a, request, &plan);
	if (plan.method == ATTRIBUTION_AUTO)
		plan.method = plan.pair_count >= ATTRIBUTE_LEAST_PAIRS ? ATTRIBUTION_PAIRED_T : ATTRIBUTION_WELCH;
	if ((plan.method == ATTRIBUTION_PAIRED_T || plan.method == ATTRIBUTION_SIGNED_RANK) &&
	    plan.pair_count < ATTRIBUTE_LEAST_PAIRS)
		plan.method = ATTRIBUTION_WELCH;
	if (plan.method == ATTRIBUTION_WELCH && request->head.group_count == 1 &&
	    request->base.group_count >= ATTRIBUTE_LEAST_RUNS)
		plan.method = ATTRIBUTION_PREDICTION;
	if (plan.method == ATTRIBUTION_WELCH && least < ATTRIBUTE_LEAST_RUNS)
		plan.method = ATTRIBUTION_POISSON;
	plan.indicative = plan.method == ATTRIBUTION_POISSON;
	return plan;
}

static void set_interval(struct attribution_change *c, double error, double quantile)
{
	c->error = error;
	c->low = c->change - quantile * error;
	c->high = c->change + quantile * error;
}

/* Values without any scatter differ or do not; what their samples can tell comes after. */
static double p_without_scatter(const struct attribution_change *c)
{
	return fabs(c->change) > 0 ? 0 : 1;
}

/* Student's t test of the differences; their mean, so that changes of functions add up. */
static void test_pairs(struct arena *a, const struct cost_plan *plan, const double *cost, struct attribution_change *c)
{
	size_t n = plan->pair_count;
	double *d = NEW_ARRAY(a, double, n), df = (double)(n - 1), error;

	c->base = c->head = 0;
	for (size_t i = 0; i < n; i++) {
		double base = cost[plan->pairs[2 * i]], head = cost[plan->pairs[2 * i + 1]];

		d[i] = head - base;
		c->base += base / (double)n;
		c->head += head / (double)n;
	}
	c->change = sample_mean(d, n);
	error = sample_sd(d, n) / sqrt((double)n);
	set_interval(c, error, student_t_quantile((1 + CONFIDENCE) / 2, df));
	if (plan->method == ATTRIBUTION_SIGNED_RANK)
		c->p = signed_rank_test(a, d, n, 0).p_two_sided;
	else if (error > 0)
		c->p = fmin(1, 2 * student_t_upper(fabs(c->change) / error, df));
	else
		c->p = p_without_scatter(c);
}

static void test_runs(const struct cost_plan *plan, const double *cost, struct attribution_change *c)
{
	struct welch w = welch_test(cost, plan->base_groups, cost + plan->base_groups,
				    plan->group_count - plan->base_groups, CONFIDENCE);

	if (!w.exists) {
		c->p = p_without_scatter(c);
		return;
	}
	c->p = w.p_two_sided;
	c->low = w.interval.lower;
	c->high = w.interval.upper;
	c->error = fabs(w.t) > 0 ? fabs(c->change / w.t) : (c->high - c->low) / (2 * student_t_quantile(0.975, w.df));
}

/* One new run against stored ones: Student's prediction interval for a further value (Hahn and Meeker, Statistical
 * Intervals, 1991, section 4.5). */
static void test_new_run(const struct cost_plan *plan, const double *cost, struct attribution_change *c)
{
	size_t n = plan->base_groups;
	double df = (double)(n - 1), error = sample_sd(cost, n) * sqrt(1 + 1 / (double)n);

	set_interval(c, error, student_t_quantile((1 + CONFIDENCE) / 2, df));
	c->p = error > 0 ? fmin(1, 2 * student_t_upper(fabs(c->change) / error, df)) : p_without_scatter(c);
}

/* The variance of a cost that n samples were counted for: its square divided by n. */
static double poisson_variance(double cost, double samples)
{
	return samples > 0 ? cost * cost / samples : 0;
}

static double poisson_error(const struct cost_plan *plan, const struct attribution_change *c,
			    const struct cost_evidence *e)
{
	double base = poisson_variance(c->base, e->base_samples), head = poisson_variance(c->head, e->head_samples);

	/* Of a known whole a part is counted: binomial. */
	if (e->part_only && !plan->indicative && plan->base_samples > 0 && plan->head_samples > 0) {
		base *= fmax(0, 1 - e->base_samples / plan->base_samples);
		head *= fmax(0, 1 - e->head_samples / plan->head_samples);
	}
	return sqrt(base + head);
}

/* What the means of both sides differ by because runs do: all functions of a run alike, so that counts do not show it. */
static double spread_error(const struct cost_plan *plan, const struct attribution_change *c)
{
	double base = plan->run_spread_ratio * c->base, head = plan->run_spread_ratio * c->head;

	return sqrt(base * base / (double)plan->base_groups +
		    head * head / (double)(plan->group_count - plan->base_groups));
}

static void test_counts(double error, struct attribution_change *c)
{
	set_interval(c, error, normal_quantile((1 + CONFIDENCE) / 2));
	if (error > 0)
		c->p = fmin(1, 2 * normal_upper(fabs(c->change) / error));
}

/* Values that happen to lie close together, or are few and small, do not make samples say more than they can. */
static void respect_counts(double error, struct attribution_change *c)
{
	double p = error > 0 ? fmin(1, 2 * normal_upper(fabs(c->change) / error)) : 0;
	double reach = normal_quantile((1 + CONFIDENCE) / 2) * error;

	c->p = fmax(c->p, p);
	c->error = fmax(c->error, error);
	c->low = fmin(c->low, c->change - reach);
	c->high = fmax(c->high, c->change + reach);
}

struct attribution_change cost_test(struct arena *a, const struct cost_plan *plan, const double *cost,
				    const struct cost_evidence *evidence)
{
	struct arena_mark mark = arena_mark(a);
	size_t head_groups = plan->group_count - plan->base_groups;
	struct attribution_change c = {
		.base = plan->base_groups ? sample_mean(cost, plan->base_groups) : 0,
		.head = head_groups ? sample_mean(cost + plan->base_groups, head_groups) : 0,
		.p = 1,
		.q = 1,
	};

	c.change = c.low = c.high = c.head - c.base;
	switch (plan->method) {
	case ATTRIBUTION_EXACT:
		c.p = fabs(c.change) > plan->noise_ratio * c.base ? 0 : 1;
		break;
	case ATTRIBUTION_POISSON:
		test_counts(hypot(sqrt(OVERDISPERSION) * poisson_error(plan, &c, evidence), spread_error(plan, &c)),
			    &c);
		break;
	case ATTRIBUTION_WELCH:
		test_runs(plan, cost, &c);
		respect_counts(poisson_error(plan, &c, evidence), &c);
		break;
	case ATTRIBUTION_PREDICTION:
		test_new_run(plan, cost, &c);
		respect_counts(poisson_error(plan, &c, evidence), &c);
		break;
	case ATTRIBUTION_AUTO:
	case ATTRIBUTION_PAIRED_T:
	case ATTRIBUTION_SIGNED_RANK:
		test_pairs(a, plan, cost, &c);
		respect_counts(poisson_error(plan, &c, evidence), &c);
		break;
	}
	arena_reset(a, mark);
	return c;
}
