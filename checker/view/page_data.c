/* Functions and calls of a page, as JSON: what its script shows. */
#include "view/page_data.h"

#include <stdlib.h>

#include "draw/flame_parts.h"

/* A source that shows another sample type of the same profile. */
static struct source source_of(const struct source *source, size_t type)
{
	const struct profile *p = source->profile;
	struct source out = *source;

	if (type == source->type)
		return out;
	out.type = type;
	out.total = source->totals ? source->totals[type] : source->total;
	out.unit = profile_text(p, p->types[type].unit);
	return out;
}

static void build_graph(struct page_data *d, struct page_type *t)
{
	struct graph_options how = {.order = d->options->cum ? GRAPH_BY_CUM : GRAPH_BY_FLAT,
				    .edges = GRAPH_EDGES_ALL,
				    .unit = "minimum",
				    .source_path = d->options->source_path,
				    .trim_path = d->options->trim_path};

	/* By what they cost with all they call: so the ways from the root to what is costly are there. */
	if (d->source->profile->location_count > PAGE_LOCATIONS) {
		how.node_count = PAGE_FUNCTIONS;
		how.order = GRAPH_BY_CUM;
	}
	graph_build(d->arena, &t->source, &how, &t->graph);
}

static void number_functions(struct page_data *d)
{
	size_t room = 0;

	for (size_t i = 0; i < d->type_count; i++) {
		const struct graph *g = &d->types[i].graph;

		room += g->node_count;
		for (size_t k = 0; k < g->node_count; k++)
			d->id_count = g->nodes[k]->id >= d->id_count ? g->nodes[k]->id + (size_t)1 : d->id_count;
	}
	d->functions = NEW_ARRAY(d->arena, struct graph_node *, room + 1);
	d->number_of = NEW_ARRAY(d->arena, uint32_t, d->id_count + 1);
	for (size_t i = 0; i < d->type_count; i++) {
		const struct graph *g = &d->types[i].graph;

		for (size_t k = 0; k < g->node_count; k++) {
			if (d->number_of[g->nodes[k]->id])
				continue;
			d->functions[d->function_count++] = g->nodes[k];
			d->number_of[g->nodes[k]->id] = (uint32_t)d->function_count;
		}
	}
}

void page_data_init(struct page_data *d, struct arena *a, const struct source *source,
		    const struct view_options *options)
{
	*d = (struct page_data){.arena = a, .source = source, .options = options};
	for (size_t i = 0; i < source->profile->type_count; i++) {
		/* The chosen one has a place however many there are. */
		bool full = d->type_count + (i < source->type) >= PAGE_TYPES;
		struct page_type *t = d->types + d->type_count;

		if (full && i != source->type) {
			d->left_out_count++;
			continue;
		}
		d->type_count++;
		t->chosen = i == source->type;
		t->source = source_of(source, i);
		shown_init(&t->shown, a, &t->source, options);
		build_graph(d, t);
	}
	number_functions(d);
}

/* How the script writes costs: in the unit that fits, or in one that was chosen. */
static void write_unit(const struct page_type *t, struct json *j)
{
	const char *from = t->source.unit, *wanted = t->shown.options->unit, *unit;
	const int64_t many = 1000000000; /* for all digits of the factor */
	bool chosen = wanted && !text_equal(wanted, "minimum") && !text_equal(wanted, "auto");
	double factor = unit_scale(many, from, chosen ? wanted : "nanoseconds", &unit) / (double)many;
	const char *kind = chosen ? "" : "time";

	if (!chosen && !text_equal(unit, "ns")) {
		factor = unit_scale(many, from, "bytes", &unit) / (double)many;
		kind = text_equal(unit, "B") ? "memory" : "";
	}
	if (!*kind && !chosen)
		factor = unit_scale(many, from, from, &unit) / (double)many;
	json_key(j, "kind");
	json_text(j, kind);
	json_key(j, "factor");
	json_double(j, factor);
	json_key(j, "unit");
	json_text(j, text_equal(unit, "count") ? "" : unit);
}

/* [other, cost, flags]: 1 inlined, 2 over functions that are not shown. */
static void write_calls(const struct page_data *d, const struct page_type *t, struct json *j,
			struct graph_edge *const *edges, size_t count, bool callers)
{
	json_begin_array_line(j);
	for (size_t i = 0; i < count && i < PAGE_CALLS; i++) {
		const struct graph_node *other = callers ? edges[i]->src : edges[i]->dest;

		if (other->id >= d->id_count || !d->number_of[other->id])
			continue;
		json_begin_array_line(j);
		json_int(j, d->number_of[other->id] - 1);
		shown_json_number(&t->shown, j, graph_weight(edges[i]));
		if (edges[i]->inlined || edges[i]->residual)
			json_int(j, edges[i]->inlined + 2 * edges[i]->residual);
		json_end_array(j);
	}
	json_end_array(j);
}

/* [function, flat, cum, callers, callees, callers that are left out, callees that are] */
static void write_node(const struct page_data *d, const struct page_type *t, struct json *j, const struct graph_node *n)
{
	json_begin_array_line(j);
	json_int(j, d->number_of[n->id] - 1);
	shown_json_number(&t->shown, j, graph_flat(n));
	shown_json_number(&t->shown, j, graph_cum(n));
	write_calls(d, t, j, n->in, n->in_count, true);
	write_calls(d, t, j, n->out, n->out_count, false);
	json_int(j, n->in_count > PAGE_CALLS ? (int64_t)(n->in_count - PAGE_CALLS) : 0);
	json_int(j, n->out_count > PAGE_CALLS ? (int64_t)(n->out_count - PAGE_CALLS) : 0);
	json_end_array(j);
}

static void write_type(const struct page_data *d, const struct page_type *t, struct json *j)
{
	json_begin_object_line(j);
	json_key(j, "name");
	json_text(j, flame_cut(d->arena, shown_type(&t->shown), FLAME_NAME_LIMIT));
	write_unit(t, j);
	json_key(j, "total");
	shown_json_number(&t->shown, j, t->source.total);
	json_key(j, "whole");
	json_int(j, (int64_t)t->graph.whole_count);
	json_key(j, "nodes");
	json_begin_array_line(j);
	for (size_t i = 0; i < t->graph.node_count; i++)
		write_node(d, t, j, t->graph.nodes[i]);
	json_end_array(j);
	json_end_object(j);
}

void page_data_write(struct page_data *d, struct buf *out)
{
	struct json j = {.out = out, .compact = true};

	json_begin_object(&j);
	json_key(&j, "functions");
	json_begin_array_line(&j);
	for (size_t i = 0; i < d->function_count; i++) {
		graph_label(d->arena, d->functions[i]);
		json_text(&j,
			  text_printable_copy(d->arena, flame_cut(d->arena, d->functions[i]->label, FLAME_NAME_LIMIT)));
	}
	json_end_array(&j);
	json_key(&j, "types");
	json_begin_array(&j);
	for (size_t i = 0; i < d->type_count; i++)
		write_type(d, d->types + i, &j);
	json_end_array(&j);
	page_sources_write(d, &j);
	json_end_object(&j);
}
