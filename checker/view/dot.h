/*
 * Parts of a DOT text: escapes, colours, shortened names.
 */
#ifndef PAWL_VIEW_DOT_H
#define PAWL_VIEW_DOT_H

#include "view/shown.h"

/* As the content of a string in quotes: backslashes and quotes escaped, what is not printable made visible. */
void dot_text(struct arena *scratch, const char *text, struct buf *out);

/* The name as the label of a shape: without package path or namespaces where that is known to be one, a line a part. */
void dot_label(struct arena *a, const struct graph_node *n, struct buf *out);

/* "#b23700" for a part of the total from -1 (green) over 0 (grey) to 1 (red). */
enum { DOT_COLOR_SIZE = 8 };
const char *dot_color(char out[DOT_COLOR_SIZE], double part, bool background);

/* Shapes for the tags of a node, linked to it; true when there were any. */
bool dot_tags(const struct shown *s, const struct graph_node *n, size_t number, struct buf *out);

#endif
