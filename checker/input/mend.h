/*
 * Tokens of JSON as benchmark programs write them, copied as the JSON that they were meant to be.
 *
 *   strings   bytes that are no UTF-8, NUL and halves of surrogate pairs become U+FFFD; unknown escapes lose their meaning
 *   NaN, inf  in any spelling become the strings "NaN", "Infinity" and "-Infinity"
 *   numbers   digits grouped by a locale (1,000) and a decimal comma (4,5e+02) where they cannot be meant otherwise;
 *             a per cent sign is dropped; numbers longer than a double can tell apart are rounded
 */
#ifndef PAWL_INPUT_MEND_H
#define PAWL_INPUT_MEND_H

#include "input/scan.h"

/* Take the token at s->at, add it to `copy` unless that is NULL, and fail with the line when it cannot be mended. */
bool mend_string(struct scan *s, struct buf *copy, struct err *err) MUST_CHECK;

/* Anything that is no string, list or object.  `key` is the member's key inside an object, else its `at` is NULL. */
bool mend_scalar(struct scan *s, struct buf *copy, struct str key, struct err *err) MUST_CHECK;

#endif
