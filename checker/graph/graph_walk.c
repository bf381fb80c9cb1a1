/* Sums over stacks: flat and cum of nodes, and what goes from one to the other. */
#include "graph/graph_build.h"

#include "graph/unit.h"

#include <stdlib.h>
#include <string.h>

/* Edges while they are counted, found by their ends.  Open addressing. */
struct links {
	struct graph_building *b;
	struct arena *arena;
	struct graph_link *at;
	size_t count, capacity;
	uint32_t *slots; /* index and 1 */
	size_t room;
};

static void sum_samples(struct graph_building *b)
{
	const struct profile *p = b->source->profile;
	bool mean = b->source->mean_type < p->type_count;

	b->weights = NEW_ARRAY(b->arena, int64_t, p->stack_count);
	b->divisors = mean ? NEW_ARRAY(b->arena, int64_t, p->stack_count) : NULL;
	b->used = NEW_ARRAY(b->arena, bool, p->stack_count);
	for (size_t i = 0; i < p->sample_count; i++) {
		const int64_t *values = p->values + i * p->type_count;
		int64_t weight = values[b->source->type], divisor = mean ? values[b->source->mean_type] : 0;
		uint32_t stack = p->sample_stacks[i];

		if (!weight && !divisor)
			continue;
		b->used[stack] = true;
		b->weights[stack] = unit_add(b->weights[stack], weight);
		if (mean)
			b->divisors[stack] = unit_add(b->divisors[stack], divisor);
	}
}

/* A node counts once a stack, however often it stands there. */
static void count_stack(struct graph_building *b, struct profile_span stack, uint32_t number, int64_t weight,
			int64_t divisor)
{
	const uint32_t *frames = b->source->profile->frames + stack.first;

	for (uint32_t i = 0; i < stack.count; i++) {
		struct profile_span slots = b->slots[frames[i]];

		for (uint32_t k = 0; k < slots.count; k++) {
			struct graph_count *c = b->counts + b->slot_nodes[slots.first + k];

			if (c->seen == number)
				continue;
			c->seen = number;
			c->cum = unit_add(c->cum, weight);
			c->cum_div = unit_add(c->cum_div, divisor);
		}
	}
}

void graph_sum_stacks(struct graph_building *b)
{
	const struct profile *p = b->source->profile;

	sum_samples(b);
	for (size_t i = 0; i < p->stack_count; i++) {
		int64_t divisor = b->divisors ? b->divisors[i] : 0;
		struct graph_node *leaf;

		if (!b->used[i] || !p->stacks[i].count)
			continue;
		count_stack(b, p->stacks[i], (uint32_t)i + 1, b->weights[i], divisor);
		leaf = b->all + b->slot_nodes[b->slots[p->frames[p->stacks[i].first]].first];
		leaf->flat = unit_add(leaf->flat, b->weights[i]);
		leaf->flat_div = unit_add(leaf->flat_div, divisor);
	}
	for (size_t i = 0; i < b->all_count; i++) {
		b->all[i].cum = b->counts[i].cum;
		b->all[i].cum_div = b->counts[i].cum_div;
	}
}

static size_t link_hash(uint32_t src, uint32_t dest)
{
	uint64_t h = ((uint64_t)src << 32 | dest) * 0x9e3779b97f4a7c15U;

	return (size_t)(h ^ h >> 32);
}

static void links_grow(struct links *l)
{
	size_t room = l->room ? l->room * 2 : 4096;

	l->slots = NEW_ARRAY(l->arena, uint32_t, room);
	l->room = room;
	for (size_t i = 0; i < l->count; i++) {
		size_t at = link_hash(l->at[i].src, l->at[i].dest) & (room - 1);

		while (l->slots[at])
			at = (at + 1) & (room - 1);
		l->slots[at] = (uint32_t)i + 1;
	}
}

static struct graph_link *link_find(struct links *l, uint32_t src, uint32_t dest)
{
	size_t at;

	if (l->count * 2 >= l->room)
		links_grow(l);
	for (at = link_hash(src, dest) & (l->room - 1); l->slots[at]; at = (at + 1) & (l->room - 1)) {
		struct graph_link *link = l->at + l->slots[at] - 1;

		if (link->src == src && link->dest == dest)
			return link;
	}
	l->at = arena_reserve(l->arena, l->at, l->count, &l->capacity, sizeof *l->at);
	l->at[l->count] = (struct graph_link){.src = src, .dest = dest, .inlined = true};
	l->slots[at] = (uint32_t)l->count + 1;
	return l->at + l->count++;
}

