/* The call graph for KCachegrind. */
#include "view/shown.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names that were written; the second time a number stands for one.  Open addressing. */
struct named {
	const char *text;
	size_t number;
};

struct names {
	struct arena *arena;
	struct named *slots;
	size_t count, room;
};

static size_t name_slot(const struct names *n, const char *text)
{
	uint64_t h = 0;
	size_t at;

	for (const char *c = text; *c; c++)
		h = (h ^ (unsigned char)*c) * 0x100000001b3U;
	for (at = (h ^ h >> 32) & (n->room - 1); n->slots[at].text; at = (at + 1) & (n->room - 1)) {
		if (text_equal(n->slots[at].text, text))
			break;
	}
	return at;
}

static void write_name(struct names *n, const char *key, const char *text, struct buf *out)
{
	struct named *name;

	buf_text(out, key);
	if (*text && n->count * 2 >= n->room) {
		struct names larger = {n->arena, NULL, n->count, n->room ? n->room * 2 : 256};

		larger.slots = NEW_ARRAY(n->arena, struct named, larger.room);
		for (size_t i = 0; i < n->room; i++) {
			if (n->slots[i].text)
				larger.slots[name_slot(&larger, n->slots[i].text)] = n->slots[i];
		}
		*n = larger;
	}
	if (*text) {
		name = n->slots + name_slot(n, text);
		if (name->text) {
			buf_printf(out, "(%zu)", name->number);
		} else {
			*name = (struct named){text, ++n->count};
			buf_printf(out, "(%zu) ", name->number);
			text_printable(out, text);
		}
	}
	buf_char(out, '\n');
}

/* Relative to the node before where that is shorter. */
static void write_address(const struct graph_node *before, uint64_t address, struct buf *out)
{
	char whole[32], relative[32];

	/* Go's %#x writes 0 as 0x0. */
	snprintf(whole, sizeof whole, "0x%" PRIx64, address);
	if (!before) {
		buf_text(out, whole);
		return;
	}
	if (before->address == address) {
		buf_char(out, '*');
		return;
	}
	snprintf(relative, sizeof relative, "%+" PRId64, (int64_t)(address - before->address));
	buf_text(out, strlen(relative) < strlen(whole) ? relative : whole);
}

struct grind {
	struct shown shown;
	struct names objects, files, functions;
	const char **called; /* per node: its name as a callee */
	struct buf *out;
};

static int64_t whole_value(const struct grind *g, int64_t value)
{
	const char *unit;

	return unit_integer(unit_scale(value, g->shown.source->unit, g->shown.unit, &unit));
}

/* A node at its place in the graph's order. */
struct placed {
	struct graph_node *node;
	size_t place, number;
};

static int compare_names(const struct placed *a, const struct placed *b)
{
	int order = strcmp(a->node->file, b->node->file);

	return order ? order : strcmp(a->node->name, b->node->name);
}

static int compare_functions(const struct placed *a, const struct placed *b)
{
	int order = compare_names(a, b);

	if (!order)
		order = (a->node->start_line > b->node->start_line) - (a->node->start_line < b->node->start_line);
	return order ? order : strcmp(a->node->object, b->node->object);
}

static int compare_placed(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;
	int order = compare_functions(a, b);

	return order ? order : (a->place > b->place) - (a->place < b->place);
}

static int compare_places(const void *x, const void *y)
{
	const struct placed *a = *(const struct placed *const *)x, *b = *(const struct placed *const *)y;

	return (a->place > b->place) - (a->place < b->place);
}

/* Numbers the functions among nodes of one file and name, in the order of the graph; returns how many there are. */
static size_t number_functions(struct placed *nodes, size_t count, struct placed **first_nodes)
{
	size_t functions = 0, first = 0;

	for (size_t i = 0; i < count; i++) {
		if (!i || compare_functions(nodes + i - 1, nodes + i))
			first_nodes[functions++] = nodes + i;
	}
	if (functions > 1)
		qsort(first_nodes, functions, sizeof *first_nodes, compare_places);
	for (size_t i = 0; i < functions; i++)
		first_nodes[i]->number = i + 1;
	for (size_t i = 0; i < count; i++) {
		if (compare_functions(nodes + first, nodes + i))
			first = i;
		nodes[i].number = nodes[first].number;
	}
	return functions;
}

