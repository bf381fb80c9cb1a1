/*
 * Text line by line, and what stands in a line, for profiles that are text.
 *
 * Lines end with a newline, with or without a carriage return; the last may lack both.  The line_ functions look at one line
 * and take from its front; they leave it alone where what they look for is not there.
 */
#ifndef PAWL_PROFILE_LINES_H
#define PAWL_PROFILE_LINES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lines {
	struct arena *arena; /* for the texts of errors */
	const char *path;
	struct str text;
	size_t at, number; /* of the line that was given last */
};

struct lines lines_of(struct arena *a, const char *path, struct str text);

/* False at the end of the text. */
bool lines_next(struct lines *l, struct str *line);

/* Sets the error "PATH:LINE: …"; always false. */
bool lines_fail(const struct lines *l, struct err *err, const char *format, ...) PRINTF_LIKE(3, 4);

/* The start of a line as it can stand in an error: in quotes, printable, cut. */
const char *lines_shown(const struct lines *l, struct str line);

struct str line_trim(struct str line);
bool line_starts(struct str line, const char *words);
bool line_holds(struct str line, const char *words);

bool line_take(struct str *line, const char *words);
void line_take_blanks(struct str *line);

/* What stands before the next blank; empty at the end. */
struct str line_take_word(struct str *line);

/* Decimal digits; with an `0x` before them, or where `hex` is said, hexadecimal ones.  Too large is not there. */
bool line_take_unsigned(struct str *line, uint64_t *value);
bool line_take_hex(struct str *line, uint64_t *value);
bool line_take_signed(struct str *line, int64_t *value);

#endif
