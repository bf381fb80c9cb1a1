/*
 * A call graph in the making: what the files graph*.c share.
 */
#ifndef PAWL_GRAPH_GRAPH_BUILD_H
#define PAWL_GRAPH_GRAPH_BUILD_H

#include "graph/graph.h"

/* What is counted while stacks are walked, apart from the nodes so that it fits a cache. */
struct graph_count {
	uint32_t seen; /* number of the stack that was counted last, from 1 */
	bool kept;
	bool linked;    /* its edges are wanted */
	bool inlinable; /* stands somewhere for a function that was inlined */
	int64_t cum, cum_div;
};

/* An edge while they are counted. */
struct graph_link {
	uint32_t src, dest, seen;
	bool residual, inlined;
	int64_t weight, weight_div;
};

struct graph_building {
	struct arena *arena;
	const struct source *source;
	const struct graph_options *options;

	struct graph_node *all; /* one for every place there is */
	size_t all_count;
	struct graph_count *counts; /* beside `all` */
	struct profile_span *slots; /* per location, in slot_nodes: its nodes, innermost first */
	uint32_t *slot_nodes;

	/* Per stack: the sum over its samples, and whether there was one that is not 0. */
	int64_t *weights, *divisors;
	bool *used;

	struct graph_edge *edges;
	size_t edge_count;
};

/* Fills all, counts and slots. */
void graph_make_nodes(struct graph_building *b);

/* Fills weights, divisors, used; then cum and flat of all nodes. */
void graph_sum_stacks(struct graph_building *b);

/* Makes the edges between kept nodes, and the lists of them in the nodes, heaviest first. */
void graph_make_edges(struct graph_building *b);

/* Takes edges below the cutoff into shown nodes away; returns how many. */
size_t graph_drop_edges(struct graph_building *b, struct graph_node **nodes, size_t node_count, int64_t cutoff);

/* Takes away residual edges beside which there is another way, as far as that can be found out in about a second. */
void graph_reduce_edges(struct graph_building *b, struct graph_node **nodes, size_t node_count);

/* Makes the tags of kept nodes. */
void graph_make_tags(struct graph_building *b);
void graph_drop_tags(struct graph_node **nodes, size_t node_count, int64_t cutoff);

/* The path without "." and "..", by its text alone; as Go's filepath.Clean. */
const char *graph_clean_path(struct arena *a, const char *path);

/* Orders as pprof does. */
void graph_sort(struct arena *a, struct graph_node **nodes, size_t count, enum graph_order order);

#endif
