/*
 * Cause: the attribution of a benchmark's change from the profile slices of its two tables.
 *
 * Joins model/run.h and flow/attribute.h: which slices are a group and a pair, what an operation cost, and which frames are
 * the benchmark's own.  Pure.
 */
#ifndef PAWL_FLOW_CAUSE_H
#define PAWL_FLOW_CAUSE_H

#include "base/arena.h"
#include "flow/attribute.h"
#include "model/run.h"

/* What is known of the code beside the samples: functions that both builds share, though they lie elsewhere, and execute as
 * often. */
struct cause_code {
	const char *const *alike; /* their names */
	size_t count;
	bool as_often; /* else nothing of it is believed */
};

/* A benchmark's tables on both sides, with their stacks. */
struct cause_request {
	const struct slice_table *const *base, *const *head;
	size_t base_count, head_count;
	bool one_check; /* a table a side, of one check: slices are groups, and pairs those of a block.  Else runs are groups */
	bool in_turns; /* of runs: the first of both sides are a pair, and so on */
	enum attribution_method method;
	struct number change; /* the benchmark's own, an operation */
	double min_effect_ratio;
	const struct cause_code *code; /* NULL: nothing is known */
	const struct regex *scope;     /* in the place of the benchmark's own frames; NULL */
};

/* False when a table has no stacks, or they were taken by different engines. */
bool cause_attribute(struct arena *a, const struct cause_request *request, struct attribution *out);

/* The same of two tables of one check.  `code`: NULL, nothing is known. */
bool cause_find(struct arena *a, const struct slice_table *base, const struct slice_table *head, struct number change,
		double min_effect_ratio, const struct cause_code *code, struct attribution *out);

/* The same of a head against stored runs, a group each; needs at least ATTRIBUTE_LEAST_RUNS whose stacks are loaded and
 * were taken as the head's. */
bool cause_against_runs(struct arena *a, const struct slice_table *const *runs, size_t run_count,
			const struct slice_table *head, struct number change, double min_effect_ratio,
			struct attribution *out);

/* The same for instructions, from what the functions of both sides executed; exact.  False where that was not counted. */
bool cause_of_counts(struct arena *a, const struct slice_table *base, const struct slice_table *head,
		     struct number change, double min_effect_ratio, struct attribution *out);

enum { CAUSE_SCOPE_NAMES = 3 };

/* The functions that a benchmark of that name may be, and how many: BM_parse<int>/64/threads:2 is BM_parse<int>, or
 * BM_parse. */
size_t cause_scope_names(struct arena *a, const char *bench, const char *names[CAUSE_SCOPE_NAMES]);

/* Sampled so badly that nothing may be concluded of it: why, or NULL. */
const char *cause_obstacle(struct arena *a, const struct run_profile *profile);

#endif
