/*
 * Attribute: which functions a benchmark's change comes from.
 *
 * A pure function of its arguments: no I/O, no clock, no globals.  Cost per operation is compared, never a share: with one
 * function doubled, the share of every other one falls.  Groups are the replicates: a pair of a block where both sides were
 * measured in turns, runs where they were stored.  docs/statistics.md explains the rules; formulas and their sources stand
 * beside the functions that use them.
 */
#ifndef PAWL_FLOW_ATTRIBUTE_H
#define PAWL_FLOW_ATTRIBUTE_H

#include "base/arena.h"
#include "base/regex.h"
#include "model/attribution.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	ATTRIBUTE_LEAST_PAIRS = 12, /* for a test of pairs */
	ATTRIBUTE_LEAST_RUNS = 5,   /* a side, for a test of independent groups */
};

/* Which stacks are the benchmark's.  Nothing given: all of them, whole. */
struct attribute_scope {
	const char *const *names; /* benchmark functions; "BM_parse" is also bench::BM_parse(benchmark::State&) */
	size_t name_count;
	const struct regex *pattern; /* the same by pattern; NULL */
	const char *const
		*runners; /* functions that call it: what stands right below the innermost of them is the scope */
	size_t runner_count;
};

struct attribute_request {
	struct attribution_side base, head;
	struct attribute_scope scope;
	enum attribution_method method; /* AUTO: what the groups allow */
	struct number change;           /* the benchmark's own change a operation, measured without a profiler */
	double min_effect_ratio;        /* of the benchmark's base cost: smaller changes of a function do not count */
	double noise_ratio;             /* EXACT: two counts of the same program differ by so much */
	double run_spread_ratio; /* POISSON: groups are runs, which differ by so much (sd) though nothing changed */
	double level;            /* of q; 0: 0.05 */
	const char *const *same_code; /* cleaned names of functions whose code bytes both sides share */
	size_t same_code_count;
	bool as_often; /* both sides execute those functions as often an operation */
};

void attribute(struct arena *a, const struct attribute_request *request, struct attribution *out);

/* One row of a check for attribute_group. */
struct attribute_finding {
	const char *suite, *bench;
	const struct attribution *attribution; /* NULL: there is none */
};

/* A cause of one or several rows of a check. */
struct attribute_cause {
	const char *name, *file;
	int64_t line;
	const size_t *findings; /* those it explains, as they were given */
	size_t finding_count;
	bool with_callees;
	double largest_part; /* of a row's change */
};

/* Merges the causes of rows that change in one direction: the function that explains most rows comes first, and a row
 * belongs to one cause.  Rows without a cause belong to none. */
const struct attribute_cause *attribute_group(struct arena *a, const struct attribute_finding *findings, size_t count,
					      size_t *cause_count);

/* Samples a side by which the two-sided Poisson test at 5 % sees with 90 % power a function of that share of all samples
 * become dearer by `change_ratio`, when the variance is `overdispersion` times Poisson's. */
double attribute_samples_needed(double share, double change_ratio, double overdispersion);

#endif
