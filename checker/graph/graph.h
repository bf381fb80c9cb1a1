/*
 * The call graph of a profile: what each place costs itself (flat), with all that it calls (cum), and who calls whom.
 *
 * Numbers, trimming and order are those of google/pprof (internal/graph, internal/report).  Nodes are what the granularity of
 * the source left of a frame: name, file, line, address.  Memory is the arena's and points into the source's profile.
 */
#ifndef PAWL_GRAPH_GRAPH_H
#define PAWL_GRAPH_GRAPH_H

#include "base/arena.h"
#include "base/regex.h"
#include "graph/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct graph_node;

struct graph_edge {
	struct graph_node *src, *dest; /* caller, callee */
	int64_t weight, weight_div;
	bool residual; /* goes over nodes that are not shown */
	bool inlined;  /* every time */
	bool gone;     /* left out; stands in no list */
};

/* Samples of a node that bear the same texts ("region:eu-west-1"), or the same number beside them. */
struct graph_tag {
	const char *name, *unit; /* the name of several texts has a line each */
	const char *beside;      /* of numbers: name of the texts' tag, "" for none; else NULL */
	int64_t value;           /* of numbers, in `unit` */
	int64_t flat, flat_div, cum, cum_div;
};

struct graph_node {
	const char *label; /* as pprof prints it, not yet made printable */
	const char *name, *file, *object;
	uint64_t address;
	int64_t line, start_line; /* start_line and object: only with `objects`, or where there is no name */
	int64_t flat, flat_div, cum, cum_div;
	struct graph_edge **in, **out; /* heaviest first; only what was asked for */
	size_t in_count, out_count;
	struct graph_tag **tags; /* in no order */
	size_t tag_count;
	uint32_t id;
};

enum graph_edges {
	GRAPH_EDGES_NONE,
	GRAPH_EDGES_INLINED, /* only into what is inlined somewhere: enough to say "(inline)", and cheap */
	GRAPH_EDGES_ALL
};

enum graph_order { GRAPH_BY_FLAT, GRAPH_BY_CUM, GRAPH_BY_ENTROPY };

struct graph_options {
	enum graph_order order;
	enum graph_edges edges;
	const struct regex *touching;        /* only edges at nodes whose label matches; NULL: all */
	bool tags;                           /* collect them */
	bool objects;                        /* the same function of two object files is two nodes */
	bool reduce;                         /* takes away residual edges that have another way */
	long node_count;                     /* 0: all */
	double node_fraction, edge_fraction; /* 0: all */
	const char *unit;                    /* that tags are written in */
	const char *source_path, *trim_path; /* folders parted by ':' that file names lose; NULL */
};

struct graph {
	struct graph_node **nodes; /* in order */
	size_t node_count;
	size_t whole_count; /* nodes that were heavy enough, before the limit of nodes */
	size_t dropped_nodes, dropped_edges;
};

void graph_build(struct arena *a, const struct source *source, const struct graph_options *options, struct graph *out);

/* Heaviest first, then by name. */
void graph_sort_edges(struct graph_edge **edges, size_t count);

/* Values with the mean taken, if it is one. */
int64_t graph_flat(const struct graph_node *n);
int64_t graph_cum(const struct graph_node *n);
int64_t graph_weight(const struct graph_edge *e);

/* A frame as a node without numbers; `line` is NULL for a location without lines.  No label yet. */
struct graph_node graph_frame(struct arena *a, const struct profile *p, const struct profile_location *l,
			      const struct profile_line *line);

/* Fills `label`, if it is not yet there. */
void graph_label(struct arena *a, struct graph_node *n);

/* The file's name without prefixes of other machines, as pprof's source_path and trim_path take them away. */
const char *graph_trim_path(const char *path, const char *trim_path, const char *source_path);

#endif
