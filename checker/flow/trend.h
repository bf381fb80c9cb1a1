/*
 * Trend: from a history to its change points and creeping changes.
 *
 * A pure function of its arguments, as judge is.  docs/statistics.md explains what is asked and how.
 */
#ifndef PAWL_FLOW_TREND_H
#define PAWL_FLOW_TREND_H

#include "base/arena.h"
#include "model/rule.h"
#include "model/trend.h"

#include <stdbool.h>
#include <stddef.h>

struct trend_request {
	const struct history *history;
	const struct rule *rules; /* the project's; threshold, min_effect, confidence, category and unit count */
	size_t rule_count;
	const char *const
		*patterns; /* suite/benchmark:metric with * and **, or a series' whole name; none: all series */
	size_t pattern_count;
};

bool trend_pattern_means(const char *pattern, const struct history_series *s);

/* Rows in the history's order.  The series and the texts of the history are pointed at, not copied. */
void trend_find(struct arena *a, const struct trend_request *request, struct trend *out);

#endif
