/*
 * Flame graphs as SVG.
 *
 * Each frame is an <svg> of its own inside the picture, placed in percent: so names are cut where their frame ends without
 * anybody measuring letters, the picture is as wide as there is room, and zooming is a change of two attributes.
 */
#include "draw/flame.h"

#include <math.h>
#include <string.h>

#include "draw/escape.h"
#include "draw/flame_parts.h"

enum {
	WIDTH = 1200,     /* of a picture that stands alone */
	ROW = 19,         /* from one level to the next */
	BASE_BAR = 4,     /* height of the base's bar */
	TEXT_TOP = 13,    /* the text's line below a frame's top */
	TEXT_LIMIT = 240, /* bytes of a name in its frame: no frame is wider */
	COLORS = 8,
};

/* Frames narrower than these, in percent, bear no name, and have no lines around them: those would be all there is. */
static const double text_least = 1.2, line_least = 0.3;

struct drawing {
	struct arena *arena, *row;
	const struct flame *flame;
	const struct flame_words *words;
	struct buf *out;
	double whole; /* the root's width */
	bool live;    /* for a page with the script: with what it reads */
};

const char *flame_base_word(const struct flame_words *w)
{
	return w->base_word ? w->base_word : "base";
}

const char *flame_head_word(const struct flame_words *w)
{
	return w->head_word ? w->head_word : "head";
}

const char *flame_cut(struct arena *a, const char *name, size_t limit)
{
	size_t size = strnlen(name, limit + 1);

	if (size <= limit)
		return name;
	for (size = limit; size && ((unsigned char)name[size] & 0xc0) == 0x80;)
		size--;
	return arena_printf(a, "%s\u2026", arena_copy(a, name, size));
}

const char *flame_change(struct arena *a, double base, double head, const struct flame_words *w)
{
	const char *cost = w->cost(a, fabs(head - base), w->state);
	const char *sign = head > base ? "+" : head < base ? "\u2212" : "";

	if (!(base > 0))
		return arena_printf(a, "%s%s%s", sign, cost, head > 0 ? ", new" : "");
	if (!(head > 0))
		return arena_printf(a, "%s%s, gone", sign, cost);
	return arena_printf(a, "%s%s, %s%.1f %%", sign, cost, sign, 100 * fabs(head - base) / base);
}

static double percent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

/* All of a frame in words: its title, what screen readers say. */
static void write_title(struct drawing *d, const struct flame_frame *f)
{
	const struct flame_words *w = d->words;
	const struct flame *all = d->flame;

	buf_text(d->out, "<title>");
	if (f->gathered)
		buf_printf(d->out, "%zu or more calls that are too narrow to be drawn", f->gathered);
	else
		html_text(d->out, flame_cut(d->row, f->name, FLAME_NAME_LIMIT));
	buf_text(d->out, f->inlined ? " (inlined)\n" : "\n");
	if (all->two_sided) {
		html_text(d->out,
			  arena_printf(d->row, "%s %s, %s %s: %s", flame_base_word(w),
				       w->cost(d->row, f->base, w->state), flame_head_word(w),
				       w->cost(d->row, f->head, w->state), flame_change(d->row, f->base, f->head, w)));
		if (f->own_base > 0 || f->own_head > 0)
			html_text(d->out, arena_printf(d->row, "; itself %s",
						       flame_change(d->row, f->own_base, f->own_head, w)));
	} else {
		html_text(d->out, arena_printf(d->row, "%s, %.3g %% of all", w->cost(d->row, f->head, w->state),
					       percent(f->head, all->root->head)));
		if (f->own_head > 0)
			html_text(d->out, arena_printf(d->row, "; itself %s", w->cost(d->row, f->own_head, w->state)));
	}
	buf_text(d->out, "</title>");
}

/* What stands before a function's own name: its namespace, or its package up to the dot behind the last slash. */
static size_t package_size(const char *name)
{
	size_t end = strcspn(name, "(<"), size = 0;
	const char *slash;

	for (size_t i = 0; i + 1 < end; i++)
		size = name[i] == ':' && name[i + 1] == ':' ? i : size;
	if (size)
		return size;
	slash = strrchr(name, '/');
	slash = slash ? slash : name;
	return (size_t)(slash - name) + strcspn(slash, ".:(");
}

/* Frames of one package, namespace or file have one colour. */
static unsigned color_of(const char *name)
{
	size_t size = package_size(name);
	unsigned long h = 5381;

	for (size_t i = 0; i < size; i++)
		h = h * 33 ^ (unsigned char)name[i];
	return (unsigned)((h ^ h >> 7) % COLORS);
}

/* Steps of a change as part of the whole base: what the legend says. */
static int change_step(const struct flame *flame, const struct flame_frame *f)
{
	double whole = flame->root->base > 0 ? flame->root->base : flame->root->head;
	double part = whole > 0 ? fabs(f->head - f->base) / whole : 0;
	int step = part >= 0.1 ? 3 : part >= 0.03 ? 2 : part >= 0.005 ? 1 : 0;

	return f->head < f->base ? -step : step;
}

static void write_class(struct drawing *d, const struct flame_frame *f, bool narrow)
{
	int step = change_step(d->flame, f);

	buf_text(d->out, "class=\"f ");
	if (f->gathered)
		buf_char(d->out, 'g');
	else if (!d->flame->two_sided)
		buf_printf(d->out, "k%u", color_of(f->name));
	else if (step)
		buf_printf(d->out, "%c%d", step > 0 ? 'p' : 'm', step > 0 ? step : -step);
	else
		buf_char(d->out, 'z');
	if (f->inlined)
		buf_text(d->out, " i");
	if (narrow)
		buf_text(d->out, " n");
	if (d->flame->two_sided && !(f->head > 0))
		buf_text(d->out, " v");
	buf_char(d->out, '"');
}

