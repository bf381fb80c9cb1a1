/* Histories from stored runs, and as runs that can be stored. */
#include "flow/history_read.h"

#include "base/file.h"
#include "base/text.h"
#include "stats/sample.h"

#include <stdlib.h>
#include <string.h>

/* What the suite of a history without suites is called. */
#define IMPORT_SUITE "history"

struct dated {
	const struct store_entry *entry;
	size_t order;
};

static int dated_compare(const void *left, const void *right)
{
	const struct dated *a = left, *b = right;
	int order = strcmp(a->entry->started, b->entry->started);

	return order ? order : (a->order > b->order) - (a->order < b->order);
}

static void add_run(struct arena *a, struct history *h, const struct run *run)
{
	size_t moment = history_add_moment(a, h, run->started, run->revision, run->id);

	for (size_t i = 0; i < run->table_count; i++) {
		const struct slice_table *t = &run->tables[i];

		for (size_t m = 0; t->status == BENCH_MEASURED && m < t->metric_count; m++) {
			size_t count;
			const double *x = table_series(a, t, t->metrics[m].name, &count);
			struct history_series *s;

			if (!count)
				continue;
			s = history_take_series(a, h, t->suite, t->bench, &t->metrics[m]);
			s->gated_clock = text_equal(t->clock, s->metric.name);
			history_add_value(a, s, moment, sample_median(a, x, count));
		}
	}
}

static size_t value_count(const struct run *run)
{
	size_t count = 0;

	for (size_t i = 0; i < run->table_count; i++)
		count += run->tables[i].slice_count * run->tables[i].metric_count;
	return count;
}

/* Takes the check's own runs out.  They began when it did, as other runs of that second may have. */
static bool leave_own_out(struct arena *a, const struct store *store, const char *baseline,
			  const struct history_span *span, struct dated *order, size_t *count, struct err *err)
{
	for (size_t i = *count; *span->check_id && i > 0 && text_equal(order[i - 1].entry->started, span->until); i--) {
		struct arena *scratch = arena_open_child(a);
		struct run run;
		bool loaded = store->kind->load(scratch, store->place, baseline, order[i - 1].entry, &run, err);
		bool own = loaded && text_equal(run.check_id, span->check_id);

		arena_close(scratch);
		if (!loaded)
			return false;
		if (own)
			memmove(&order[i - 1], &order[i], (--*count - (i - 1)) * sizeof *order);
	}
	return true;
}

/* The first of the runs that the span takes; `*count` is where it ends.  The newest run says how many values one has. */
static bool find_span(struct arena *a, const struct store *store, const char *baseline, const struct history_span *span,
		      struct dated *order, size_t *count, size_t *first, struct err *err)
{
	struct arena *scratch;
	struct run run;
	size_t values, most = span->most_runs;

	while (*span->until && *count && strcmp(order[*count - 1].entry->started, span->until) > 0)
		--*count;
	if (!leave_own_out(a, store, baseline, span, order, count, err))
		return false;
	*first = 0;
	if (!*count)
		return true;
	scratch = arena_open_child(a);
	if (!store->kind->load(scratch, store->place, baseline, order[*count - 1].entry, &run, err)) {
		arena_close(scratch);
		return false;
	}
	values = value_count(&run);
	arena_close(scratch);
	if (values && span->most_values / values < most)
		most = span->most_values / values;
	*first = *count > most ? *count - most : 0;
	return true;
}

bool history_read_store(struct arena *a, const struct store *store, const char *baseline, const char *machine_class,
			const struct history_span *span, struct history *out, struct err *err)
{
	struct store_entry *entries;
	struct dated *order;
	size_t count, first = 0;

	*out = (struct history){0};
	if (!store->kind->list(a, store->place, baseline, machine_class, &entries, &count, err))
		return false;
	order = NEW_ARRAY(a, struct dated, count);
	for (size_t i = 0; i < count; i++)
		order[i] = (struct dated){.entry = &entries[i], .order = i};
	if (count)
		qsort(order, count, sizeof *order, dated_compare);
	if (span && !find_span(a, store, baseline, span, order, &count, &first, err))
		return false;
	for (size_t i = first; i < count; i++) {
		struct arena *scratch = arena_open_child(a);
		struct run run;
		bool loaded = store->kind->load(scratch, store->place, baseline, order[i].entry, &run, err);

		if (loaded)
			add_run(a, out, &run);
		arena_close(scratch);
		if (!loaded)
			return false;
	}
	return true;
}

