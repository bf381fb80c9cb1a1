/* Values, tests and intervals of one series. */
#include "flow/judge_series.h"

#include "stats/distribution.h"
#include "stats/mann_whitney.h"
#include "stats/power.h"
#include "stats/sample.h"
#include "stats/signed_rank.h"

#include <math.h>
#include <string.h>

/*
 * What is assumed of two runs before their history is known: the logarithms of their medians differ from run to run with
 * this standard deviation, and that is worth as many observations.  Shared runners were seen to differ by 1 to 10 %.
 */
static const double PRIOR_SD = 0.05;
static const double PRIOR_DF = 4;

static const double POWER = 0.8;

/* Asymptotic variance of the Hodges-Lehmann estimate in units of the mean's, for normal values: pi / 3
 * (Lehmann, Nonparametrics, 1975, appendix example 6). */
static const double HODGES_LEHMANN_VARIANCE = 1.0471975511965977;

static struct number known(double value)
{
	return (struct number){.value = value, .known = true};
}

static struct number known_ratio(double log_change)
{
	return isfinite(log_change) && log_change < 700 ? known(expm1(log_change)) : (struct number){0};
}

static bool all_positive(const double *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!(x[i] > 0))
			return false;
	}
	return true;
}

static double *logarithms(struct arena *a, const double *x, size_t n, double sign)
{
	double *logs = NEW_ARRAY(a, double, n);

	for (size_t i = 0; i < n; i++)
		logs[i] = sign * log(x[i]);
	return logs;
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

static const struct cell *value_of(const struct slice_table *t, size_t slice, int column)
{
	const struct slice *row = &t->slices[slice];

	return row->phase != PHASE_TRIAL && row->cells[column].present ? &row->cells[column] : NULL;
}

static bool same_pair(const struct slice *one, const struct slice *two)
{
	return one->block == two->block && one->position / 2 == two->position / 2;
}

static bool before(const struct slice *one, const struct slice *two)
{
	return one->block < two->block || (one->block == two->block && one->position / 2 < two->position / 2);
}

/* Joins the slices of both sides by block and place in it; both tables are in measured order. */
static void take_pairs(struct arena *a, struct series *s, const struct slice_table *base,
		       const struct slice_table *head)
{
	int b = table_metric(base, s->f->metric), h = table_metric(head, s->f->metric);
	size_t i = 0, j = 0;

	s->d = NEW_ARRAY(a, double, base->slice_count);
	while (b >= 0 && h >= 0 && i < base->slice_count && j < head->slice_count) {
		const struct cell *x = value_of(base, i, b), *y = value_of(head, j, h);

		if (!x || before(&base->slices[i], &head->slices[j])) {
			i++;
		} else if (!y || !same_pair(&base->slices[i], &head->slices[j])) {
			j++;
		} else {
			s->d[s->d_count++] = s->sign * log(y->value / x->value);
			i++;
			j++;
		}
	}
	s->smallest_p = signed_rank_smallest_p(s->d_count);
}

static bool is_slower_there(const struct judge_stored *stored, const struct finding *f, struct arena *a)
{
	const char *name = arena_printf(a, "%s/%s:%s", f->suite, f->bench, f->metric);

	for (size_t i = 0; i < stored->slower_count; i++) {
		if (strcmp(stored->slower[i], name) == 0)
			return true;
	}
	return false;
}

/* The medians of the stored runs, those left out that were called slower in this series. */
static double *window_medians(struct arena *a, const struct series *s, const struct series_source *source,
			      size_t *count)
{
	double *medians = NEW_ARRAY(a, double, source->window_count);

	*count = 0;
	for (size_t i = 0; i < source->window_count; i++) {
		const struct judge_stored *stored = &source->window[i];
		const struct slice_table *t = run_find(stored->run, s->f->suite, s->f->bench);
		size_t n = 0;
		double *values = t ? table_series(a, t, s->f->metric, &n) : NULL;

		if (n && !is_slower_there(stored, s->f, a))
			medians[(*count)++] = sample_median(a, values, n);
	}
	return medians;
}

static bool nothing(struct series *s, const char *reason)
{
	s->f->reason = reason;
	return false;
}

bool series_take(struct arena *a, struct series *s, const struct series_source *source)
{
	struct finding *f = s->f;
	size_t nx = 0, ny = 0;
	double *x, *y;

	s->sign = f->category == CATEGORY_THROUGHPUT ? -1 : 1;
	if (s->mode == JUDGE_STORED)
		x = window_medians(a, s, source, &nx);
	else
		x = source->base ? table_series(a, source->base, f->metric, &nx) : NULL;
	y = source->head ? table_series(a, source->head, f->metric, &ny) : NULL;
	f->samples_base = nx;
	f->samples_head = ny;
	if (nx)
		f->baseline = known(sample_median(a, x, nx));
	if (ny)
		f->current = known(sample_median(a, y, ny));
	if (!nx || !ny)
		return nothing(s, nx ? "the head gave no value" : "the base gave no value");
	if (!all_positive(x, nx) || !all_positive(y, ny))
		return nothing(s, "has values of zero or less, which have no ratio");
	set_shift(s, f->baseline.value);
	if (s->mode == JUDGE_INTERLEAVED) {
		take_pairs(a, s, source->base, source->head);
		return true;
	}
	s->x = logarithms(a, x, nx, s->sign);
	s->x_count = nx;
	if (s->mode == JUDGE_STORED) {
		/* The run's median is the datum; its scatter inside the run says nothing about the next run. */
		y = &f->current.value;
		ny = 1;
	} else {
		s->smallest_p = mann_whitney_smallest_p(nx, ny);
	}
	s->y = logarithms(a, y, ny, s->sign);
	s->y_count = ny;
	return true;
}

static void test_pairs(struct arena *a, struct series *s)
{
	struct signed_rank slower = signed_rank_test(a, s->d, s->d_count, s->shift);
	struct signed_rank faster = signed_rank_test(a, s->d, s->d_count, -s->shift);

	s->estimate = signed_rank_estimate(a, s->d, s->d_count);
	s->p_slower = slower.p_greater;
	s->p_faster = faster.p_less;
	s->f->p_two_sided = known(signed_rank_test(a, s->d, s->d_count, 0).p_two_sided);
	s->f->method = slower.exact ? "signed-rank" : "signed-rank (asymptotic)";
}

static void test_t(struct series *s)
{
	s->p_slower = student_t_upper((s->estimate - s->shift) / s->standard_error, s->df);
	s->p_faster = student_t_cdf((s->estimate + s->shift) / s->standard_error, s->df);
}

static double variance_of_location(const double *x, size_t n)
{
	return n > 1 ? HODGES_LEHMANN_VARIANCE * sample_variance(x, n) / (double)n : 0;
}

static double share_of_df(double variance, double df)
{
	return df > 0 ? variance * variance / df : 0;
}

/*
 * Two files that say nothing about when and where they were measured: the Mann-Whitney estimate, with the variance
 * between runs added on both sides; degrees of freedom by Satterthwaite (Biometrics Bulletin 2, 1946, equation 17).
 */
static void test_files(struct arena *a, struct series *s)
{
	struct mann_whitney slower = mann_whitney_test(a, s->x, s->x_count, s->y, s->y_count, s->shift);
	struct mann_whitney faster = mann_whitney_test(a, s->x, s->x_count, s->y, s->y_count, -s->shift);
	struct mann_whitney plain = mann_whitney_test(a, s->x, s->x_count, s->y, s->y_count, 0);
	double vx = variance_of_location(s->x, s->x_count), vy = variance_of_location(s->y, s->y_count);
	double between = 2 * PRIOR_SD * PRIOR_SD;
	double v = between + vx + vy;

	s->estimate = mann_whitney_estimate(a, s->x, s->x_count, s->y, s->y_count);
	s->exact = slower.exact && faster.exact;
	s->f->p_two_sided = known(plain.p_two_sided);
	s->p_slower = slower.p_greater;
	s->p_faster = faster.p_less;
	s->f->method = s->exact ? "mann-whitney" : "mann-whitney (asymptotic)";
	if (s->same_session)
		return;
	s->standard_error = sqrt(v);
	s->df = v * v /
		(share_of_df(between, PRIOR_DF) + share_of_df(vx, (double)s->x_count - 1) +
		 share_of_df(vy, (double)s->y_count - 1));
	test_t(s);
	s->f->method = s->exact ? "mann-whitney, widened" : "mann-whitney (asymptotic), widened";
}

/*
 * A run against a window of runs: the t prediction interval for one more observation (Hahn and Meeker, Statistical
 * Intervals, 1991, section 4.7), its variance shrunk from the history towards the prior, weighted by degrees of freedom.
 */
static void test_window(struct series *s)
{
	double k = (double)s->x_count, history_df = k - 1;
	double history = s->x_count > 1 ? sample_variance(s->x, s->x_count) : 0;
	double variance = (PRIOR_DF * PRIOR_SD * PRIOR_SD + history_df * history) / (PRIOR_DF + history_df);

	s->df = PRIOR_DF + history_df;
	s->standard_error = sqrt(variance * (1 + 1 / k));
	s->estimate = s->y[0] - sample_mean(s->x, s->x_count);
	test_t(s);
	s->f->method = "t-prediction";
}

void series_test(struct arena *a, struct series *s)
{
	switch (s->mode) {
	case JUDGE_INTERLEAVED:
		test_pairs(a, s);
		break;
	case JUDGE_TWO_FILES:
		test_files(a, s);
		break;
	case JUDGE_STORED:
		test_window(s);
		break;
	}
	s->f->p = known(s->p_slower);
	s->f->change_ratio = known_ratio(s->sign * s->estimate);
}

/* From costs to the metric's own direction. */
static void put_interval(const struct series *s, double lower, double upper, struct number *low, struct number *high)
{
	*low = known_ratio(s->sign > 0 ? lower : -upper);
	*high = known_ratio(s->sign > 0 ? upper : -lower);
}

static void put_order_interval(const struct series *s, struct interval i, struct number *low, struct number *high)
{
	if (i.exists)
		put_interval(s, i.lower, i.upper, low, high);
}

void series_interval(struct arena *a, struct series *s, double alpha)
{
	struct finding *f = s->f;
	double confidence = 1 - 2 * alpha;

	if (s->mode == JUDGE_INTERLEAVED) {
		put_order_interval(s, signed_rank_interval(a, s->d, s->d_count, confidence), &f->low_ratio,
				   &f->high_ratio);
		return;
	}
	if (s->mode == JUDGE_TWO_FILES)
		put_order_interval(s, mann_whitney_interval(a, s->x, s->x_count, s->y, s->y_count, confidence),
				   &f->measured_low_ratio, &f->measured_high_ratio);
	if (s->standard_error > 0) {
		double half = -student_t_quantile(alpha, s->df) * s->standard_error;

		put_interval(s, s->estimate - half, s->estimate + half, &f->low_ratio, &f->high_ratio);
	} else {
		f->low_ratio = f->measured_low_ratio;
		f->high_ratio = f->measured_high_ratio;
	}
}

/* A spread that single wild values do not blow up; the plain one where more than half of the values are equal. */
static double spread(struct arena *a, const double *x, size_t n)
{
	double robust = SAMPLE_MAD_TO_SD * sample_mad(a, x, n);

	return robust > 0 || n < 2 ? robust : sqrt(sample_variance(x, n));
}

void series_mde(struct arena *a, struct series *s, double alpha)
{
	double mde;

	if (s->mode == JUDGE_INTERLEAVED) {
		mde = signed_rank_mde(spread(a, s->d, s->d_count), s->d_count, s->shift, alpha, POWER);
	} else if (s->standard_error > 0) {
		mde = t_prediction_mde(s->shift, s->standard_error, s->df, alpha, POWER);
	} else {
		double sx = spread(a, s->x, s->x_count), sy = spread(a, s->y, s->y_count);
		double nx = (double)s->x_count, ny = (double)s->y_count;
		double se = sqrt(HODGES_LEHMANN_VARIANCE * (sx * sx / nx + sy * sy / ny));

		mde = t_prediction_mde(s->shift, se, nx + ny - 2, alpha, POWER);
	}
	s->f->mde_ratio = known_ratio(mde);
}
