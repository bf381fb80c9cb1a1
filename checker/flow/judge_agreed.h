/*
 * What a project agreed on beside its rules: accepted regressions and absolute budgets.
 *
 * Both work on rows that have their verdict.
 */
#ifndef PAWL_FLOW_JUDGE_AGREED_H
#define PAWL_FLOW_JUDGE_AGREED_H

#include "flow/judge_rows.h"

/* A gated row that was called slower becomes `accepted` while the acceptance holds and covers it; else its reason says
 * what became of the acceptance. */
void agreed_accept(struct arena *a, const struct judge_request *request, struct series *s);

/* Holds every row that has a value of the head against the budgets; a broken one raises the row's severity.  Returns the
 * warnings about budgets that name no row. */
const char **agreed_budgets(struct arena *a, const struct judge_request *request, struct row_list *rows,
			    size_t *warning_count);

#endif
