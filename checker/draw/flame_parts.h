/*
 * Parts that both forms of flame graphs have: frames, legend, functions as text.
 */
#ifndef PAWL_DRAW_FLAME_PARTS_H
#define PAWL_DRAW_FLAME_PARTS_H

#include "draw/flame.h"

/* Bytes of a name in titles and tables: longer ones are cut, which shows. */
enum { FLAME_NAME_LIMIT = 4096 };

/* What a function costs itself, wherever it stands. */
struct flame_function {
	const char *name;
	double base, head;
};

/* The functions, what costs most first; with two sides what changed most. */
size_t flame_functions(struct arena *a, const struct flame *flame, struct flame_function **out);

/* Lines that say how to read it, and what is not drawn; NULL at their end. */
const char *const *flame_legend(struct arena *a, const struct flame *flame, const struct flame_words *words);

/* The <svg> of the frames, `live` for a page with the script; its height is returned. */
size_t flame_write_frames(struct arena *a, const struct flame *flame, const struct flame_words *words, bool live,
			  size_t top, struct buf *out);

/* At most `limit` bytes of a name, and "…" where there was more. */
const char *flame_cut(struct arena *a, const char *name, size_t limit);

/* "+0.3s, +25.0 %" */
const char *flame_change(struct arena *a, double base, double head, const struct flame_words *w);

const char *flame_base_word(const struct flame_words *w);
const char *flame_head_word(const struct flame_words *w);

#endif
