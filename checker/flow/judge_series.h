/*
 * One series on its way to a verdict: its values, its test, its interval.
 *
 * Inside this module everything is a cost: logarithms, and for throughput their negatives, so that more is worse.  The
 * finding gets numbers in the metric's own direction.
 */
#ifndef PAWL_FLOW_JUDGE_SERIES_H
#define PAWL_FLOW_JUDGE_SERIES_H

#include "flow/judge.h"

struct series {
	struct finding *f;
	struct limits limits;
	enum judge_mode mode;
	bool same_session;
	double sign;  /* +1, or -1 for throughput */
	double shift; /* ln(1 + least effect that counts) */
	double *d;    /* interleaved: ln(head/base) of every pair */
	size_t d_count;
	double *x, *y; /* otherwise: logarithms of base and head; stored: x holds one median a run */
	size_t x_count, y_count;
	double smallest_p; /* that so many values could reach */
	double estimate, standard_error, df;
	double p_slower, p_faster;
	bool exact;
};

/* Where the values of one series come from; NULL where a side has none. */
struct series_source {
	const struct slice_table *base, *head;
	const struct judge_stored *window;
	size_t window_count;
};

/*
 * Takes the values of the finding's metric and fills the medians, counts and sizes.  False when there is nothing to
 * test: a side without values, or a value that has no logarithm; the finding's reason then says which.
 */
bool series_take(struct arena *a, struct series *s, const struct series_source *source);

/* p_slower, p_faster, the estimate and the method. */
void series_test(struct arena *a, struct series *s);

/* The two-sided interval at 1 - 2 alpha, in the finding. */
void series_interval(struct arena *a, struct series *s, double alpha);

/* The smallest change that a test at level alpha sees with 80 % power, in the finding. */
void series_mde(struct arena *a, struct series *s, double alpha);

#endif
