/*
 * A history: the values of many series over time, one value a moment.
 *
 * A moment is a run of the store, a line of a table, a push that somebody's tool recorded.  Plain data: names and values
 * live in the arena of whoever made the history.
 */
#ifndef PAWL_MODEL_HISTORY_H
#define PAWL_MODEL_HISTORY_H

#include "base/arena.h"
#include "model/metric.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text that is not known is "". */
struct moment {
	const char *time;   /* RFC 3339 where the source has dates of its own, else as it stands there */
	const char *commit; /* revision, or whatever names the state that was measured */
	const char *run;    /* id of the stored run */
};

struct history_value {
	size_t moment;
	double value;
};

struct history_series {
	const char *name; /* as the source calls it; for the store suite/benchmark:metric */
	const char *suite, *bench;
	struct metric metric;
	bool gated_clock; /* rules mean it by `time` */
	struct history_value *values;
	size_t count, capacity;
};

struct history {
	struct moment *moments; /* oldest first */
	size_t moment_count, moment_capacity;
	struct history_series *series;
	size_t series_count, series_capacity;
	const char **notes; /* what was not taken, and why */
	size_t note_count, note_capacity;

	/* history_find_series' own: series by the hash of their names. */
	uint32_t *index;
	size_t index_room;
};

/* Texts are copied; NULL is "".  Returns the moment's number. */
size_t history_add_moment(struct arena *a, struct history *h, const char *time, const char *commit, const char *run);

/* The series with these names, or NULL.  Points into `h` and is good until the next add. */
struct history_series *history_find_series(const struct history *h, const char *suite, const char *bench,
					   const char *metric);

/* The same, added when it is not there; names and metric are copied. */
struct history_series *history_take_series(struct arena *a, struct history *h, const char *suite, const char *bench,
					   const struct metric *metric);

void history_add_value(struct arena *a, struct history_series *s, size_t moment, double value);
void history_note(struct arena *a, struct history *h, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
