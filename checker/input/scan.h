/*
 * Walking JSON text value by value, with line numbers for errors.
 *
 * For result files, which are large, cut off by crashes and full of what JSON does not allow: the walk holds no tree,
 * and the copy it makes of one value is mended so that cJSON can parse it (input/mend.h says what is mended).
 */
#ifndef PAWL_INPUT_SCAN_H
#define PAWL_INPUT_SCAN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum { SCAN_END = -1 };

struct scan {
	struct arena *arena; /* for the texts of errors */
	const char *path;
	struct str text;
	size_t at;          /* of the next byte */
	const char *inside; /* what is being read, for the error of a file that ends too early */
	const char *hint;   /* ends the error of text that does not belong there */
	size_t line_at, newlines;
	size_t newlines_before; /* in what was dropped */
};

/* The line of a byte, from 1.  Cheap when asked in ascending order. */
size_t scan_line(struct scan *s, size_t at);

/* What scan_line would find out: behind the place it was asked for last, up to `at`, there are so many newlines. */
void scan_pass(struct scan *s, size_t at, size_t newlines);

/* Forgets the first `used` bytes of the text, save how many lines they were. */
void scan_drop(struct scan *s, size_t used);

/* Set the error "PATH:LINE: …"; always false. */
bool scan_fail(struct scan *s, size_t at, struct err *err, const char *format, ...) PRINTF_LIKE(4, 5);
bool scan_fail_cut(struct scan *s, struct err *err);
bool scan_fail_unexpected(struct scan *s, size_t at, const char *wanted, struct err *err);

/* Skips white space and returns the byte that is next, or SCAN_END. */
int scan_next(struct scan *s);

/* Takes `c`, which must be next behind white space. */
bool scan_take(struct scan *s, char c, struct err *err) MUST_CHECK;

/* Takes a key and its colon.  `key` is the bytes between the quotes, escapes as they stand. */
bool scan_key(struct scan *s, struct str *key, struct err *err) MUST_CHECK;

/* Takes one value of any kind and adds a copy, mended and without white space, to `copy` unless that is NULL. */
bool scan_value(struct scan *s, struct buf *copy, struct err *err) MUST_CHECK;

#endif