static void write_bars(struct drawing *d, const struct flame_frame *f)
{
	if (!d->flame->two_sided) {
		buf_printf(d->out, "<rect width=\"100%%\" height=\"%d\"/>", ROW - 1);
		return;
	}
	buf_printf(d->out, "<rect class=\"o\" width=\"100%%\" height=\"%d\"/>", ROW - 1);
	if (f->head > 0)
		buf_printf(d->out, "<rect width=\"%.5g%%\" height=\"%d\"/>", percent(f->head, f->width),
			   ROW - 1 - BASE_BAR);
	if (f->base > 0)
		buf_printf(d->out, "<rect class=\"b\" y=\"%d\" width=\"%.5g%%\" height=\"%d\"/>", ROW - 1 - BASE_BAR,
			   percent(f->base, f->width), BASE_BAR);
}

static void write_frame(struct drawing *d, const struct flame_frame *f, double from, size_t level)
{
	struct arena_mark mark = arena_mark(d->row);
	double x = percent(from, d->whole), width = d->whole > 0 ? percent(f->width, d->whole) : 100;

	buf_text(d->out, "<svg ");
	write_class(d, f, width < line_least);
	buf_printf(d->out, " x=\"%.6g%%\" y=\"%zu\" width=\"%.6g%%\" height=\"%d\"", x, level * ROW, width, ROW - 1);
	if (d->live) {
		buf_printf(d->out, " role=\"treeitem\" aria-level=\"%zu\" tabindex=\"%d\" data-h=\"%.6g\"", level + 1,
			   level ? -1 : 0, f->head);
		if (d->flame->two_sided)
			buf_printf(d->out, " data-b=\"%.6g\"", f->base);
	}
	buf_char(d->out, '>');
	write_title(d, f);
	write_bars(d, f);
	if (width >= text_least) {
		buf_printf(d->out, "<text x=\"4\" y=\"%d\">", TEXT_TOP - (d->flame->two_sided ? 1 : 0));
		if (f->gathered)
			buf_text(d->out, "(too narrow)");
		else
			html_text(d->out, arena_printf(d->row, "%s%s", f->inlined ? "\u2937 " : "",
						       flame_cut(d->row, f->name, TEXT_LIMIT)));
		buf_text(d->out, "</text>");
	}
	buf_text(d->out, "</svg>\n");
	arena_reset(d->row, mark);
	for (const struct flame_frame *c = f->child; c; c = c->next) {
		write_frame(d, c, from, level + 1);
		from += c->width;
	}
}

static size_t count_levels(const struct flame_frame *f)
{
	size_t most = 0;

	for (const struct flame_frame *c = f->child; c; c = c->next) {
		size_t levels = count_levels(c);

		most = levels > most ? levels : most;
	}
	return most + 1;
}

static struct drawing drawing_of(struct arena *a, const struct flame *flame, const struct flame_words *words,
				 struct buf *out)
{
	return (struct drawing){.arena = a,
				.row = arena_open_child(a),
				.flame = flame,
				.words = words,
				.out = out,
				.whole = flame->root->width};
}

size_t flame_write_frames(struct arena *a, const struct flame *flame, const struct flame_words *words, bool live,
			  size_t top, struct buf *out)
{
	struct drawing d = drawing_of(a, flame, words, out);
	size_t height = count_levels(flame->root) * ROW;

	d.live = live;
	buf_text(out, "<svg class=\"frames\"");
	if (live)
		buf_text(out, " role=\"tree\" aria-label=\"Flame graph: a box is a call, as wide as what it costs\"");
	if (top)
		buf_printf(out, " y=\"%zu\"", top);
	buf_printf(out, " width=\"100%%\" height=\"%zu\">\n", height);
	write_frame(&d, flame->root, 0, 0);
	buf_text(out, "</svg>\n");
	arena_close(d.row);
	return height;
}

static void write_line(struct buf *out, size_t *y, const char *class, const char *text)
{
	buf_printf(out, "<text class=\"%s\" x=\"8\" y=\"%zu\">", class, *y);
	html_text(out, text);
	buf_text(out, "</text>\n");
	*y += ROW;
}

void flame_write_svg(struct arena *a, const struct flame *flame, const struct flame_words *words, struct buf *out)
{
	struct flame_function *functions;
	size_t count = flame_functions(a, flame, &functions), shown = count < 15 ? count : 15, y = ROW;
	struct buf body = {.arena = a};

	if (words->title)
		write_line(&body, &y, "t", flame_cut(a, words->title, 160));
	for (const char *const *line = flame_legend(a, flame, words); *line; line++)
		write_line(&body, &y, "l", *line);
	y += flame_write_frames(a, flame, words, false, y, &body) + 2 * ROW;
	if (shown)
		write_line(&body, &y, "t", flame->two_sided ? "Changed most itself" : "Costs most itself");
	for (size_t i = 0; i < shown; i++) {
		const struct flame_function *f = functions + i;
		const char *cost = flame->two_sided ? flame_change(a, f->base, f->head, words)
						    : words->cost(a, f->head, words->state);

		write_line(&body, &y, "l", arena_printf(a, "%s  %s", cost, flame_cut(a, f->name, FLAME_NAME_LIMIT)));
	}
	buf_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"flame\" width=\"%d\" height=\"%zu\" "
		   "font-family=\"monospace\" font-size=\"12\">\n<title>",
		   WIDTH, y);
	html_text(out, words->title ? flame_cut(a, words->title, FLAME_NAME_LIMIT) : "Flame graph");
	buf_printf(out,
		   "</title>\n<style>%s</style>\n<rect class=\"page\" width=\"100%%\" height=\"100%%\"/>\n%s</svg>\n",
		   flame_style, buf_string(&body));
}
