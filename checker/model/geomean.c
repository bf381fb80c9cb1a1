/* Sums of logarithms, metric by metric. */
#include "model/geomean.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sums {
	struct geomean mean;
	double log_baseline, log_current;
};

struct table {
	struct sums *items;
	size_t count, capacity;
};

static struct sums *sums_of(struct arena *a, struct table *t, const struct finding *f)
{
	for (size_t i = 0; i < t->count; i++) {
		/* A metric in two units is two. */
		if (text_equal(t->items[i].mean.metric, f->metric) &&
		    text_equal(t->items[i].mean.unit, f->unit ? f->unit : ""))
			return &t->items[i];
	}
	t->items = arena_reserve(a, t->items, t->count, &t->capacity, sizeof *t->items);
	t->items[t->count] = (struct sums){.mean = {.metric = f->metric, .unit = f->unit ? f->unit : ""}};
	return &t->items[t->count++];
}

static bool is_counted(const struct finding *f)
{
	return f->state != STATE_INCOMPARABLE && f->state != STATE_FAILED && f->baseline.known && f->current.known &&
	       f->baseline.value > 0 && f->current.value > 0;
}

static int compare_means(const void *left, const void *right)
{
	const struct geomean *a = left, *b = right;
	int order;

	if (a->gated != b->gated)
		return a->gated ? -1 : 1;
	order = strcmp(a->metric, b->metric);
	return order ? order : strcmp(a->unit, b->unit);
}

struct geomean *verdict_geomeans(struct arena *a, const struct verdict *v, size_t *count)
{
	struct table table = {0};
	struct geomean *means;

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];
		struct sums *s;

		if (!is_counted(f))
			continue;
		s = sums_of(a, &table, f);
		s->mean.gated = s->mean.gated || f->gated;
		s->mean.count++;
		s->log_baseline += log(f->baseline.value);
		s->log_current += log(f->current.value);
	}
	means = NEW_ARRAY(a, struct geomean, table.count);
	*count = 0;
	for (size_t i = 0; i < table.count; i++) {
		struct sums *s = &table.items[i];
		double n = (double)s->mean.count;

		if (s->mean.count < 2)
			continue;
		s->mean.baseline = exp(s->log_baseline / n);
		s->mean.current = exp(s->log_current / n);
		s->mean.change_ratio = expm1((s->log_current - s->log_baseline) / n);
		means[(*count)++] = s->mean;
	}
	if (*count)
		qsort(means, *count, sizeof *means, compare_means);
	return means;
}

void geomeans_to_json(struct json *j, const struct verdict *v)
{
	struct arena *a = arena_open();
	size_t count;
	const struct geomean *means = verdict_geomeans(a, v, &count);

	json_begin_array(j);
	for (size_t i = 0; i < count; i++) {
		json_begin_object_line(j);
		json_key(j, "baseline");
		json_double(j, means[i].baseline);
		json_key(j, "benchmarks");
		json_int(j, (int64_t)means[i].count);
		json_key(j, "change_ratio");
		json_double(j, means[i].change_ratio);
		json_key(j, "current");
		json_double(j, means[i].current);
		json_key(j, "gated");
		json_bool(j, means[i].gated);
		json_key(j, "metric");
		json_text(j, means[i].metric);
		json_key(j, "unit");
		json_text(j, means[i].unit);
		json_end_object(j);
	}
	json_end_array(j);
	arena_close(a);
}
