/*
 * The slice tables of a run in memory: finding, adding, columns and series.
 */
#include "model/run.h"

#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* FNV-1a (Fowler, Noll, Vo) over both names. */
static uint64_t hash_of(const char *suite, const char *bench)
{
	uint64_t hash = 14695981039346656037u;

	for (; *suite; suite++)
		hash = (hash ^ (unsigned char)*suite) * 1099511628211u;
	hash = (hash ^ '/') * 1099511628211u;
	for (; *bench; bench++)
		hash = (hash ^ (unsigned char)*bench) * 1099511628211u;
	return hash ^ (hash >> 29);
}

static bool is_named(const struct slice_table *t, const char *suite, const char *bench)
{
	return text_equal(t->bench, bench) && text_equal(t->suite, suite);
}

/* The place in the index that holds the table's number, counted from 1, or the free one where it belongs. */
static uint32_t *index_place(const struct run *r, const char *suite, const char *bench)
{
	size_t at = hash_of(suite, bench) & (r->index_room - 1);

	for (;; at = (at + 1) & (r->index_room - 1)) {
		uint32_t number = r->index[at];

		if (!number || is_named(&r->tables[number - 1], suite, bench))
			return &r->index[at];
	}
}

/* Makes the index anew, at most half full once there are `count` tables. */
static void index_build(struct arena *a, struct run *r, size_t count)
{
	enum { FIRST_ROOM = 64 };

	r->index_room = FIRST_ROOM;
	while (r->index_room < 2 * count)
		r->index_room *= 2;
	r->index = NEW_ARRAY(a, uint32_t, r->index_room);
	for (r->index_count = 0; r->index_count < r->table_count; r->index_count++) {
		const struct slice_table *t = &r->tables[r->index_count];
		uint32_t *place = index_place(r, t->suite, t->bench);

		if (!*place)
			*place = (uint32_t)r->index_count + 1;
	}
}

bool phase_counts(enum phase phase)
{
	return phase != PHASE_TRIAL && phase != PHASE_PROFILE;
}

struct slice_table *run_find(const struct run *r, const char *suite, const char *bench)
{
	/* Whoever took tables out of the list left the index behind. */
	if (r->index_count == r->table_count && r->table_count) {
		uint32_t number = *index_place(r, suite, bench);

		return number ? &r->tables[number - 1] : NULL;
	}
	for (size_t i = 0; i < r->table_count; i++) {
		if (is_named(&r->tables[i], suite, bench))
			return &r->tables[i];
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
		.uncounted = "",
	};
	if (r->index_count != r->table_count - 1 || 2 * r->table_count > r->index_room) {
		index_build(a, r, 2 * r->table_count);
	} else {
		uint32_t *place = index_place(r, suite, bench);

		if (!*place)
			*place = (uint32_t)r->table_count;
		r->index_count++;
	}
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
		.counter = "",
		.isa = "",
		.compiler = "",
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

void table_mend_clock(struct slice_table *t)
{
	if (!t->metric_count || table_metric(t, t->clock) >= 0)
		return;
	if (table_metric(t, "real_time") >= 0) {
		t->clock = "real_time";
		return;
	}
	for (size_t i = 0; i < t->metric_count; i++) {
		if (t->metrics[i].category != CATEGORY_UNKNOWN) {
			t->clock = t->metrics[i].name;
			return;
		}
	}
}

struct slice *table_add_slice(struct arena *a, struct slice_table *t)
{
	struct slice *s;

	t->slices = arena_reserve(a, t->slices, t->slice_count, &t->slice_capacity, sizeof *t->slices);
	s = &t->slices[t->slice_count++];
	*s = (struct slice){.cells = NEW_ARRAY(a, struct cell, cell_room(t)), .cpu = -1};
	return s;
}

/* A column more, with room for it in `items` of `size` bytes, one a column. */
static void *widen(struct arena *a, void *items, size_t count, size_t room, size_t size)
{
	void *wider = arena_array(a, room, size);

	if (count)
		memcpy(wider, items, count * size);
	return wider;
}

static size_t add_metric(struct arena *a, struct slice_table *t, const struct metric *m)
{
	enum { FIRST_ROOM = 4 }; /* two clocks, max_rss and one more */
	size_t count = t->metric_count++;

	if (count >= t->metric_capacity) { /* a table that was not made here may have none to spare */
		size_t room = count ? 2 * count : FIRST_ROOM;

		t->metric_capacity = room;
		t->metrics = widen(a, t->metrics, count, room, sizeof *t->metrics);
		for (size_t i = 0; i < t->slice_count; i++)
			t->slices[i].cells = widen(a, t->slices[i].cells, count, room, sizeof *t->slices[i].cells);
		if (t->values)
			t->values = widen(a, t->values, count, room, sizeof *t->values);
		if (t->aggregates)
			t->aggregates = widen(a, t->aggregates, count, room, sizeof *t->aggregates);
	}
	t->metrics[count] = (struct metric){
		.name = arena_string(a, m->name),
		.unit = arena_string(a, m->unit ? m->unit : ""),
		.category = m->category,
	};
	return count;
}

static size_t column_of(struct arena *a, struct slice_table *t, const struct metric *m)
{
	int column = table_metric(t, m->name);

	return column < 0 ? add_metric(a, t, m) : (size_t)column;
}

void table_set(struct arena *a, struct slice_table *t, struct slice *s, const struct metric *m, double value)
{
	size_t at = column_of(a, t, m);

	/* Readers refuse NaN and infinity; a mean of huge values can still overflow, and is then no value. */
	s->cells[at] = (struct cell){.value = isfinite(value) ? value : 0, .present = isfinite(value)};
}

void table_add_value(struct arena *a, struct slice_table *t, const struct metric *m, double value, size_t expected)
{
	size_t column = column_of(a, t, m);
	struct value_list *list;

	if (!t->values)
		t->values = NEW_ARRAY(a, struct value_list, t->metric_capacity);
	list = &t->values[column];
	if (!list->capacity && expected) {
		list->items = NEW_ARRAY(a, double, expected);
		list->capacity = expected;
	}
	list->items = arena_reserve(a, list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = value;
}

struct aggregate *table_aggregate(struct arena *a, struct slice_table *t, const struct metric *m)
{
	size_t column = column_of(a, t, m);

	if (!t->aggregates)
		t->aggregates = NEW_ARRAY(a, struct aggregate, t->metric_capacity);
	return &t->aggregates[column];
}

double *table_series(struct arena *a, const struct slice_table *t, const char *metric, size_t *count)
{
	int column = table_metric(t, metric);
	double *values;

	*count = 0;
	if (column < 0)
		return NEW_ARRAY(a, double, 1);
	if (t->values) {
		*count = t->values[column].count;
		return t->values[column].items;
	}
	values = NEW_ARRAY(a, double, t->slice_count);
	for (size_t i = 0; i < t->slice_count; i++) {
		const struct slice *s = &t->slices[i];

		if (phase_counts(s->phase) && s->cells[column].present)
			values[(*count)++] = s->cells[column].value;
	}
	return values;
}
