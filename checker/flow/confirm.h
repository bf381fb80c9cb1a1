/*
 * Screen and confirm: what the pairs of one series say so far, and how many more it takes.
 *
 * A few pairs screen: a series that does not look worse is cleared, with p = 1.  One that does is measured again, and those
 * fresh pairs alone decide, at looks fixed beforehand.  A look spends its weight of the error: the p of the series is the
 * least p_k / w_k over the looks so far, and the weights add up to 1, so that P(p <= a) <= a whenever one stops (Bonferroni;
 * Wassmer and Brannath, Group Sequential and Confirmatory Adaptive Designs in Clinical Trials, 2016, section 2.1).  Giving up
 * early, where all pairs together say that nothing will come of it, can only make that probability smaller.
 *
 * The test is the one-sided signed-rank test of "at most the shift" (stats/signed_rank.h).  A pure function: the same pairs
 * give the same answer in measure, in judge and in the laboratory.  The constants were chosen by simulation in the
 * laboratory's noise; docs/statistics.md has the numbers and the command.
 */
#ifndef PAWL_FLOW_CONFIRM_H
#define PAWL_FLOW_CONFIRM_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	CONFIRM_SCREEN_PAIRS = 6,
	CONFIRM_MOST_PAIRS = 60,    /* fresh ones */
	CONFIRM_EXPECTED_PAIRS = 6, /* fresh ones of a series that did not change, in the mean */
};

/* The differences of one series, worse is more: those that screened, then the fresh ones in measured order. */
struct confirm_pairs {
	const double *d;
	size_t screen_count, fresh_count;
	double shift;  /* least effect that counts */
	double enough; /* a p that no other series can make insignificant: level / series of the check */
};

enum confirm_step {
	CONFIRM_SCREENS, /* too few pairs to screen */
	CONFIRM_CLEARED, /* does not look worse */
	CONFIRM_GOES_ON, /* looks worse; the next look needs more pairs */
	CONFIRM_GAVE_UP, /* looked worse, and does no longer */
	CONFIRM_ENDED,   /* p is small enough, or the last look was made */
};

struct confirm_answer {
	enum confirm_step step;
	double p;          /* 1 before the first look */
	size_t look_pairs; /* fresh pairs of the look that gave p; 0: none did */
	double weight;     /* of that look; 1 where there is none */
	size_t wanted;     /* GOES_ON: fresh pairs, those that are there included */
	double promise;    /* p of all pairs together, to rank series by; never for a verdict */
};

struct confirm_answer confirm_look(struct arena *a, const struct confirm_pairs *pairs);

/*
 * How far above the shift an effect must be, in standard deviations of the differences, to be called by the whole
 * procedure with 80 % power where its p must reach `alpha`.  For normal differences, by simulation: make lab.
 */
double confirm_mde(double alpha);

#endif
