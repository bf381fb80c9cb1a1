/* Values and headers of views, as pprof writes them. */
#include "view/shown.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "draw/cells.h"

void shown_init(struct shown *s, struct arena *a, const struct source *source, const struct view_options *options)
{
	bool divided = source->divide_by > 0 || source->divide_by < 0;

	*s = (struct shown){.arena = a,
			    .row = arena_open_child(a),
			    .source = source,
			    .options = options,
			    .unit = options->unit ? options->unit : "minimum",
			    .ratio = divided ? 1 / source->divide_by : 1};
	/* The first piece of memory stays, and with it the rows' own need no more of the system. */
	arena_alloc(s->row, 1);
	s->row_start = arena_mark(s->row);
}

/* pprof takes no notice of divisors below 0. */
static bool is_scaled(const struct shown *s)
{
	return s->ratio > 0 && (s->ratio > 1 || s->ratio < 1);
}

static int64_t scaled(const struct shown *s, int64_t value)
{
	return is_scaled(s) ? unit_integer((double)value * s->ratio) : value;
}

void shown_fit(struct shown *s, const struct graph *g, bool whole)
{
	const char *least_unit, *most_unit, *unit;
	int64_t least = 0, most = s->source->total;

	if (!text_equal(s->unit, "minimum") || !g->node_count)
		return;
	for (size_t i = 0; i < g->node_count; i++) {
		int64_t value = unit_abs(graph_flat(g->nodes[i]));

		if (!value)
			value = unit_abs(graph_cum(g->nodes[i]));
		if (value > 0 && (!least || value < least))
			least = value;
	}
	if (!least)
		least = most;
	least = scaled(s, least);
	most = scaled(s, most);
	unit_scale(least, s->source->unit, "minimum", &least_unit);
	unit_scale(most, s->source->unit, "minimum", &most_unit);
	unit = least_unit;
	/* The least value is shown as 0.01 rather than the greatest with many digits. */
	if (!text_equal(least_unit, most_unit) && !whole && (double)least * 100 < (double)most)
		unit_scale(100 * least, s->source->unit, "minimum", &unit);
	s->unit = *unit ? unit : s->source->unit;
}

const char *shown_value(const struct shown *s, int64_t value)
{
	return unit_text(s->row, scaled(s, value), s->source->unit, s->unit);
}

void shown_end_row(const struct shown *s)
{
	arena_reset(s->row, s->row_start);
}

double shown_number(const struct shown *s, int64_t value)
{
	return is_scaled(s) ? (double)value * s->ratio : (double)value;
}

const char *shown_percent(const struct shown *s, char out[UNIT_PERCENT_SIZE], int64_t value)
{
	return unit_percent(out, value, s->source->total);
}

const char *shown_percent_bare(const struct shown *s, char out[UNIT_PERCENT_SIZE], int64_t value)
{
	unit_percent(out, value, s->source->total);
	return out + strspn(out, " ");
}

double shown_ratio(const struct shown *s, int64_t value)
{
	return s->source->total ? (double)value / (double)s->source->total : 0;
}

const char *shown_type(const struct shown *s)
{
	const struct profile *p = s->source->profile;
	const char *name = s->source->type < p->type_count ? profile_text(p, p->types[s->source->type].name) : "";

	return s->source->mean_type < p->type_count ? arena_printf(s->arena, "mean_%s", name) : name;
}

static void add_line(struct shown_lines *lines, const char *text)
{
	lines->at = arena_reserve(lines->arena, lines->at, lines->count, &lines->capacity, sizeof *lines->at);
	lines->at[lines->count++] = text;
}

static void add_text(struct shown_lines *lines, const char *label, const char *text)
{
	add_line(lines, arena_printf(lines->arena, "%s%s", label, text_printable_copy(lines->arena, text)));
}

