/* Tags of a node as shapes beside it. */
#include "view/dot.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHAPES = 4 }; /* of one kind at one node */

struct tag_writer {
	const struct shown *shown;
	struct arena *arena;
	struct buf *out;
	bool flat; /* the node calls others: only what it costs itself */
	bool any;
};

static int64_t tag_flat(const struct graph_tag *t)
{
	return unit_divide(t->flat, t->flat_div);
}

static int64_t tag_cum(const struct graph_tag *t)
{
	return unit_divide(t->cum, t->cum_div);
}

static int compare_weights(int64_t a, int64_t b)
{
	uint64_t left = (uint64_t)unit_abs(a), right = (uint64_t)unit_abs(b);

	return (left < right) - (left > right);
}

/* pprof parts texts by a backslash and an n, which come behind digits. */
static int compare_names(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (*a == '\n' || *b == '\n')
		return (*a == '\n' ? '\\' : (unsigned char)*a) - (*b == '\n' ? '\\' : (unsigned char)*b);
	return (unsigned char)*a - (unsigned char)*b;
}

static int compare_flat(const void *x, const void *y)
{
	const struct graph_tag *a = *(struct graph_tag *const *)x, *b = *(struct graph_tag *const *)y;
	int order = compare_weights(a->flat, b->flat);

	return order ? order : compare_names(a->name, b->name);
}

static int compare_cum(const void *x, const void *y)
{
	const struct graph_tag *a = *(struct graph_tag *const *)x, *b = *(struct graph_tag *const *)y;
	int order = compare_weights(a->cum, b->cum);

	return order ? order : compare_flat(x, y);
}

static void sort_tags(struct graph_tag **tags, size_t count, bool flat)
{
	if (count > 1)
		qsort(tags, count, sizeof *tags, flat ? compare_flat : compare_cum);
}

/* The tags of one sort: texts (NULL), or numbers beside those texts. */
static size_t choose_tags(const struct graph_node *n, const char *beside, struct graph_tag **out)
{
	size_t count = 0;

	for (size_t i = 0; i < n->tag_count; i++) {
		const char *other = n->tags[i]->beside;

		if (beside ? other && text_equal(other, beside) : !other)
			out[count++] = n->tags[i];
	}
	return count;
}

/* The shape `id` and the link to it from `from`. */
static void write_shape(struct tag_writer *w, const char *from, const char *id, const char *name, int64_t weight,
			const char *style)
{
	const char *value = shown_value(w->shown, weight);
	struct buf label = {.arena = w->arena};

	/* Texts stand in lines. */
	for (const char *at = name; *at;) {
		size_t size = strcspn(at, "\n");

		dot_text(w->arena, arena_copy(w->arena, at, size), &label);
		at += size + (at[size] == '\n');
		if (*at)
			buf_text(&label, "\\n");
	}
	buf_printf(w->out, "%s [label = \"%s\" id=\"%s\" fontsize=8 shape=box3d tooltip=\"%s\"]\n", id,
		   buf_string(&label), id, value);
	buf_printf(w->out, "%s -> %s [label=\" %s\" weight=100 tooltip=\"%s\" labeltooltip=\"%s\"%s]\n", from, id,
		   value, value, value, style);
	w->any = true;
}

static double distance(const struct graph_tag *a, const struct graph_tag *b)
{
	const char *unit;

	return fabs((double)a->value - unit_scale(b->value, b->unit, a->unit, &unit));
}

static const char *value_label(struct arena *a, const struct graph_tag *t)
{
	return unit_text(a, t->value, t->unit, "auto");
}

/* Several numbers as one: "16B..64B". */
struct range {
	const struct graph_tag *least, *most;
	struct graph_tag sum;
};

static void range_add(struct range *r, const struct graph_tag *t)
{
	if (!r->least || t->value < r->least->value)
		r->least = t;
	if (!r->most || t->value > r->most->value)
		r->most = t;
	r->sum.flat = unit_add(r->sum.flat, t->flat);
	r->sum.flat_div = unit_add(r->sum.flat_div, t->flat_div);
	r->sum.cum = unit_add(r->sum.cum, t->cum);
	r->sum.cum_div = unit_add(r->sum.cum_div, t->cum_div);
}

/* The heaviest stand for those that are nearest to them.  Returns how many are left. */
static size_t collapse(struct tag_writer *w, struct graph_tag **tags, size_t count)
{
	struct range ranges[SHAPES] = {0};

	sort_tags(tags, count, w->flat);
	if (count <= SHAPES)
		return count;
	for (size_t i = 0; i < SHAPES; i++)
		range_add(ranges + i, tags[i]);
	for (size_t i = SHAPES; i < count; i++) {
		size_t nearest = 0;

		for (size_t k = 1; k < SHAPES; k++) {
			if (distance(tags[i], tags[k]) < distance(tags[i], tags[nearest]))
				nearest = k;
		}
		range_add(ranges + nearest, tags[i]);
	}
	for (size_t i = 0; i < SHAPES; i++) {
		const struct range *r = ranges + i;

		tags[i] = NEW(w->arena, struct graph_tag);
		tags[i]->flat = tag_flat(&r->sum);
		tags[i]->cum = tag_cum(&r->sum);
		tags[i]->name = value_label(w->arena, r->least);
		if (r->least != r->most)
			tags[i]->name = arena_printf(w->arena, "%s..%s", tags[i]->name, value_label(w->arena, r->most));
	}
	sort_tags(tags, SHAPES, w->flat);
	return SHAPES;
}

static void write_numbers(struct tag_writer *w, const struct graph_node *n, const char *beside, const char *from)
{
	struct graph_tag **tags = NEW_ARRAY(w->arena, struct graph_tag *, n->tag_count + SHAPES);
	size_t count = collapse(w, tags, choose_tags(n, beside, tags));

	for (size_t i = 0; i < count; i++) {
		bool own = w->flat || tag_flat(tags[i]) == tag_cum(tags[i]);
		int64_t weight = own ? tag_flat(tags[i]) : tag_cum(tags[i]);

		if (weight)
			write_shape(w, from, arena_printf(w->arena, "N%s_%zu", from, i), tags[i]->name, weight,
				    own ? "" : " style=\"dotted\"");
	}
}

bool dot_tags(const struct shown *s, const struct graph_node *n, size_t number, struct buf *out)
{
	struct tag_writer w = {.shown = s, .arena = s->row, .out = out, .flat = n->out_count > 0};
	struct graph_tag **tags = NEW_ARRAY(s->row, struct graph_tag *, n->tag_count + SHAPES);
	const char *node = arena_printf(s->row, "N%zu", number);
	size_t count = choose_tags(n, NULL, tags);

	sort_tags(tags, count, w.flat);
	for (size_t i = 0; i < count && i < SHAPES; i++) {
		int64_t weight = w.flat ? tag_flat(tags[i]) : tag_cum(tags[i]);
		const char *id = arena_printf(s->row, "%s_%zu", node, i);

		if (!weight)
			continue;
		write_shape(&w, node, id, tags[i]->name, weight, "");
		write_numbers(&w, n, tags[i]->name, id);
	}
	write_numbers(&w, n, "", node);
	shown_end_row(s);
	return w.any;
}
