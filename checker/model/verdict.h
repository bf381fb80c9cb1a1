/*
 * A verdict: what was concluded for every series of a check, and what the check comes to.
 */
#ifndef PAWL_MODEL_VERDICT_H
#define PAWL_MODEL_VERDICT_H

#include "model/metric.h"
#include "model/rule.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATE_LIST(ROW)                                                                                                \
	ROW(JUDGED, "judged")                                                                                          \
	ROW(NEW, "new")                                                                                                \
	ROW(GONE, "gone")                                                                                              \
	ROW(FAILED, "failed")                                                                                          \
	ROW(TOO_FEW, "too_few")                                                                                        \
	ROW(UNDECIDED, "undecided")                                                                                    \
	ROW(INCOMPARABLE, "incomparable")                                                                              \
	ROW(ACCEPTED, "accepted")                                                                                      \
	ROW(SAME_CODE, "same_code")

enum state {
#define ROW(name, text) STATE_##name,
	STATE_LIST(ROW)
#undef ROW
		STATE_COUNT
};

enum outcome { OUTCOME_NONE, OUTCOME_SLOWER, OUTCOME_FASTER, OUTCOME_SAME };

/* What a row does to the exit status of the check. */
enum effect { EFFECT_PASS, EFFECT_FAIL /* 1 */, EFFECT_ERROR /* 3 */ };

/* A number that may be unknown: an empty cell in every report. */
struct number {
	double value;
	bool known;
};

/* What a function of a called row costs per operation: in ns, of counts in the row's unit. */
struct finding_function {
	const char *name, *place; /* place "": not known */
	const char *state;        /* same, slower, faster, new, gone, moved, layout, outside (model/attribution.h) */
	double base, head;        /* own cost */
	double low, high;         /* 95 % interval of the change of it */
	struct number q;
};

struct finding {
	const char *suite, *bench, *metric, *unit;
	enum category category;
	bool gated;
	enum state state;
	enum outcome outcome;
	enum severity severity;
	enum effect effect;
	bool only_slower_runs;               /* every stored run of it was called slower: none of them is a baseline */
	const char *reason;                  /* why it was not judged, why it fails, what to know about it; "" */
	struct number baseline, current;     /* medians, in `unit` */
	struct number change_ratio;          /* the estimate; 0.05 is 5 % more */
	struct number low_ratio, high_ratio; /* the interval that goes with the verdict */
	struct number measured_low_ratio, measured_high_ratio; /* before it was widened by the between-run spread */
	/* Where values are 0 or less, the change is a difference in `unit`; the ratios above are then known only if the
	 * baseline is above 0. */
	struct number change, low, high, mde;
	struct number p, q;        /* one-sided, for "at most min_effect" */
	struct number p_two_sided; /* plain test of "no change", for information */
	double threshold_ratio;
	struct number min_effect_ratio; /* that the null was shifted by */
	struct number mde_ratio;        /* smallest change seen with 80 % power */
	size_t samples_base, samples_head;
	const char *method;                  /* signed-rank, mann-whitney, t-prediction, …; "" */
	const char *function;                /* cause; "" */
	struct number function_change_ratio; /* of its own cost per operation */
	struct number function_change, function_low,
		function_high;       /* the same in ns per operation, with its 95 % interval */
	struct number function_part; /* of the row's change that it explains; 0.5 is half of it */
	const char *callers;         /* of the function, the direct one first, parted by " < "; "" */
	const char *
		touched; /* its source differs from the base's: "yes", "file" (something else in its file does), "no"; "" not known */
	/* The nearest caller whose source changed, where the function's did not; of a function that is not the project's own the
	 * nearest that is.  "" */
	const char *caller, *caller_place, *caller_touched;
	struct finding_function *functions; /* those that changed or cost most */
	size_t function_count;
	const char *source_diff; /* the changed lines of the function, else of that caller, as git tells them; "" */
	const char *cause_note;  /* why there is no cause, or what to know about it; "" */
	const char *place;       /* file:line of the cause, or of the suite in pawl.yml; "" */
	const char *baseline_id, *commit, *machine;
	const char *until;   /* of an accepted row: the last day on which it is; "" for no end */
	const char *warning; /* shown beside the row, never failing; "" */
	double measured_s;   /* time spent measuring it */
};

struct verdict {
	struct finding *findings; /* sorted by suite, benchmark, metric */
	size_t finding_count;
	const char **warnings; /* about the check as a whole */
	size_t warning_count;
	const char *base_title, *head_title; /* "4f2a91c (merge base of main)", "working tree" */
	const char *baseline;                /* the stored one that it was held against; "" */
	const char *check_id, *started;
	uint64_t seed;
	const char *repeat;        /* command that measures one row again, with %s for the filter; "" */
	int status;                /* exit status: 0, 1 or 3 */
	const char *status_reason; /* one line */
};

struct verdict_counts {
	size_t benchmarks;                                 /* distinct suite and benchmark */
	size_t slower, faster, same, too_noisy, too_small; /* gated, judged rows; the last two are part of same */
	size_t by_state[STATE_COUNT];                      /* gated rows */
	size_t by_severity[SEVERITY_CRITICAL + 1];         /* gated rows called slower */
	struct number largest_mde_ratio;                   /* among `same` rows that see their threshold */
};

const char *state_name(enum state s);
bool state_find(const char *name, enum state *s);
const char *outcome_name(enum outcome o); /* "slower", "faster", "same"; "" for none */
bool outcome_find(const char *name, enum outcome *o);

struct verdict_counts verdict_count(const struct verdict *v);

/* A judged, gated row called `same` whose smallest detectable change is above its threshold: small where the least effect
 * that counts is above it already (1 MB of a small process), noisy otherwise. */
bool finding_is_small(const struct finding *f);
bool finding_is_noisy(const struct finding *f);

#endif
