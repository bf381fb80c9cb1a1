/*
 * Choosing and ordering rows.
 */
#include "report/report_rows.h"

#include "base/text.h"
#include "report/report_words.h"

#include <math.h>
#include <stdlib.h>

const enum state listed_states[LISTED_STATES] = {STATE_FAILED, STATE_UNDECIDED, STATE_TOO_FEW,  STATE_INCOMPARABLE,
						 STATE_GONE,   STATE_NEW,       STATE_ACCEPTED, STATE_SAME_CODE};

/* A new state must find its place above. */
_Static_assert(STATE_COUNT == 9, "a state is not listed");

enum row_rank row_rank_of(const struct finding *f)
{
	if (f->outcome == OUTCOME_SLOWER || f->effect != EFFECT_PASS)
		return ROW_SLOWER;
	return f->outcome == OUTCOME_FASTER ? ROW_FASTER : ROW_SAME;
}

static bool is_judged(const struct finding *f)
{
	return f->gated && f->state == STATE_JUDGED;
}

/* How many times slower or faster: halving a rate counts like doubling a time. */
static double size_of(const struct finding *f)
{
	if (!words_known(f->change_ratio))
		return 0;
	return f->change_ratio.value > -1 ? fabs(log1p(f->change_ratio.value)) : INFINITY;
}

/* Of two rows of one rank. */
static int compare_rows(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;

	if (row_rank_of(a) == ROW_SAME)
		return a < b ? -1 : a > b;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (size_of(a) > size_of(b) || size_of(a) < size_of(b))
		return size_of(a) > size_of(b) ? -1 : 1;
	return a < b ? -1 : a > b;
}

struct row_list rows_judged(struct arena *a, const struct verdict *v, enum row_rank rank)
{
	struct row_list list = {NEW_ARRAY(a, const struct finding *, v->finding_count), 0};

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (is_judged(f) && row_rank_of(f) == rank)
			list.rows[list.count++] = f;
	}
	if (list.count > 0)
		qsort(list.rows, list.count, sizeof *list.rows, compare_rows);
	return list;
}

static int compare_noise(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;
	double one = words_known(a->mde_ratio) ? a->mde_ratio.value : INFINITY;
	double two = words_known(b->mde_ratio) ? b->mde_ratio.value : INFINITY;

	if (one > two || one < two)
		return one > two ? -1 : 1;
	return a < b ? -1 : a > b;
}

struct row_list rows_noisy(struct arena *a, const struct verdict *v)
{
	struct row_list list = {NEW_ARRAY(a, const struct finding *, v->finding_count), 0};

	for (size_t i = 0; i < v->finding_count; i++) {
		if (finding_is_noisy(&v->findings[i]))
			list.rows[list.count++] = &v->findings[i];
	}
	if (list.count > 0)
		qsort(list.rows, list.count, sizeof *list.rows, compare_noise);
	return list;
}

/* ---- rows of one state ---- */

static bool same_bench(const struct finding *a, const struct finding *b)
{
	return text_equal(a->suite, b->suite) && text_equal(a->bench, b->bench);
}

static bool is_listed(const struct verdict *v, size_t at)
{
	const struct finding *f = &v->findings[at];
	size_t start = at;

	if (f->gated || f->effect != EFFECT_PASS)
		return true;
	while (start > 0 && same_bench(&v->findings[start - 1], f))
		start--;
	if (start < at)
		return false;
	for (size_t i = start; i < v->finding_count && same_bench(&v->findings[i], f); i++) {
		if (v->findings[i].gated)
			return false;
	}
	return true;
}

/* The listed rows from `at` on that give the same reason as that one; marks them as done. */
static struct row_list group_of(struct arena *a, const struct verdict *v, size_t at, bool *done)
{
	const struct finding *first = &v->findings[at];
	struct row_list g = {NEW_ARRAY(a, const struct finding *, v->finding_count - at), 0};

	for (size_t i = at; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (done[i] || f->state != first->state || f->effect != first->effect ||
		    !text_equal(words_or_empty(f->reason), words_or_empty(first->reason)) || !is_listed(v, i))
			continue;
		done[i] = true;
		/* One name for all series of a benchmark: they stand side by side. */
		if (!g.count || !same_bench(g.rows[g.count - 1], f))
			g.rows[g.count++] = f;
		else if (metric_is_clock(f->metric))
			g.rows[g.count - 1] = f;
	}
	return g;
}

struct row_groups rows_grouped(struct arena *a, const struct verdict *v, enum state state, size_t limit)
{
	struct row_groups all = {.groups = NEW_ARRAY(a, struct row_list, limit)};
	bool *done = NEW_ARRAY(a, bool, v->finding_count);

	for (size_t i = 0; i < v->finding_count; i++) {
		if (v->findings[i].state != state || done[i] || !is_listed(v, i))
			continue;
		/* After enough groups only the number of rows matters, and looking for their like would cost. */
		if (all.count == limit)
			all.left_out++;
		else
			all.groups[all.count++] = group_of(a, v, i, done);
	}
	return all;
}

/* ---- all of them together ---- */

/* The one threshold of all such rows, unknown when they differ. */
static struct number threshold_of(const struct verdict *v, bool (*is_such)(const struct finding *f))
{
	struct number one = {0};

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (!is_such(f))
			continue;
		if (one.known && (f->threshold_ratio < one.value || f->threshold_ratio > one.value))
			return (struct number){0};
		one = (struct number){f->threshold_ratio, true};
	}
	return one;
}

static size_t gated_count(const struct verdict_counts *c)
{
	size_t sum = 0;

	for (size_t i = 0; i < STATE_COUNT; i++)
		sum += c->by_state[i];
	return sum;
}

static void add_unseen(struct buf *out, size_t count, const char *why, struct number threshold)
{
	if (count > 0)
		buf_printf(out, ", %zu %s to see %s", count, why,
			   threshold.known ? words_limit(out->arena, threshold.value, 3) : "their threshold");
}

const char *rows_counted(struct arena *a, const struct verdict *v)
{
	struct verdict_counts c = verdict_count(v);
	size_t gated = gated_count(&c), same = c.same - c.too_noisy - c.too_small;
	struct buf out = {.arena = a};

	buf_printf(&out, "%zu benchmark%s", c.benchmarks, c.benchmarks == 1 ? "" : "s");
	if (gated != c.benchmarks)
		buf_printf(&out, ", %zu gated series", gated);
	buf_printf(&out, ": %zu slower, %zu faster, %zu same", c.slower, c.faster, same);
	if (same > 0 && words_known(c.largest_mde_ratio))
		buf_printf(&out, " (would have seen %s or more)", words_limit(a, c.largest_mde_ratio.value, 2));
	add_unseen(&out, c.too_noisy, "too noisy", threshold_of(v, finding_is_noisy));
	add_unseen(&out, c.too_small, "too small", threshold_of(v, finding_is_small));
	for (size_t i = 0; i < LISTED_STATES; i++) {
		if (c.by_state[listed_states[i]] > 0)
			buf_printf(&out, ", %zu %s", c.by_state[listed_states[i]], words_state(a, listed_states[i]));
	}
	return buf_string(&out);
}
