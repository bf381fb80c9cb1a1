/*
 * The call graph drawn by Graphviz, where that is installed.
 */
#ifndef PAWL_VIEW_GRAPHVIZ_H
#define PAWL_VIEW_GRAPHVIZ_H

#include "view/view.h"

/* The picture of a DOT text as one <svg> without anything that a page could be harmed by.  False, and `*why` says what to
 * do, when there is no dot, it does not draw, or the options let nothing be run. */
bool graphviz_draw(struct arena *a, const struct view_options *options, const char *dot, const char **svg,
		   const char **why);

#endif
