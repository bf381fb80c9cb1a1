/* A flame graph as a part of a page: tools, legend, picture and a table of its functions. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/escape.h"
#include "draw/flame_parts.h"

enum { TABLE_ROWS = 50, LEGEND_LINES = 6 };

#define ASSET(name, path)                                                                                              \
	__asm__(".pushsection .rodata\n"                                                                               \
		".globl " #name "\n"                                                                                   \
		".type " #name ", %object\n" #name ":\n"                                                               \
		".incbin \"" path "\"\n"                                                                               \
		".byte 0\n"                                                                                            \
		".size " #name ", . - " #name "\n"                                                                     \
		".popsection\n")

ASSET(flame_style, "checker/draw/flame.css");
ASSET(flame_script, "checker/draw/flame.js");

static int compare_names(const void *x, const void *y)
{
	return strcmp(((const struct flame_function *)x)->name, ((const struct flame_function *)y)->name);
}

static int compare_costs(const struct flame_function *a, const struct flame_function *b, bool two_sided)
{
	double left = two_sided ? fabs(a->head - a->base) : a->head,
	       right = two_sided ? fabs(b->head - b->base) : b->head;

	if (left > right || left < right)
		return left > right ? -1 : 1;
	return strcmp(a->name, b->name);
}

static int compare_changed(const void *x, const void *y)
{
	return compare_costs(x, y, true);
}

static int compare_costly(const void *x, const void *y)
{
	return compare_costs(x, y, false);
}

static size_t collect(const struct flame_frame *f, struct flame_function *out, size_t count)
{
	if (!f->gathered && f->parent && (f->own_base > 0 || f->own_head > 0))
		out[count++] = (struct flame_function){f->name, f->own_base, f->own_head};
	for (const struct flame_frame *c = f->child; c; c = c->next)
		count = collect(c, out, count);
	return count;
}

size_t flame_functions(struct arena *a, const struct flame *flame, struct flame_function **out)
{
	struct flame_function *list = NEW_ARRAY(a, struct flame_function, flame->frame_count + 1);
	size_t count = collect(flame->root, list, 0), kept = 0;

	qsort(list, count, sizeof *list, compare_names);
	for (size_t i = 0; i < count; i++) {
		if (kept && text_equal(list[kept - 1].name, list[i].name)) {
			list[kept - 1].base += list[i].base;
			list[kept - 1].head += list[i].head;
		} else {
			list[kept++] = list[i];
		}
	}
	qsort(list, kept, sizeof *list, flame->two_sided ? compare_changed : compare_costly);
	*out = list;
	return kept;
}

static double part_of(const struct flame *flame)
{
	double whole = flame->root->base + flame->root->head;

	return whole > 0 ? 100 * (flame->gathered_base + flame->gathered_head) / whole : 0;
}

const char *const *flame_legend(struct arena *a, const struct flame *flame, const struct flame_words *w)
{
	const char **lines = NEW_ARRAY(a, const char *, LEGEND_LINES);
	const char *base = flame_base_word(w), *head = flame_head_word(w);
	const struct flame_frame *root = flame->root;
	size_t count = 0;

	if (!(root->base > 0) && !(root->head > 0))
		lines[count++] = "There are no samples to draw.";
	else if (!flame->two_sided)
		lines[count++] =
			arena_printf(a, "%s in all. A box is a call, as wide as what it costs with all that it calls.",
				     w->cost(a, root->head, w->state));
	if (flame->two_sided) {
		lines[count++] =
			arena_printf(a, "%s %s, %s %s: %s", base, w->cost(a, root->base, w->state), head,
				     w->cost(a, root->head, w->state), flame_change(a, root->base, root->head, w));
		lines[count++] = arena_printf(
			a,
			"A call's thick bar is its %s, the thin dark one below it its %s, on one scale; dashed: gone.",
			head, base);
		lines[count++] = arena_printf(a,
					      "Red costs more, green less: pale from 0.5 %% of the whole %s, middle "
					      "from 3 %%, strong from 10 %%; "
					      "grey changed less.",
					      base);
	}
	if (flame->gathered_count)
		lines[count++] =
			arena_printf(a,
				     "%zu or more calls below %.2g %% or too deep (%.3g %% in all) are gathered in "
				     "grey boxes, each beside its siblings.",
				     flame->gathered_count, 100 * flame->least_ratio, part_of(flame));
	lines[count] = NULL;
	return lines;
}

static void write_row(struct arena *a, const struct flame *flame, const struct flame_function *f,
		      const struct flame_words *w, struct buf *out)
{
	buf_text(out, "<tr><th scope=\"row\">");
	html_text(out, flame_cut(a, f->name, FLAME_NAME_LIMIT));
	buf_text(out, "</th>");
	if (flame->two_sided) {
		buf_text(out, "<td>");
		html_text(out, w->cost(a, f->base, w->state));
		buf_text(out, "</td>");
	}
	buf_text(out, "<td>");
	html_text(out, w->cost(a, f->head, w->state));
	buf_text(out, "</td>");
	if (flame->two_sided) {
		buf_text(out, "<td>");
		html_text(out, flame_change(a, f->base, f->head, w));
		buf_text(out, "</td>");
	}
	buf_text(out, "</tr>\n");
}

static void write_table(struct arena *a, const struct flame *flame, const struct flame_words *w, struct buf *out)
{
	struct flame_function *functions;
	size_t count = flame_functions(a, flame, &functions), shown = count < TABLE_ROWS ? count : TABLE_ROWS;

	if (!count)
		return;
	buf_printf(out,
		   "<details class=\"flame-table\"><summary>%s, as a table</summary>\n<table><thead><tr>"
		   "<th scope=\"col\">Function</th>",
		   flame->two_sided ? "What changed most itself" : "What costs most itself");
	if (flame->two_sided) {
		buf_text(out, "<th scope=\"col\">");
		html_text(out, flame_base_word(w));
		buf_text(out, "</th><th scope=\"col\">");
		html_text(out, flame_head_word(w));
		buf_text(out, "</th><th scope=\"col\">change</th></tr></thead><tbody>\n");
	} else {
		buf_text(out, "<th scope=\"col\">itself</th></tr></thead><tbody>\n");
	}
	for (size_t i = 0; i < shown; i++)
		write_row(a, flame, functions + i, w, out);
	buf_text(out, "</tbody></table>\n");
	if (shown < count)
		buf_printf(out, "<p>%zu more functions are drawn.</p>\n", count - shown);
	buf_text(out, "</details>\n");
}

void flame_write_block(struct arena *a, const struct flame *flame, const struct flame_words *words, const char *id,
		       struct buf *out)
{
	buf_text(out, "<div class=\"flame\"");
	html_attribute(out, "id", id);
	html_attribute(out, "data-base-word", flame_base_word(words));
	buf_text(out, ">\n");
	if (words->title) {
		buf_text(out, "<h3>");
		html_text(out, flame_cut(a, words->title, FLAME_NAME_LIMIT));
		buf_text(out, "</h3>\n");
	}
	buf_text(out, "<form class=\"flame-tools\" role=\"search\" hidden><label>Search <input type=\"search\" "
		      "placeholder=\"regular expression ( / )\" autocomplete=\"off\" spellcheck=\"false\"></label>"
		      "<output class=\"flame-found\"></output>"
		      "<button type=\"button\" class=\"flame-out\" disabled>Zoom out (Esc)</button></form>\n");
	for (const char *const *line = flame_legend(a, flame, words); *line; line++) {
		buf_text(out, "<p class=\"flame-legend\">");
		html_text(out, *line);
		buf_text(out, "</p>\n");
	}
	buf_text(out,
		 "<p class=\"flame-keys\" hidden>Click or Enter zooms, Escape goes back, arrows walk, / searches.</p>\n"
		 "<div class=\"flame-detail\" aria-live=\"polite\">&#160;</div>\n<div class=\"flame-picture\">\n");
	flame_write_frames(a, flame, words, true, 0, out);
	buf_text(out, "</div>\n");
	write_table(a, flame, words, out);
	buf_text(out, "</div>\n");
}
