/*
 * One page that holds all views of a profile: top, tree, peek, source, flame graph and call graph.
 *
 * What needs no script, the first sample type's top, its flame graph and its call graph, is there as markup; the rest is
 * shown by page.js from one block of data.
 */
#include "draw/escape.h"
#include "draw/flame_parts.h"
#include "draw/page.h"
#include "view/graphviz.h"
#include "view/page_data.h"
#include "view/picture.h"

#include <string.h>

enum { TOP_ROWS = 100, PAGE_FRAMES = 4000, DRAWN_TYPES = 4, DRAWN_FRAMES = 1000000, DOT_LIMIT = 1 << 20 };

static const struct page_type *chosen_of(const struct page_data *d)
{
	for (size_t i = 0; i < d->type_count; i++) {
		if (d->types[i].chosen)
			return d->types + i;
	}
	return d->types;
}

static void write_header(struct page_data *d, const char *title, struct buf *out)
{
	struct page_type *t = (struct page_type *)chosen_of(d);
	struct shown_lines lines = {.arena = d->arena};

	buf_text(out, "<header>\n<h1>");
	html_text(out, title);
	buf_text(out, "</h1>\n<p class=\"facts\">");
	shown_profile_lines(&t->shown, &lines);
	for (size_t i = 0; i < lines.count; i++) {
		buf_text(out, i ? " \u00b7 " : "");
		html_text(out, flame_cut(d->arena, lines.at[i], FLAME_NAME_LIMIT));
	}
	buf_text(out, "</p>\n");
	if (picture_compares(d->source))
		buf_text(out, "<p class=\"facts\">Costs are those of the head less those of the base, and 100 % is the "
			      "base; the flame graph shows both.</p>\n");
	for (size_t i = 0; i < d->source->warning_count; i++) {
		buf_text(out, "<p class=\"warning\">");
		html_text(out, d->source->warnings[i]);
		buf_text(out, "</p>\n");
	}
	if (d->left_out_count)
		buf_printf(out,
			   "<p class=\"warning\">%zu more sample types are not in this page; --sample-index "
			   "chooses one.</p>\n",
			   d->left_out_count);
	buf_text(out, "<form id=\"tools\" hidden><label>Sample type <select id=\"type\">");
	for (size_t i = 0; i < d->type_count; i++) {
		const struct page_type *each = d->types + i;

		buf_printf(out, "<option value=\"%zu\"%s>", i, each->chosen ? " selected" : "");
		html_text(out, flame_cut(d->arena, shown_type(&each->shown), FLAME_NAME_LIMIT));
		buf_text(out, "</option>");
	}
	buf_text(out, "</select></label><label>Functions <input id=\"search\" type=\"search\" placeholder=\"regular "
		      "expression\""
		      " autocomplete=\"off\" spellcheck=\"false\"></label><output id=\"said\"></output></form>\n"
		      "<nav id=\"tabs\" role=\"tablist\" aria-label=\"Views\" hidden></nav>\n</header>\n");
}

static void write_top(struct page_data *d, struct buf *out)
{
	const struct page_type *t = chosen_of(d);
	size_t rows = t->graph.node_count < TOP_ROWS ? t->graph.node_count : TOP_ROWS;
	char percent[UNIT_PERCENT_SIZE];

	buf_text(out, "<section id=\"top\" data-title=\"Top\">\n<h2>Top</h2>\n<div class=\"wide\"><table><thead><tr>"
		      "<th scope=\"col\" class=\"n\" data-key=\"1\">Flat</th><th scope=\"col\" class=\"n\">Flat %</th>"
		      "<th scope=\"col\" class=\"n\" data-key=\"2\">Cum</th><th scope=\"col\" class=\"n\">Cum %</th>"
		      "<th scope=\"col\" data-key=\"0\">Function</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < rows; i++) {
		const struct graph_node *n = t->graph.nodes[i];

		buf_text(out, "<tr><td class=\"n\">");
		html_text(out, shown_value(&t->shown, graph_flat(n)));
		buf_printf(out, "</td><td class=\"n\">%s", shown_percent_bare(&t->shown, percent, graph_flat(n)));
		buf_text(out, "</td><td class=\"n\">");
		html_text(out, shown_value(&t->shown, graph_cum(n)));
		buf_printf(out, "</td><td class=\"n\">%s", shown_percent_bare(&t->shown, percent, graph_cum(n)));
		buf_text(out, "</td><th scope=\"row\">");
		html_text(out, flame_cut(t->shown.row, n->label, FLAME_NAME_LIMIT));
		buf_text(out, "</th></tr>\n");
		shown_end_row(&t->shown);
	}
	buf_text(out, "</tbody></table></div>\n<p class=\"rest\">");
	if (!rows)
		buf_text(out, "There are no functions to show.");
	else if (rows < t->graph.whole_count)
		buf_printf(out, "%zu of %zu functions; 'pawl profile top --all' prints them all.", rows,
			   t->graph.whole_count);
	buf_text(out, "</p>\n</section>\n");
}

