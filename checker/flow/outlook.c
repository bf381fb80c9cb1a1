/* Which series of a job ask for more pairs. */
#include "flow/outlook.h"

#include "flow/judge_rows.h"
#include "stats/signed_rank.h"

#include <math.h>

/* The screening's estimate, in costs. */
static double screened_estimate(struct arena *a, const struct series *s)
{
	return signed_rank_estimate(a, s->d, s->screen_count);
}

/* A reported series asks for nothing but where a clock would warn. */
static bool may_matter(struct arena *a, const struct series *s)
{
	if (s->f->gated)
		return true;
	return metric_is_clock(s->f->metric) && !s->differences &&
	       screened_estimate(a, s) > log1p(SERIES_WATCHDOG_RATIO);
}

/* Improvements are confirmed beyond the threshold. */
static bool improvement_matters(struct arena *a, const struct outlook_request *r, const struct series *s)
{
	double threshold = s->limits.threshold_ratio;

	if (!s->f->gated)
		return false;
	return r->improvements || -screened_estimate(a, s) > (s->differences ? threshold * s->scale : log1p(threshold));
}

static void add_wish(struct outlook *o, const struct confirm_answer *answer)
{
	if (answer->step != CONFIRM_GOES_ON)
		return;
	o->pairs = answer->wanted > o->pairs ? answer->wanted : o->pairs;
	o->promise = fmin(o->promise, answer->promise);
}

struct outlook outlook_of(struct arena *a, const struct outlook_request *request, const struct slice_table *base,
			  const struct slice_table *head)
{
	struct arena_mark mark = arena_mark(a);
	struct outlook out = {.promise = 1};
	struct row_list rows = {0};

	rows_collect_pair(a, request->judge, base, head, &rows);
	for (size_t i = 0; i < rows.count; i++) {
		struct series *s = &rows.items[i];
		struct confirm_answer answer;

		if (s->f->state != STATE_JUDGED || s->screen_count < CONFIRM_SCREEN_PAIRS)
			continue;
		s->enough = (1 - s->limits.confidence) / (double)(request->family ? request->family : 1);
		answer = series_look(a, s, 1);
		if (answer.step == CONFIRM_GOES_ON && may_matter(a, s))
			add_wish(&out, &answer);
		answer = series_look(a, s, -1);
		if (answer.step == CONFIRM_GOES_ON && improvement_matters(a, request, s))
			add_wish(&out, &answer);
	}
	arena_reset(a, mark);
	return out;
}

size_t outlook_gated(struct arena *a, const struct outlook_request *request, const struct slice_table *base,
		     const struct slice_table *head)
{
	struct arena_mark mark = arena_mark(a);
	struct row_list rows = {0};
	size_t count = 0;

	rows_collect_pair(a, request->judge, base, head, &rows);
	for (size_t i = 0; i < rows.count; i++)
		count += rows.items[i].f->gated;
	arena_reset(a, mark);
	return count;
}
