/*
 * Which rows a report for people shows, in which order, and what it says of all of them together.
 *
 * Lists are in the arena and point into the verdict.
 */
#ifndef PAWL_REPORT_REPORT_ROWS_H
#define PAWL_REPORT_REPORT_ROWS_H

#include "base/arena.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

struct row_list {
	const struct finding **rows;
	size_t count;
};

/* Slower rows and those that fail for another cause (a budget), then faster ones, then the rest. */
enum row_rank { ROW_SLOWER, ROW_FASTER, ROW_SAME, ROW_RANK_COUNT };

enum row_rank row_rank_of(const struct finding *f);

/* Gated rows that were judged, of one rank: by severity, then by size; rows that are the same in the verdict's order. */
struct row_list rows_judged(struct arena *a, const struct verdict *v, enum row_rank rank);

/* Gated rows that passed though their threshold lies below their noise; the noisiest first. */
struct row_list rows_noisy(struct arena *a, const struct verdict *v);

/* Every state but `judged`, the most urgent first. */
enum { LISTED_STATES = STATE_COUNT - 1 };
extern const enum state listed_states[LISTED_STATES];

/* Rows of one state that give the same reason, a row a benchmark. */
struct row_groups {
	struct row_list *groups;
	size_t count;
	size_t left_out; /* rows that belong to none of the first `limit` groups */
};

/* The rows of `state` by reason, `limit` reasons at most.  A series that is reported only stays out, unless nothing else
 * speaks for its benchmark. */
struct row_groups rows_grouped(struct arena *a, const struct verdict *v, enum state state, size_t limit);

/* "38 benchmarks: 1 slower, 0 faster, 35 same (would have seen 3.4 % or more), 2 too noisy to see 10 %" */
const char *rows_counted(struct arena *a, const struct verdict *v);

#endif
