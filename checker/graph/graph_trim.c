/* What is left out of a graph: light edges, and edges that only say again what others say. */
#include "graph/graph_build.h"

#include "graph/unit.h"

static void remove_edge(struct graph_edge **edges, size_t *count, const struct graph_edge *gone)
{
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++) {
		if (edges[i] != gone)
			edges[kept++] = edges[i];
	}
	*count = kept;
}

size_t graph_drop_edges(struct graph_node **nodes, size_t node_count, int64_t cutoff)
{
	size_t dropped = 0;

	for (size_t i = 0; i < node_count; i++) {
		struct graph_node *n = nodes[i];
		size_t kept = 0;

		for (size_t k = 0; k < n->in_count; k++) {
			struct graph_edge *e = n->in[k];

			if (unit_abs(e->weight) >= cutoff) {
				n->in[kept++] = e;
				continue;
			}
			remove_edge(e->src->out, &e->src->out_count, e);
			dropped++;
		}
		n->in_count = kept;
	}
	return dropped;
}

/* Nodes that were seen in the search with that number. */
struct search {
	uint32_t *seen;
	struct graph_node **queue;
	uint32_t number;
};

/* Whether the edge's end can be reached from its start another way: breadth first, against the edges. */
static bool has_another_way(struct search *s, const struct graph_edge *e)
{
	size_t first = 0, last = 0;

	s->number++;
	s->seen[e->dest->id] = s->number;
	s->queue[last++] = e->dest;
	while (first < last) {
		const struct graph_node *n = s->queue[first++];

		for (size_t i = 0; i < n->in_count; i++) {
			struct graph_node *src = n->in[i]->src;

			if (n->in[i] == e || s->seen[src->id] == s->number)
				continue;
			if (src == e->src)
				return true;
			s->seen[src->id] = s->number;
			s->queue[last++] = src;
		}
	}
	return false;
}

void graph_reduce_edges(struct graph_building *b, struct graph_node **nodes, size_t node_count)
{
	struct search s = {NEW_ARRAY(b->arena, uint32_t, b->all_count),
			   NEW_ARRAY(b->arena, struct graph_node *, b->all_count), 0};

	/* From the lightest, and never one that is heavier than an edge that must stay. */
	for (size_t i = node_count; i-- > 0;) {
		struct graph_node *n = nodes[i];

		for (size_t k = n->in_count; k-- > 0 && n->in[k]->residual;) {
			struct graph_edge *e = n->in[k];

			if (!has_another_way(&s, e))
				continue;
			remove_edge(e->src->out, &e->src->out_count, e);
			remove_edge(n->in, &n->in_count, e);
		}
	}
}
