/*
 * Normal and Student t distributions.
 *
 * Upper tails are computed as such, never as 1 - cdf, so that small probabilities keep their digits.
 */
#ifndef PAWL_STATS_DISTRIBUTION_H
#define PAWL_STATS_DISTRIBUTION_H

double normal_cdf(double z);   /* P(Z <= z) */
double normal_upper(double z); /* P(Z > z) */

/* The z with P(Z <= z) = p; -INFINITY at 0, INFINITY at 1. */
double normal_quantile(double p);

/* `df` is any number above 0; INFINITY is the normal distribution. */
double student_t_cdf(double t, double df);   /* P(T <= t) */
double student_t_upper(double t, double df); /* P(T > t) */

/* The t with P(T <= t) = p; -INFINITY at 0, INFINITY at 1. */
double student_t_quantile(double p, double df);

/* The regularised incomplete beta function I_x(a, b); a and b above 0, x from 0 to 1. */
double incomplete_beta(double a, double b, double x);

#endif
