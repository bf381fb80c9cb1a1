/* The grammar of Itanium C++ names (Itanium C++ ABI, 5.1), walked to add up sizes: types and expressions. */
#include "symbol/name_bound_walk.h"

#include <ctype.h>
#include <string.h>

static uint64_t function_type(struct bound_walk *w)
{
	uint64_t size;

	w->at++;
	bound_take(w, 'Y');
	size = bound_types_up_to_end(w);
	if (bound_peek(w) == 'R' || bound_peek(w) == 'O')
		w->at++;
	return bound_take(w, 'E') ? size : bound_fail(w);
}

static uint64_t array_type(struct bound_walk *w)
{
	uint64_t size = BOUND_NODE;

	w->at++;
	if (bound_is_digit(bound_peek(w)))
		bound_number(w);
	else if (bound_peek(w) != '_')
		size = bound_add(size, bound_expression(w));
	return bound_take(w, '_') ? bound_add(size, bound_type(w)) : bound_fail(w);
}

/* D… */
static uint64_t type_of_two_letters(struct bound_walk *w, bool *is_plain)
{
	uint64_t size;
	char kind = bound_peek_next(w);

	if (!kind)
		return bound_fail(w);
	w->at += 2;
	switch (kind) {
	case 'T':
	case 't':
		size = bound_add(bound_expression(w), BOUND_NODE);
		return bound_take(w, 'E') ? size : bound_fail(w);
	case 'p': {
		uint64_t pattern = bound_type(w), count = w->pack ? w->pack : 1;

		return pattern < BOUND_MOST / count ? pattern * count + BOUND_NODE : BOUND_MOST;
	}
	case 'v':
		if (bound_take(w, '_'))
			size = bound_expression(w);
		else
			size = bound_number(w);
		return bound_take(w, '_') ? bound_add(BOUND_NODE + 8, bound_type(w)) : bound_fail(w);
	case 'a':
	case 'c':
	case 'd':
	case 'e':
	case 'f':
	case 'h':
	case 'i':
	case 'n':
	case 's':
	case 'u':
		*is_plain = true;
		return BOUND_NODE;
	default: /* newer than what is known */
		return bound_fail(w);
	}
}

static uint64_t type_of_name(struct bound_walk *w, bool *is_plain)
{
	uint64_t size;

	if (bound_peek(w) == 'T') {
		size = bound_template_param(w);
		if (bound_peek(w) == 'I') {
			bound_substitutable(w, size);
			size = bound_add(size, bound_template_args(w));
		}
		return size;
	}
	if (bound_peek(w) == 'S' && bound_peek_next(w) != 't') {
		w->at++;
		size = bound_substitution(w);
		*is_plain = bound_peek(w) != 'I';
		return *is_plain || w->failed ? size : bound_add(size, bound_template_args(w));
	}
	return bound_name(w);
}

uint64_t bound_type(struct bound_walk *w)
{
	bool is_plain = false;
	uint64_t size = 0;
	char c = bound_peek(w);

	if (!bound_enter(w))
		return 0;
	if (c == 'r' || c == 'V' || c == 'K') {
		while (bound_peek(w) == 'r' || bound_peek(w) == 'V' || bound_peek(w) == 'K')
			w->at++;
		size = bound_type(w);
	} else if (c == 'u') {
		w->at++;
		size = bound_source_name(w);
	} else if (islower((unsigned char)c)) {
		w->at++;
		is_plain = true;
	} else if (bound_is_digit(c) || c == 'N' || c == 'Z' || c == 'T' || c == 'S') {
		size = type_of_name(w, &is_plain);
	} else if (c == 'F') {
		size = function_type(w);
	} else if (c == 'A') {
		size = array_type(w);
	} else if (c == 'M') {
		w->at++;
		size = bound_type(w);
		size = bound_add(size, bound_type(w));
	} else if (c == 'D') {
		size = type_of_two_letters(w, &is_plain);
	} else if (c == 'U') {
		w->at++;
		size = bound_source_name(w);
		if (bound_peek(w) == 'I')
			size = bound_add(size, bound_template_args(w));
		size = bound_add(size, bound_type(w));
	} else if (c && strchr("OPRCG", c)) {
		w->at++;
		size = bound_type(w);
	} else {
		bound_fail(w);
	}
	w->depth--;
	size = bound_add(size, BOUND_NODE);
	return is_plain ? size : bound_substitutable(w, size);
}

