/*
 * Walking XML tag by tag, for results that are written as XML.
 *
 * Text between tags, comments, declarations and CDATA are passed over: results say what they say in attributes.  A
 * document type is refused, and with it every entity but the five that XML defines and characters by number.
 */
#ifndef PAWL_INPUT_TAGS_H
#define PAWL_INPUT_TAGS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum { TAGS_DEPTH = 64 };

enum tags_at { TAGS_BEGIN, TAGS_END, TAGS_DONE }; /* <a> also stands for the beginning of <a/>, whose end follows */

struct tags {
	struct arena *arena;
	const char *path;
	struct str text;
	size_t at, line, line_at;
	enum tags_at tag;
	struct str name;             /* of the tag */
	struct str attributes;       /* of a beginning, as they stand */
	struct str open[TAGS_DEPTH]; /* the elements around */
	size_t depth;
	bool empty; /* the element that began is closed by the same tag */
};

/* Moves to the next tag.  Fails for what is cut off or not well-formed. */
bool tags_next(struct tags *x, struct err *err) MUST_CHECK;

/* The value of an attribute of the tag, its entities resolved, or NULL.  In `a`. */
const char *tags_attribute(struct arena *a, const struct tags *x, const char *name);

/* The line of the tag, from 1. */
size_t tags_line(struct tags *x);

#endif