/* In UTC, so that the same profile gives the same text everywhere. */
static void add_time(struct shown_lines *lines, int64_t time_ns)
{
	time_t seconds = (time_t)(time_ns / 1000000000 - (time_ns % 1000000000 < 0));
	struct tm at;
	char month[16];

	if (!gmtime_r(&seconds, &at) || !strftime(month, sizeof month, "%b", &at))
		return;
	add_line(lines,
		 arena_printf(lines->arena, "Time: %s %d, %d at %d:%02d%s (UTC)", month, at.tm_mday, at.tm_year + 1900,
			      (at.tm_hour + 11) % 12 + 1, at.tm_min, at.tm_hour < 12 ? "am" : "pm"));
}

static void add_duration(const struct shown *s, struct shown_lines *lines)
{
	int64_t duration_ns = s->source->profile->duration_ns;
	char percent[UNIT_PERCENT_SIZE];
	const char *unit, *part = "";
	double total_ns = unit_scale(s->source->total, s->source->unit, "nanoseconds", &unit);

	/* A total that is a time tells how many processors were busy. */
	if (text_equal(unit, "ns") && fabs(total_ns) > 0)
		part = arena_printf(lines->arena, "(%s)", unit_percent(percent, unit_integer(total_ns), duration_ns));
	add_line(lines, arena_printf(lines->arena, "Duration: %s, Total samples = %s %s",
				     unit_text(lines->arena, duration_ns, "nanoseconds", "auto"),
				     shown_value(s, s->source->total), part));
}

void shown_profile_lines(const struct shown *s, struct shown_lines *lines)
{
	const struct profile *p = s->source->profile;

	if (p->mapping_count) {
		const char *file = profile_text(p, p->mappings[0].file);
		const char *build_id = profile_text(p, p->mappings[0].build_id);

		if (*file)
			add_text(lines, "File: ", path_base(file));
		if (*build_id)
			add_text(lines, "Build ID: ", build_id);
	}
	for (size_t i = 0; i < p->comment_count; i++) {
		const char *comment = profile_text(p, p->comments[i]);

		if (*comment != '#')
			add_text(lines, "", comment);
	}
	if (*shown_type(s))
		add_text(lines, "Type: ", shown_type(s));
	if (p->time_ns)
		add_time(lines, p->time_ns);
	if (p->duration_ns)
		add_duration(s, lines);
}

enum { FILTER_SIZE = 80 }; /* bytes of a filter that are shown */

static void add_filters(const struct shown *s, struct shown_lines *lines)
{
	if (s->source->filter_count)
		add_line(lines, "Active filters:");
	for (size_t i = 0; i < s->source->filter_count; i++) {
		const char *filter = s->source->filters[i];
		size_t size = strlen(filter);
		bool cut = size > FILTER_SIZE;

		if (cut) {
			for (size = FILTER_SIZE; size && ((unsigned char)filter[size] & 0xc0) == 0x80;)
				size--;
		}
		filter = text_printable_copy(lines->arena, arena_copy(lines->arena, filter, size));
		add_line(lines, arena_printf(lines->arena, "   %s%s", filter, cut ? "\u2026" : ""));
	}
}

static void add_dropped(const struct shown *s, struct shown_lines *lines, size_t count, const char *what,
			const char *value, double fraction)
{
	int64_t cutoff = unit_abs(unit_integer((double)s->source->total * fraction));

	if (count)
		add_line(lines, arena_printf(lines->arena, "Dropped %zu %s%s (%s <= %s)", count, what,
					     count > 1 ? "s" : "", value, shown_value(s, cutoff)));
}