/* From the root to the leaf; what is left out between two nodes makes a residual edge. */
static void link_stack(struct links *l, size_t stack)
{
	struct graph_building *b = l->b;
	const struct profile *p = b->source->profile;
	const uint32_t *frames = p->frames + p->stacks[stack].first;
	bool into_only = b->options->edges == GRAPH_EDGES_INLINED, residual = false;
	uint32_t parent = PROFILE_NONE;

	for (uint32_t i = p->stacks[stack].count; i-- > 0;) {
		struct profile_span slots = b->slots[frames[i]];

		for (uint32_t k = slots.count; k-- > 0;) {
			uint32_t node = b->slot_nodes[slots.first + k];
			struct graph_link *link;

			if (!b->counts[node].kept) {
				residual = true;
				continue;
			}
			if (parent != PROFILE_NONE && parent != node &&
			    (b->counts[node].linked || (!into_only && b->counts[parent].linked))) {
				link = link_find(l, parent, node);
				if (link->seen != stack + 1) {
					link->seen = (uint32_t)stack + 1;
					link->weight = unit_add(link->weight, b->weights[stack]);
					if (b->divisors)
						link->weight_div = unit_add(link->weight_div, b->divisors[stack]);
					link->residual |= residual;
					link->inlined &= k + 1 != slots.count;
				}
			}
			parent = node;
			residual = false;
		}
	}
}

static int compare_edges(const void *x, const void *y)
{
	const struct graph_edge *a = *(struct graph_edge *const *)x, *b = *(struct graph_edge *const *)y;
	uint64_t left = (uint64_t)unit_abs(a->weight), right = (uint64_t)unit_abs(b->weight);
	int order;

	if (left != right)
		return left > right ? -1 : 1;
	order = strcmp(a->src->label, b->src->label);
	if (!order)
		order = strcmp(a->dest->label, b->dest->label);
	if (!order)
		order = (a->src->id > b->src->id) - (a->src->id < b->src->id);
	return order ? order : (a->dest->id > b->dest->id) - (a->dest->id < b->dest->id);
}

void graph_sort_edges(struct graph_edge **edges, size_t count)
{
	if (count > 1)
		qsort(edges, count, sizeof *edges, compare_edges);
}

static void make_lists(struct graph_building *b)
{
	struct graph_edge **at = NEW_ARRAY(b->arena, struct graph_edge *, 2 * b->edge_count);

	for (size_t i = 0; i < b->all_count; i++)
		b->all[i].in_count = b->all[i].out_count = 0;
	for (size_t i = 0; i < b->edge_count; i++) {
		b->edges[i].src->out_count++;
		b->edges[i].dest->in_count++;
	}
	for (size_t i = 0; i < b->all_count; i++) {
		struct graph_node *n = b->all + i;

		n->in = at;
		n->out = at + n->in_count;
		at += n->in_count + n->out_count;
		n->in_count = n->out_count = 0;
	}
	for (size_t i = 0; i < b->edge_count; i++) {
		struct graph_edge *e = b->edges + i;

		e->src->out[e->src->out_count++] = e;
		e->dest->in[e->dest->in_count++] = e;
		graph_label(b->arena, e->src);
		graph_label(b->arena, e->dest);
	}
	for (size_t i = 0; i < b->all_count; i++) {
		graph_sort_edges(b->all[i].in, b->all[i].in_count);
		graph_sort_edges(b->all[i].out, b->all[i].out_count);
	}
}

void graph_make_edges(struct graph_building *b)
{
	struct links l = {.b = b, .arena = arena_open_child(b->arena)};

	for (size_t i = 0; i < b->source->profile->stack_count; i++) {
		if (b->used[i] && b->source->profile->stacks[i].count)
			link_stack(&l, i);
	}
	b->edge_count = l.count;
	b->edges = NEW_ARRAY(b->arena, struct graph_edge, l.count);
	for (size_t i = 0; i < l.count; i++) {
		struct graph_link *link = l.at + i;

		b->edges[i] = (struct graph_edge){.src = b->all + link->src,
						  .dest = b->all + link->dest,
						  .weight = link->weight,
						  .weight_div = link->weight_div,
						  .residual = link->residual,
						  .inlined = link->inlined};
	}
	arena_close(l.arena);
	make_lists(b);
}
