/* What is left out of a graph: light edges, and edges that only say again what others say. */
#include "graph/graph_build.h"

#include "graph/unit.h"

static void remove_gone(struct graph_edge **edges, size_t *count)
{
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++) {
		if (!edges[i]->gone)
			edges[kept++] = edges[i];
	}
	*count = kept;
}

/* Every list once: a function may call very many others. */
size_t graph_drop_edges(struct graph_building *b, struct graph_node **nodes, size_t node_count, int64_t cutoff)
{
	size_t dropped = 0;

	for (size_t i = 0; i < node_count; i++) {
		struct graph_node *n = nodes[i];

		for (size_t k = 0; k < n->in_count; k++) {
			n->in[k]->gone = unit_abs(n->in[k]->weight) < cutoff;
			dropped += n->in[k]->gone;
		}
		remove_gone(n->in, &n->in_count);
	}
	for (size_t i = 0; dropped && i < b->all_count; i++)
		remove_gone(b->all[i].out, &b->all[i].out_count);
	return dropped;
}

enum { SEARCH_STEPS = 100000000 }; /* edges that all searches together look at: about a second */

struct search {
	uint32_t *seen; /* per node: number of the search that saw it */
	struct graph_node **queue;
	uint32_t number;
	size_t steps;
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

		s->steps += n->in_count + 1;
		if (s->steps > SEARCH_STEPS)
			return false;
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
	struct search s = {.seen = NEW_ARRAY(b->arena, uint32_t, b->all_count),
			   .queue = NEW_ARRAY(b->arena, struct graph_node *, b->all_count)};

	/* From the lightest, and never one that is heavier than an edge that must stay. */
	for (size_t i = node_count; i-- > 0;) {
		struct graph_node *n = nodes[i];

		for (size_t k = n->in_count; k-- > 0 && n->in[k]->residual;) {
			struct graph_edge *e = n->in[k];

			if (!has_another_way(&s, e))
				continue;
			e->gone = true;
			s.steps += e->src->out_count + n->in_count;
			remove_gone(e->src->out, &e->src->out_count);
			remove_gone(n->in, &n->in_count);
		}
	}
}
