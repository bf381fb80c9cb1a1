/* Killick, Fearnhead, Eckley: Optimal detection of changepoints with a linear computational cost, JASA 107 (2012). */
#include "stats/pelt.h"

#include "stats/sample.h"

#include <math.h>
#include <stdint.h>

/* Places that may be the last cut, field by field: the loop over them is where the time goes. */
struct candidates {
	double *base, *sum; /* what everything before costs, less the squares before; the sum before */
	double *cost;
	size_t *from, *dropped_at;
	size_t count;
};

struct search {
	const struct level_sums *sums;
	double *best, *inverse; /* inverse[k] is 1 / k */
	size_t *last;
	struct candidates alive;
	size_t next_drop;
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

/* Takes out the candidates whose time has come. */
static void compact(struct search *s, size_t end)
{
	struct candidates *c = &s->alive;
	size_t kept = 0;

	s->next_drop = SIZE_MAX;
	for (size_t k = 0; k < c->count; k++) {
		if (c->dropped_at[k] <= end)
			continue;
		c->base[kept] = c->base[k];
		c->sum[kept] = c->sum[k];
		c->from[kept] = c->from[k];
		c->dropped_at[kept] = c->dropped_at[k];
		s->next_drop = c->dropped_at[k] < s->next_drop ? c->dropped_at[k] : s->next_drop;
		kept++;
	}
	c->count = kept;
}

static void add(struct search *s, size_t from)
{
	struct candidates *c = &s->alive;

	c->base[c->count] = s->best[from] - s->sums->square[from];
	c->sum[c->count] = s->sums->sum[from];
	c->from[c->count] = from;
	c->dropped_at[c->count++] = SIZE_MAX;
}

/*
 * The best last cut before `end`.  A candidate that, without the penalty, is no better than that is beaten by a cut at
 * `end` in every longer series, but such a cut needs the least length behind it first.
 */
static void extend(struct search *s, size_t end, size_t least_length)
{
	struct candidates *c = &s->alive;
	double sum = s->sums->sum[end], least = INFINITY, most = -INFINITY, limit;
	const double *inverse = s->inverse + end;
	size_t at = 0;

	for (size_t k = 0; k < c->count; k++) {
		double part = sum - c->sum[k], cost = c->base[k] - part * part * inverse[-(ptrdiff_t)c->from[k]];

		c->cost[k] = cost;
		if (cost < least) {
			least = cost;
			at = k;
		}
		most = cost > most ? cost : most;
	}
	limit = least + s->penalty;
	s->last[end] = c->from[at];
	s->best[end] = limit + s->sums->square[end];
	for (size_t k = 0; most >= limit && k < c->count; k++) {
		if (c->cost[k] < limit || c->dropped_at[k] != SIZE_MAX)
			continue;
		c->dropped_at[k] = end + least_length;
		s->next_drop = c->dropped_at[k] < s->next_drop ? c->dropped_at[k] : s->next_drop;
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
	struct search s = {.sums = sums, .penalty = penalty, .next_drop = SIZE_MAX};

	if (n < 2 * least)
		return 0;
	s.best = NEW_ARRAY(a, double, n + 1);
	s.inverse = NEW_ARRAY(a, double, n + 1);
	s.last = NEW_ARRAY(a, size_t, n + 1);
	s.alive.base = NEW_ARRAY(a, double, n + 1);
	s.alive.sum = NEW_ARRAY(a, double, n + 1);
	s.alive.cost = NEW_ARRAY(a, double, n + 1);
	s.alive.from = NEW_ARRAY(a, size_t, n + 1);
	s.alive.dropped_at = NEW_ARRAY(a, size_t, n + 1);
	for (size_t k = 1; k <= n; k++)
		s.inverse[k] = 1 / (double)k;
	s.best[0] = -penalty;
	for (size_t end = least; end <= n; end++) {
		size_t from = end - least;

		if (from == 0 || from >= least)
			add(&s, from);
		if (s.next_drop <= end)
			compact(&s, end);
		extend(&s, end, least);
	}
	count = trace(&s, out);
	arena_reset(a, mark);
	return count;
}
