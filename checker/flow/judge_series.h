/*
 * One series on its way to a verdict: its values (judge_series.c), its test and its interval (judge_test.c).
 *
 * Inside this module everything is a cost, so that more is worse: logarithms, and for throughput their negatives.  Where
 * a value is 0 or less there is no logarithm; then the values themselves take their place, and changes are differences.
 * The finding gets numbers in the metric's own direction.
 */
#ifndef PAWL_FLOW_JUDGE_SERIES_H
#define PAWL_FLOW_JUDGE_SERIES_H

#include "flow/confirm.h"
#include "flow/judge.h"
#include "stats/mann_whitney.h"

/* How much slower the clock that is not gated must be to be worth a warning. */
#define SERIES_WATCHDOG_RATIO 0.2

/* One stored run as a series sees it. */
struct series_run {
	double median;
	bool known;
	bool slower; /* it was called slower in this series */
	bool agreed; /* and that was accepted later, for good */
	bool older;  /* it is not newer than the acceptance */
};

struct series {
	struct finding *f;
	struct limits limits;
	enum judge_mode mode;
	bool same_session;
	struct mann_whitney_null *null;  /* two files: shared by all rows */
	const struct accepted *accepted; /* what was agreed for it, or NULL */
	bool accepted_applies;           /* the base is not itself what was agreed */
	struct series_run *runs;         /* stored: one each of the window */
	size_t run_count, window_size;
	size_t left_out;            /* stored runs that do not count, since they were called slower */
	double prior_variance;      /* stored: of the spread between runs; 0: the stated prior */
	double drift_share;         /* stored: variance of the drift that was taken off, in units of that of one run */
	bool countable;             /* of a program whose instructions every engine counts */
	bool is_clock;              /* its metric is the benchmark's gated time */
	bool budgeted, over_budget; /* a budget names it; a broken one alone makes it fail */
	bool differences;           /* values, not logarithms */
	double scale;               /* of differences: the larger median, which ratios are taken of */
	double sign;                /* +1, or -1 for throughput */
	double shift;               /* ln(1 + least effect that counts), or that effect in the metric's unit */
	double *d;                  /* interleaved: ln(head/base), or head - base, of every pair */
	size_t d_count;
	bool screened; /* the first screen_count of them screened, the others are to confirm */
	size_t screen_count;
	double enough; /* a p that no other series can make insignificant: level / series of the family */
	struct confirm_answer slower, faster; /* of screened pairs */
	const char *confirmed_at;             /* the commit that settled it side by side; NULL: none did */
	double stored_p, stored_estimate;     /* what the window had said */
	double *x, *y;                        /* otherwise: costs of base and head; stored: x holds one median a run */
	size_t x_count, y_count;
	bool summarised; /* a file has aggregates alone: x and y hold one cost, these its variance and how far it is known */
	double x_variance, y_variance, x_df, y_df;
	double smallest_p; /* that so many values could reach */
	double estimate, standard_error, df;
	double p_slower, p_faster;
	bool exact;
	bool counted;  /* two measurements a side, without an error of sampling: judged by judge_exact.c */
	bool unusable; /* counted, and not to be held against anything: the reason says why */
	double spread; /* of counted ones: how far two measurements of a side differ, the worse side, as a ratio */
};

/* Where the values of one series come from; NULL where a side has none. */
struct series_source {
	const struct slice_table *base, *head;
	const struct judge_stored *window;
	const struct slice_table *const *tables; /* of the window's runs: the benchmark there, or NULL */
	size_t window_count;
	size_t window_size; /* most runs that count; 0: all */
	/* What counts are held against. */
	const struct run *base_run, *head_run; /* of base and head */
	const struct judge_stored *foreign;    /* stored runs of other machine classes, newest last */
	size_t foreign_count;
};

/*
 * Takes the values of the finding's metric and fills the medians, counts and sizes.  False when there is nothing to
 * test: a side without values, or a time of 0; the finding's reason then says which.
 */
bool series_take(struct arena *a, struct series *s, const struct series_source *source);

/* Settles a tested, stored series by pairs of the baseline's commit and the head.  False, and nothing changed, when there
 * are too few. */
bool series_confirm(struct arena *a, struct series *s, const struct slice_table *base, const struct slice_table *head,
		    const char *title);

/* What screened pairs say so far about one direction: +1 slower, -1 faster. */
struct confirm_answer series_look(struct arena *a, const struct series *s, double direction);

/* Stored: what each run of the window says of this series. */
void series_look_back(struct arena *a, struct series *s, const struct series_source *source);

/*
 * The medians of those that count, oldest first, `*count` of them; `drift_ln` (by run, a cost; NULL: none) is taken off.  A run that was
 * called slower does not count until that is accepted; a change point among those that do begins the window anew.
 */
double *series_window(struct arena *a, struct series *s, const double *drift_ln, size_t *count);

/* p_slower, p_faster, the estimate and the method. */
void series_test(struct arena *a, struct series *s);

/* The interval, in the finding: its end on the side of "no slower" at level alpha_slower, the other at alpha_faster. */
void series_interval(struct arena *a, struct series *s, double alpha_slower, double alpha_faster);

/* The smallest change that a test at level alpha sees with 80 % power, in the finding. */
void series_mde(struct arena *a, struct series *s, double alpha);

/* For a series that could not have seen its threshold in a test at level alpha: what would help, in the finding's reason. */
void series_advise(struct arena *a, struct series *s, double alpha);

/* How many times the threshold the estimate is. */
double series_excess(const struct series *s);

#endif
