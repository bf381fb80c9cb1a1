/* In what order nodes are shown. */
#include "graph/graph_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/unit.h"

struct scored {
	struct graph_node *node;
	uint64_t score, second; /* second: after the label */
};

static int order_of(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_signed(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_scored(const void *x, const void *y)
{
	const struct scored *a = x, *b = y;
	int order = order_of(b->score, a->score);

	if (!order)
		order = strcmp(a->node->label, b->node->label);
	if (!order)
		order = order_of(b->second, a->second);
	/* Nodes that look the same differ in what is not printed. */
	if (!order)
		order = strcmp(a->node->name, b->node->name);
	if (!order)
		order = order_of(a->node->address, b->node->address);
	if (!order)
		order = strcmp(a->node->file, b->node->file);
	if (!order)
		order = compare_signed(a->node->start_line, b->node->start_line);
	if (!order)
		order = compare_signed(a->node->line, b->node->line);
	if (!order)
		order = strcmp(a->node->object, b->node->object);
	return order ? order : (a->node->id > b->node->id) - (a->node->id < b->node->id);
}

/* -p log2 p, summed over the edges and what the node costs itself.  Differences count by their size: pprof divides by what
 * is positive only, and then has no number for nodes that became cheaper. */
static double edge_entropy(struct graph_edge *const *edges, size_t count, int64_t self)
{
	double own = fabs((double)self), total = own, entropy = 0;

	for (size_t i = 0; i < count; i++)
		total += fabs((double)edges[i]->weight);
	if (!(total > 0))
		return 0;
	for (size_t i = 0; i < count; i++) {
		double part = fabs((double)edges[i]->weight) / total;

		if (part > 0)
			entropy -= part * log2(part);
	}
	if (own > 0)
		entropy -= own / total * log2(own / total);
	return entropy;
}

/* How much a node tells in a picture: much for one from which ways part, little for one that only hands on.  The score of
 * google/pprof (internal/graph, entropyScore). */
static int64_t entropy_score(const struct graph_node *n)
{
	double score = (n->in_count ? edge_entropy(n->in, n->in_count, 0) : 1) +
		       (n->out_count ? edge_entropy(n->out, n->out_count, n->flat) : 1);

	return unit_add(unit_integer(score * (double)n->cum), n->flat);
}

void graph_sort(struct arena *a, struct graph_node **nodes, size_t count, enum graph_order order)
{
	struct scored *scored = NEW_ARRAY(a, struct scored, count);

	for (size_t i = 0; i < count; i++) {
		struct graph_node *n = nodes[i];
		int64_t score = order == GRAPH_BY_FLAT ? n->flat : order == GRAPH_BY_CUM ? n->cum : entropy_score(n);

		graph_label(a, n);
		scored[i] = (struct scored){n, (uint64_t)unit_abs(score),
					    (uint64_t)unit_abs(order == GRAPH_BY_FLAT ? n->cum : n->flat)};
	}
	if (count > 1)
		qsort(scored, count, sizeof *scored, compare_scored);
	for (size_t i = 0; i < count; i++)
		nodes[i] = scored[i].node;
}
