/*
 * Functions between callers and callees: what the views `tree` and `peek` have in common.
 */
#ifndef PAWL_VIEW_TREE_H
#define PAWL_VIEW_TREE_H

#include "view/shown.h"

/* With a pattern only the functions that match, and nothing is trimmed.  Fails when none does. */
bool tree_write(const char *view, struct arena *a, const struct source *source, const struct view_options *options,
		const char *pattern, struct buf *out, struct err *err) MUST_CHECK;

#endif
