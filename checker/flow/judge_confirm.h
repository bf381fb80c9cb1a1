/*
 * Confirmation: what looks worse than the window is settled at the baseline's commit, side by side.
 */
#ifndef PAWL_FLOW_JUDGE_CONFIRM_H
#define PAWL_FLOW_JUDGE_CONFIRM_H

#include "flow/judge_rows.h"

/* Of tested rows: suspects that a confirmation has are settled by its pairs, gated series that are no suspects are cleared
 * (p = 1).  Does nothing without confirmations. */
void confirm_rows(struct arena *a, const struct judge_request *request, struct row_list *rows);

/* Of called rows: says where the window had called what its commit does not. */
void confirm_explain(struct arena *a, struct row_list *rows);

#endif
