/* The test of one series, its interval and what it could have seen. */
#include "flow/judge_series.h"

#include "stats/distribution.h"
#include "stats/power.h"
#include "stats/sample.h"
#include "stats/signed_rank.h"

#include <math.h>

/*
 * What is assumed of two runs before their history is known: the logarithms of their medians differ from run to run with
 * this standard deviation, and that is worth as many observations.  Shared runners were seen to differ by 1 to 10 %.
 */
static const double PRIOR_SD = 0.05;
static const double PRIOR_DF = 4;

/* What the histories of a project's own benchmarks have in common is worth one: benchmarks differ in their spread, and a
 * quiet one must not be hidden by its neighbours (4 would cost a third of the power at +5 % in the laboratory). */
static const double COMMON_PRIOR_DF = 1;

static const double POWER = 0.8;

/* Asymptotic variance of the Hodges-Lehmann estimate in units of the mean's, for normal values: pi / 3
 * (Lehmann, Nonparametrics, 1975, appendix example 6). */
static const double HODGES_LEHMANN_VARIANCE = 1.0471975511965977;

static struct number known(double value)
{
	return (struct number){.value = value, .known = isfinite(value)};
}

/* A change in the metric's own direction, as a ratio and, on the scale of differences, as an amount. */
static void put(const struct series *s, double change, struct number *ratio, struct number *amount)
{
	double baseline = s->f->baseline.value;

	if (!s->differences) {
		if (isfinite(change) && change < 700)
			*ratio = known(expm1(change));
		return;
	}
	if (amount)
		*amount = known(change);
	if (baseline > 0)
		*ratio = known(change / baseline);
}

/* The prior on the scale of the values: of differences it is that part of the larger median. */
static double prior_sd(const struct series *s)
{
	return s->differences ? PRIOR_SD * s->scale : PRIOR_SD;
}

struct confirm_answer series_look(struct arena *a, const struct series *s, double direction)
{
	struct confirm_pairs pairs = {.d = s->d,
				      .screen_count = s->screen_count,
				      .fresh_count = s->d_count - s->screen_count,
				      .shift = s->shift,
				      .enough = s->enough};
	struct arena_mark mark = arena_mark(a);
	struct confirm_answer answer;

	if (direction < 0) {
		double *negative = NEW_ARRAY(a, double, s->d_count);

		for (size_t i = 0; i < s->d_count; i++)
			negative[i] = -s->d[i];
		pairs.d = negative;
	}
	answer = confirm_look(a, &pairs);
	arena_reset(a, mark);
	return answer;
}

/* The pairs that the numbers of a row are made of: the fresh ones where they decided, else all. */
static const double *shown_pairs(const struct series *s, size_t *count)
{
	bool fresh = s->slower.look_pairs || s->faster.look_pairs;

	*count = s->d_count - (fresh ? s->screen_count : 0);
	return s->d + (fresh ? s->screen_count : 0);
}

static void test_screened(struct arena *a, struct series *s)
{
	s->slower = series_look(a, s, 1);
	s->faster = series_look(a, s, -1);
	s->p_slower = s->slower.p;
	s->p_faster = s->faster.p;
	s->f->method =
		s->slower.look_pairs || s->faster.look_pairs ? "signed-rank, confirmed" : "signed-rank, screened";
}

