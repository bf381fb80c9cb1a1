/* Screening, looks, and giving up. */
#include "flow/confirm.h"

#include "stats/signed_rank.h"

#include <math.h>

/* Worse than even: a few pairs of a series that did become worse often look as if it had not. */
static const double SCREEN_PASSES_BELOW = 0.65;

/* After so many fresh pairs; `goes_on_below` is for the p of all pairs together. */
static const struct look {
	size_t pairs;
	double weight, goes_on_below;
} looks[] = {
	{.pairs = 10, .weight = 0, .goes_on_below = 0.4},
	{.pairs = 20, .weight = 0.03, .goes_on_below = 0.3},
	{.pairs = 40, .weight = 0.07, .goes_on_below = 0.2},
	{.pairs = CONFIRM_MOST_PAIRS, .weight = 0.9, .goes_on_below = 0},
};

enum { LOOK_COUNT = sizeof looks / sizeof looks[0] };

static double p_of(struct arena *a, const double *d, size_t n, double shift)
{
	struct arena_mark mark = arena_mark(a);
	double p = signed_rank_test(a, d, n, shift).p_greater;

	arena_reset(a, mark);
	return p;
}

/* Takes the p of a look into the answer.  True when the series is done with. */
static bool take_look(struct arena *a, const struct confirm_pairs *pairs, const struct look *look,
		      struct confirm_answer *answer)
{
	const double *fresh = pairs->d + pairs->screen_count;
	double p = look->weight > 0 ? fmin(p_of(a, fresh, look->pairs, pairs->shift) / look->weight, 1) : 1;

	if (p < answer->p) {
		answer->p = p;
		answer->look_pairs = look->pairs;
		answer->weight = look->weight;
	}
	answer->promise = p_of(a, pairs->d, pairs->screen_count + look->pairs, pairs->shift);
	if (answer->p <= pairs->enough || look->pairs == CONFIRM_MOST_PAIRS)
		answer->step = CONFIRM_ENDED;
	else if (answer->promise >= look->goes_on_below)
		answer->step = CONFIRM_GAVE_UP;
	return answer->step != CONFIRM_GOES_ON;
}

struct confirm_answer confirm_look(struct arena *a, const struct confirm_pairs *pairs)
{
	struct confirm_answer answer = {.step = CONFIRM_SCREENS, .p = 1, .weight = 1, .promise = 1};

	if (pairs->screen_count < CONFIRM_SCREEN_PAIRS)
		return answer;
	answer.promise = p_of(a, pairs->d, pairs->screen_count, pairs->shift);
	answer.step = answer.promise < SCREEN_PASSES_BELOW ? CONFIRM_GOES_ON : CONFIRM_CLEARED;
	for (size_t i = 0; answer.step == CONFIRM_GOES_ON && i < LOOK_COUNT; i++) {
		answer.wanted = looks[i].pairs;
		if (pairs->fresh_count < looks[i].pairs || take_look(a, pairs, &looks[i], &answer))
			break;
	}
	return answer;
}

/* Effects seen with 80 % power at alpha = 10^-1, 10^-2, ... 10^-8: tests/lab/visible.c. */
static const double visible[] = {0.428, 0.494, 0.577, 0.659, 0.740, 0.820, 0.901, 0.981};

double confirm_mde(double alpha)
{
	double at = fmax(-log10(alpha) - 1, 0);
	size_t last = sizeof visible / sizeof visible[0] - 1;
	size_t i = at < (double)last ? (size_t)at : last - 1;

	/* Below the last one on the same line. */
	return visible[i] + (visible[i + 1] - visible[i]) * (at - (double)i);
}
