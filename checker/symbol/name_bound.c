/* The grammar of Itanium C++ names (Itanium C++ ABI, 5.1), walked to add up sizes: names. */
#include "symbol/name_bound.h"

#include "symbol/name_bound_walk.h"

#include <ctype.h>
#include <string.h>

enum { MOST_PASSES = 8 };

static uint64_t encoding(struct bound_walk *w);

uint64_t bound_source_name(struct bound_walk *w)
{
	uint64_t size = bound_is_digit(bound_peek(w)) ? bound_number(w) : bound_fail(w);

	if (size > (uint64_t)(w->end - w->at))
		return bound_fail(w);
	w->at += size;
	return size + BOUND_NODE;
}

static void discriminator(struct bound_walk *w)
{
	if (!bound_take(w, '_'))
		return;
	if (bound_take(w, '_')) {
		bound_number(w);
		bound_take(w, '_');
	} else if (bound_is_digit(bound_peek(w))) {
		w->at++;
	}
}

/* Behind 'S': a number in base 36, or one of the letters for parts of the library. */
uint64_t bound_substitution(struct bound_walk *w)
{
	uint64_t index = 0, size = 0;

	if (islower((unsigned char)bound_peek(w))) {
		w->at++;
		return 3 *
		       BOUND_NODE; /* the longest is std::basic_string<char, std::char_traits<char>, std::allocator<char> > */
	}
	if (!bound_take(w, '_')) {
		for (; bound_peek(w) != '_'; w->at++) {
			char c = bound_peek(w);

			if (!bound_is_digit(c) && !isupper((unsigned char)c))
				return bound_fail(w);
			index = index * 36 + (uint64_t)(bound_is_digit(c) ? c - '0' : c - 'A' + 10);
			if (index > NAME_BOUND_MOST)
				return bound_fail(w);
		}
		w->at++;
		index++;
	}
	if (w->is_inexact)
		return w->largest_sub;
	if (index >= w->sub_count)
		return bound_fail(w);
	/* Versions of the demangler differ in what they count, by little. */
	for (size_t i = index > 3 ? (size_t)index - 3 : 0; i <= index + 3 && i < w->sub_count; i++)
		size = w->subs[i] > size ? w->subs[i] : size;
	return size;
}

uint64_t bound_template_param(struct bound_walk *w)
{
	if (!bound_take(w, 'T'))
		return bound_fail(w);
	if (bound_take(w, 'L')) { /* of a lambda's own */
		bound_number(w);
		bound_take(w, '_');
	}
	bound_number(w);
	if (!bound_take(w, '_'))
		return bound_fail(w);
	return bound_add(w->is_signature ? w->signature_argument : w->argument, BOUND_NODE);
}

/* L type value E, or the name of something. */
uint64_t bound_literal(struct bound_walk *w)
{
	uint64_t size;

	w->at++;
	if (bound_peek(w) == '_' || bound_peek(w) == 'Z') {
		bound_take(w, '_');
		if (!bound_take(w, 'Z'))
			return bound_fail(w);
		size = encoding(w);
	} else {
		size = bound_type(w);
		for (; bound_peek(w) != 'E' && w->at < w->end; w->at++)
			size = bound_add(size, 1);
	}
	return bound_take(w, 'E') ? bound_add(size, BOUND_NODE) : bound_fail(w);
}

static uint64_t bracketed_expression(struct bound_walk *w)
{
	uint64_t size = bound_expression(w);

	return bound_take(w, 'E') ? size : bound_fail(w);
}

/* I or J … E */
uint64_t bound_template_args(struct bound_walk *w)
{
	uint64_t total = BOUND_NODE, count = 0;

	if (!bound_enter(w))
		return 0;
	w->at++;
	while (!w->failed && !bound_take(w, 'E')) {
		uint64_t size;

		if (bound_peek(w) == 'L')
			size = bound_literal(w);
		else if (bound_peek(w) == 'I' || bound_peek(w) == 'J')
			size = bound_template_args(w);
		else if (bound_take(w, 'X'))
			size = bracketed_expression(w);
		else
			size = bound_type(w);
		total = bound_add(total, size + 2);
		count++;
	}
	if (!w->is_signature) {
		w->next_argument = total > w->next_argument ? total : w->next_argument;
		w->own_argument = total > w->own_argument ? total : w->own_argument;
	}
	if (count > w->next_pack && !w->is_signature)
		w->next_pack = count;
	w->depth--;
	return total;
}

