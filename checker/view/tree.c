/* Every function between its callers and what it calls. */
#include "view/tree.h"

#include "base/regex.h"
#include "draw/cells.h"

static const char rule[] = "----------------------------------------------------------+-------------\n";

static void write_edge(const struct shown *s, const struct graph_edge *e, const struct graph_node *other, int64_t cum,
		       struct buf *out)
{
	char percent[UNIT_PERCENT_SIZE];

	unit_pad(out, 50, shown_value(s, e->weight));
	buf_printf(out, " %s |   ", unit_percent(percent, e->weight, cum));
	text_printable(out, other->label);
	buf_text(out, e->inlined ? " (inline)\n" : "\n");
	shown_end_row(s);
}

static void write_node(const struct shown *s, const struct graph_node *n, int64_t sum, struct buf *out)
{
	char percent[UNIT_PERCENT_SIZE];
	int64_t cum = graph_cum(n);

	buf_text(out, rule);
	for (size_t i = 0; i < n->in_count; i++)
		write_edge(s, n->in[i], n->in[i]->src, cum, out);
	unit_pad(out, 10, shown_value(s, graph_flat(n)));
	buf_printf(out, " %s", shown_percent(s, percent, graph_flat(n)));
	buf_printf(out, " %s ", shown_percent(s, percent, sum));
	unit_pad(out, 10, shown_value(s, cum));
	buf_printf(out, " %s                | ", shown_percent(s, percent, cum));
	text_printable(out, n->label);
	buf_char(out, '\n');
	for (size_t i = 0; i < n->out_count; i++)
		write_edge(s, n->out[i], n->out[i]->dest, cum, out);
}

static void write_text(struct shown *s, const struct graph *g, const struct graph *whole,
		       const struct graph_options *trimming, struct buf *out)
{
	struct shown_lines lines = {.arena = s->arena};
	int64_t sum = 0;

	shown_fit(s, whole, false);
	shown_graph_lines(s, whole, trimming, false, &lines);
	shown_write_lines(&lines, out);
	buf_text(out, rule);
	/* The blanks and tabs at the end are pprof's. */
	buf_text(out, "      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n");
	for (size_t i = 0; i < g->node_count; i++) {
		sum = unit_add(sum, graph_flat(g->nodes[i]));
		write_node(s, g->nodes[i], sum, out);
		buf_pass(out);
	}
	if (whole->node_count)
		buf_text(out, rule);
}

static void json_edges(const struct shown *s, struct json *j, const char *key, struct graph_edge *const *edges,
		       size_t count, bool callers)
{
	json_key(j, key);
	json_begin_array(j);
	for (size_t i = 0; i < count; i++) {
		json_begin_object_line(j);
		shown_json_place(j, callers ? edges[i]->src : edges[i]->dest);
		json_key(j, "value");
		shown_json_number(s, j, graph_weight(edges[i]));
		json_key(j, "inlined");
		json_bool(j, edges[i]->inlined);
		json_end_object(j);
	}
	json_end_array(j);
}

static void write_json(const struct shown *s, const char *view, const struct graph *g, struct buf *out)
{
	struct json j = {.out = out};

	shown_begin_json(s, &j, view);
	json_key(&j, "nodes");
	json_begin_array(&j);
	for (size_t i = 0; i < g->node_count; i++) {
		const struct graph_node *n = g->nodes[i];

		json_begin_object(&j);
		shown_json_place(&j, n);
		json_key(&j, "flat");
		shown_json_number(s, &j, graph_flat(n));
		json_key(&j, "cum");
		shown_json_number(s, &j, graph_cum(n));
		json_edges(s, &j, "callers", n->in, n->in_count, true);
		json_edges(s, &j, "callees", n->out, n->out_count, false);
		json_end_object(&j);
		buf_pass(out);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

static void csv_edges(const struct shown *s, const struct graph_node *n, struct graph_edge *const *edges, size_t count,
		      bool callers, struct buf *out)
{
	for (size_t i = 0; i < count; i++) {
		shown_csv_place(out, n);
		buf_text(out, callers ? "caller," : "callee,");
		cells_text(out, (callers ? edges[i]->src : edges[i]->dest)->label, false);
		buf_text(out, ",,");
		shown_csv_number(s, out, graph_weight(edges[i]));
		buf_text(out, edges[i]->inlined ? ",true," : ",false,");
		shown_csv_end(s, out);
	}
}

static void write_csv(const struct shown *s, const struct graph *g, struct buf *out)
{
	buf_text(out, "name,file,line,address,relation,other,flat,cum,inlined,type,unit\n");
	for (size_t i = 0; i < g->node_count; i++) {
		const struct graph_node *n = g->nodes[i];

		shown_csv_place(out, n);
		buf_text(out, "self,,");
		shown_csv_number(s, out, graph_flat(n));
		buf_char(out, ',');
		shown_csv_number(s, out, graph_cum(n));
		buf_text(out, ",,");
		shown_csv_end(s, out);
		csv_edges(s, n, n->in, n->in_count, true, out);
		csv_edges(s, n, n->out, n->out_count, false, out);
		buf_pass(out);
	}
}

/* The nodes whose label matches. */
static bool choose_nodes(struct arena *a, const struct graph *g, const char *pattern, const struct regex *re,
			 struct graph *out, struct err *err)
{
	*out = (struct graph){.nodes = NEW_ARRAY(a, struct graph_node *, g->node_count)};
	for (size_t i = 0; i < g->node_count; i++) {
		bool found;

		if (!regex_search(re, g->nodes[i]->label, &found, err))
			return false;
		if (found)
			out->nodes[out->node_count++] = g->nodes[i];
	}
	if (!out->node_count)
		return err_set(err, "no function matches '%s'; 'pawl profile top --all' lists what there is", pattern);
	return true;
}

bool tree_write(const char *view, struct arena *a, const struct source *source, const struct view_options *options,
		const char *pattern, struct buf *out, struct err *err)
{
	struct graph_options trimming =
		pattern ? shown_trimming(options, 0, 0, 0) : shown_trimming(options, 80, 0.005, 0.001);
	struct graph whole, chosen;
	struct regex *re = NULL;
	struct shown s;

	trimming.edges = GRAPH_EDGES_ALL;
	if (pattern) {
		if (!regex_compile(a, pattern, &re, err))
			return false;
		trimming.touching = re;
		/* What was asked for by name is shown however little it is. */
		trimming.node_count = 0;
		trimming.node_fraction = trimming.edge_fraction = 0;
	}
	shown_init(&s, a, source, options);
	graph_build(a, source, &trimming, &whole);
	chosen = whole;
	if (pattern && !choose_nodes(a, &whole, pattern, re, &chosen, err))
		return false;
	if (options->form == VIEW_JSON)
		write_json(&s, view, &chosen, out);
	else if (options->form == VIEW_CSV)
		write_csv(&s, &chosen, out);
	else
		write_text(&s, &chosen, &whole, &trimming, out);
	return true;
}

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	return tree_write("tree", a, source, options, NULL, out, err);
}

const struct view view_tree = {
	.name = "tree",
	.help = "every function with its callers above and what it calls below",
	.write = write,
};
