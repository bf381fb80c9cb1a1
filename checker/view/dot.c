/* The call graph as DOT text, for Graphviz. */
#include "view/dot.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

struct drawing {
	struct shown shown;
	const struct graph *graph;
	struct buf *out;
	size_t *numbers; /* per node id: from 1; 0: not shown */
	size_t id_count;
	bool *tagged; /* per number */
};

static const char *dot_quoted(struct arena *a, const char *text)
{
	struct buf out = {.arena = a};

	dot_text(a, text, &out);
	return buf_string(&out);
}

/* Colour as in pprof (internal/graph, dotColor): hue from green over grey to red, moved away from grey by the power 0.3, pale
 * where the part is below 0.2. */
const char *dot_color(char out[DOT_COLOR_SIZE], double part, bool background)
{
	double saturation = background ? 0.1 : 1, value = background ? 0.93 : 0.7;
	double red = value, green = value, blue;

	part = part > 1 ? 1 : part < -1 ? -1 : part > -1 ? part : -1;
	if (fabs(part) < 0.2)
		saturation *= fabs(part) / 0.2;
	if (part < 0)
		red = value * (1 - saturation * pow(-part, 0.3));
	else
		green = value * (1 - saturation * (part > 0 ? pow(part, 0.3) : 0));
	blue = value * (1 - saturation);
	snprintf(out, DOT_COLOR_SIZE, "#%02x%02x%02x", (unsigned)(red * 255) & 0xff, (unsigned)(green * 255) & 0xff,
		 (unsigned)(blue * 255) & 0xff);
	return out;
}

static const char *title(const struct drawing *d)
{
	const struct profile *p = d->shown.source->profile;
	const char *file = p->mapping_count ? profile_text(p, p->mappings[0].file) : "";

	return *file ? dot_quoted(d->shown.arena, path_base(file)) : "";
}

static void write_legend(struct drawing *d, const struct graph_options *trimming)
{
	struct shown_lines lines = {.arena = d->shown.arena};

	shown_graph_lines(&d->shown, d->graph, trimming, true, &lines);
	buf_printf(d->out, "subgraph cluster_L { \"%s\" [shape=box fontsize=16 label=\"",
		   dot_quoted(d->shown.arena, lines.at[0]));
	for (size_t i = 0; i < lines.count; i++)
		buf_printf(d->out, "%s\\l", dot_quoted(d->shown.arena, lines.at[i]));
	buf_text(d->out, "\\lSee https://git.io/JfYMW for how to read the graph\\l\"");
	if (*title(d))
		buf_printf(d->out, " tooltip=\"%s\"", title(d));
	buf_text(d->out, "] }\n");
}

/* Of nothing, as means may add up to, whatever there is is all. */
static double part_of_total(const struct drawing *d, int64_t value)
{
	if (!d->shown.source->total)
		return (value > 0) - (value < 0);
	return (double)value / fabs((double)d->shown.source->total);
}

static int64_t greatest_flat(const struct graph *g)
{
	int64_t greatest = 0;

	for (size_t i = 0; i < g->node_count; i++) {
		int64_t flat = unit_abs(graph_flat(g->nodes[i]));

		greatest = flat > greatest ? flat : greatest;
	}
	return greatest;
}

enum { FONT_SIZE = 8, FONT_GROWTH = 16 };

static void write_node(struct drawing *d, const struct graph_node *n, size_t number, int64_t greatest)
{
	int64_t flat = graph_flat(n), cum = graph_cum(n);
	const char *value = shown_value(&d->shown, flat), *cum_value = value;
	char percent[UNIT_PERCENT_SIZE], color[DOT_COLOR_SIZE];
	int font = FONT_SIZE;

	buf_printf(d->out, "N%zu [label=\"", number);
	dot_label(d->shown.row, n, d->out);
	if (flat)
		buf_printf(d->out, "%s (%s)", value, shown_percent_bare(&d->shown, percent, flat));
	else
		buf_char(d->out, '0');
	if (cum != flat) {
		cum_value = shown_value(&d->shown, cum);
		buf_printf(d->out, "%sof %s (%s)", flat ? "\\n" : " ", cum_value,
			   shown_percent_bare(&d->shown, percent, cum));
	}
	/* By area, so that what is twice as much does not look four times as large. */
	if (greatest > 0 && flat)
		font += (int)ceil(FONT_GROWTH * sqrt(fabs((double)flat) / (double)greatest));
	buf_printf(d->out, "\" id=\"node%zu\" fontsize=%d shape=box tooltip=\"%s (%s)\"", number, font,
		   dot_quoted(d->shown.row, n->label), cum_value);
	buf_printf(d->out, " color=\"%s\"", dot_color(color, part_of_total(d, cum), false));
	buf_printf(d->out, " fillcolor=\"%s\"]\n", dot_color(color, part_of_total(d, cum), true));
	shown_end_row(&d->shown);
}

