/*
 * Decimal numbers to doubles, fast: for files with a hundred thousand of them.
 */
#ifndef PAWL_BASE_DECIMAL_H
#define PAWL_BASE_DECIMAL_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Takes a number as JSON has it (RFC 8259, section 6) from the start of `text`: bytes taken, or 0 where none stands there
 * or it has more than 400 bytes.
 * `*value` is the double nearest to it, ties to even; INFINITY where it is too large.  The text goes on behind the number:
 * one that ends with the text may be cut off.
 */
size_t decimal_take(struct str text, double *value);

#endif
