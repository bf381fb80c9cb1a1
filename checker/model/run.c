/*
 * The slice tables of a run in memory: finding, adding, columns and series.
 */
#include "model/run.h"

#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

struct slice_table *run_find(const struct run *r, const char *suite, const char *bench)
{
	for (size_t i = 0; i < r->table_count; i++) {
		struct slice_table *t = &r->tables[i];

		if (text_equal(t->bench, bench) && text_equal(t->suite, suite))
			return t;
	}
	return NULL;
}

struct run_suite *run_find_suite(const struct run *r, const char *suite)
{
	for (size_t i = 0; i < r->suite_count; i++) {
		if (text_equal(r->suites[i].name, suite))
			return &r->suites[i];
	}
	return NULL;
}

struct slice_table *run_add(struct arena *a, struct run *r, const char *suite, const char *bench)
{
	struct slice_table *t;

	r->tables = arena_reserve(a, r->tables, r->table_count, &r->table_capacity, sizeof *r->tables);
	t = &r->tables[r->table_count++];
	*t = (struct slice_table){
		.suite = arena_string(a, suite),
		.bench = arena_string(a, bench),
		.reason = "",
		.clock = "",
	};
	return t;
}

struct run_suite *run_add_suite(struct arena *a, struct run *r, const char *name, const char *kind)
{
	struct run_suite *s;

	r->suites = arena_reserve(a, r->suites, r->suite_count, &r->suite_capacity, sizeof *r->suites);
	s = &r->suites[r->suite_count++];
	*s = (struct run_suite){
		.name = arena_string(a, name),
		.kind = arena_string(a, kind),
		.config_digest = "",
		.program_version = "",
		.failure = "",
	};
	return s;
}

void run_warn(struct arena *a, struct run *r, const char *format, ...)
{
	va_list args;

	r->warnings = arena_reserve(a, r->warnings, r->warning_count, &r->warning_capacity, sizeof *r->warnings);
	va_start(args, format);
	r->warnings[r->warning_count++] = arena_vprintf(a, format, args);
	va_end(args);
}

int table_metric(const struct slice_table *t, const char *metric)
{
	for (size_t i = 0; i < t->metric_count; i++) {
		if (text_equal(t->metrics[i].name, metric))
			return (int)i;
	}
	return -1;
}

/* Every slice has room for metric_capacity cells, so that a new column rarely copies. */
static size_t cell_room(const struct slice_table *t)
{
	return t->metric_capacity > t->metric_count ? t->metric_capacity : t->metric_count;
}

struct slice *table_add_slice(struct arena *a, struct slice_table *t)
{
	struct slice *s;

	t->slices = arena_reserve(a, t->slices, t->slice_count, &t->slice_capacity, sizeof *t->slices);
	s = &t->slices[t->slice_count++];
	*s = (struct slice){.cells = NEW_ARRAY(a, struct cell, cell_room(t)), .cpu = -1};
	return s;
}

static size_t add_metric(struct arena *a, struct slice_table *t, const struct metric *m)
{
	size_t old_room = cell_room(t), count = t->metric_count;

	t->metrics = arena_reserve(a, t->metrics, count, &t->metric_capacity, sizeof *t->metrics);
	t->metrics[count] = (struct metric){
		.name = arena_string(a, m->name),
		.unit = arena_string(a, m->unit ? m->unit : ""),
		.category = m->category,
	};
	t->metric_count++;
	if (cell_room(t) == old_room)
		return count;
	for (size_t i = 0; i < t->slice_count; i++) {
		struct cell *cells = NEW_ARRAY(a, struct cell, cell_room(t));

		if (count)
			memcpy(cells, t->slices[i].cells, count * sizeof *cells);
		t->slices[i].cells = cells;
	}
	return count;
}

void table_set(struct arena *a, struct slice_table *t, struct slice *s, const struct metric *m, double value)
{
	int column = table_metric(t, m->name);
	size_t at = column < 0 ? add_metric(a, t, m) : (size_t)column;

	/* Readers refuse NaN and infinity; a mean of huge values can still overflow, and is then no value. */
	s->cells[at] = (struct cell){.value = isfinite(value) ? value : 0, .present = isfinite(value)};
}

double *table_series(struct arena *a, const struct slice_table *t, const char *metric, size_t *count)
{
	double *values = NEW_ARRAY(a, double, t->slice_count);
	int column = table_metric(t, metric);

	*count = 0;
	if (column < 0)
		return values;
	for (size_t i = 0; i < t->slice_count; i++) {
		const struct slice *s = &t->slices[i];

		if (s->phase != PHASE_TRIAL && s->cells[column].present)
			values[(*count)++] = s->cells[column].value;
	}
	return values;
}
