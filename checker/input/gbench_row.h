/*
 * One entry of google-benchmark's "benchmarks", made a row.
 */
#ifndef PAWL_INPUT_GBENCH_ROW_H
#define PAWL_INPUT_GBENCH_ROW_H

#include "input/input.h"
#include "input/members.h"
#include "input/names.h"
#include "input/scan.h"

/* What must be remembered from row to row. */
struct gbench_rows {
	struct names names;
	size_t count;
	struct name_slot *last; /* good while the names are last_count */
	size_t last_count;
};

/*
 * Fills `row` from an entry that begins at byte `at` of the file.  What it points to is in `a` and in the entry.  False
 * when the entry has no name; every other fault makes the row an INPUT_ERROR.
 */
bool gbench_row_read(struct arena *a, struct gbench_rows *rows, struct members *entry, const struct scan *s, size_t at,
		     struct input_row *row) MUST_CHECK;

#endif
