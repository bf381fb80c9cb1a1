/* Histories of a check's series, from stored runs to what a report draws. */
#include "cmd/histories.h"

#include "base/text.h"
#include "flow/history_read.h"
#include "flow/trend.h"
#include "model/name.h"

#include <string.h>

/* A hundred dots can be told apart in a plot, and change points that lie further back no longer matter to a check.  Values
 * bound the time that reading takes: two million are some ten seconds. */
enum { MOST_RUNS = 100, MOST_VALUES = 2000000 };

struct finder {
	struct arena *arena;
	const struct histories_request *request;
	struct history history;
	struct store_entry *entries;
	size_t entry_count;
};

/* A benchmark with an old name has two histories; the window joins them, and this does not. */
static bool is_renamed(const struct finder *f, const struct finding *finding)
{
	const struct config *c = &f->request->project->config;
	const char *name = arena_printf(f->arena, "%s/%s", finding->suite, finding->bench);

	for (size_t i = 0; i < c->rename_count; i++) {
		if (text_equal(c->renames[i].to, name))
			return true;
	}
	return false;
}

static const struct store_entry *entry_of(const struct finder *f, const char *id)
{
	for (size_t i = 0; i < f->entry_count; i++) {
		if (text_equal(f->entries[i].id, id))
			return &f->entries[i];
	}
	return NULL;
}

static bool was_slower(const struct store_entry *entry, const struct history_series *s)
{
	for (size_t i = 0; entry && i < entry->slower_count; i++) {
		if (name_is_series(entry->slower[i], s->suite, s->bench, s->metric.name))
			return true;
	}
	return false;
}

/* As the window's runs are called: a short commit, else the time. */
static const char *title_of(const struct finder *f, const struct moment *m, const struct store_entry *entry)
{
	if (*m->commit)
		return arena_printf(f->arena, "%.7s%s", m->commit, entry && entry->dirty ? "+" : "");
	return *m->time ? m->time : arena_printf(f->arena, "%.7s", m->run);
}

static const struct trend_row *row_of(const struct trend *t, const struct history_series *s)
{
	for (size_t i = 0; i < t->row_count; i++) {
		if (t->rows[i].series == s)
			return &t->rows[i];
	}
	return NULL;
}

static struct report_history draw_series(const struct finder *f, const struct history_series *s,
					 const struct trend_row *row, const struct store_entry *const *entries)
{
	struct report_point *points = NEW_ARRAY(f->arena, struct report_point, s->count);

	for (size_t i = 0; i < s->count; i++) {
		const struct history_value *v = &s->values[i];
		const struct store_entry *entry = entries[v->moment];

		points[i] = (struct report_point){.name = title_of(f, &f->history.moments[v->moment], entry),
						  .value = v->value,
						  .slower = was_slower(entry, s)};
	}
	for (size_t i = 0; row && i < row->change_count; i++)
		points[row->changes[i].index].shift = true;
	return (struct report_history){.suite = s->suite,
				       .bench = s->bench,
				       .metric = s->metric.name,
				       .points = points,
				       .point_count = s->count};
}

static void draw_all(const struct finder *f, const struct trend *trend, struct report_options *options)
{
	const struct verdict *v = f->request->verdict;
	struct report_history *all = NEW_ARRAY(f->arena, struct report_history, v->finding_count);
	const struct store_entry **entries = NEW_ARRAY(f->arena, const struct store_entry *, f->history.moment_count);

	for (size_t i = 0; i < f->history.moment_count; i++)
		entries[i] = entry_of(f, f->history.moments[i].run);
	options->histories = all;
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *finding = &v->findings[i];
		const struct history_series *s =
			history_find_series(&f->history, finding->suite, finding->bench, finding->metric);

		/* Another unit would be another scale. */
		if (s && s->count && text_equal(s->metric.unit, finding->unit) && !is_renamed(f, finding))
			all[options->history_count++] = draw_series(f, s, row_of(trend, s), entries);
	}
}

bool histories_find(struct arena *a, const struct histories_request *request, struct report_options *options,
		    struct err *err)
{
	struct finder f = {.arena = a, .request = request};
	const struct store *store = request->store;
	struct history_span span = {.most_runs = MOST_RUNS,
				    .most_values = MOST_VALUES,
				    .until = request->verdict->started,
				    .check_id = request->verdict->check_id};
	struct trend trend;

	if (!store->kind->list(a, store->place, request->baseline, request->machine_class, &f.entries, &f.entry_count,
			       err) ||
	    !history_read_store(a, store, request->baseline, request->machine_class, &span, &f.history, err))
		return false;
	trend_find(a,
		   &(struct trend_request){.history = &f.history,
					   .rules = request->project->config.rules,
					   .rule_count = request->project->config.rule_count},
		   &trend);
	draw_all(&f, &trend, options);
	return true;
}
