/*
 * How a view shows values: in which unit, as which part of the total, under which header.
 */
#ifndef PAWL_VIEW_SHOWN_H
#define PAWL_VIEW_SHOWN_H

#include "base/json.h"
#include "graph/graph.h"
#include "graph/unit.h"
#include "view/view.h"

struct shown {
	struct arena *arena;
	struct arena *row; /* what is gone after a row: after row_start */
	struct arena_mark row_start;
	const struct source *source;
	const struct view_options *options;
	const char *unit; /* that values are written in; "minimum": each in its own */
	double ratio;     /* that values are multiplied by */
};

void shown_init(struct shown *s, struct arena *a, const struct source *source, const struct view_options *options);

/* Takes the unit that fits the least value of the graph, unless one was chosen.  `whole`: values will be integers. */
void shown_fit(struct shown *s, const struct graph *g, bool whole);

/* "1.45s"; good until shown_end_row. */
const char *shown_value(const struct shown *s, int64_t value);

/* Gives back what a row needed. */
void shown_end_row(const struct shown *s);

/* The value with the divisor taken: what machine forms write. */
double shown_number(const struct shown *s, int64_t value);

/* Of the total: " 5.62%"; without blanks; as a ratio. */
const char *shown_percent(const struct shown *s, char out[UNIT_PERCENT_SIZE], int64_t value);
const char *shown_percent_bare(const struct shown *s, char out[UNIT_PERCENT_SIZE], int64_t value);
double shown_ratio(const struct shown *s, int64_t value);

/* The sample type, "mean_" before it where it is one. */
const char *shown_type(const struct shown *s);

/* Lines of a header; they are printable. */
struct shown_lines {
	struct arena *arena;
	const char **at;
	size_t count, capacity;
};

/* What was recorded: file, type, time, duration, comments. */
void shown_profile_lines(const struct shown *s, struct shown_lines *lines);

/* The same (tables, without edges, may be asked to leave it out), filters and how much of the graph is shown. */
void shown_graph_lines(const struct shown *s, const struct graph *g, const struct graph_options *trimming,
		       bool with_edges, struct shown_lines *lines);

void shown_write_lines(const struct shown_lines *lines, struct buf *out);

/* What a graph is trimmed to: the options', or these defaults; nothing in machine forms. */
struct graph_options shown_trimming(const struct view_options *options, long node_count, double node_fraction,
				    double edge_fraction);

/* Begins the object of a JSON form with what all of them say: view, type, unit, total, filters. */
void shown_begin_json(const struct shown *s, struct json *j, const char *view);

/* Members name, file, line and address of a node; what is not known is left out. */
void shown_json_place(struct json *j, const struct graph_node *n);

/* Cells of the same, each with the comma behind it: name, file, line, address. */
void shown_csv_place(struct buf *out, const struct graph_node *n);

/* The last two cells of a line, type and unit, and its end. */
void shown_csv_end(const struct shown *s, struct buf *out);

/* A value that may be divided, as an integer where it is one. */
void shown_json_number(const struct shown *s, struct json *j, int64_t value);
void shown_csv_number(const struct shown *s, struct buf *out, int64_t value);

#endif
