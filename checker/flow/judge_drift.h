/*
 * Common drift: by how much everything at once differs from the stored runs.
 *
 * Another host, kernel or neighbour makes all benchmarks of a run slower together.  With enough benchmarks that part can be
 * told from what is their own.  It is taken off every time, and judged as a row of its own: a change of the code that makes
 * everything slower would else be taken off, too.
 */
#ifndef PAWL_FLOW_JUDGE_DRIFT_H
#define PAWL_FLOW_JUDGE_DRIFT_H

#include "flow/judge_rows.h"

#define DRIFT_SUITE "*"
#define DRIFT_BENCH "common drift"

/* Adds the row and corrects the others, where there are benchmarks enough; untested rows in, untested rows out. */
void drift_remove(struct arena *a, const struct judge_request *request, struct row_list *rows);

bool drift_is_row(const struct finding *f);

#endif