static void test_pairs(struct arena *a, struct series *s)
{
	const double *d;
	size_t n;

	if (s->screened) {
		test_screened(a, s);
	} else {
		struct signed_rank slower = signed_rank_test(a, s->d, s->d_count, s->shift);

		s->p_slower = slower.p_greater;
		s->p_faster = signed_rank_test(a, s->d, s->d_count, -s->shift).p_less;
		s->f->method = slower.exact ? "signed-rank" : "signed-rank (asymptotic)";
	}
	d = shown_pairs(s, &n);
	s->estimate = signed_rank_estimate(a, d, n);
	s->f->p_two_sided = known(signed_rank_test(a, d, n, 0).p_two_sided);
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

/* The variance between runs is added on both sides; degrees of freedom by Satterthwaite (Biometrics Bulletin 2, 1946,
 * equation 17).  False where nothing varies: nothing but zeros differs by nothing. */
static bool widen(struct series *s, double vx, double x_df, double vy, double y_df)
{
	double between = s->same_session ? 0 : 2 * prior_sd(s) * prior_sd(s);
	double v = between + vx + vy;

	if (!(v > 0))
		return false;
	s->standard_error = sqrt(v);
	s->df = v * v / (share_of_df(between, PRIOR_DF) + share_of_df(vx, x_df) + share_of_df(vy, y_df));
	test_t(s);
	return true;
}

/* Two files that say nothing about when and where they were measured: the Mann-Whitney estimate, widened. */
static void test_files(struct arena *a, struct series *s)
{
	/* Their order says nothing, and all that follows would sort them again. */
	sample_sort(s->x, s->x_count);
	sample_sort(s->y, s->y_count);

	struct mann_whitney slower = mann_whitney_test_with(a, s->null, s->x, s->x_count, s->y, s->y_count, s->shift);
	struct mann_whitney faster = mann_whitney_test_with(a, s->null, s->x, s->x_count, s->y, s->y_count, -s->shift);
	struct mann_whitney plain = mann_whitney_test_with(a, s->null, s->x, s->x_count, s->y, s->y_count, 0);

	s->estimate = mann_whitney_estimate(a, s->x, s->x_count, s->y, s->y_count);
	s->exact = slower.exact && faster.exact;
	s->f->p_two_sided = known(plain.p_two_sided);
	s->p_slower = slower.p_greater;
	s->p_faster = faster.p_less;
	s->f->method = s->exact ? "mann-whitney" : "mann-whitney (asymptotic)";
	if (s->same_session || !widen(s, variance_of_location(s->x, s->x_count), (double)s->x_count - 1,
				      variance_of_location(s->y, s->y_count), (double)s->y_count - 1))
		return;
	s->f->method = s->exact ? "mann-whitney, widened" : "mann-whitney (asymptotic), widened";
}

/* Of aggregates there is only a centre and its variance on either side. */
static void test_summaries(struct series *s)
{
	s->estimate = s->y[0] - s->x[0];
	s->p_slower = s->p_faster = 1;
	(void)widen(s, s->x_variance, s->x_df, s->y_variance, s->y_df);
	s->f->method = s->same_session ? "t, aggregates" : "t, aggregates, widened";
}

/*
 * A run against a window of runs: the t prediction interval for one more observation (Hahn and Meeker, Statistical
 * Intervals, 1991, section 4.7), its variance shrunk from the history towards the prior, weighted by degrees of freedom.
 */
static void test_window(struct series *s)
{
	double k = (double)s->x_count, history_df = k - 1;
	double history = s->x_count > 1 ? sample_variance(s->x, s->x_count) : 0;
	double prior = s->prior_variance > 0 ? s->prior_variance : prior_sd(s) * prior_sd(s);
	double prior_df = s->prior_variance > 0 ? COMMON_PRIOR_DF : PRIOR_DF;
	double variance = (prior_df * prior + history_df * history) / (prior_df + history_df);

	s->df = prior_df + history_df;
	s->standard_error = sqrt(variance * (1 + 1 / k + s->drift_share));
	s->estimate = s->y[0] - sample_mean(s->x, s->x_count);
	s->f->method = "t-prediction";
	if (s->standard_error > 0)
		test_t(s);
	else
		s->p_slower = s->p_faster = 1; /* nothing but zeros */
}

void series_test(struct arena *a, struct series *s)
{
	switch (s->mode) {
	case JUDGE_INTERLEAVED:
		test_pairs(a, s);
		break;
	case JUDGE_TWO_FILES:
		if (s->summarised)
			test_summaries(s);
		else
			test_files(a, s);
		break;
	case JUDGE_STORED:
		test_window(s);
		break;
	}
	if (s->differences)
		s->f->method = arena_printf(a, "%s, differences", s->f->method);
	s->f->p = known(s->p_slower);
	put(s, s->sign * s->estimate, &s->f->change_ratio, &s->f->change);
}

/* From costs to the metric's own direction. */
static void put_interval(const struct series *s, double lower, double upper)
{
	struct finding *f = s->f;

	put(s, s->sign > 0 ? lower : -upper, &f->low_ratio, &f->low);
	put(s, s->sign > 0 ? upper : -lower, &f->high_ratio, &f->high);
}

static void put_measured(const struct series *s, struct interval i)
{
	struct finding *f = s->f;

	if (!i.exists)
		return;
	put(s, s->sign > 0 ? i.lower : -i.upper, &f->measured_low_ratio, NULL);
	put(s, s->sign > 0 ? i.upper : -i.lower, &f->measured_high_ratio, NULL);
}

/* The two-sided interval at 1 - 2 alpha, in costs. */
static struct interval interval_at(struct arena *a, const struct series *s, double alpha)
{
	double confidence = 1 - 2 * alpha, half;

	if (s->standard_error > 0) {
		half = -student_t_quantile(alpha, s->df) * s->standard_error;
		return (struct interval){.lower = s->estimate - half,
					 .upper = s->estimate + half,
					 .attained = confidence,
					 .exists = true};
	}
	if (s->mode == JUDGE_INTERLEAVED)
		return signed_rank_interval(a, s->d, s->d_count, confidence);
	if (s->mode == JUDGE_TWO_FILES && !s->summarised)
		return mann_whitney_interval_with(a, s->null, s->x, s->x_count, s->y, s->y_count, confidence);
	return (struct interval){0};
}

/* Of n differences the interval at 1 - 2 alpha, or the widest that so few can have. */
static struct interval widest(struct arena *a, const double *d, size_t n, double alpha)
{
	double attained = signed_rank_smallest_p(n) * (1 + 1e-9); /* just above: at the level itself there is none */

	return signed_rank_interval(a, d, n, 1 - 2 * fmax(alpha, attained));
}

/* An end of it belongs to the look that decided in its direction, at that look's part of the level; where no look was
 * made, it is what the pairs attain. */
static struct interval screened_interval(struct arena *a, const struct series *s, const struct confirm_answer *answer,
					 double alpha)
{
	const double *d;
	size_t n;

	if (answer->look_pairs)
		return widest(a, s->d + s->screen_count, answer->look_pairs, alpha * answer->weight);
	d = shown_pairs(s, &n);
	return widest(a, d, n, alpha);
}

void series_interval(struct arena *a, struct series *s, double alpha_slower, double alpha_faster)
{
	struct interval low, high;

	if (s->mode == JUDGE_INTERLEAVED && s->screened) {
		low = screened_interval(a, s, &s->slower, alpha_slower);
		high = screened_interval(a, s, &s->faster, alpha_faster);
	} else {
		low = high = interval_at(a, s, alpha_slower);
		if (alpha_faster < alpha_slower || alpha_faster > alpha_slower)
			high = interval_at(a, s, alpha_faster);
	}
	if (low.exists && high.exists)
		put_interval(s, low.lower, high.upper);
	if (s->mode == JUDGE_TWO_FILES && !s->summarised)
		put_measured(s, mann_whitney_interval_with(a, s->null, s->x, s->x_count, s->y, s->y_count,
							   1 - 2 * alpha_slower));
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

	if (s->mode == JUDGE_INTERLEAVED && s->screened && s->screen_count >= CONFIRM_SCREEN_PAIRS) {
		mde = s->shift + spread(a, s->d, s->d_count) * confirm_mde(alpha);
	} else if (s->mode == JUDGE_INTERLEAVED) {
		mde = signed_rank_mde(spread(a, s->d, s->d_count), s->d_count, s->shift, alpha, POWER);
	} else if (s->standard_error > 0) {
		mde = t_prediction_mde(s->shift, s->standard_error, s->df, alpha, POWER);
	} else {
		double sx = spread(a, s->x, s->x_count), sy = spread(a, s->y, s->y_count);
		double nx = (double)s->x_count, ny = (double)s->y_count;
		double se = sqrt(HODGES_LEHMANN_VARIANCE * (sx * sx / nx + sy * sy / ny));

		mde = t_prediction_mde(s->shift, se, nx + ny - 2, alpha, POWER);
	}
	put(s, mde, &s->f->mde_ratio, &s->f->mde);
}