uint64_t bound_types_up_to_end(struct bound_walk *w)
{
	uint64_t total = BOUND_NODE;

	while (!w->failed && w->at < w->end && bound_peek(w) != 'E' && bound_peek(w) != '.')
		total = bound_add(total, bound_type(w) + 2);
	return total;
}

/* U…: closures and types without a name. */
static uint64_t unnamed(struct bound_walk *w)
{
	uint64_t size = 2 * BOUND_NODE;
	char kind = bound_peek_next(w);

	if (!kind)
		return bound_fail(w);
	w->at += 2;
	/* Whether these can be substituted changed from version to version. */
	w->is_inexact = true;
	if (kind == 'l') {
		size = bound_add(size, bound_types_up_to_end(w));
		if (!bound_take(w, 'E'))
			return bound_fail(w);
	} else if (kind != 't') {
		return bound_fail(w);
	}
	bound_number(w);
	return bound_take(w, '_') ? bound_substitutable(w, size) : bound_fail(w);
}

static uint64_t operator_name(struct bound_walk *w)
{
	char first = bound_peek(w), second = bound_peek_next(w);

	w->at += w->end - w->at > 1 ? 2 : 1;
	if (first == 'c' && second == 'v')
		return bound_add(bound_type(w), BOUND_NODE);
	if ((first == 'l' && second == 'i') || (first == 'v' && bound_is_digit(second)))
		return bound_source_name(w);
	return BOUND_NODE;
}

uint64_t bound_unqualified(struct bound_walk *w, uint64_t last)
{
	uint64_t size;
	char c = bound_peek(w);

	bound_take(w, 'F'); /* a friend */
	if (bound_is_digit(c)) {
		size = bound_source_name(w);
	} else if (islower((unsigned char)c)) {
		size = operator_name(w);
	} else if (c == 'L') {
		w->at++;
		size = bound_source_name(w);
		discriminator(w);
	} else if ((c == 'C' || c == 'D') &&
		   (bound_is_digit(bound_peek_next(w)) || (c == 'C' && bound_peek_next(w) == 'I'))) {
		bool inherits = bound_peek_next(w) == 'I';

		w->at += 2 + inherits;
		size = bound_add(last, BOUND_NODE);
		if (inherits)
			size = bound_add(size, bound_type(w));
	} else if (c == 'U') {
		size = unnamed(w);
	} else {
		return bound_fail(w);
	}
	while (!w->failed && bound_take(w, 'B'))
		size = bound_add(size, bound_source_name(w));
	return size;
}

/* N … E */
static uint64_t nested_name(struct bound_walk *w)
{
	uint64_t total = BOUND_NODE, last = 0;

	w->at++;
	while (bound_peek(w) == 'r' || bound_peek(w) == 'V' || bound_peek(w) == 'K')
		w->at++;
	if (!bound_take(w, 'R'))
		bound_take(w, 'O');
	while (!w->failed && !bound_take(w, 'E')) {
		char c = bound_peek(w);
		bool is_substitution = c == 'S';
		uint64_t size;

		if (c == 'M' && total > BOUND_NODE) {
			w->at++;
			continue;
		}
		if (is_substitution) {
			w->at++;
			size = bound_substitution(w);
		} else if (c == 'I') {
			size = bound_template_args(w);
		} else if (c == 'T') {
			size = bound_template_param(w);
		} else if (c == 'D' && (bound_peek_next(w) == 't' || bound_peek_next(w) == 'T')) {
			size = bound_type(w);
		} else {
			size = bound_unqualified(w, last);
		}
		if (c != 'I')
			last = size;
		total = bound_add(total, size + 2);
		/* What the end follows is counted by whom the name is for. */
		if (!is_substitution && bound_peek(w) != 'E')
			bound_substitutable(w, total);
	}
	return total;
}

/* Z function E entity */
static uint64_t local_name(struct bound_walk *w)
{
	uint64_t size;

	w->at++;
	size = encoding(w);
	if (!bound_take(w, 'E'))
		return bound_fail(w);
	if (bound_take(w, 's')) {
		discriminator(w);
		return bound_add(size, BOUND_NODE);
	}
	if (bound_take(w, 'd')) {
		bound_number(w);
		if (!bound_take(w, '_'))
			return bound_fail(w);
	}
	size = bound_add(size, bound_add(bound_name(w), BOUND_NODE));
	discriminator(w);
	return size;
}

