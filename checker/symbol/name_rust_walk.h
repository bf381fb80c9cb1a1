/*
 * A walk over one of Rust's v0 names that prints it; of name_rust.c and name_rust_type.c alone.
 */
#ifndef PAWL_SYMBOL_NAME_RUST_WALK_H
#define PAWL_SYMBOL_NAME_RUST_WALK_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rust_printer {
	const char *start, *at, *end;
	struct buf out;
	bool is_silent; /* what is read is not written */
	bool failed;
	unsigned depth;
	unsigned steps;
	uint64_t lifetimes; /* bound by what is around */
};

struct rust_identifier {
	struct str text;
	uint64_t number; /* of those with the same text */
	bool is_punycode;
};

/* Nothing is read or printed any more. */
void rust_fail(struct rust_printer *p);

/* To be called where parts may hold parts; false when there are too many. */
bool rust_enter(struct rust_printer *p);

void rust_put(struct rust_printer *p, const char *text, size_t size);
void rust_put_text(struct rust_printer *p, const char *text);
void rust_put_number(struct rust_printer *p, uint64_t value);
void rust_put_identifier(struct rust_printer *p, struct rust_identifier id);
void rust_put_lifetime(struct rust_printer *p, uint64_t index);

char rust_peek(const struct rust_printer *p); /* NUL at the end */
char rust_next(struct rust_printer *p);       /* fails at the end */
bool rust_take(struct rust_printer *p, char c);

/* "_" is 0, "0_" is 1. */
uint64_t rust_base_62(struct rust_printer *p);

/* 0 where the letter is not there. */
uint64_t rust_optional_62(struct rust_printer *p, char letter);

struct rust_identifier rust_bare_identifier(struct rust_printer *p);
struct rust_identifier rust_identifier(struct rust_printer *p); /* that may have a number */

/* Goes on at the place that a reference names, which is before it. */
void rust_follow(struct rust_printer *p, void (*part)(struct rust_printer *));

/* Parts up to an E. */
void rust_list(struct rust_printer *p, void (*part)(struct rust_printer *), const char *between);

void rust_path(struct rust_printer *p, bool is_value);
void rust_generic_argument(struct rust_printer *p);
void rust_type(struct rust_printer *p);
void rust_constant(struct rust_printer *p);

#endif
