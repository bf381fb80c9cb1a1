/* How far a value is beyond its limits. */
#include "model/budget.h"

#include <math.h>

/* Float noise must not push a value of exactly one limit over it. */
static const double TOLERANCE = 1e-9;

static enum severity severity_of(double times)
{
	if (times > 1.2 * (1 + TOLERANCE))
		return SEVERITY_CRITICAL;
	if (times > 1.1 * (1 + TOLERANCE))
		return SEVERITY_HIGH;
	return times > 1 + TOLERANCE ? SEVERITY_MEDIUM : SEVERITY_NONE;
}

/* How many times `small` goes into `large`; where that is no number, anything above is without bound. */
static double times(double large, double small)
{
	if (small > 0)
		return large / small;
	return large > small ? INFINITY : 0;
}

enum severity budget_severity(const struct budget *b, double value, double *limit)
{
	enum severity above = b->has_max ? severity_of(times(value, b->max)) : SEVERITY_NONE;
	enum severity below = b->has_min ? severity_of(times(b->min, value)) : SEVERITY_NONE;

	*limit = above != SEVERITY_NONE ? b->max : b->min;
	return above != SEVERITY_NONE ? above : below;
}
