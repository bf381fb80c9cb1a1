/*
 * Judge: from runs to a verdict.
 *
 * A pure function of its arguments: no I/O, no clock, no globals.  The same arguments give the same verdict, byte for
 * byte.  Formulas and their sources stand beside the functions that use them; docs/statistics.md explains them.
 */
#ifndef PAWL_FLOW_JUDGE_H
#define PAWL_FLOW_JUDGE_H

#include "base/arena.h"
#include "model/accepted.h"
#include "model/budget.h"
#include "model/name.h"
#include "model/rule.h"
#include "model/run.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum judge_mode {
	JUDGE_INTERLEAVED, /* base and head of one check, slices joined by block and position */
	JUDGE_TWO_FILES,   /* two runs of unknown origin */
	JUDGE_STORED,      /* the head against a window of stored runs */
};

/* Which metrics a suite gates; those not named here are reported only. */
struct judge_suite {
	const char *name;
	const char *const *metrics; /* "time", "max_rss", counters by name */
	size_t metric_count;
	const char *place; /* "pawl.yml:4", for the reports */
};

/* One stored run and the series that it was called slower in (they do not count). */
struct judge_stored {
	const struct run *run;
	const char *const *slower;
	size_t slower_count;
};

/* A commit of the baseline, measured again side by side with the head, to settle what looks worse than the window. */
struct judge_confirmation {
	struct run *base, *head;
	const char *title; /* "4f2a91c" */
};

/* The window screens: a gated series whose p against it is below this is settled side by side, where that can be done.  More
 * liberal than the screening of pairs, since it costs time and no errors. */
#define JUDGE_SUSPECT_BELOW       0.8

/* And where everything at once looks slower, everything is settled. */
#define JUDGE_DRIFT_SUSPECT_BELOW 0.2

/* A series that is slower for a reason that does not fail the check. */
struct judge_excuse {
	const char *suite, *bench, *metric;
	const char *reason;
};

struct judge_request {
	enum judge_mode mode;
	const struct rule *rules; /* the project's own; the defaults come before them */
	size_t rule_count;
	const struct judge_suite *suites; /* none: every suite gates its time */
	size_t suite_count;
	const struct run *base; /* not for JUDGE_STORED */
	const struct run *head;
	const struct judge_stored *window; /* newest last */
	size_t window_count;
	size_t window_size; /* most runs of the window that count for a series, the newest; 0: all */
	const struct judge_confirmation
		*confirmations; /* JUDGE_STORED: those decide; what is in none of them and no suspect is cleared */
	size_t confirmation_count;
	const struct judge_stored
		*foreign; /* stored runs of other machine classes, newest last: counts compare across them */
	size_t foreign_count;
	bool other_class;  /* baselines exist, but only of other machine classes */
	bool same_session; /* two files: measured side by side, the between-run spread is not added */
	bool missing_fails, undecided_fails, require_baseline;
	bool has_fail_on; /* overrides the rules' fail_on */
	enum severity fail_on;
	const struct budget *budgets;
	size_t budget_count;
	bool partial;                         /* some benchmarks were left out, so a budget may rightly match nothing */
	const struct accepted_list *accepted; /* regressions that are known and not in the base; NULL: none */
	int64_t today;                        /* days since 1970-01-01, for how long they hold */
	const struct judge_excuse *excuses;   /* known only when it was looked for the cause */
	size_t excuse_count;
	const struct rename *renames; /* benchmarks that the base has under another name */
	size_t rename_count;
};

/* Fills findings, status, status_reason, and warnings that come from the rules; titles and all other warnings are the
 * caller's. */
void judge(struct arena *a, const struct judge_request *request, struct verdict *out);

#endif
