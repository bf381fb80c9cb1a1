#include "stats/distribution.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

static const double SQRT_2 = 1.41421356237309504880;
static const double SQRT_2_PI = 2.50662827463100050242;
static const double LOG_SQRT_2_PI = 0.91893853320467274178;

/* x in (0, 1) and its complement, with their logarithms: near 0 and 1 neither can be had from the other. */
struct portion {
	double x, rest, log_x, log_rest;
};

/* lgamma(x) minus Stirling's formula, for x >= 10: NIST DLMF 5.11.1.  The first term left out is below 1e-16 there. */
static double stirling_rest(double x)
{
	static const double COEFFICIENT[] = {1.0 / 12,   -1.0 / 360,        1.0 / 1260, -1.0 / 1680,
					     1.0 / 1188, -691.0 / 360360.0, 1.0 / 156};
	double sum = 0, square = 1 / (x * x);

	for (int i = 6; i >= 0; i--)
		sum = sum * square + COEFFICIENT[i];
	return sum / x;
}

/* The logarithm of the beta function.  With Stirling's formula the large terms are cancelled before they are rounded. */
static double log_beta(double a, double b)
{
	double large = fmax(a, b), small = fmin(a, b), sum = a + b;

	if (large < 10)
		return lgamma(small) + lgamma(large) - lgamma(sum);

	double rest = stirling_rest(large) - stirling_rest(sum) - (large - 0.5) * log1p(small / large);

	if (small < 10)
		return lgamma(small) + rest + small - small * log(sum);
	return stirling_rest(small) + rest + LOG_SQRT_2_PI - small * log1p(large / small) - 0.5 * log(small);
}

/*
 * The continued fraction NIST DLMF 8.17.22, evaluated by the method of Lentz (Applied Optics 15, 1976) as modified by
 * Thompson and Barnett (J. Comput. Phys. 64, 1986).  It converges fast for x below (a + 1) / (a + b + 2).
 */
static double beta_fraction(double a, double b, double x)
{
	/* The number of steps grows like sqrt(max(a, b)); the limit is out of reach for degrees of freedom up to 1e12. */
	static const int STEP_LIMIT = 10000000;
	static const double TINY = 1e-300;
	double c = 1 / TINY, d = 1, value = 1; /* after the first term, 1 / (1 + …) */

	for (int step = 1; step < STEP_LIMIT; step++) {
		double m = (double)(step / 2), twice = a + 2 * m;
		double term = step % 2 == 0 ? m * (b - m) * x / ((twice - 1) * twice)
					    : -(a + m) * (a + b + m) * x / (twice * (twice + 1));

		d = 1 + term * d;
		d = 1 / (fabs(d) < TINY ? TINY : d);
		c = 1 + term / c;
		c = fabs(c) < TINY ? TINY : c;
		value *= c * d;
		if (fabs(c * d - 1) < DBL_EPSILON)
			break;
	}
	return value;
}

/* `log_beta_ab` is log_beta(a, b), which many calls may share. */
static double beta_direct(double a, double b, double log_beta_ab, const struct portion *p)
{
	return exp(a * p->log_x + b * p->log_rest - log_beta_ab) / a * beta_fraction(a, b, p->x);
}

static double beta_portion(double a, double b, double log_beta_ab, const struct portion *p)
{
	if (p->x <= (a + 1) / (a + b + 2))
		return beta_direct(a, b, log_beta_ab, p);

	struct portion mirrored = {p->rest, p->x, p->log_rest, p->log_x};

	return 1 - beta_direct(b, a, log_beta_ab, &mirrored);
}

/* The logarithm of 1 + t^2 / df. */
static double log_spread(double t, double df)
{
	double ratio = fabs(t) / sqrt(df);

	return ratio > 1e150 ? 2 * log(ratio) : log1p(ratio * ratio);
}

