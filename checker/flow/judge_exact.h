/*
 * Exact metrics: counts without an error of sampling.
 *
 * What two measurements of the same side repeat within 0.1 % is judged by the difference itself.  Such a row is no test of
 * a hypothesis: it cannot be a false discovery by chance, so it takes no part in the false-discovery step, neither making
 * it harder for the other rows nor easier.
 */
#ifndef PAWL_FLOW_JUDGE_EXACT_H
#define PAWL_FLOW_JUDGE_EXACT_H

#include "flow/judge_series.h"

/* The table holds counts of that metric, whether they repeat or not. */
bool exact_is_counted(const struct slice_table *t, const char *metric);

/* It holds counts of a metric that repeats: cycles and misses are counted, too, and are judged as times are. */
bool exact_applies(const struct slice_table *t, const char *metric);

/* As series_take, for a series whose head applies or whose base does. */
bool exact_take(struct arena *a, struct series *s, const struct series_source *source);

/* The outcome, with interval and smallest effect. */
void exact_judge(struct series *s);

/* Why counts of that suite in two runs cannot be held against each other, or NULL. */
const char *exact_contrast(struct arena *a, const struct run *base, const struct run *head, const char *suite);

#endif