bool history_read_any(struct arena *a, const char *path, struct history *out, const char **format, struct err *err)
{
	const char *shown = text_equal(path, "-") ? "standard input" : path;
	struct str text;
	size_t blank;

	if (!file_read(a, path, FILE_LIMIT, &text, err))
		return false;
	blank = strspn(text.at, " \t\r\n");
	if (text_starts(text.at + blank, "window.") || text.at[blank] == '{') {
		*format = "js";
		return history_parse_js(a, shown, text, out, err);
	}
	*format = "csv";
	return history_parse_csv(a, shown, text, out, err);
}

/* Nanoseconds of one unit, or 0 where it is no time. */
static double unit_ns(const char *unit)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (text_equal(unit, units[i].name))
			return units[i].ns;
	}
	return 0;
}

static void set_value(struct arena *a, struct run *run, const struct history_series *s, const char *unit, double value)
{
	const char *suite = *s->suite ? s->suite : IMPORT_SUITE;
	struct slice_table *t = run_find(run, suite, s->bench);
	struct metric metric = s->metric;
	double ns;

	if (text_equal(metric.name, "time")) {
		metric.unit = *metric.unit ? metric.unit : unit;
		metric.name = metric.category == CATEGORY_LATENCY ? "real_time" : "value";
	}
	ns = metric.category == CATEGORY_LATENCY ? unit_ns(metric.unit) : 0;
	if (ns > 0) {
		value *= ns;
		metric.unit = "ns";
	}
	if (!run_find_suite(run, suite))
		run_add_suite(a, run, suite, "file");
	if (!t) {
		t = run_add(a, run, suite, s->bench);
		t->clock = "real_time";
		table_add_slice(a, t)->phase = PHASE_MEASURE;
	}
	if (text_equal(metric.name, "cpu_time"))
		t->clock = "cpu_time";
	table_set(a, t, &t->slices[0], &metric, value);
}

struct run *history_to_runs(struct arena *a, const struct history *h, const char *unit, const char *machine_class,
			    size_t *count, size_t *left_out)
{
	struct run *runs = NEW_ARRAY(a, struct run, h->moment_count);

	*count = *left_out = 0;
	for (size_t i = 0; i < h->moment_count; i++) {
		static const struct host unknown = {.arch = "",
						    .cpu_model = "",
						    .cpu_flags = "",
						    .hypervisor = "",
						    .kernel = "",
						    .governor = "",
						    .turbo = "",
						    .smt = "",
						    .libc = "",
						    .compiler = ""};

		runs[i] = (struct run){.id = "",
				       .check_id = "",
				       .pawl_version = PAWL_VERSION,
				       .started = h->moments[i].time,
				       .revision = h->moments[i].commit,
				       .branch = "",
				       .source = "",
				       .shard = 1,
				       .shard_count = 1,
				       .host = unknown};
		runs[i].host.machine_class = machine_class;
		run_warn(a, &runs[i], "imported: measured elsewhere, one value a series");
	}
	for (size_t i = 0; i < h->series_count; i++) {
		const struct history_series *s = &h->series[i];

		for (size_t k = 0; k < s->count; k++)
			set_value(a, &runs[s->values[k].moment], s, unit, s->values[k].value);
	}
	for (size_t i = 0; i < h->moment_count; i++) {
		if (runs[i].table_count)
			runs[(*count)++] = runs[i];
		else
			++*left_out;
	}
	return runs;
}