uint64_t bound_name(struct bound_walk *w)
{
	bool is_substitution = false;
	uint64_t size = 0;

	if (!bound_enter(w))
		return 0;
	if (bound_peek(w) == 'N') {
		size = nested_name(w);
	} else if (bound_peek(w) == 'Z') {
		size = local_name(w);
	} else {
		if (bound_peek(w) == 'S' && bound_peek_next(w) == 't') {
			w->at += 2;
			size = bound_unqualified(w, 0);
		} else if (bound_take(w, 'S')) {
			is_substitution = true;
			size = bound_substitution(w);
		} else {
			size = bound_unqualified(w, 0);
		}
		if (bound_peek(w) == 'I' && !w->failed) {
			if (!is_substitution)
				bound_substitutable(w, size);
			size = bound_add(size, bound_template_args(w));
		}
	}
	w->depth--;
	return bound_add(size, BOUND_NODE);
}

/* ---- */

/* T… and G…: tables, thunks, guards of something. */
static uint64_t special_name(struct bound_walk *w)
{
	char kind = bound_peek_next(w);

	char first = bound_peek(w);

	if (w->end - w->at < 3)
		return bound_fail(w);
	w->is_inexact = true;
	w->at += 2;
	if (first == 'T' && strchr("VTISF", kind))
		return bound_add(bound_type(w), BOUND_NODE);
	if (kind == 'h' || kind == 'v' || kind == 'c') {
		for (int i = kind == 'c' ? 2 : 1; i > 0; i--) {
			if (kind == 'c')
				w->at += w->at < w->end;
			for (int numbers = (kind == 'c' ? w->at[-1] : kind) == 'v' ? 2 : 1; numbers > 0; numbers--) {
				bound_number(w);
				if (!bound_take(w, '_'))
					return bound_fail(w);
			}
		}
		return bound_add(encoding(w), BOUND_NODE);
	}
	if (kind == 'V' || kind == 'R' || kind == 'H' || kind == 'W')
		return bound_add(bound_name(w), BOUND_NODE);
	return bound_fail(w);
}

/* A function's name and the types of its signature, in which T_ is an argument of that name. */
static uint64_t function(struct bound_walk *w)
{
	uint64_t own = w->own_argument, signature = w->signature_argument, size;
	bool is_signature = w->is_signature;

	w->own_argument = 0;
	w->is_signature = false;
	size = bound_name(w);
	if (w->own_argument)
		w->signature_argument = w->own_argument;
	else if (!is_signature)
		w->signature_argument = w->argument;
	w->is_signature = true;
	size = bound_add(size, bound_types_up_to_end(w));
	w->own_argument = own;
	w->signature_argument = signature;
	w->is_signature = is_signature;
	return size;
}

static uint64_t encoding(struct bound_walk *w)
{
	uint64_t size;

	if (!bound_enter(w))
		return 0;
	if (++w->encoding_depth > w->most_encodings)
		w->most_encodings = w->encoding_depth;
	size = bound_peek(w) == 'T' || bound_peek(w) == 'G' ? special_name(w) : function(w);
	w->encoding_depth--;
	w->depth--;
	return bound_add(size, BOUND_NODE);
}

/* One way over the name; false where it is not understood. */
static bool measure(struct bound_walk *w, const char *raw, size_t size, uint64_t *total)
{
	w->at = raw + 2;
	w->end = raw + size;
	w->sub_count = w->depth = w->encoding_depth = w->most_encodings = 0;
	w->largest_sub = w->next_argument = w->next_pack = w->own_argument = w->signature_argument = 0;
	w->is_inexact = w->is_signature = w->failed = false;
	*total = encoding(w);
	return !w->failed && w->at == w->end && *total < BOUND_MOST;
}

uint64_t name_bound(const char *raw, size_t size)
{
	struct bound_walk w;
	uint64_t total = UINT64_MAX;

	if (size < 3 || size > NAME_BOUND_MOST)
		return UINT64_MAX;
	w.argument = BOUND_NODE;
	w.pack = 1;
	/* What T_ stands for may come behind it.  It may hold a T_ itself, which is then of the function around it. */
	for (unsigned pass = 0; pass < MOST_PASSES; pass++) {
		if (!measure(&w, raw, size, &total))
			return UINT64_MAX;
		if (pass > w.most_encodings || (w.next_argument <= w.argument && w.next_pack <= w.pack))
			return total;
		w.argument = w.next_argument > w.argument ? w.next_argument : w.argument;
		w.pack = w.next_pack > w.pack ? w.next_pack : w.pack;
	}
	return UINT64_MAX;
}
