/*
 * The names of states and outcomes, and what a verdict adds up to.
 */
#include "model/verdict.h"

#include "base/text.h"

#include <assert.h>

static const char *const state_names[] = {
#define ROW(name, text) text,
	STATE_LIST(ROW)
#undef ROW
};

static const char *const outcome_names[] = {"", "slower", "faster", "same"};

static const size_t outcome_count = sizeof outcome_names / sizeof outcome_names[0];

const char *state_name(enum state s)
{
	assert(s < STATE_COUNT);
	return state_names[s];
}

bool state_find(const char *name, enum state *s)
{
	for (size_t i = 0; i < STATE_COUNT; i++) {
		if (text_equal(state_names[i], name)) {
			*s = (enum state)i;
			return true;
		}
	}
	return false;
}

const char *outcome_name(enum outcome o)
{
	assert((size_t)o < outcome_count);
	return outcome_names[o];
}

bool outcome_find(const char *name, enum outcome *o)
{
	for (size_t i = 0; i < outcome_count; i++) {
		if (text_equal(outcome_names[i], name)) {
			*o = (enum outcome)i;
			return true;
		}
	}
	return false;
}

static bool misses_threshold(const struct finding *f)
{
	return f->gated && f->state == STATE_JUDGED && f->outcome == OUTCOME_SAME && f->mde_ratio.known &&
	       f->mde_ratio.value > f->threshold_ratio;
}

bool finding_is_small(const struct finding *f)
{
	return misses_threshold(f) && f->min_effect_ratio.known && f->min_effect_ratio.value >= f->threshold_ratio;
}

bool finding_is_noisy(const struct finding *f)
{
	return misses_threshold(f) && !finding_is_small(f);
}

static void count_judged(struct verdict_counts *c, const struct finding *f)
{
	switch (f->outcome) {
	case OUTCOME_SLOWER:
		c->slower++;
		c->by_severity[f->severity]++;
		break;
	case OUTCOME_FASTER:
		c->faster++;
		break;
	case OUTCOME_SAME:
		c->same++;
		if (finding_is_noisy(f))
			c->too_noisy++;
		else if (finding_is_small(f))
			c->too_small++;
		else if (f->mde_ratio.known &&
			 (!c->largest_mde_ratio.known || f->mde_ratio.value > c->largest_mde_ratio.value))
			c->largest_mde_ratio = f->mde_ratio;
		break;
	case OUTCOME_NONE:
		break;
	}
}

struct verdict_counts verdict_count(const struct verdict *v)
{
	struct verdict_counts c = {0};

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];
		const struct finding *before = i == 0 ? NULL : f - 1;

		/* The suite of rows about all of them (common drift) has no benchmarks. */
		if (!text_equal(f->suite, "*") &&
		    (before == NULL || !text_equal(before->suite, f->suite) || !text_equal(before->bench, f->bench)))
			c.benchmarks++;
		if (!f->gated)
			continue;
		c.by_state[f->state]++;
		if (f->state == STATE_JUDGED)
			count_judged(&c, f);
	}
	return c;
}
