/*
 * The rows of a verdict: which series there are on either side, and the state of those that need no test.
 */
#ifndef PAWL_FLOW_JUDGE_ROWS_H
#define PAWL_FLOW_JUDGE_ROWS_H

#include "flow/judge_series.h"

struct row_list {
	struct series *items;
	size_t count, capacity;
};

/* Rows in state JUDGED have their values taken and are to be tested; all others are settled. */
void rows_collect(struct arena *a, const struct judge_request *request, struct row_list *rows);

/* The rows of one benchmark that both sides measured, side by side.  `request` needs no runs but a head with a revision and
 * a host. */
void rows_collect_pair(struct arena *a, const struct judge_request *request, const struct slice_table *base,
		       const struct slice_table *head, struct row_list *rows);

#endif
