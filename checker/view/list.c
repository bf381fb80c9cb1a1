/* Source lines of functions with what each costs. */
#include "view/shown.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/regex.h"
#include "draw/cells.h"
#include "view/source_text.h"

enum { MARGIN = 5 }; /* lines before the first and behind the last one with samples */

/* One function in one file: nodes[0..count), by line. */
struct listing {
	struct graph_node **nodes;
	size_t count;
	int64_t first, last; /* lines to show */
	struct graph_node sum;
};

struct list {
	struct shown shown;
	struct source_texts texts;
	struct buf *out;
	struct json json;
};

static int compare_nodes(const void *x, const void *y)
{
	const struct graph_node *a = *(struct graph_node *const *)x, *b = *(struct graph_node *const *)y;
	int order = strcmp(a->name, b->name);

	if (!order)
		order = strcmp(a->file, b->file);
	if (!order)
		order = (a->line > b->line) - (a->line < b->line);
	return order ? order : (a->id > b->id) - (a->id < b->id);
}

static void add_node(struct graph_node *sum, const struct graph_node *n)
{
	sum->flat = unit_add(sum->flat, n->flat);
	sum->flat_div = unit_add(sum->flat_div, n->flat_div);
	sum->cum = unit_add(sum->cum, n->cum);
	sum->cum_div = unit_add(sum->cum_div, n->cum_div);
}

/* Lines are int64 in files of anybody: kept where adding a margin is safe. */
static int64_t bounded(int64_t line)
{
	const int64_t most = 1000000000;

	return line < 0 ? 0 : line > most ? most : line;
}

static void measure(struct listing *l)
{
	l->first = INT64_MAX;
	for (size_t i = 0; i < l->count; i++) {
		const struct graph_node *n = l->nodes[i];
		int64_t start = n->start_line > 0 ? bounded(n->start_line) : bounded(n->line) - MARGIN;

		add_node(&l->sum, n);
		l->first = start < l->first ? start : l->first;
		l->last = bounded(n->line) + MARGIN > l->last ? bounded(n->line) + MARGIN : l->last;
	}
	if (l->first < 1)
		l->first = 1;
}

/* The sum of the nodes of a line; `*next` moves behind them. */
static struct graph_node line_sum(const struct listing *l, size_t *next, int64_t line)
{
	struct graph_node sum = {0};

	while (*next < l->count && l->nodes[*next]->line < line)
		++*next;
	while (*next < l->count && l->nodes[*next]->line == line)
		add_node(&sum, l->nodes[(*next)++]);
	return sum;
}

static const char *value_or_dot(const struct shown *s, int64_t value)
{
	return value ? shown_value(s, value) : ".";
}

/* Printable but for tabs, which indent. */
static void write_source(struct arena *a, struct str line, struct buf *out)
{
	while (line.size) {
		const char *tab = memchr(line.at, '\t', line.size);
		size_t size = tab ? (size_t)(tab - line.at) : line.size;

		text_printable(out, arena_copy(a, line.at, size));
		if (tab)
			buf_char(out, '\t');
		size += tab != NULL;
		line.at += size;
		line.size -= size;
	}
}

static void text_listing(struct list *list, const struct listing *l, const struct source_text *text)
{
	const struct shown *s = &list->shown;
	char percent[UNIT_PERCENT_SIZE];
	struct buf *out = list->out;
	size_t next = 0;

	buf_text(out, "ROUTINE ======================== ");
	text_printable(out, l->nodes[0]->name);
	buf_text(out, " in ");
	text_printable(out, l->nodes[0]->file);
	buf_char(out, '\n');
	unit_pad(out, 10, shown_value(s, graph_flat(&l->sum)));
	buf_char(out, ' ');
	unit_pad(out, 10, shown_value(s, graph_cum(&l->sum)));
	buf_printf(out, " (flat, cum) %s of Total\n", shown_percent(s, percent, graph_cum(&l->sum)));
	if (!text->path) {
		buf_text(out, " Error: ");
		text_printable(out, l->nodes[0]->file);
		buf_text(out, " was not found; say where sources are with --source-path\n");
		return;
	}
	for (int64_t line = l->first; line <= l->last && line <= (int64_t)text->line_count; line++) {
		struct graph_node sum = line_sum(l, &next, line);

		unit_pad(out, 10, value_or_dot(s, graph_flat(&sum)));
		buf_char(out, ' ');
		unit_pad(out, 10, value_or_dot(s, graph_cum(&sum)));
		buf_printf(out, " %6" PRId64 ":", line);
		write_source(s->row, text->lines[line - 1], out);
		buf_char(out, '\n');
		shown_end_row(s);
	}
}

static void json_values(struct list *list, const struct graph_node *n)
{
	json_key(&list->json, "flat");
	shown_json_number(&list->shown, &list->json, graph_flat(n));
	json_key(&list->json, "cum");
	shown_json_number(&list->shown, &list->json, graph_cum(n));
}

static const char *source_of(const struct list *list, const struct source_text *text, int64_t line)
{
	struct str at;

	if (!text->path || line < 1 || line > (int64_t)text->line_count)
		return NULL;
	at = text->lines[line - 1];
	return arena_copy(list->shown.row, at.at, at.size);
}

static void json_line(struct list *list, int64_t line, const struct graph_node *sum, const char *source)
{
	json_begin_object_line(&list->json);
	json_key(&list->json, "line");
	json_int(&list->json, line);
	json_values(list, sum);
	json_key(&list->json, "source");
	json_text(&list->json, source);
	json_end_object(&list->json);
}