void shown_graph_lines(const struct shown *s, const struct graph *g, const struct graph_options *trimming,
		       bool with_edges, struct shown_lines *lines)
{
	char percent[UNIT_PERCENT_SIZE];
	int64_t flat = 0;

	if (with_edges || !s->options->compact)
		shown_profile_lines(s, lines);
	for (size_t i = 0; i < g->node_count; i++)
		flat = unit_add(flat, graph_flat(g->nodes[i]));
	add_filters(s, lines);
	add_line(lines,
		 arena_printf(lines->arena, "Showing nodes accounting for %s, %s of %s total", shown_value(s, flat),
			      shown_percent_bare(s, percent, flat), shown_value(s, s->source->total)));
	if (!s->source->total)
		return;
	add_dropped(s, lines, g->dropped_nodes, "node", "cum", trimming->node_fraction);
	if (with_edges)
		add_dropped(s, lines, g->dropped_edges, "edge", "freq", trimming->edge_fraction);
	if (g->node_count && g->node_count < g->whole_count)
		add_line(lines,
			 arena_printf(lines->arena, "Showing top %zu nodes out of %zu", g->node_count, g->whole_count));
}

void shown_write_lines(const struct shown_lines *lines, struct buf *out)
{
	for (size_t i = 0; i < lines->count; i++)
		buf_printf(out, "%s\n", lines->at[i]);
	/* pprof joins no lines to one empty one. */
	if (!lines->count)
		buf_char(out, '\n');
}

struct graph_options shown_trimming(const struct view_options *options, long node_count, double node_fraction,
				    double edge_fraction)
{
	struct graph_options trimming = {.order = options->cum ? GRAPH_BY_CUM : GRAPH_BY_FLAT,
					 .unit = options->unit ? options->unit : "minimum",
					 .source_path = options->source_path,
					 .trim_path = options->trim_path};

	if (options->all || options->form != VIEW_TEXT)
		return trimming;
	trimming.node_count = options->node_count >= 0 ? options->node_count : node_count;
	trimming.node_fraction = options->node_fraction >= 0 ? options->node_fraction : node_fraction;
	trimming.edge_fraction = options->edge_fraction >= 0 ? options->edge_fraction : edge_fraction;
	return trimming;
}

void shown_begin_json(const struct shown *s, struct json *j, const char *view)
{
	json_begin_object(j);
	json_key(j, "view");
	json_text(j, view);
	json_key(j, "type");
	json_text(j, shown_type(s));
	json_key(j, "unit");
	json_text(j, s->source->unit);
	json_key(j, "total");
	shown_json_number(s, j, s->source->total);
	json_key(j, "filters");
	json_begin_array_line(j);
	for (size_t i = 0; i < s->source->filter_count; i++)
		json_text(j, s->source->filters[i]);
	json_end_array(j);
}

void shown_json_place(struct json *j, const struct graph_node *n)
{
	char address[24];

	json_key(j, "name");
	json_text(j, *n->name ? n->name : n->label);
	if (*n->file) {
		json_key(j, "file");
		json_text(j, n->file);
	}
	if (n->line) {
		json_key(j, "line");
		json_int(j, n->line);
	}
	if (n->address) {
		json_key(j, "address");
		snprintf(address, sizeof address, "0x%" PRIx64, n->address);
		json_text(j, address);
	}
}

void shown_csv_place(struct buf *out, const struct graph_node *n)
{
	cells_text(out, *n->name ? n->name : n->label, false);
	buf_char(out, ',');
	cells_text(out, n->file, false);
	buf_char(out, ',');
	if (n->line)
		buf_printf(out, "%" PRId64, n->line);
	buf_char(out, ',');
	if (n->address)
		buf_printf(out, "0x%" PRIx64, n->address);
	buf_char(out, ',');
}

void shown_csv_end(const struct shown *s, struct buf *out)
{
	cells_text(out, shown_type(s), false);
	buf_char(out, ',');
	cells_text(out, s->source->unit, false);
	buf_char(out, '\n');
}

void shown_json_number(const struct shown *s, struct json *j, int64_t value)
{
	if (is_scaled(s))
		json_double(j, shown_number(s, value));
	else
		json_int(j, value);
}

void shown_csv_number(const struct shown *s, struct buf *out, int64_t value)
{
	if (is_scaled(s))
		cells_double(out, shown_number(s, value));
	else
		buf_printf(out, "%" PRId64, value);
}
