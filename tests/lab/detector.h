/*
 * Detectors: rules that decide from measured values which benchmarks became slower.
 *
 * pawl's own go through the shipped schedule and judge (drive.c).  The others are plain re-implementations of what people
 * use today (rivals.c), by what their documentation says.
 */
#ifndef PAWL_LAB_DETECTOR_H
#define PAWL_LAB_DETECTOR_H

#include "workload.h"

/* What a rule says of one benchmark. */
struct call {
	bool slower;
	bool fails;          /* it alone would fail the check */
	size_t pairs;        /* or values of the head, where nothing is paired */
	size_t confirm;      /* of them, taken to confirm a suspicion */
	double p;            /* where a rule has one that can be held against another level; else 0 or 1 */
	double effect_ratio; /* the estimate */
};

/* Name, where values come from, and what it is, in the order of the table.
 *   PAIRS    base and head interleaved in one job
 *   JOBS     the base in one job, the head in a later one
 *   HISTORY  20 stored runs, each a job of its own, and the head's
 */
#define DETECTOR_LIST(ROW)                                                                                             \
	ROW(pawl, PAIRS, "pawl, base and head interleaved")                                                            \
	ROW(hl_20, PAIRS, "Hodges-Lehmann 95 % above 1 %, 20 pairs")                                                   \
	ROW(mw_pairs, PAIRS, "Mann-Whitney 0.05, 10 + 10 interleaved")                                                 \
	ROW(mean_5_pairs, PAIRS, "mean above +5 %, 10 + 10 interleaved")                                               \
	ROW(mw_jobs, JOBS, "Mann-Whitney 0.05, 10 + 10 in two jobs")                                                   \
	ROW(mean_5_jobs, JOBS, "mean above +5 %, 10 + 10 in two jobs")                                                 \
	ROW(ratio_120, JOBS, "mean above 120 %, 10 + 10 in two jobs")                                                  \
	ROW(ratio_200, JOBS, "mean above 200 %, 10 + 10 in two jobs")                                                  \
	ROW(pawl_stored, HISTORY, "pawl, 20 stored runs, not confirmed")                                               \
	ROW(pawl_confirmed, HISTORY, "pawl, 20 stored runs, confirmed at their commit")                                \
	ROW(t_history, HISTORY, "t prediction 0.995 and above 1 %, 20 stored runs")

enum rule_design { DESIGN_PAIRS, DESIGN_JOBS, DESIGN_HISTORY };

struct detector {
	const char *name, *title;
	enum rule_design design;
	/* Fills a call for every benchmark of the check. */
	void (*apply)(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls);
};

enum {
#define ROW(name, design, title) DETECTOR_##name,
	DETECTOR_LIST(ROW)
#undef ROW
		DETECTOR_COUNT
};

extern const struct detector detectors[DETECTOR_COUNT];

/* Stored runs of the HISTORY rules, and the values of each. */
enum { DETECTOR_WINDOW = 20, DETECTOR_RUN_VALUES = 10 };

#define ROW(name, design, title)                                                                                       \
	void detect_##name(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls);
DETECTOR_LIST(ROW)
#undef ROW

#endif
