/*
 * Minimum detectable effects: the smallest true effect that a test calls with a given probability.
 *
 * All effects and shifts are on the scale of the data (log ratios for the interleaved check).
 */
#ifndef PAWL_STATS_POWER_H
#define PAWL_STATS_POWER_H

#include <stddef.h>

/*
 * The location d at which the one-sided signed-rank test of "at most `shift`" at level `alpha` has power `power`, for n
 * differences with standard deviation `sd`.  INFINITY where n differences cannot reach alpha at all.
 */
double signed_rank_mde(double sd, size_t n, double shift, double alpha, double power);

/* The same for a t test or a t prediction interval with that standard error and degrees of freedom. */
double t_prediction_mde(double shift, double standard_error, double df, double alpha, double power);

#endif