/* Callgrind takes functions of one file and name for one: those that are not get " [1/2]" behind them as callees. */
static void name_callees(struct grind *g, const struct graph *graph, size_t id_count)
{
	struct arena *a = g->shown.arena;
	struct placed *nodes = NEW_ARRAY(a, struct placed, graph->node_count);
	struct placed **first_nodes = NEW_ARRAY(a, struct placed *, graph->node_count);
	size_t first = 0;

	g->called = NEW_ARRAY(a, const char *, id_count);
	for (size_t i = 0; i < graph->node_count; i++)
		nodes[i] = (struct placed){graph->nodes[i], i, 0};
	qsort(nodes, graph->node_count, sizeof *nodes, compare_placed);
	while (first < graph->node_count) {
		size_t end = first, functions;

		while (end < graph->node_count && !compare_names(nodes + first, nodes + end))
			end++;
		functions = number_functions(nodes + first, end - first, first_nodes);
		for (; first < end; first++)
			g->called[nodes[first].node->id] =
				functions > 1 ? arena_printf(a, "%s [%zu/%zu]", nodes[first].node->name,
							     nodes[first].number, functions)
					      : nodes[first].node->name;
	}
}

static void write_node(struct grind *g, const struct graph_node *n, const struct graph_node *before)
{
	if (!before || strcmp(n->object, before->object) != 0 || strcmp(n->file, before->file) != 0 ||
	    strcmp(n->name, before->name) != 0) {
		buf_char(g->out, '\n');
		write_name(&g->objects, "ob=", n->object, g->out);
		write_name(&g->files, "fl=", n->file, g->out);
		write_name(&g->functions, "fn=", n->name, g->out);
	}
	write_address(before, n->address, g->out);
	buf_printf(g->out, " %" PRId64 " %" PRId64 "\n", n->line, whole_value(g, graph_flat(n)));
	for (size_t i = 0; i < n->out_count; i++) {
		const struct graph_node *callee = n->out[i]->dest;

		write_name(&g->files, "cfl=", callee->file, g->out);
		write_name(&g->functions, "cfn=", g->called[callee->id] ? g->called[callee->id] : "", g->out);
		buf_text(g->out, "calls=0 ");
		write_address(before, callee->address, g->out);
		buf_printf(g->out, " %" PRId64 "\n* * %" PRId64 "\n", callee->line, whole_value(g, n->out[i]->weight));
	}
	buf_pass(g->out);
}

static size_t greatest_id(const struct graph *graph)
{
	size_t greatest = 0;

	for (size_t i = 0; i < graph->node_count; i++) {
		const struct graph_node *n = graph->nodes[i];

		greatest = n->id > greatest ? n->id : greatest;
		for (size_t k = 0; k < n->out_count; k++)
			greatest = n->out[k]->dest->id > greatest ? n->out[k]->dest->id : greatest;
	}
	return greatest;
}

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	struct graph_options trimming = shown_trimming(options, 0, 0, 0);
	struct grind g = {.objects = {.arena = a}, .files = {.arena = a}, .functions = {.arena = a}, .out = out};
	struct graph graph;

	if (options->form != VIEW_TEXT)
		return err_set(err, "the view callgrind is a format of its own; 'pawl profile tree --json' has the "
				    "same graph");
	trimming.node_count = 0;
	trimming.node_fraction = trimming.edge_fraction = 0;
	trimming.edges = GRAPH_EDGES_ALL;
	trimming.objects = true;
	graph_build(a, source, &trimming, &graph);
	shown_init(&g.shown, a, source, options);
	shown_fit(&g.shown, &graph, true);
	if (graph.node_count)
		name_callees(&g, &graph, greatest_id(&graph) + 1);
	buf_text(out, "positions: instr line\nevents: ");
	text_printable(out, shown_type(&g.shown));
	buf_char(out, '(');
	text_printable(out, g.shown.unit);
	buf_text(out, ")\n");
	for (size_t i = 0; i < graph.node_count; i++)
		write_node(&g, graph.nodes[i], i ? graph.nodes[i - 1] : NULL);
	return true;
}

const struct view view_callgrind = {
	.name = "callgrind",
	.help = "the call graph in callgrind's format, for KCachegrind",
	.by_addresses = true,
	.write = write,
};
