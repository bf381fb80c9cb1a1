/* The call graph of a profile, trimmed as pprof trims it. */
#include "graph/graph.h"

#include "graph/graph_build.h"
#include "graph/unit.h"

enum { NODELETS = 4 }; /* tags that a picture shows of one node */

int64_t graph_flat(const struct graph_node *n)
{
	return unit_divide(n->flat, n->flat_div);
}

int64_t graph_cum(const struct graph_node *n)
{
	return unit_divide(n->cum, n->cum_div);
}

int64_t graph_weight(const struct graph_edge *e)
{
	return unit_divide(e->weight, e->weight_div);
}

static bool is_negative(const struct graph_node *n)
{
	return n->flat < 0 || (!n->flat && n->cum < 0);
}

/* The nodes that have anything to show. */
static void select_nodes(struct graph_building *b, struct graph *out)
{
	out->nodes = NEW_ARRAY(b->arena, struct graph_node *, b->all_count);
	for (size_t i = 0; i < b->all_count; i++) {
		struct graph_node *n = b->all + i;

		if ((n->flat || n->cum) && !(b->source->drop_negative && is_negative(n)))
			out->nodes[out->node_count++] = n;
	}
}

/* From now on there are only the nodes shown; what stood between them becomes a residual edge. */
static void keep_only(struct graph_building *b, const struct graph *g)
{
	for (size_t i = 0; i < b->all_count; i++)
		b->counts[i].kept = false;
	for (size_t i = 0; i < g->node_count; i++)
		b->counts[g->nodes[i]->id].kept = true;
}

static int64_t cutoff_of(const struct graph *g, double fraction)
{
	int64_t total = 0;

	for (size_t i = 0; i < g->node_count; i++)
		total = unit_add(total, g->nodes[i]->flat);
	return unit_abs(unit_integer((double)total * fraction));
}

static void drop_light_nodes(struct graph_building *b, struct graph *g, int64_t cutoff)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->node_count; i++) {
		if (unit_abs(g->nodes[i]->cum) >= cutoff)
			g->nodes[kept++] = g->nodes[i];
	}
	g->dropped_nodes = g->node_count - kept;
	g->node_count = kept;
	if (g->dropped_nodes)
		keep_only(b, g);
}

static bool needs_edges(const struct graph_building *b)
{
	if (b->options->edges != GRAPH_EDGES_INLINED)
		return b->options->edges == GRAPH_EDGES_ALL;
	for (size_t i = 0; i < b->all_count; i++) {
		if (b->counts[i].inlinable && b->counts[i].kept)
			return true;
	}
	return false;
}

/* Which nodes' edges are wanted.  Whoever gave a pattern that takes too many steps finds that out by matching labels, too. */
static void choose_linked(struct graph_building *b)
{
	const struct regex *touching = b->options->touching;
	struct err ignored;
	bool going = true;

	for (size_t i = 0; going && i < b->all_count; i++) {
		struct graph_count *c = b->counts + i;

		c->linked = b->options->edges == GRAPH_EDGES_INLINED ? c->inlinable : !touching;
		if (c->linked || !touching)
			continue;
		graph_label(b->arena, b->all + i);
		going = regex_search(touching, b->all[i].label, &c->linked, &ignored);
	}
}

static void connect(struct graph_building *b)
{
	choose_linked(b);
	if (needs_edges(b))
		graph_make_edges(b);
	if (b->options->tags)
		graph_make_tags(b);
}

/* How many of the nodes fit a picture of `limit` shapes, tags being shapes too. */
static size_t count_shapes(const struct graph *g, size_t limit)
{
	size_t shapes = 0;

	for (size_t i = 0; i < g->node_count; i++) {
		size_t tags = 0;

		for (size_t k = 0; k < g->nodes[i]->tag_count; k++)
			tags += g->nodes[i]->tags[k]->flat != 0;
		shapes += (tags > NODELETS ? NODELETS : tags) + 1;
		if (shapes >= limit)
			return i + 1;
	}
	return limit;
}

/* Leaves the first nodes; true when there were more. */
static bool limit_nodes(struct graph_building *b, struct graph *g, bool picture)
{
	size_t limit = (size_t)b->options->node_count;

	if (picture)
		limit = count_shapes(g, limit);
	if (limit >= g->node_count)
		return false;
	g->node_count = limit;
	keep_only(b, g);
	return true;
}

void graph_build(struct arena *a, const struct source *source, const struct graph_options *options, struct graph *out)
{
	struct graph_building b = {.arena = a, .source = source, .options = options};
	bool picture = options->order == GRAPH_BY_ENTROPY;
	int64_t node_cutoff, edge_cutoff;

	*out = (struct graph){0};
	graph_make_nodes(&b);
	graph_sum_stacks(&b);
	select_nodes(&b, out);
	node_cutoff = cutoff_of(out, options->node_fraction);
	edge_cutoff = cutoff_of(out, options->edge_fraction);
	if (node_cutoff > 0)
		drop_light_nodes(&b, out, node_cutoff);
	out->whole_count = out->node_count;
	/* A picture's order looks at edges; elsewhere they are made once, of the nodes that are left. */
	if (picture)
		connect(&b);
	graph_sort(a, out->nodes, out->node_count, options->order);
	if (picture && options->node_count > 0) {
		graph_drop_tags(out->nodes, out->node_count, node_cutoff);
		graph_drop_edges(&b, out->nodes, out->node_count, edge_cutoff);
	}
	if (options->node_count > 0 && limit_nodes(&b, out, picture) && picture) {
		connect(&b);
		graph_sort(a, out->nodes, out->node_count, options->order);
	}
	if (!picture)
		connect(&b);
	graph_drop_tags(out->nodes, out->node_count, node_cutoff);
	out->dropped_edges = graph_drop_edges(&b, out->nodes, out->node_count, edge_cutoff);
	if (options->reduce)
		graph_reduce_edges(&b, out->nodes, out->node_count);
}
