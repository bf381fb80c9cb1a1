/*
 * A table of text in aligned columns, for reports that a terminal shows.
 */
#ifndef PAWL_REPORT_REPORT_TABLE_H
#define PAWL_REPORT_REPORT_TABLE_H

#include "base/text.h"

#include <stddef.h>

enum { TABLE_COLUMNS = 9 };

/* A line of cells, then lines that stand below it as they are ("" for none). */
struct table_line {
	const char *cells[TABLE_COLUMNS];
	const char *below;
};

/* Every column as wide as its widest cell, two spaces before each, no spaces at the end of a line.  A column that is
 * empty in all lines but the first (the heading) is left out. */
void table_print(struct buf *out, const struct table_line *lines, size_t line_count);

#endif