static void write_flames(struct page_data *d, struct buf *out)
{
	const struct flame_build_options how = {.frame_limit = PAGE_FRAMES / (d->type_count ? d->type_count : 1)};

	buf_text(out, "<section id=\"flame\" data-title=\"Flame\">\n<h2>Flame graph</h2>\n");
	for (size_t i = 0; i < d->type_count; i++) {
		const struct page_type *t = d->types + i;
		struct flame_words words;
		struct flame flame;

		buf_printf(out, "<div class=\"of-type\" data-type=\"%zu\"%s>\n", i, t->chosen ? "" : " hidden");
		picture_flame(&t->shown, &how, &flame, &words);
		words.title = NULL;
		flame_write_block(d->arena, &flame, &words, arena_printf(d->arena, "flame-%zu", i), out);
		buf_text(out, "</div>\n");
	}
	buf_text(out, "</section>\n");
}

/* Without Graphviz the text of one type, so that it can be drawn elsewhere. */
static bool write_graph(struct page_data *d, const struct page_type *t, struct buf *out, struct err *err)
{
	struct arena *scratch = arena_open_child(d->arena);
	struct buf dot = {.arena = scratch};
	const char *svg, *why;
	bool written = view_dot.write(scratch, &t->source, d->options, &dot, err);

	if (written && dot.size > DOT_LIMIT) {
		buf_text(out, "<p>Its names are too long for a page: 'pawl profile dot' writes it.</p>\n");
	} else if (written && graphviz_draw(scratch, d->options, buf_string(&dot), &svg, &why)) {
		buf_text(out, "<div class=\"drawn\" tabindex=\"0\" role=\"group\" aria-label=\"Call graph\">");
		buf_text(out, svg);
		buf_text(out, "</div>\n");
	} else if (written) {
		buf_text(out, "<p>");
		html_text(out, why);
		buf_text(out, ".</p>\n");
		if (t->chosen) {
			buf_text(out, "<details><summary>The graph as DOT text</summary><pre>");
			for (const char *line = buf_string(&dot); *line;) {
				size_t size = strcspn(line, "\n");

				html_text(out, arena_copy(scratch, line, size));
				buf_char(out, '\n');
				line += size + (line[size] == '\n');
			}
			buf_text(out, "</pre></details>\n");
		}
	}
	arena_close(scratch);
	return written;
}

static bool write_graphs(struct page_data *d, struct buf *out, struct err *err)
{
	buf_text(out, "<section id=\"graph\" data-title=\"Graph\">\n<h2>Call graph</h2>\n");
	for (size_t i = 0; i < d->type_count; i++) {
		const struct page_type *t = d->types + i;

		buf_printf(out, "<div class=\"of-type\" data-type=\"%zu\"%s>\n", i, t->chosen ? "" : " hidden");
		if (!t->chosen && (d->type_count > DRAWN_TYPES || d->source->profile->frame_count > DRAWN_FRAMES))
			buf_text(out,
				 "<p>Of so much only one sample type is drawn: 'pawl profile graph --sample-index' "
				 "draws another.</p>\n");
		else if (!write_graph(d, t, out, err))
			return false;
		buf_text(out, "</div>\n");
	}
	buf_text(out, "</section>\n");
	return true;
}

static bool write_body(struct page_data *d, const char *title, struct buf *out, struct err *err)
{
	struct buf json = {.arena = d->arena};

	write_header(d, title, out);
	buf_text(out,
		 "<main>\n<noscript><p>Tree, peek, source and other sample types need a script; 'pawl profile tree', "
		 "'peek' and 'list' print them.</p></noscript>\n");
	write_top(d, out);
	write_flames(d, out);
	buf_text(out, "<section id=\"tree\" data-title=\"Tree\" hidden></section>\n"
		      "<section id=\"peek\" data-title=\"Peek\" hidden></section>\n"
		      "<section id=\"source\" data-title=\"Source\" hidden></section>\n");
	if (!write_graphs(d, out, err))
		return false;
	buf_text(out, "</main>\n<script id=\"data\" type=\"application/json\">");
	page_data_write(d, &json);
	html_script_json(out, (struct str){buf_string(&json), json.size});
	buf_text(out, "</script>\n");
	return true;
}

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	struct page_data *d = NEW(a, struct page_data);
	struct page page = {.style = arena_printf(a, "%s%s", picture_style, flame_style),
			    .script = arena_printf(a, "%s%s", flame_script, picture_script)};

	if (options->form != VIEW_TEXT)
		return err_set(err, "the view html is a page; 'pawl profile tree --json' has what it shows");
	if (source->mean_type < source->profile->type_count)
		return err_set(err, "means do not add up to the mean of their caller: a page takes no --mean");
	page_data_init(d, a, source, options);
	page.title = picture_title(&chosen_of(d)->shown);
	page_begin(out, &page);
	if (!write_body(d, page.title, out, err))
		return false;
	page_end(out, &page);
	return true;
}

const struct view view_html = {
	.name = "html",
	.help = "all of them in one page to open in a browser, without network (-o x.html)",
	.file_kinds = "html",
	.with_lines = true,
	.write = write,
};
