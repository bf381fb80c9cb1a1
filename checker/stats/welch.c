#include "stats/welch.h"

#include <math.h>

#include "stats/distribution.h"
#include "stats/sample.h"

/* The mean of x - origin.  Divided before it is summed, so that the sum cannot overflow. */
static double mean_about(const double *x, size_t n, double origin)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (x[i] - origin) / (double)n;
	return sum;
}

/*
 * Welch, The generalization of Student's problem when several different population variances are involved,
 * Biometrika 34 (1947).  Variances are taken relative to the larger one, so that neither they nor their squares in the
 * degrees of freedom overflow or vanish.
 */
struct welch welch_test(const double *x, size_t nx, const double *y, size_t ny, double confidence)
{
	struct welch w = {.p_greater = 1, .p_less = 1, .p_two_sided = 1};

	if (nx < 2 || ny < 2)
		return w;

	double sd_x = sample_sd(x, nx), sd_y = sample_sd(y, ny), scale = fmax(sd_x, sd_y);

	if (!(scale > 0))
		return w;

	double share_x = sd_x / scale * (sd_x / scale) / (double)nx;
	double share_y = sd_y / scale * (sd_y / scale) / (double)ny;
	double share = share_x + share_y;
	double error = scale * sqrt(share);
	/* Means of large numbers that lie close together would be rounded more than they differ. */
	double shift = mean_about(y, ny, x[0]) - mean_about(x, nx, x[0]);

	w.exists = true;
	w.t = shift / error;
	w.df = share * share / (share_x * share_x / (double)(nx - 1) + share_y * share_y / (double)(ny - 1));
	w.p_greater = student_t_upper(w.t, w.df);
	w.p_less = student_t_cdf(w.t, w.df);
	w.p_two_sided = fmin(1, 2 * student_t_upper(fabs(w.t), w.df));

	double reach = -student_t_quantile((1 - confidence) / 2, w.df) * error;

	w.interval = (struct interval){
		.lower = shift - reach,
		.upper = shift + reach,
		.attained = confidence,
		.exists = true,
	};
	return w;
}