static void csv_line(struct list *list, const struct graph_node *n, int64_t line, const struct graph_node *sum,
		     const char *source)
{
	cells_text(list->out, n->name, false);
	buf_char(list->out, ',');
	cells_text(list->out, n->file, false);
	buf_printf(list->out, ",%" PRId64 ",", line);
	shown_csv_number(&list->shown, list->out, graph_flat(sum));
	buf_char(list->out, ',');
	shown_csv_number(&list->shown, list->out, graph_cum(sum));
	buf_char(list->out, ',');
	cells_text(list->out, source, false);
	buf_char(list->out, ',');
	shown_csv_end(&list->shown, list->out);
}

/* All lines of the excerpt; without the source only those that have samples. */
static void machine_listing(struct list *list, const struct listing *l, const struct source_text *text)
{
	bool json = list->shown.options->form == VIEW_JSON;
	int64_t line = l->first;
	size_t next = 0;

	if (json) {
		json_begin_object(&list->json);
		json_key(&list->json, "function");
		json_text(&list->json, l->nodes[0]->name);
		json_key(&list->json, "file");
		json_text(&list->json, l->nodes[0]->file);
		json_values(list, &l->sum);
		json_key(&list->json, "lines");
		json_begin_array(&list->json);
	}
	while (text->path ? line <= l->last && line <= (int64_t)text->line_count : next < l->count) {
		struct graph_node sum;

		if (!text->path)
			line = l->nodes[next]->line;
		sum = line_sum(l, &next, line);
		if (json)
			json_line(list, line, &sum, source_of(list, text, line));
		else
			csv_line(list, l->nodes[0], line, &sum, source_of(list, text, line));
		shown_end_row(&list->shown);
		line += text->path != NULL;
	}
	if (json) {
		json_end_array(&list->json);
		json_end_object(&list->json);
	}
}

static void write_listing(struct list *list, const struct listing *l)
{
	const struct source_text *text;

	if (!*l->nodes[0]->file) {
		if (list->shown.options->form == VIEW_TEXT) {
			buf_text(list->out, "No source information for ");
			text_printable(list->out, l->nodes[0]->name);
			buf_char(list->out, '\n');
		}
		return;
	}
	text = source_text_find(&list->texts, l->nodes[0]->file);
	if (list->shown.options->form == VIEW_TEXT)
		text_listing(list, l, text);
	else
		machine_listing(list, l, text);
}

static void write_listings(struct list *list, struct graph_node **nodes, size_t count)
{
	size_t first = 0;

	while (first < count) {
		struct listing l = {.nodes = nodes + first};
		bool elsewhere;

		while (first < count && text_equal(nodes[first]->name, l.nodes[0]->name) &&
		       text_equal(nodes[first]->file, l.nodes[0]->file)) {
			first++;
			l.count++;
		}
		/* Nothing is missing of a function that is found in a file, too. */
		elsewhere = first < count && text_equal(nodes[first]->name, l.nodes[0]->name);
		if (!*l.nodes[0]->file && elsewhere)
			continue;
		measure(&l);
		write_listing(list, &l);
		buf_pass(list->out);
	}
}

static void write_all(struct list *list, struct graph_node **nodes, size_t count)
{
	enum view_form form = list->shown.options->form;

	if (form == VIEW_JSON) {
		shown_begin_json(&list->shown, &list->json, "list");
		json_key(&list->json, "functions");
		json_begin_array(&list->json);
	} else if (form == VIEW_CSV) {
		buf_text(list->out, "function,file,line,flat,cum,source,type,unit\n");
	} else {
		buf_printf(list->out, "Total: %s\n", shown_value(&list->shown, list->shown.source->total));
	}
	qsort(nodes, count, sizeof *nodes, compare_nodes);
	write_listings(list, nodes, count);
	if (form == VIEW_JSON) {
		json_end_array(&list->json);
		json_end_object(&list->json);
		buf_char(list->out, '\n');
	}
}

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	struct graph_options trimming = shown_trimming(options, 0, 0, 0);
	struct list list = {.texts = {.arena = a, .source_path = options->source_path, .trim_path = options->trim_path},
			    .out = out,
			    .json = {.out = out}};
	const char *pattern = options->pattern ? options->pattern : "";
	struct graph_node **nodes;
	size_t count = 0;
	struct regex *re;
	struct graph g;

	if (!regex_compile(a, pattern, &re, err))
		return false;
	trimming.node_count = 0;
	trimming.node_fraction = trimming.edge_fraction = 0;
	trimming.objects = true;
	graph_build(a, source, &trimming, &g);
	shown_init(&list.shown, a, source, options);
	nodes = NEW_ARRAY(a, struct graph_node *, g.node_count);
	for (size_t i = 0; i < g.node_count; i++) {
		bool found;

		if (!regex_search(re, g.nodes[i]->name, &found, err))
			return false;
		if (found)
			nodes[count++] = g.nodes[i];
	}
	if (!count)
		return err_set(err, "no function matches '%s'; 'pawl profile top --all' lists what there is", pattern);
	write_all(&list, nodes, count);
	return true;
}

const struct view view_list = {
	.name = "list",
	.help = "source lines of the functions that match a regular expression, with what each line costs",
	.needs_pattern = true,
	.by_lines = true,
	.write = write,
};
