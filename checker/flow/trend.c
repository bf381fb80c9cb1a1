/*
 * From histories to change points, with one false-discovery step over all series.
 */
#include "flow/trend.h"

#include "base/text.h"
#include "flow/trend_creep.h"
#include "stats/changepoint.h"
#include "stats/distribution.h"
#include "stats/multiple.h"
#include "stats/sample.h"

#include <math.h>

bool trend_pattern_means(const char *pattern, const struct history_series *s)
{
	return text_equal(pattern, s->name) || text_glob(pattern, s->name) ||
	       rule_matches(pattern, s->suite, s->bench, s->metric.name, s->gated_clock);
}

static bool is_wanted(const struct trend_request *r, const struct history_series *s)
{
	for (size_t i = 0; i < r->pattern_count; i++) {
		if (trend_pattern_means(r->patterns[i], s))
			return true;
	}
	return r->pattern_count == 0;
}

/* The series as it is judged: logarithms where every value has one, so that sizes are ratios. */
static void take_values(struct arena *a, struct trend_work *w)
{
	const struct history_series *s = w->row->series;

	w->n = s->count;
	w->x = NEW_ARRAY(a, double, w->n);
	w->in_logs = true;
	for (size_t i = 0; i < w->n; i++)
		w->in_logs = w->in_logs && s->values[i].value > 0;
	for (size_t i = 0; i < w->n; i++)
		w->x[i] = w->in_logs ? log(s->values[i].value) : s->values[i].value;
}

static enum trend_way way_of(const struct trend_work *w, bool rises)
{
	switch (w->category) {
	case CATEGORY_LATENCY:
	case CATEGORY_RESOURCE:
		return rises ? TREND_SLOWER : TREND_FASTER;
	case CATEGORY_THROUGHPUT:
		return rises ? TREND_FASTER : TREND_SLOWER;
	case CATEGORY_UNKNOWN:
		break;
	}
	return rises ? TREND_HIGHER : TREND_LOWER;
}

struct trend_size trend_size_of(const struct trend_work *w, double before, double after, double low, double high)
{
	struct trend_size size = {.before = before, .after = after, .way = way_of(w, after > before)};

	if (w->in_logs) {
		size = (struct trend_size){
			.before = exp(before), .after = exp(after), .has_ratio = true, .way = size.way};
		size.ratio = expm1(after - before);
		size.low = expm1(low);
		size.high = expm1(high);
	} else if (before > 0) {
		size.has_ratio = true;
		size.ratio = (after - before) / before;
		size.low = low / before;
		size.high = high / before;
	}
	return size;
}

/* The change counts at all: the rule's least effect. */
bool trend_size_counts(const struct trend_work *w, const struct trend_size *size)
{
	double amount = fabs(size->after - size->before);

	if (text_equal(w->row->unit, "ns") && amount < w->limits.min_change)
		return false;
	if (w->limits.min_effect.absolute)
		return amount >= w->limits.min_effect.value;
	/* A tenth of a billionth forgives the rounding of a ratio. */
	return !size->has_ratio || fabs(size->ratio) >= w->limits.min_effect.value - 1e-10;
}

static void describe_change(const struct trend_work *w, const struct changepoint *c, struct trend_change *out)
{
	const struct history_value *values = w->row->series->values;
	double one = (double)(c->index - c->first), two = (double)(c->end - c->index), step = c->after - c->before;
	double reach = student_t_quantile(0.5 + w->limits.confidence / 2, w->found.df) * w->found.sd *
		       sqrt(w->found.spread * (1 / one + 1 / two));
	double newest = w->found.items[w->found.count - 1].after;

	*out = (struct trend_change){.index = c->index,
				     .good = values[c->earliest - 1].moment,
				     .bad = values[c->latest].moment,
				     .p = c->p,
				     .size = trend_size_of(w, c->before, c->after, step - reach, step + reach)};
	out->holds = (newest - c->before) / step > 0.5;
}

static void prepare(struct arena *a, const struct trend_request *r, struct trend_work *w)
{
	struct trend_row *row = w->row;
	const struct history_series *s = row->series;

	w->limits = rule_limits(r->rules, r->rule_count, s->suite, s->bench, s->metric.name, s->gated_clock);
	w->category = w->limits.has_category ? w->limits.category : s->metric.category;
	row->unit = w->limits.unit ? w->limits.unit : s->metric.unit;
	row->category = w->category;
	row->threshold_ratio = w->limits.threshold_ratio;
	take_values(a, w);
	w->found = changepoint_analyse(a, w->x, w->n);
	for (size_t i = 0; i < w->n; i++)
		row->spike_count += w->found.spike[i];
	row->noise = w->found.sd;
	row->noise_is_ratio = w->in_logs;
}

static void finish_row(struct arena *a, struct trend_work *w, const double *q)
{
	struct trend_row *row = w->row;
	size_t from = 0;

	row->changes = NEW_ARRAY(a, struct trend_change, w->found.count);
	for (size_t i = 0; i < w->found.count; i++) {
		struct trend_change *c = &row->changes[row->change_count];

		describe_change(w, &w->found.items[i], c);
		c->q = q[i];
		if (c->q <= 1 - w->limits.confidence && trend_size_counts(w, &c->size)) {
			row->change_count++;
			from = c->index;
		}
	}
	row->level = w->n ? sample_median(a, w->x + from, w->n - from) : 0;
	if (w->in_logs && w->n)
		row->level = exp(row->level);
}

/* Every step that the series show is one question; a series that shows none has asked one and got p = 1. */
static void adjust(struct arena *a, struct trend_work *works, size_t count, double **q)
{
	size_t total = 0, at = 0;
	double *p;

	for (size_t i = 0; i < count; i++)
		total += works[i].found.count ? works[i].found.count : 1;
	p = NEW_ARRAY(a, double, total);
	for (size_t i = 0; i < count; i++) {
		q[i] = p + at;
		for (size_t k = 0; k < works[i].found.count; k++)
			p[at++] = works[i].found.items[k].p;
		if (!works[i].found.count)
			p[at++] = 1;
	}
	benjamini_hochberg(a, p, total, p);
}

void trend_find(struct arena *a, const struct trend_request *request, struct trend *out)
{
	const struct history *h = request->history;
	struct trend_work *works = NEW_ARRAY(a, struct trend_work, h->series_count);
	double **q = NEW_ARRAY(a, double *, h->series_count);

	*out = (struct trend){.history = h, .rows = NEW_ARRAY(a, struct trend_row, h->series_count)};
	for (size_t i = 0; i < h->series_count; i++) {
		struct trend_row *row = &out->rows[out->row_count];

		if (!is_wanted(request, &h->series[i]))
			continue;
		row->series = &h->series[i];
		works[out->row_count].row = row;
		prepare(a, request, &works[out->row_count++]);
		out->short_count += row->series->count < 2 * CHANGEPOINT_MIN_SEGMENT;
	}
	adjust(a, works, out->row_count, q);
	for (size_t i = 0; i < out->row_count; i++)
		finish_row(a, &works[i], q[i]);
	trend_creep_find(a, works, out->row_count);
}
