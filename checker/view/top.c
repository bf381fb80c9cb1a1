/* What costs most: a line a function. */
#include "view/shown.h"

#include "draw/cells.h"

/* How a node is called from its callers: "inline", "partial-inline" or "". */
static const char *inlining(const struct graph_node *n)
{
	size_t inlined = 0;

	for (size_t i = 0; i < n->in_count; i++)
		inlined += n->in[i]->inlined;
	return !inlined ? "" : inlined < n->in_count ? "partial-inline" : "inline";
}

static void write_text(struct shown *s, const struct graph *g, const struct graph_options *trimming, struct buf *out)
{
	struct shown_lines lines = {.arena = s->arena};
	char percent[UNIT_PERCENT_SIZE];
	int64_t sum = 0;

	shown_fit(s, g, false);
	shown_graph_lines(s, g, trimming, false, &lines);
	shown_write_lines(&lines, out);
	buf_text(out, "      flat  flat%   sum%        cum   cum%\n");
	for (size_t i = 0; i < g->node_count; i++) {
		const struct graph_node *n = g->nodes[i];
		const char *word = inlining(n);

		sum = unit_add(sum, graph_flat(n));
		unit_pad(out, 10, shown_value(s, graph_flat(n)));
		buf_printf(out, " %s", shown_percent(s, percent, graph_flat(n)));
		buf_printf(out, " %s ", shown_percent(s, percent, sum));
		unit_pad(out, 10, shown_value(s, graph_cum(n)));
		buf_printf(out, " %s  ", shown_percent(s, percent, graph_cum(n)));
		text_printable(out, n->label);
		if (*word)
			buf_printf(out, " (%s)", word);
		buf_char(out, '\n');
		shown_end_row(s);
	}
}

static void write_json(const struct shown *s, const struct graph *g, struct buf *out)
{
	struct json j = {.out = out};

	shown_begin_json(s, &j, "top");
	json_key(&j, "nodes");
	json_begin_array(&j);
	for (size_t i = 0; i < g->node_count; i++) {
		const struct graph_node *n = g->nodes[i];

		json_begin_object_line(&j);
		shown_json_place(&j, n);
		json_key(&j, "flat");
		shown_json_number(s, &j, graph_flat(n));
		json_key(&j, "flat_ratio");
		json_double(&j, shown_ratio(s, graph_flat(n)));
		json_key(&j, "cum");
		shown_json_number(s, &j, graph_cum(n));
		json_key(&j, "cum_ratio");
		json_double(&j, shown_ratio(s, graph_cum(n)));
		if (*inlining(n)) {
			json_key(&j, "inlined");
			json_text(&j, text_equal(inlining(n), "inline") ? "always" : "partly");
		}
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

static void write_csv(const struct shown *s, const struct graph *g, struct buf *out)
{
	buf_text(out, "name,file,line,address,flat,flat_percent,cum,cum_percent,inlined,type,unit\n");
	for (size_t i = 0; i < g->node_count; i++) {
		const struct graph_node *n = g->nodes[i];
		const char *word = inlining(n);

		shown_csv_place(out, n);
		shown_csv_number(s, out, graph_flat(n));
		buf_char(out, ',');
		cells_percent(out, shown_ratio(s, graph_flat(n)));
		buf_char(out, ',');
		shown_csv_number(s, out, graph_cum(n));
		buf_char(out, ',');
		cells_percent(out, shown_ratio(s, graph_cum(n)));
		buf_printf(out, ",%s,", !*word ? "" : text_equal(word, "inline") ? "always" : "partly");
		shown_csv_end(s, out);
	}
}

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	struct graph_options trimming = shown_trimming(options, 0, 0.005, 0.001);
	struct shown s;
	struct graph g;

	(void)err;
	trimming.edges = GRAPH_EDGES_INLINED;
	shown_init(&s, a, source, options);
	graph_build(a, source, &trimming, &g);
	if (options->form == VIEW_JSON)
		write_json(&s, &g, out);
	else if (options->form == VIEW_CSV)
		write_csv(&s, &g, out);
	else
		write_text(&s, &g, &trimming, out);
	return true;
}

const struct view view_top = {
	.name = "top",
	.help = "what costs most: a line a function with its own cost (flat) and that of all it calls (cum)",
	.write = write,
};
