/* The values of one series, and the least effect that counts. */
#include "flow/judge_series.h"

#include "flow/judge_exact.h"
#include "stats/sample.h"
#include "stats/signed_rank.h"

#include <math.h>

static struct number known(double value)
{
	return (struct number){.value = value, .known = true};
}

static bool all_positive(const double *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!(x[i] > 0))
			return false;
	}
	return true;
}

static double cost_of(const struct series *s, double value)
{
	return s->sign * (s->differences ? value : log(value));
}

static double *costs_of(struct arena *a, const struct series *s, const double *x, size_t n)
{
	double *costs = NEW_ARRAY(a, double, n);

	for (size_t i = 0; i < n; i++)
		costs[i] = cost_of(s, x[i]);
	return costs;
}

/* The least effect that counts, as a ratio of the baseline. */
static void set_shift(struct series *s, double baseline)
{
	double effect = s->limits.min_effect.value;
	double change = baseline > 0 ? s->limits.min_change / baseline : 0;

	if (s->limits.min_effect.absolute)
		effect = baseline > 0 ? effect / baseline : 0;
	effect = fmax(effect, change);
	s->f->min_effect_ratio = known(effect);
	s->shift = log1p(effect);
}

/*
 * The same as an amount.  A ratio is one of the larger median: of a baseline of 0 it would be nothing.  Where both
 * medians are 0 and no amount is set, every difference counts that the test sees.
 */
static void set_shift_of_differences(struct series *s, double baseline, double current)
{
	double effect = s->limits.min_effect.value;

	s->scale = fmax(fabs(baseline), fabs(current));
	if (!s->limits.min_effect.absolute)
		effect *= s->scale;
	s->shift = fmax(effect, s->limits.min_change);
	if (baseline > 0)
		s->f->min_effect_ratio = known(s->shift / baseline);
}

static const struct cell *value_of(const struct slice_table *t, size_t slice, int column)
{
	const struct slice *row = &t->slices[slice];

	return phase_counts(row->phase) && row->cells[column].present ? &row->cells[column] : NULL;
}

static bool same_pair(const struct slice *one, const struct slice *two)
{
	return one->block == two->block && one->position / 2 == two->position / 2;
}

static bool before(const struct slice *one, const struct slice *two)
{
	return one->block < two->block || (one->block == two->block && one->position / 2 < two->position / 2);
}

/* Adds the differences of the pairs of one phase, or of every phase but trials when `all`. */
static void add_pairs(struct series *s, const struct slice_table *base, const struct slice_table *head,
		      enum phase phase, bool all)
{
	int b = table_metric(base, s->f->metric), h = table_metric(head, s->f->metric);
	size_t i = 0, j = 0;

	while (b >= 0 && h >= 0 && i < base->slice_count && j < head->slice_count) {
		const struct cell *x = value_of(base, i, b), *y = value_of(head, j, h);

		/* Places are in order among the slices that give the metric: counting begins anew with them. */
		if (!x) {
			i++;
		} else if (!y) {
			j++;
		} else if (before(&base->slices[i], &head->slices[j])) {
			i++;
		} else if (!same_pair(&base->slices[i], &head->slices[j])) {
			j++;
		} else {
			if (all || base->slices[i].phase == phase)
				s->d[s->d_count++] =
					s->sign * (s->differences ? y->value - x->value : log(y->value / x->value));
			i++;
			j++;
		}
	}
}

static bool was_screened(const struct slice_table *t)
{
	for (size_t i = 0; i < t->slice_count; i++) {
		if (t->slices[i].phase == PHASE_SCREEN)
			return true;
	}
	return false;
}

/* Joins the slices of both sides by block and place in it; both tables are in measured order. */
static void take_pairs(struct arena *a, struct series *s, const struct slice_table *base,
		       const struct slice_table *head)
{
	s->d = NEW_ARRAY(a, double, base->slice_count);
	/* Counts have slices of their own, which nothing screened. */
	s->screened = was_screened(base) && !exact_is_counted(base, s->f->metric);
	add_pairs(s, base, head, PHASE_SCREEN, !s->screened);
	s->screen_count = s->screened ? s->d_count : 0;
	if (s->screened)
		add_pairs(s, base, head, PHASE_CONFIRM, false);
	/* Once screened, a series gets as many pairs as it takes. */
	if (s->screened)
		s->smallest_p = s->screen_count >= CONFIRM_SCREEN_PAIRS ? 0 : 1;
	else
		s->smallest_p = signed_rank_smallest_p(s->d_count);
}

static bool nothing(struct series *s, const char *reason)
{
	s->f->reason = reason;
	return false;
}

static bool settle_scale(struct series *s, const double *x, size_t nx, const double *y, size_t ny)
{
	const struct finding *f = s->f;

	s->differences = !all_positive(x, nx) || !all_positive(y, ny);
	if (s->differences && metric_is_clock(f->metric))
		return nothing(s, "has times of zero or less, which have no ratio");
	if (s->differences)
		set_shift_of_differences(s, f->baseline.value, f->current.value);
	else
		set_shift(s, f->baseline.value);
	return true;
}

/* What is known of one side whose single values are lost. */
struct summary {
	double centre, variance; /* of the centre, in the metric's unit */
	size_t n;
	bool found;
};

