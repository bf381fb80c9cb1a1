/*
 * Cells of CSV files: what every table that pawl writes has in common.
 *
 * RFC 4180 with LF.  A line is always a row: control characters are written as \n, \t and \xNN, as are bytes that are no
 * UTF-8.  A text that a spreadsheet would run as a formula gets a leading "'" unless `raw`.
 */
#ifndef PAWL_DRAW_CELLS_H
#define PAWL_DRAW_CELLS_H

#include "base/text.h"

#include <stdbool.h>

/* NULL is an empty cell. */
void cells_text(struct buf *out, const char *text, bool raw);

/* The shortest number that reads back the same; an empty cell where it is not finite. */
void cells_double(struct buf *out, double value);

/* A ratio in percent, to six places: 0.232 * 100 is 23.200000000000003, and no measurement has more places than that. */
void cells_percent(struct buf *out, double ratio);

#endif
