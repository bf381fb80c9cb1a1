/*
 * Trend's own: a series on its way from values to a row, and the creeping changes in it.  Not for other folders.
 */
#ifndef PAWL_FLOW_TREND_CREEP_H
#define PAWL_FLOW_TREND_CREEP_H

#include "base/arena.h"
#include "model/rule.h"
#include "model/trend.h"
#include "stats/changepoint.h"

#include <stdbool.h>
#include <stddef.h>

struct trend_work {
	struct trend_row *row;
	struct limits limits;
	enum category category;
	bool in_logs;
	double *x; /* what is judged: logarithms, or the values */
	size_t n;
	struct changepoints found;
};

/* The size of a change between levels as they are judged; `low` and `high` are of their difference. */
struct trend_size trend_size_of(const struct trend_work *w, double before, double after, double low, double high);
bool trend_size_counts(const struct trend_work *w, const struct trend_size *size);

/* Fills in the creeping changes of all rows.  Steps that are a line rather than steps leave their row. */
void trend_creep_find(struct arena *a, struct trend_work *works, size_t count);

#endif
