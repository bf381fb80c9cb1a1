/* Killick, Fearnhead, Eckley: Optimal detection of changepoints with a linear computational cost, JASA 107 (2012). */
#include "stats/pelt.h"

#include "stats/sample.h"

#include <math.h>
#include <stdint.h>

/* A place that may be the last cut; `base` is what everything before it costs, less the squares before it. */
struct candidate {
	double base, sum, cost;
	size_t from, dropped_at;
};

struct search {
	const struct level_sums *sums;
	double *best, *inverse; /* inverse[k] is 1 / k */
	size_t *last;
	struct candidate *alive;
	size_t alive_count;
	double penalty;
};

struct level_sums level_sums_of(struct arena *a, const double *x, size_t n)
{
	struct level_sums s = {.n = n, .sum = NEW_ARRAY(a, double, n + 1), .square = NEW_ARRAY(a, double, n + 1)};
	double shift = n ? sample_median(a, x, n) : 0;

	for (size_t i = 0; i < n; i++) {
		double v = x[i] - shift;

		s.sum[i + 1] = s.sum[i] + v;
		s.square[i + 1] = s.square[i] + v * v;
	}
	return s;
}

double level_cost(const struct level_sums *s, size_t from, size_t to)
{
	double sum = s->sum[to] - s->sum[from];

	return fmax(0, s->square[to] - s->square[from] - sum * sum / (double)(to - from));
}

/* What each candidate costs as the last cut before `end`; those that can no longer be one go. */
static void extend(struct search *s, size_t end)
{
	double sum = s->sums->sum[end], least = INFINITY;
	size_t kept = 0, from = 0;

	for (size_t k = 0; k < s->alive_count; k++) {
		struct candidate c = s->alive[k];
		double part = sum - c.sum;

		if (end >= c.dropped_at)
			continue;
		c.cost = c.base - part * part * s->inverse[end - c.from];
		if (c.cost < least) {
			least = c.cost;
			from = c.from;
		}
		s->alive[kept++] = c;
	}
	s->alive_count = kept;
	s->last[end] = from;
	s->best[end] = least + s->sums->square[end] + s->penalty;
}

/*
 * A candidate that, without the penalty, is no better than the best for `end` is beaten by a cut at `end` in every longer
 * series, but such a cut needs the least length behind it first.
 */
static void drop(struct search *s, size_t end, size_t least)
{
	double limit = s->best[end] - s->sums->square[end];

	for (size_t k = 0; k < s->alive_count; k++) {
		struct candidate *c = &s->alive[k];

		if (c->cost >= limit && c->dropped_at == SIZE_MAX)
			c->dropped_at = end + least;
	}
}

static size_t trace(const struct search *s, size_t *out)
{
	size_t count = 0, at;

	for (size_t end = s->sums->n; end > 0 && s->last[end] > 0; end = s->last[end])
		count++;
	at = count;
	for (size_t end = s->sums->n; at > 0; end = s->last[end])
		out[--at] = s->last[end];
	return count;
}

size_t pelt_cut(struct arena *a, const struct level_sums *sums, double penalty, size_t least, size_t *out)
{
	struct arena_mark mark = arena_mark(a);
	size_t n = sums->n, count;
	struct search s = {.sums = sums, .penalty = penalty};

	if (n < 2 * least)
		return 0;
	s.best = NEW_ARRAY(a, double, n + 1);
	s.inverse = NEW_ARRAY(a, double, n + 1);
	s.last = NEW_ARRAY(a, size_t, n + 1);
	s.alive = NEW_ARRAY(a, struct candidate, n + 1);
	for (size_t k = 1; k <= n; k++)
		s.inverse[k] = 1 / (double)k;
	s.best[0] = -penalty;
	for (size_t end = least; end <= n; end++) {
		size_t from = end - least;

		if (from == 0 || from >= least)
			s.alive[s.alive_count++] = (struct candidate){.from = from,
								      .base = s.best[from] - sums->square[from],
								      .sum = sums->sum[from],
								      .dropped_at = SIZE_MAX};
		extend(&s, end);
		drop(&s, end, least);
	}
	count = trace(&s, out);
	arena_reset(a, mark);
	return count;
}
