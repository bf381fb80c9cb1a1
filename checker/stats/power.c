#include "stats/power.h"

#include <math.h>

#include "stats/distribution.h"
#include "stats/signed_rank.h"

/*
 * A one-sided t test at level alpha has power `power` where the effect over its standard error is about
 * t(1 - alpha, df) + t(power, df): Zar, Biostatistical Analysis, minimum detectable difference.  Held against the
 * noncentral t it is within 1.5 % at alpha = 0.05 from 4 degrees of freedom on, within 5 % at 0.0001 from 10 on.
 */
double t_prediction_mde(double shift, double standard_error, double df, double alpha, double power)
{
	if (!(df > 0))
		return INFINITY;
	return shift + standard_error * (student_t_quantile(power, df) - student_t_quantile(alpha, df));
}

/*
 * On normal data the signed-rank test needs pi/3 times the sample of the t test for the same power (Hodges and Lehmann,
 * The efficiency of some nonparametric competitors of the t-test, Ann. Math. Statist. 27, 1956).  Where only the
 * smallest p of all is below alpha, the test calls exactly when every difference is above the shift: that probability is
 * a plain power, and the large-sample formula would promise too much.
 */
double signed_rank_mde(double sd, size_t n, double shift, double alpha, double power)
{
	static const double PI = 3.14159265358979323846;

	if (n < 2 || signed_rank_smallest_p(n) > alpha)
		return INFINITY;

	double mde = t_prediction_mde(shift, sd / sqrt((double)n * 3 / PI), (double)(n - 1), alpha, power);

	if (2 * signed_rank_smallest_p(n) > alpha)
		mde = fmax(mde, shift + sd * normal_quantile(pow(power, 1 / (double)n)));
	return mde;
}