/* Asymptotic variance of a median in units of the mean's, for normal values: pi / 2. */
static const double MEDIAN_VARIANCE = 1.5707963267948966;

static struct summary summary_of(struct arena *a, const struct slice_table *t, const char *metric)
{
	int column = t ? table_metric(t, metric) : -1;
	struct summary out = {0};
	double sd;

	if (column < 0)
		return out;
	if (t->aggregates) {
		const struct aggregate *g = &t->aggregates[column];

		out.found = g->has_median || g->has_mean;
		out.centre = g->has_median ? g->median : g->mean;
		out.n = t->aggregated;
		sd = g->has_sd ? g->sd : 0;
		out.variance = (g->has_median ? MEDIAN_VARIANCE : 1) * sd * sd / (out.n ? (double)out.n : 1);
	} else {
		double *values = table_series(a, t, metric, &out.n);

		out.found = out.n > 0;
		out.centre = out.n ? sample_median(a, values, out.n) : 0;
		out.variance = out.n > 1 ? MEDIAN_VARIANCE * sample_variance(values, out.n) / (double)out.n : 0;
	}
	return out;
}

static bool has_aggregates(const struct slice_table *t)
{
	return t && t->aggregates;
}

/* The variance of a cost: of a logarithm it is about the relative one. */
static double cost_variance(const struct series *s, const struct summary *one)
{
	return s->differences ? one->variance : one->variance / (one->centre * one->centre);
}

/* Two files of which one at least has aggregates alone. */
static bool take_summaries(struct arena *a, struct series *s, const struct series_source *source)
{
	struct summary x = summary_of(a, source->base, s->f->metric), y = summary_of(a, source->head, s->f->metric);
	struct finding *f = s->f;

	f->samples_base = x.n;
	f->samples_head = y.n;
	f->baseline = (struct number){.value = x.centre, .known = x.found};
	f->current = (struct number){.value = y.centre, .known = y.found};
	if (!x.found || !y.found)
		return nothing(s, x.found ? "the head gave no value" : "the base gave no value");
	if (!settle_scale(s, &x.centre, 1, &y.centre, 1))
		return false;
	s->summarised = true;
	s->x = costs_of(a, s, &x.centre, 1);
	s->y = costs_of(a, s, &y.centre, 1);
	s->x_count = s->y_count = 1;
	s->x_variance = cost_variance(s, &x);
	s->y_variance = cost_variance(s, &y);
	s->x_df = x.n > 1 ? (double)x.n - 1 : 1;
	s->y_df = y.n > 1 ? (double)y.n - 1 : 1;
	if (s->same_session && !(s->x_variance + s->y_variance > 0))
		return nothing(s, "aggregates without a standard deviation say nothing about one session");
	/* No less is asked of aggregates than of the values that they stand for. */
	s->smallest_p = x.n && y.n ? mann_whitney_smallest_p(x.n, y.n) : 0;
	return true;
}

bool series_take(struct arena *a, struct series *s, const struct series_source *source)
{
	struct finding *f = s->f;
	size_t nx = 0, ny = 0;
	double *x, *y;

	if (exact_applies(source->head, f->metric) || exact_applies(source->base, f->metric))
		return exact_take(a, s, source);
	s->sign = f->category == CATEGORY_THROUGHPUT ? -1 : 1;
	s->accepted_applies = s->mode != JUDGE_STORED;
	if (has_aggregates(source->base) || has_aggregates(source->head))
		return take_summaries(a, s, source);
	if (s->mode == JUDGE_STORED) {
		series_look_back(a, s, source);
		x = series_window(a, s, NULL, &nx);
	} else {
		x = source->base ? table_series(a, source->base, f->metric, &nx) : NULL;
	}
	y = source->head ? table_series(a, source->head, f->metric, &ny) : NULL;
	f->samples_base = nx;
	f->samples_head = ny;
	if (nx)
		f->baseline = known(sample_median(a, x, nx));
	if (ny)
		f->current = known(sample_median(a, y, ny));
	f->only_slower_runs = s->left_out && !nx;
	if (f->only_slower_runs)
		return nothing(s,
			       "every stored run was called slower in it; mend that, or accept it with 'pawl accept'");
	if (!nx || !ny)
		return nothing(s, nx ? "the head gave no value" : "the base gave no value");
	if (!settle_scale(s, x, nx, y, ny))
		return false;
	if (s->mode == JUDGE_INTERLEAVED) {
		take_pairs(a, s, source->base, source->head);
		return true;
	}
	s->x = costs_of(a, s, x, nx);
	s->x_count = nx;
	if (s->mode == JUDGE_STORED) {
		/* The run's median is the datum; its scatter inside the run says nothing about the next run. */
		y = &f->current.value;
		ny = 1;
	} else {
		s->smallest_p = mann_whitney_smallest_p(nx, ny);
	}
	s->y = costs_of(a, s, y, ny);
	s->y_count = ny;
	return true;
}

double series_excess(const struct series *s)
{
	double baseline = fabs(s->f->baseline.value);

	if (!s->differences)
		return expm1(fabs(s->estimate)) / s->limits.threshold_ratio;
	if (s->limits.min_effect.absolute)
		baseline = fmax(baseline, s->limits.min_effect.value);
	/* Anything is many times more than nothing. */
	return baseline > 0 ? fabs(s->estimate) / (s->limits.threshold_ratio * baseline) : INFINITY;
}
