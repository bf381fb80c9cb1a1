/*
 * A walk over a mangled name that adds up sizes; of name_bound.c and name_bound_type.c alone.
 */
#ifndef PAWL_SYMBOL_NAME_BOUND_WALK_H
#define PAWL_SYMBOL_NAME_BOUND_WALK_H

#include "symbol/name_bound.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOUND_MOST (UINT64_C(1) << 40) /* sizes stay there */

enum {
	BOUND_NODE =
		32, /* bytes that any part writes besides names and what it holds: operators, qualifiers, brackets */
	BOUND_DEPTH = 256, /* of parts in parts */
};

struct bound_walk {
	const char *at, *end;
	uint64_t subs[NAME_BOUND_MOST]; /* sizes of what S_, S0_, … stand for */
	size_t sub_count;
	uint64_t largest_sub;
	bool is_inexact;                  /* which number stands for what is not known for sure any more */
	uint64_t argument, next_argument; /* the largest template argument: of the pass before, of this one */
	uint64_t own_argument;            /* the largest one of the name that is walked over */
	uint64_t signature_argument;      /* and of the name whose signature is */
	uint64_t pack, next_pack;         /* most arguments in a list, the same */
	unsigned depth, encoding_depth, most_encodings;
	bool is_signature; /* inside the types behind a name: T_ does not mean arguments that stand there */
	bool failed;
};

/* Each moves behind what it is named for, and returns its size. */
uint64_t bound_source_name(struct bound_walk *w);
uint64_t bound_substitution(struct bound_walk *w); /* behind the S */
uint64_t bound_template_param(struct bound_walk *w);
uint64_t bound_template_args(struct bound_walk *w);
uint64_t bound_literal(struct bound_walk *w);
/* `last`: size of the name before, which constructors and destructors have, too. */
uint64_t bound_unqualified(struct bound_walk *w, uint64_t last);
uint64_t bound_name(struct bound_walk *w);
uint64_t bound_type(struct bound_walk *w);
uint64_t bound_types_up_to_end(struct bound_walk *w);
uint64_t bound_expression(struct bound_walk *w);

static inline uint64_t bound_add(uint64_t a, uint64_t b)
{
	return a + b < BOUND_MOST ? a + b : BOUND_MOST;
}

static inline uint64_t bound_fail(struct bound_walk *w)
{
	w->failed = true;
	w->at = w->end;
	return 0;
}

static inline char bound_peek(const struct bound_walk *w)
{
	return w->at < w->end ? *w->at : '\0';
}

static inline char bound_peek_next(const struct bound_walk *w)
{
	return w->end - w->at > 1 ? w->at[1] : '\0';
}

static inline bool bound_take(struct bound_walk *w, char c)
{
	if (bound_peek(w) != c || w->at == w->end)
		return false;
	w->at++;
	return true;
}

static inline bool bound_enter(struct bound_walk *w)
{
	if (w->failed || ++w->depth > BOUND_DEPTH)
		bound_fail(w);
	return !w->failed;
}

static inline bool bound_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline uint64_t bound_substitutable(struct bound_walk *w, uint64_t size)
{
	if (w->sub_count < NAME_BOUND_MOST)
		w->subs[w->sub_count++] = size;
	if (size > w->largest_sub)
		w->largest_sub = size;
	return size;
}

static inline uint64_t bound_number(struct bound_walk *w)
{
	uint64_t value = 0;

	bound_take(w, 'n');
	while (bound_is_digit(bound_peek(w))) {
		value = value * 10 + (uint64_t)(*w->at++ - '0');
		if (value > NAME_BOUND_MOST)
			return bound_fail(w);
	}
	return value;
}

#endif
