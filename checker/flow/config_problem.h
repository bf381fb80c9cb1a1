/*
 * What is wrong in a configuration file: every problem of one reading, put into one error.
 */
#ifndef PAWL_FLOW_CONFIG_PROBLEM_H
#define PAWL_FLOW_CONFIG_PROBLEM_H

#include "base/arena.h"
#include "base/err.h"
#include "flow/tree.h"

#include <stdbool.h>
#include <stddef.h>

struct problem {
	size_t line, column, number; /* place in the file; order in which it was found */
	const char *text;
};

/* {.arena = a, .path = path} is a valid start. */
struct problems {
	struct arena *arena;
	const char *path;
	struct problem *items;
	size_t count, capacity;
	size_t dropped; /* found, but not kept */
};

/* So many that further ones are only counted: their words need not be made. */
bool problems_full(const struct problems *p);

/* Notes a problem at the place of `node`. */
void problem_add(struct problems *p, const struct tree_node *node, const char *format, ...) PRINTF_LIKE(3, 4);

/* True when there was none.  Else one line each in the order of the file; what does not fit is counted at the end. */
bool problems_end(struct problems *p, struct err *err) MUST_CHECK;

#endif