/* P(T > t) for t >= 0: half of I_x(df/2, 1/2) at x = df / (df + t^2) (NIST DLMF 8.17, Student's t). */
static double student_t_tail(double t, double df, double log_beta_df)
{
	double ratio = t / sqrt(df), square = ratio * ratio;
	struct portion p = {
		.x = 1 / (1 + square),
		.rest = 1 / (1 + 1 / square),
		.log_x = -log_spread(t, df),
		.log_rest = -log1p(1 / square),
	};

	if (df > 1e12)
		return normal_upper(t);
	if (square <= 0) /* t is 0, or so small that its square is */
		return 0.5;
	return beta_portion(df / 2, 0.5, log_beta_df, &p) / 2;
}

static double log_beta_of_t(double df)
{
	return log_beta(df / 2, 0.5);
}

static double student_t_log_density(double t, double df, double log_beta_df)
{
	return -0.5 * log(df) - log_beta_df - (df + 1) / 2 * log_spread(t, df);
}

/*
 * The t above 0 with P(T > t) = p, p below 1/2.  Newton's method on the logarithms of both, where the tail is nearly a
 * straight line for every df; a step that leaves the bracket is replaced by bisection.
 */
static double student_t_quantile_above(double p, double df)
{
	double low = log(DBL_MIN), high = log(DBL_MAX), z = -normal_quantile(p), log_beta_df = log_beta_of_t(df);
	double at = fmin(high, log(z + (z * z * z + z) / (4 * df))); /* Abramowitz and Stegun 26.7.5, first term */

	/* The error of a step is about the square of the one before it; with very many degrees of freedom the tail itself has
	 * rounding noise, which only the bracket settles. */
	double small = df < 1e5 ? 1e-8 : 4 * DBL_EPSILON;

	for (int i = 0; i < 200; i++) {
		double t = exp(at), tail = student_t_tail(t, df, log_beta_df);
		double slope = exp(student_t_log_density(t, df, log_beta_df) + at - log(tail));
		double step = log(tail / p) / slope;

		if (fabs(step) < small)
			return exp(at + step);
		if (tail > p)
			low = at;
		else
			high = at;
		at += step;
		if (!(at > low && at < high))
			at = low + (high - low) / 2;
		if (high - low < DBL_EPSILON)
			break;
	}
	return exp(at);
}

double normal_upper(double z)
{
	return erfc(z / SQRT_2) / 2;
}

double normal_cdf(double z)
{
	return normal_upper(-z);
}

/* Abramowitz and Stegun 26.2.23 (error below 4.5e-4), then two steps of Halley's method, which cube the error. */
double normal_quantile(double p)
{
	if (p > 0.5)
		return -normal_quantile(1 - p);
	if (p <= 0)
		return -INFINITY;
	if (p >= 0.5)
		return 0;

	double t = sqrt(-2 * log(p));
	double z =
		t - ((0.010328 * t + 0.802853) * t + 2.515517) / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1);

	/* Below 1e-290 the tail and the density lose digits, and the steps would add noise. */
	for (int i = 0; i < 2 && p > 1e-290; i++) {
		double density = exp(-z * z / 2) / SQRT_2_PI;
		double step = (normal_upper(z) - p) / density;

		z += 2 * step / (2 - step * z);
	}
	return -z;
}

double student_t_upper(double t, double df)
{
	if (isinf(t))
		return t > 0 ? 0 : 1;
	double tail = student_t_tail(fabs(t), df, log_beta_of_t(df));

	return t >= 0 ? tail : 1 - tail;
}

double student_t_cdf(double t, double df)
{
	return student_t_upper(-t, df);
}

double student_t_quantile(double p, double df)
{
	if (df > 1e12)
		return normal_quantile(p);
	if (p > 0.5)
		return -student_t_quantile(1 - p, df);
	if (p <= 0)
		return -INFINITY;
	return p < 0.5 ? -student_t_quantile_above(p, df) : 0;
}

double incomplete_beta(double a, double b, double x)
{
	if (x <= 0 || x >= 1)
		return x <= 0 ? 0 : 1;

	struct portion p = {.x = x, .rest = 1 - x, .log_x = log(x), .log_rest = log1p(-x)};

	return beta_portion(a, b, log_beta(a, b), &p);
}
