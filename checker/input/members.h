/*
 * The members of one JSON object: what an entry of a result says, in the order in which it says it.
 *
 * Well-formed entries are read where they stand; only those that must be mended are copied and parsed by cJSON.
 */
#ifndef PAWL_INPUT_MEMBERS_H
#define PAWL_INPUT_MEMBERS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "input/scan.h"

#include <stdbool.h>
#include <stddef.h>

enum member_kind { MEMBER_NULL, MEMBER_FALSE, MEMBER_TRUE, MEMBER_NUMBER, MEMBER_STRING, MEMBER_NESTED };

struct member {
	struct str key;
	enum member_kind kind;
	int tag;         /* the caller's */
	double number;   /* INFINITY: too large for a double */
	struct str text; /* of a string */
};

struct members {
	struct arena *arena; /* of the list */
	struct member *items;
	size_t count, capacity;
	size_t line;     /* on which the object begins */
	struct buf copy; /* of an entry that is mended */
};

/* Takes the object at s->at into `m`, which is emptied first.  Texts are in the scan's text or in `a`. */
bool members_take(struct arena *a, struct scan *s, struct members *m, struct err *err) MUST_CHECK;

#endif
