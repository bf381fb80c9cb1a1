/*
 * The call graph drawn by Graphviz, where that is installed.
 */
#ifndef PAWL_VIEW_GRAPHVIZ_H
#define PAWL_VIEW_GRAPHVIZ_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

/* The picture of a DOT text as one <svg> without anything that a page could be harmed by.  False, and `*why` says what to
 * do, when there is no dot or it does not draw. */
bool graphviz_draw(struct arena *a, const char *dot, const char **svg, const char **why);

#endif
