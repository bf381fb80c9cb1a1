/*
 * A YAML text as a tree whose nodes keep line and column.
 *
 * One document of texts, lists and mappings.  An alias is the node that its anchor names, shared and not copied; how much
 * a text comes to when every alias is written out is bounded, so whoever walks the tree needs no guard of its own.
 */
#ifndef PAWL_FLOW_TREE_H
#define PAWL_FLOW_TREE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	TREE_DEPTH = 32,      /* lists and mappings inside each other; pawl.yml has 4 */
	TREE_WEIGHT = 500000, /* nodes with all aliases written out; 10,000 suites with every key have 250,000 */
	TREE_ANCHORS = 100,
};

enum tree_type { TREE_TEXT, TREE_LIST, TREE_MAP };

struct tree_node {
	enum tree_type type;
	size_t line, column; /* from 1; columns are code points */
	struct str text;     /* a NUL is behind it; a NUL inside it is possible */
	bool plain;          /* the text stands without quotes */
	const struct tree_node **items;
	size_t item_count, item_capacity; /* of a list its values; of a mapping key, value, key, value, … */
	size_t weight;                    /* nodes in it, itself and aliases included */
	bool open;                        /* its end was not read yet */
};

/* The tree of `text`, or NULL in `*root` when it holds no document.  The error is one line "PATH:LINE:COL: …". */
bool tree_parse(struct arena *a, const char *path, struct str text, const struct tree_node **root,
		struct err *err) MUST_CHECK;

/* Nothing was written, or the plain word null or ~. */
bool tree_is_null(const struct tree_node *node);

/* What stands there, for "expected …, not %s": a text in back quotes (its beginning), "a list", "a mapping", "nothing". */
const char *tree_describe(struct arena *a, const struct tree_node *node);

#endif
