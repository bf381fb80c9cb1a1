/*
 * An attribution: which functions a benchmark's change comes from, and what it was concluded from.
 *
 * Costs are in the sample type's unit (CPU nanoseconds) per operation.  A function's own cost is what its instructions take,
 * with the functions that were inlined into it and are not named themselves; its total is what everything below it takes,
 * too.  Own costs and what is unattributed add up to the benchmark's cost.
 */
#ifndef PAWL_MODEL_ATTRIBUTION_H
#define PAWL_MODEL_ATTRIBUTION_H

#include "model/profile.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What tells a change from chance; with AUTO the groups decide. */
#define ATTRIBUTION_METHOD_LIST(ROW)                                                                                   \
	ROW(AUTO, "auto")                                                                                              \
	ROW(PAIRED_T, "paired-t")                                                                                      \
	ROW(SIGNED_RANK, "signed-rank")                                                                                \
	ROW(WELCH, "welch")                                                                                            \
	ROW(PREDICTION, "t-prediction")                                                                                \
	ROW(POISSON, "poisson")                                                                                        \
	ROW(EXACT, "exact")

enum attribution_method {
#define ROW(name, text) ATTRIBUTION_##name,
	ATTRIBUTION_METHOD_LIST(ROW)
#undef ROW
};

#define CHANGE_STATE_LIST(ROW)                                                                                         \
	ROW(SAME, "same")                                                                                              \
	ROW(SLOWER, "slower")                                                                                          \
	ROW(FASTER, "faster")                                                                                          \
	ROW(NEW, "new")                                                                                                \
	ROW(GONE, "gone")                                                                                              \
	ROW(MOVED, "moved")                                                                                            \
	ROW(LAYOUT, "layout")                                                                                          \
	ROW(OUTSIDE, "outside")

/* Of a function.  All but SAME are changes that chance does not explain: NEW and GONE functions cost nothing on the other
 * side; what MOVED is made up for under the same caller; LAYOUT: other time of the same code; OUTSIDE: the kernel's time. */
enum change_state {
#define ROW(name, text) CHANGE_##name,
	CHANGE_STATE_LIST(ROW)
#undef ROW
};

/* No such row. */
#define ATTRIBUTION_NONE SIZE_MAX

/* A replicate: one process, one run. */
struct attribution_group {
	const struct profile *profile; /* of groups that share one, `labelled` samples are told apart */
	size_t type;                   /* the sample type that is the cost */
	bool labelled;
	int64_t label;     /* of "pawl_group" */
	int64_t block;     /* groups of both sides with the same block are a pair; below 0: of none */
	double operations; /* above 0 */
	double cost;       /* CPU time of all operations, measured beside the samples; 0: what the samples sum to */
};

struct attribution_side {
	const struct attribution_group *groups;
	size_t group_count;
};

/* A cost on both sides and what is known of its change. */
struct attribution_change {
	double base, head;
	double change, low, high; /* head - base, and its 95 % interval */
	double error;             /* standard error of the change */
	double p;                 /* two-sided, of no change at all */
	double q; /* after Benjamini and Hochberg over the functions that were tested; 1 where it was not */
};

struct attribution_row {
	const char *name; /* without the suffixes of clones */
	const char *file; /* source file, "" unknown */
	int64_t line;     /* where the function begins, else the first line that was sampled; 0: not known */
	int64_t hot_line; /* of the head, where most of its own cost is; 0: not known */
	int64_t last_line;
	enum change_state state;
	struct attribution_change own, total;
	double base_share, head_share; /* own cost of the benchmark's; 0.05 is 5 % */
	double base_samples, head_samples;
	const size_t *callers; /* rows, from the direct caller to the benchmark, of the path that changed most */
	size_t caller_count;
	size_t moved_under; /* row; ATTRIBUTION_NONE */
};

/* A function that the benchmark's change comes from. */
struct attribution_cause {
	size_t row;
	bool with_callees; /* its own cost did not change, but that of many small functions below it */
	double change, low, high, p, q;
	double part; /* of the benchmark's change; 0.5 is half of it */
};

struct attribution {
	enum attribution_method method;
	bool indicative;  /* too few groups for a test: Poisson variance, times four */
	const char *unit; /* of costs, without "per operation" */
	struct attribution_change benchmark;
	struct attribution_change
		unattributed; /* stacks that reach neither the benchmark nor the start of a thread, no symbols */
	struct attribution_row *rows; /* the largest change first */
	size_t row_count;
	struct attribution_cause *causes; /* in the benchmark's direction, the largest first, layout last */
	size_t cause_count;
	size_t tested; /* functions with enough cost to be asked about */
	size_t base_groups, head_groups, pairs;
	double base_samples, head_samples;   /* of the benchmark */
	double base_left_out, head_left_out; /* part of all samples that belong to no benchmark: set-up, calibration */
	bool resolved;                       /* there is a cause, or nothing changed that needs one */
	const char *reason;                  /* why there is no cause; "" */
	double samples_needed;               /* a side, for a function that is half of the change; 0: resolved */
	size_t groups_wanted;                /* a side, those that are there included; 0: resolved */
};

const char *attribution_method_name(enum attribution_method m);
bool attribution_method_find(const char *name, enum attribution_method *m);
const char *change_state_name(enum change_state s);

#endif
