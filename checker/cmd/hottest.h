/*
 * The hottest functions of a run, as reports take them.
 */
#ifndef PAWL_CMD_HOTTEST_H
#define PAWL_CMD_HOTTEST_H

#include "flow/hot.h"
#include "report/report.h"

/* Of every suite of the run whose stacks are there. */
void hottest_add(struct arena *a, const struct run *run, struct report_options *options);

/* "BM_parse 94 %, BM_process 16 % and 2 more", `most` of them by name. */
const char *hottest_benches(struct arena *a, const struct hot_row *row, size_t most);

/* "price.c:53"; "" where it is not known. */
const char *hottest_place(struct arena *a, const struct hot_row *row);

#endif
