/* Histories in memory: moments, series and finding them. */
#include "model/history.h"

#include "base/text.h"

#include <stdarg.h>

size_t history_add_moment(struct arena *a, struct history *h, const char *time, const char *commit, const char *run)
{
	h->moments = arena_reserve(a, h->moments, h->moment_count, &h->moment_capacity, sizeof *h->moments);
	h->moments[h->moment_count] = (struct moment){.time = arena_string(a, time ? time : ""),
						      .commit = arena_string(a, commit ? commit : ""),
						      .run = arena_string(a, run ? run : "")};
	return h->moment_count++;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
	/* FNV-1a (Fowler, Noll, Vo), the NUL included. */
	do
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	while (*text++);
	return hash;
}

static bool is_named(const struct history_series *s, const char *suite, const char *bench, const char *metric)
{
	return text_equal(s->bench, bench) && text_equal(s->metric.name, metric) && text_equal(s->suite, suite);
}

/* Where the series' number stands in the index, counted from 1, or the free place where it belongs. */
static uint32_t *index_place(const struct history *h, const char *suite, const char *bench, const char *metric)
{
	uint64_t hash = hash_text(hash_text(hash_text(14695981039346656037u, suite), bench), metric);

	for (size_t at = (hash ^ hash >> 29) & (h->index_room - 1);; at = (at + 1) & (h->index_room - 1)) {
		uint32_t number = h->index[at];

		if (!number || is_named(&h->series[number - 1], suite, bench, metric))
			return &h->index[at];
	}
}

/* Keeps the index at most half full with one more series. */
static void index_grow(struct arena *a, struct history *h)
{
	enum { FIRST_ROOM = 64 };

	if (h->index_room >= 2 * (h->series_count + 1))
		return;
	h->index_room = h->index_room ? 2 * h->index_room : FIRST_ROOM;
	h->index = NEW_ARRAY(a, uint32_t, h->index_room);
	for (size_t i = 0; i < h->series_count; i++) {
		const struct history_series *s = &h->series[i];

		*index_place(h, s->suite, s->bench, s->metric.name) = (uint32_t)i + 1;
	}
}

struct history_series *history_find_series(const struct history *h, const char *suite, const char *bench,
					   const char *metric)
{
	uint32_t number = h->index_room ? *index_place(h, suite, bench, metric) : 0;

	return number ? &h->series[number - 1] : NULL;
}

struct history_series *history_take_series(struct arena *a, struct history *h, const char *suite, const char *bench,
					   const struct metric *metric)
{
	struct history_series *s = history_find_series(h, suite, bench, metric->name);

	if (s)
		return s;
	index_grow(a, h);
	h->series = arena_reserve(a, h->series, h->series_count, &h->series_capacity, sizeof *h->series);
	s = &h->series[h->series_count];
	*s = (struct history_series){.suite = arena_string(a, suite), .bench = arena_string(a, bench)};
	s->metric = (struct metric){.name = arena_string(a, metric->name),
				    .unit = arena_string(a, metric->unit ? metric->unit : ""),
				    .category = metric->category};
	s->name = arena_printf(a, "%s/%s:%s", s->suite, s->bench, s->metric.name);
	*index_place(h, suite, bench, metric->name) = (uint32_t)++h->series_count;
	return s;
}

void history_add_value(struct arena *a, struct history_series *s, size_t moment, double value)
{
	s->values = arena_reserve(a, s->values, s->count, &s->capacity, sizeof *s->values);
	s->values[s->count++] = (struct history_value){.moment = moment, .value = value};
}

void history_note(struct arena *a, struct history *h, const char *format, ...)
{
	va_list args;

	h->notes = arena_reserve(a, h->notes, h->note_count, &h->note_capacity, sizeof *h->notes);
	va_start(args, format);
	h->notes[h->note_count++] = arena_vprintf(a, format, args);
	va_end(args);
}
