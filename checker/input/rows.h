/*
 * Rows of formats that say a name and its values one after the other: a row is begun, gets its values, and is given.
 *
 * What every such format owes its reader is kept here: names are UTF-8, values are finite, clocks are above 0 and in
 * nanoseconds, a metric stands in a row once, the values of one name are its repetitions.  google-benchmark's JSON, which
 * numbers repetitions itself, has gbench_row.h.
 */
#ifndef PAWL_INPUT_ROWS_H
#define PAWL_INPUT_ROWS_H

#include "base/json_read.h"
#include "input/input.h"
#include "input/names.h"

enum { ROWS_METRICS = 64 }; /* of one row; what has more is no benchmark */

struct rows {
	struct arena *arena, *row_arena; /* of the file, of one row */
	const char *path;
	const struct input_sink *sink;
	struct names names;
	struct arena_mark mark;
	struct input_row row;
	struct input_metric metrics[ROWS_METRICS];
};

/* Starts the rows of a file and tells the sink its context; NULL: the file says nothing of how it was made.  Texts of the
 * context that are NULL are "". */
void rows_init(struct rows *r, struct arena *a, const char *path, const struct input_sink *sink,
	       const struct input_context *context);
void rows_release(struct rows *r);

/* Begins a row of one repetition.  Fails for a name without a character. */
bool rows_begin(struct rows *r, struct str name, size_t line, struct err *err) MUST_CHECK;

/* Begins a row that sums up `count` repetitions (0: not known) of a benchmark: its mean, median or stddev. */
bool rows_begin_aggregate(struct rows *r, struct str name, const char *statistic, int64_t count, size_t line,
			  struct err *err) MUST_CHECK;

/* Adds a value, unless its metric is there already.  One that nobody can use makes the row an error. */
void rows_add(struct rows *r, struct metric metric, double value);

/*
 * The same for a name and a unit as users write them; either may be "".  A duration without a name of its own ("", time)
 * is real_time, and clocks are made nanoseconds (without a unit they are).
 */
void rows_add_named(struct rows *r, const char *name, const char *unit, double value);

/* Makes the row say why it has no values. */
void rows_refuse(struct rows *r, enum input_status status, const char *message);

/* Gives the row to the sink; one without a value is an error. */
bool rows_give(struct rows *r, struct err *err) MUST_CHECK;

/* Bytes as a text that any report can hold: valid UTF-8 without NUL.  In `a`. */
const char *rows_text(struct arena *a, struct str bytes);

/* Nanoseconds that one of this unit is ("ms", "us/op", "seconds"); 0 where it is no duration. */
double unit_ns(const char *unit);

/* Without a byte order mark, which Windows tools write. */
struct str text_without_mark(struct str text);

/* A whole JSON text as a tree, as json_parse does it, with a byte order mark or without. */
bool rows_parse_json(struct arena *a, const char *path, struct str text, cJSON **root, struct err *err) MUST_CHECK;

/* The texts and numbers of an object; "" and `otherwise` where there is none. */
const char *json_text_of(const cJSON *object, const char *key);
double json_number_of(const cJSON *object, const char *key, double otherwise);

#endif
