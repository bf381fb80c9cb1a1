#include "stats/proportion.h"

#include "stats/distribution.h"

enum { STEPS = 60 }; /* halvings of (0, 1): more digits than a double has */

double proportion_upper(size_t hits, size_t trials, double confidence)
{
	double low = 0, high = 1;

	if (hits >= trials)
		return 1;
	/* P(at most k of n) = I_{1-p}(n - k, k + 1) = 1 - I_p(k + 1, n - k), falling in p. */
	for (int i = 0; i < STEPS; i++) {
		double middle = (low + high) / 2;

		if (incomplete_beta((double)(trials - hits), (double)hits + 1, 1 - middle) > 1 - confidence)
			low = middle;
		else
			high = middle;
	}
	return high;
}