/* 1 and the part of the total in `steps`, at most `steps` more. */
static int thickness(const struct drawing *d, int64_t value, int steps)
{
	double part = fabs(part_of_total(d, value)) * steps;

	return 1 + (part < steps ? (int)part : steps);
}

static void write_edge(struct drawing *d, const struct graph_edge *e)
{
	size_t src = d->numbers[e->src->id], dest = d->numbers[e->dest->id];
	int64_t weight = graph_weight(e);
	const char *value = shown_value(&d->shown, weight), *arrow = e->residual ? "..." : "->";
	const char *from = dot_quoted(d->shown.row, e->src->label);
	const char *to = dot_quoted(d->shown.row, e->dest->label);
	char color[DOT_COLOR_SIZE];

	buf_printf(d->out, "N%zu -> N%zu [label=\" %s%s\"", src, dest, value, e->inlined ? "\\n (inline)" : "");
	if (d->shown.source->total) {
		if (thickness(d, weight, 100) > 1)
			buf_printf(d->out, " weight=%d", thickness(d, weight, 100));
		if (thickness(d, weight, 5) > 1)
			buf_printf(d->out, " penwidth=%d", thickness(d, weight, 5));
		buf_printf(d->out, " color=\"%s\"", dot_color(color, part_of_total(d, weight), false));
	}
	buf_printf(d->out, " tooltip=\"%s %s %s (%s)\"", from, arrow, to, value);
	buf_printf(d->out, " labeltooltip=\"%s %s %s (%s)\"", from, arrow, to, value);
	buf_text(d->out, e->residual ? " style=\"dotted\"" : "");
	buf_text(d->out, d->tagged[src] ? " minlen=2]\n" : "]\n");
	shown_end_row(&d->shown);
}

/* Numbers in the order of nodes; ends of edges that are not shown have none. */
static size_t number_nodes(struct drawing *d)
{
	const struct graph *g = d->graph;
	size_t edge_count = 0, id_count = 0;

	for (size_t i = 0; i < g->node_count; i++) {
		const struct graph_node *n = g->nodes[i];

		id_count = n->id >= id_count ? n->id + (size_t)1 : id_count;
		edge_count += n->out_count;
	}
	d->id_count = id_count;
	d->numbers = NEW_ARRAY(d->shown.arena, size_t, id_count);
	d->tagged = NEW_ARRAY(d->shown.arena, bool, g->node_count + 1);
	for (size_t i = 0; i < g->node_count; i++)
		d->numbers[g->nodes[i]->id] = i + 1;
	return edge_count;
}

static void write_graph(struct drawing *d)
{
	const struct graph *g = d->graph;
	struct graph_edge **edges = NEW_ARRAY(d->shown.arena, struct graph_edge *, number_nodes(d));
	int64_t greatest = greatest_flat(g);
	size_t edge_count = 0;

	for (size_t i = 0; i < g->node_count; i++) {
		const struct graph_node *n = g->nodes[i];

		write_node(d, n, i + 1, greatest);
		d->tagged[i + 1] = dot_tags(&d->shown, n, i + 1, d->out);
		for (size_t k = 0; k < n->out_count; k++) {
			uint32_t dest = n->out[k]->dest->id;

			if (dest < d->id_count && d->numbers[dest])
				edges[edge_count++] = n->out[k];
		}
		buf_pass(d->out);
	}
	graph_sort_edges(edges, edge_count);
	for (size_t i = 0; i < edge_count; i++) {
		write_edge(d, edges[i]);
		buf_pass(d->out);
	}
}

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	struct graph_options trimming = shown_trimming(options, 80, 0.005, 0.001);
	struct drawing d = {.out = out};
	struct graph g;

	if (options->form != VIEW_TEXT)
		return err_set(err,
			       "the view dot is a format of its own; 'pawl profile tree --json' has the same graph");
	trimming.order = GRAPH_BY_ENTROPY;
	trimming.edges = GRAPH_EDGES_ALL;
	trimming.tags = trimming.reduce = true;
	graph_build(a, source, &trimming, &g);
	shown_init(&d.shown, a, source, options);
	shown_fit(&d.shown, &g, false);
	d.graph = &g;
	buf_printf(out, "digraph \"%s\" {\n", *title(&d) ? title(&d) : "unnamed");
	buf_text(out, "node [style=filled fillcolor=\"#f8f8f8\"]\n");
	write_legend(&d, &trimming);
	write_graph(&d);
	buf_text(out, "}\n");
	return true;
}

const struct view view_dot = {
	.name = "dot",
	.help = "the call graph as DOT text, for Graphviz",
	.write = write,
};
