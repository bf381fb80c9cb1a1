/*
 * Creeping changes: lines, and small steps that add up to more than the rule's threshold.
 */
#include "flow/trend_creep.h"

#include "stats/multiple.h"
#include "stats/sample.h"
#include "stats/trend_line.h"

#include <math.h>

/* A line through fewer values is a matter of taste. */
enum { LINE_LEAST = 12 };

/* What one more number in a description must be worth: 3 ln n, as for a step. */
static const double NUMBER_COST = 3;

/* A value further from its level than this does not count more. */
static const double CAPPED_SD = 4;

/* Medians of the first and the last third of a line lie two thirds of its size apart.  Half of the threshold leaves room
 * for noise; what is closer is not looked at, which saves most of the time. */
static const double THIRDS_LEAST = 0.5;

/* A line that goes over [start, n). */
struct stretch {
	size_t start;
	struct trend_line line;
	double p;
};

static double capped_square(double left, double cap)
{
	return fmin(left * left, cap * cap);
}

/* The steps that were kept as they describe [start, n). */
static double steps_square(const struct trend_work *w, size_t start, double cap, size_t *count)
{
	double sum = 0, level = 0;
	size_t next = 0;

	*count = 0;
	for (size_t i = 0; i < w->found.count; i++)
		*count += w->found.items[i].index > start;
	if (w->found.count)
		level = w->found.items[0].before;
	else
		for (size_t i = start; i < w->n; i++)
			level += w->x[i] / (double)(w->n - start);
	for (size_t i = 0; i < w->n; i++) {
		for (; next < w->found.count && w->found.items[next].index == i; next++)
			level = w->found.items[next].after;
		sum += i >= start ? capped_square(w->x[i] - level, cap) : 0;
	}
	return sum;
}

/* The line says more about these values than the steps, for what each of them costs (Schwarz, Ann. Stat. 6, 1978, with
 * the penalty of the steps). */
static bool line_is_better(const struct trend_work *w, const struct stretch *s)
{
	double n = (double)(w->n - s->start), cap = CAPPED_SD * w->found.sd, line = 0, steps;
	size_t count;

	for (size_t i = s->start; i < w->n; i++)
		line += capped_square(w->x[i] - s->line.start - s->line.slope * (double)(i - s->start), cap);
	steps = steps_square(w, s->start, cap, &count);
	if (line <= 0 || steps <= 0)
		return line < steps;
	return n * log(line) + NUMBER_COST * log(n) < n * log(steps) + NUMBER_COST * log(n) * (double)count;
}

static struct trend_size line_size(const struct trend_work *w, const struct stretch *s)
{
	double length = (double)(w->n - s->start - 1), before = s->line.start;

	return trend_size_of(w, before, before + s->line.slope * length, s->line.low * length, s->line.high * length);
}

/* More than the threshold in all; surely the same way. */
static bool size_is_large(const struct trend_work *w, const struct trend_size *size)
{
	return size->has_ratio && fabs(size->ratio) > w->limits.threshold_ratio && size->low * size->high > 0;
}

static bool may_be_line(struct arena *a, const struct trend_work *w, size_t start)
{
	size_t third = (w->n - start) / 3;
	double first = sample_median(a, w->x + start, third), last = sample_median(a, w->x + w->n - third, third);
	struct trend_size size = trend_size_of(w, first, last, 0, 0);

	return size.has_ratio && fabs(size.ratio) > THIRDS_LEAST * w->limits.threshold_ratio;
}

/* The longest stretch up to the newest value that is a line: from the first value or from the start of a level. */
static bool find_line(struct arena *a, const struct trend_work *w, struct stretch *out)
{
	size_t tried = 0;

	for (size_t i = 0; i <= w->found.count; i++) {
		struct stretch s = {.start = i ? w->found.items[i - 1].index : 0};
		struct trend_size size;

		if (w->n < s.start + LINE_LEAST)
			break;
		if (!may_be_line(a, w, s.start))
			continue;
		s.line = trend_line_fit(a, w->x + s.start, w->n - s.start, w->limits.confidence);
		tried++;
		if (!s.line.exists)
			continue;
		size = line_size(w, &s);
		if (!size_is_large(w, &size) || !line_is_better(w, &s))
			continue;
		s.p = fmin(1, s.line.p * (double)tried);
		*out = s;
		return true;
	}
	return false;
}

static void take_line(struct trend_work *w, const struct stretch *s, double q)
{
	struct trend_row *row = w->row;
	const struct history_value *values = row->series->values;

	row->creep = (struct trend_creep){.found = true,
					  .first = s->start,
					  .end = w->n,
					  .from = values[s->start].moment,
					  .to = values[w->n - 1].moment,
					  .size = line_size(w, s),
					  .p = s->p,
					  .q = q};
	while (row->change_count && row->changes[row->change_count - 1].index > s->start)
		row->change_count--;
}

/* The newest steps, as long as they go the same way and each is below the threshold. */
static void take_steps(struct trend_work *w)
{
	struct trend_row *row = w->row;
	const struct trend_change *last = row->changes + row->change_count - 1, *first = last;
	const struct history_value *values = row->series->values;
	struct trend_size size;

	if (row->change_count < 2 || !last->size.has_ratio || fabs(last->size.ratio) > row->threshold_ratio)
		return;
	while (first > row->changes && first[-1].size.way == last->size.way && first[-1].size.has_ratio &&
	       fabs(first[-1].size.ratio) <= row->threshold_ratio)
		first--;
	if (first == last)
		return;
	size = last->size;
	size.before = first->size.before;
	size.ratio = size.low = size.high = 0;
	for (const struct trend_change *c = first; c <= last; c++) {
		size.ratio = (1 + size.ratio) * (1 + c->size.ratio) - 1;
		size.low = (1 + size.low) * (1 + c->size.low) - 1;
		size.high = (1 + size.high) * (1 + c->size.high) - 1;
	}
	if (!size_is_large(w, &size))
		return;
	row->creep = (struct trend_creep){.found = true,
					  .in_steps = true,
					  .first = first->index,
					  .end = last->index + 1,
					  .from = values[first->index].moment,
					  .to = values[last->index].moment,
					  .size = size,
					  .p = last->p,
					  .q = last->q};
}

void trend_creep_find(struct arena *a, struct trend_work *works, size_t count)
{
	struct stretch *lines = NEW_ARRAY(a, struct stretch, count);
	bool *is_line = NEW_ARRAY(a, bool, count);
	double *q = NEW_ARRAY(a, double, count);

	for (size_t i = 0; i < count; i++) {
		is_line[i] = find_line(a, &works[i], &lines[i]);
		q[i] = is_line[i] ? lines[i].p : 1;
	}
	benjamini_hochberg(a, q, count, q);
	for (size_t i = 0; i < count; i++) {
		if (is_line[i] && q[i] <= 1 - works[i].limits.confidence)
			take_line(&works[i], &lines[i], q[i]);
		else
			take_steps(&works[i]);
	}
}
