/*
 * Looking up what was measured for a finding.
 */
#include "report/html_values.h"

#include "report/report_words.h"
#include "stats/sample.h"

#include <math.h>
#include <string.h>

/* ---- which table is it ---- */

static const char *const *names_of(struct arena *a, const struct report_options *o, const struct run *run)
{
	const char **names = NEW_ARRAY(a, const char *, run->table_count);

	for (size_t i = 0; i < run->table_count; i++) {
		const struct slice_table *t = &run->tables[i];
		const char *name = arena_printf(a, "%s/%s", t->suite, name_normalise(a, t->bench));

		names[i] = name_renamed(a, name, o->renames, o->rename_count);
	}
	return names;
}

struct html_source html_source_of(struct arena *a, const struct report_options *options)
{
	const char *const **names = NEW_ARRAY(a, const char *const *, options->window_count + 1);

	names[0] = options->base ? names_of(a, options, options->base) : NULL;
	for (size_t i = 0; i < options->window_count; i++)
		names[i + 1] = names_of(a, options, options->window[i].run);
	return (struct html_source){.options = options, .names = names};
}

/* The finding's benchmark in a run where it may have had another name. */
static const struct slice_table *find_table(struct arena *a, const struct run *run, const char *const *names,
					    const struct finding *f)
{
	const struct slice_table *t = run_find(run, f->suite, f->bench);
	const char *name = NULL;

	if (t)
		return t;
	name = arena_printf(a, "%s/%s", f->suite, name_normalise(a, f->bench));
	for (size_t i = 0; i < run->table_count; i++) {
		if (text_equal(names[i], name))
			return &run->tables[i];
	}
	return NULL;
}

static const double *values_of(struct arena *a, const struct slice_table *t, const char *metric, size_t *count)
{
	*count = 0;
	return t && t->status == BENCH_MEASURED ? table_series(a, t, metric, count) : NULL;
}

/* ---- what was stored ---- */

static const char *title_of(struct arena *a, const struct run *run)
{
	const char *revision = words_or_empty(run->revision), *started = words_or_empty(run->started);

	if (*revision)
		return arena_printf(a, "%.7s%s", revision, run->dirty ? "+" : "");
	return *started ? started : arena_printf(a, "%.7s", words_or_empty(run->id));
}

static bool is_slower(const struct report_stored *stored, const struct finding *f)
{
	for (size_t i = 0; i < stored->slower_count; i++) {
		if (name_is_series(stored->slower[i], f->suite, f->bench, f->metric))
			return true;
	}
	return false;
}

/* The medians of the stored runs as a history, and those that count as the base. */
static void take_window(struct arena *a, const struct html_source *source, const struct finding *f,
			struct html_values *out)
{
	const struct report_options *o = source->options;
	struct report_point *points = NEW_ARRAY(a, struct report_point, o->window_count);
	double *base = NEW_ARRAY(a, double, o->window_count);

	out->base_is_stored = true;
	out->base = base;
	out->points = points;
	for (size_t i = 0; i < o->window_count; i++) {
		const struct report_stored *stored = &o->window[i];
		size_t count = 0;
		const double *x = values_of(a, find_table(a, stored->run, source->names[i + 1], f), f->metric, &count);
		struct report_point *p = &points[out->point_count];

		if (count == 0)
			continue;
		*p = (struct report_point){.name = title_of(a, stored->run),
					   .value = sample_median(a, x, count),
					   .slower = is_slower(stored, f)};
		if (!p->slower)
			base[out->base_count++] = p->value;
		out->point_count++;
	}
}

static void take_history(const struct report_options *o, const struct finding *f, struct html_values *out)
{
	for (size_t i = 0; i < o->history_count; i++) {
		const struct report_history *h = &o->histories[i];

		if (!text_equal(h->bench, f->bench) || !text_equal(h->suite, f->suite) ||
		    !text_equal(h->metric, f->metric))
			continue;
		out->points = h->points;
		out->point_count = h->point_count;
		return;
	}
}

/* The pairs that decided, where the window was only the screen. */
static void take_confirmation(struct arena *a, const struct report_options *o, const struct finding *f,
			      struct html_values *out)
{
	for (size_t i = 0; i < o->confirmation_count; i++) {
		const struct report_pair *pair = &o->confirmations[i];
		const struct slice_table *base = run_find(pair->base, f->suite, f->bench);
		const struct slice_table *head = run_find(pair->head, f->suite, f->bench);
		size_t base_count = 0, head_count = 0;
		const double *x = values_of(a, base, f->metric, &base_count);
		const double *y = values_of(a, head, f->metric, &head_count);

		if (base_count == 0 || head_count == 0)
			continue;
		out->base = x;
		out->head = y;
		out->base_count = base_count;
		out->head_count = head_count;
		out->base_is_stored = false;
		return;
	}
}

struct html_values html_values_find(struct arena *a, const struct html_source *source, const struct finding *f)
{
	const struct report_options *o = source->options;
	struct html_values out = {0};

	if (o->head)
		out.head = values_of(a, run_find(o->head, f->suite, f->bench), f->metric, &out.head_count);
	if (o->base)
		out.base = values_of(a, find_table(a, o->base, source->names[0], f), f->metric, &out.base_count);
	else if (o->window_count > 0)
		take_window(a, source, f, &out);
	take_confirmation(a, o, f, &out);
	take_history(o, f, &out);
	return out;
}