/* ---- expressions, as far as names of libraries have them ---- */

static unsigned operands(char first, char second)
{
	static const char one[] = "ng ad de co nt pp mm sz az nx te dl da tw sp", three[] = "qu";
	const char word[] = {first, second, '\0'};

	if (strstr(one, word))
		return 1;
	return strstr(three, word) ? 3 : 2;
}

static uint64_t expressions_up_to_end(struct bound_walk *w)
{
	uint64_t size = BOUND_NODE;

	while (!w->failed && !bound_take(w, 'E'))
		size = bound_add(size, bound_expression(w) + 2);
	return size;
}

static bool is_level(const struct bound_walk *w)
{
	return bound_is_digit(bound_peek(w));
}

/* Behind sr: a type or scopes, then what is named in it. */
static uint64_t scoped(struct bound_walk *w)
{
	uint64_t size = BOUND_NODE;

	if (!is_level(w))
		size = bound_type(w);
	while (is_level(w) && !w->failed) {
		size = bound_add(size, bound_unqualified(w, 0));
		if (bound_peek(w) == 'I')
			size = bound_add(size, bound_template_args(w));
		/* Scopes end with an E, and then comes the name. */
		if (bound_peek(w) == 'E' && bound_is_digit(bound_peek_next(w)))
			w->at++;
	}
	return size;
}

/* Expressions that begin with two letters. */
static uint64_t operation(struct bound_walk *w)
{
	char first = bound_peek(w), second = bound_peek_next(w);
	uint64_t size = BOUND_NODE;

	w->is_inexact = true;
	w->at += 2;
	if (first == 'f' && second == 'p') { /* a parameter */
		while (w->at < w->end && (bound_is_digit(*w->at) || strchr("rVKT", *w->at)))
			w->at++;
		return bound_take(w, '_') ? size : bound_fail(w);
	}
	if (first == 'c' && second == 'l')
		return expressions_up_to_end(w);
	if (first == 'i' && second == 'l')
		return expressions_up_to_end(w);
	if (first == 't' && second == 'l')
		return bound_add(bound_type(w), expressions_up_to_end(w));
	if (first == 'c' && second == 'v') {
		size = bound_add(size, bound_type(w));
		return bound_add(size, bound_take(w, '_') ? expressions_up_to_end(w) : bound_expression(w));
	}
	if ((first == 's' || first == 'a' || first == 't') && (second == 't' || (first == 't' && second == 'i')))
		return bound_add(size, bound_type(w)); /* sizeof, alignof, typeid */
	if (first == 's' && second == 'r')
		return bound_add(size, scoped(w));
	if (first == 's' && second == 'Z')
		return bound_add(size, bound_peek(w) == 'T' ? bound_template_param(w) : bound_expression(w));
	for (unsigned i = operands(first, second); i > 0 && !w->failed; i--)
		size = bound_add(size, bound_expression(w) + BOUND_NODE);
	return size;
}

uint64_t bound_expression(struct bound_walk *w)
{
	uint64_t size = 0;
	char c = bound_peek(w);

	if (!bound_enter(w))
		return 0;
	if (c == 'L') {
		size = bound_literal(w);
	} else if (c == 'T') {
		size = bound_template_param(w);
	} else if (bound_is_digit(c) || (c == 'o' && bound_peek_next(w) == 'n')) {
		w->at += bound_is_digit(c) ? 0 : 2;
		size = bound_unqualified(w, 0);
		if (bound_peek(w) == 'I')
			size = bound_add(size, bound_template_args(w));
	} else if (islower((unsigned char)c) && w->end - w->at > 1) {
		size = operation(w);
	} else {
		bound_fail(w);
	}
	w->depth--;
	return bound_add(size, BOUND_NODE);
}
