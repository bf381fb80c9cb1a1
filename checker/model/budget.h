/*
 * Budgets: absolute limits of a metric, whatever the base was.
 */
#ifndef PAWL_MODEL_BUDGET_H
#define PAWL_MODEL_BUDGET_H

#include "model/rule.h"

#include <stdbool.h>

/* One entry of `budgets:`. */
struct budget {
	const char *match; /* as of a rule */
	bool has_max, has_min;
	double max, min;   /* in the metric's unit */
	const char *place; /* "pawl.yml:12" */
};

/* What a value comes to: NONE within the limits, MEDIUM beyond one, HIGH beyond 1.1 times, CRITICAL beyond 1.2 times.
 * `*limit` is then the limit that was broken. */
enum severity budget_severity(const struct budget *b, double value, double *limit);

#endif
