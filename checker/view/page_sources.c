/* Source lines in a page, with what each costs in every sample type. */
#include "view/page_data.h"

#include <stdlib.h>
#include <string.h>

#include "draw/flame_parts.h"

enum { MARGIN = 5, LINE_LIMIT = 400 }; /* lines around those with samples; bytes of a line */

/* The lines of one function in one file, of one type: nodes[0..count), by line. */
struct excerpt {
	struct graph_node *const *nodes;
	size_t count;
};

struct sources {
	struct page_data *data;
	struct json *json;
	struct source_texts texts;
	struct graph lines[PAGE_TYPES]; /* per type, by name, file, line */
	struct arena *row;
};

static int compare_lines(const void *x, const void *y)
{
	const struct graph_node *a = *(struct graph_node *const *)x, *b = *(struct graph_node *const *)y;
	int order = strcmp(a->name, b->name);

	if (!order)
		order = strcmp(a->file, b->file);
	if (!order)
		order = (a->line > b->line) - (a->line < b->line);
	return order ? order : (a->id > b->id) - (a->id < b->id);
}

/* The first node that is not before the name and file. */
static size_t find_first(const struct graph *g, const char *name, const char *file)
{
	size_t low = 0, high = g->node_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(g->nodes[middle]->name, name);

		if (!order)
			order = strcmp(g->nodes[middle]->file, file);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct excerpt excerpt_find(const struct graph *g, const char *name, const char *file)
{
	size_t first = find_first(g, name, file);
	struct excerpt e = {g->nodes + first, 0};

	while (first + e.count < g->node_count && text_equal(e.nodes[e.count]->name, name) &&
	       text_equal(e.nodes[e.count]->file, file))
		e.count++;
	return e;
}

static int64_t line_limited(int64_t line)
{
	return line < 0 ? 0 : line > 1000000000 ? 1000000000 : line;
}

static const char *line_text(struct arena *a, const struct source_text *text, int64_t line)
{
	struct str at = text->lines[line - 1];

	return flame_cut(a, arena_copy(a, at.at, at.size), LINE_LIMIT);
}

/* Per type the lines that cost something: [line, flat, cum, line, …]. */
static void write_costs(struct sources *s, const struct page_type *t, struct excerpt e, int64_t last)
{
	json_begin_array_line(s->json);
	for (size_t i = 0; i < e.count;) {
		struct graph_node sum = {0};
		int64_t line = e.nodes[i]->line;

		for (; i < e.count && e.nodes[i]->line == line; i++) {
			sum.flat = unit_add(sum.flat, e.nodes[i]->flat);
			sum.cum = unit_add(sum.cum, e.nodes[i]->cum);
		}
		if (line > last)
			break;
		json_int(s->json, line);
		shown_json_number(&t->shown, s->json, sum.flat);
		shown_json_number(&t->shown, s->json, sum.cum);
	}
	json_end_array(s->json);
}

static void write_excerpt(struct sources *s, size_t function, struct excerpt e, const struct source_text *text)
{
	const char *name = e.nodes[0]->name, *file = e.nodes[0]->file;
	int64_t first = line_limited(e.nodes[0]->line) - MARGIN,
		last = line_limited(e.nodes[e.count - 1]->line) + MARGIN;
	struct arena_mark mark = arena_mark(s->row);

	first = first < 1 ? 1 : first;
	if (last > (int64_t)text->line_count)
		last = (int64_t)text->line_count;
	if (last - first >= PAGE_LINES)
		last = first + PAGE_LINES - 1;
	json_begin_object_line(s->json);
	json_key(s->json, "function");
	json_int(s->json, (int64_t)function);
	json_key(s->json, "file");
	json_text(s->json, text_printable_copy(s->row, flame_cut(s->row, file, FLAME_NAME_LIMIT)));
	json_key(s->json, "first");
	json_int(s->json, first);
	json_key(s->json, "lines");
	json_begin_array_line(s->json);
	for (int64_t line = first; line <= last; line++)
		json_text(s->json, line_text(s->row, text, line));
	json_end_array(s->json);
	json_key(s->json, "costs");
	json_begin_array_line(s->json);
	for (size_t i = 0; i < s->data->type_count; i++)
		write_costs(s, s->data->types + i, excerpt_find(s->lines + i, name, file), last);
	json_end_array(s->json);
	json_end_object(s->json);
	arena_reset(s->row, mark);
}

/* The function's excerpts; a name may stand in several files. */
static void write_function(struct sources *s, size_t function, const struct graph *all)
{
	const struct graph_node *n = s->data->functions[function];
	size_t at = find_first(all, n->name, "");

	while (at < all->node_count && text_equal(all->nodes[at]->name, n->name)) {
		struct excerpt e = excerpt_find(all, n->name, all->nodes[at]->file);
		const struct source_text *text =
			*e.nodes[0]->file ? source_text_find(&s->texts, e.nodes[0]->file) : NULL;

		if (text && text->path)
			write_excerpt(s, function, e, text);
		at += e.count;
	}
}

/* By name, file and line; functions without name have no source. */
static void find_lines(struct sources *s, size_t type)
{
	struct source source = s->data->types[type].source;
	struct graph_options how = {.unit = "minimum",
				    .source_path = s->data->options->source_path,
				    .trim_path = s->data->options->trim_path};

	source.profile = (struct profile *)s->data->source->lined;
	source.granularity = GRANULARITY_LINES;
	graph_build(s->data->arena, &source, &how, s->lines + type);
	qsort(s->lines[type].nodes, s->lines[type].node_count, sizeof(struct graph_node *), compare_lines);
}

/* Whether any of the functions' files is here: nearly no machine has those of another one. */
static bool any_found(struct sources *s)
{
	const struct profile *p = s->data->source->lined;
	struct graph_node frame;
	size_t asked = 0;

	for (size_t i = 0; i < p->location_count && asked < 5000; i++) {
		const struct profile_location *l = p->locations + i;

		for (uint32_t k = 0; k < l->line_count; k++, asked++) {
			frame = graph_frame(s->row, p, l, p->lines + l->first_line + k);
			if (*frame.file && source_text_find(&s->texts, arena_string(s->data->arena, frame.file))->path)
				return true;
		}
	}
	return false;
}

void page_sources_write(struct page_data *d, struct json *j)
{
	struct sources s = {.data = d,
			    .json = j,
			    .texts = {.arena = d->arena,
				      .source_path = d->options->source_path,
				      .trim_path = d->options->trim_path},
			    .row = arena_open_child(d->arena)};
	size_t count = d->function_count < PAGE_SOURCES ? d->function_count : PAGE_SOURCES, chosen = 0;

	json_key(j, "sources");
	json_begin_array(j);
	if (d->source->lined && any_found(&s)) {
		for (size_t i = 0; i < d->type_count; i++) {
			find_lines(&s, i);
			if (d->types[i].chosen)
				chosen = i;
		}
		for (size_t i = 0; i < count; i++)
			write_function(&s, i, s.lines + chosen);
	}
	json_end_array(j);
}
