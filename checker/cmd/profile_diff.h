/*
 * What `pawl profile diff` shows: an attribution or growth, as text, CSV or JSON.
 */
#ifndef PAWL_CMD_PROFILE_DIFF_H
#define PAWL_CMD_PROFILE_DIFF_H

#include "base/text.h"
#include "flow/leak.h"
#include "model/attribution.h"

#include <stdbool.h>
#include <stddef.h>

struct diff_show {
	const char *type, *unit; /* of the sample type */
	const char *operation;   /* "operation", or "profile" where nobody told operations */
	size_t row_limit;        /* functions that did not change beyond so many rows are summed up */
	const char *const *warnings;
	size_t warning_count;
};

void diff_text(struct buf *out, const struct attribution *at, const struct diff_show *show);
void diff_csv(struct buf *out, const struct attribution *at, const struct diff_show *show);
void diff_json(struct buf *out, const struct attribution *at, const struct diff_show *show);

/* Snapshots are named by their files. */
void leak_text(struct buf *out, const struct leak_report *report, const char *const *names,
	       const struct diff_show *show);
void leak_csv(struct buf *out, const struct leak_report *report, const char *const *names,
	      const struct diff_show *show);
void leak_json(struct buf *out, const struct leak_report *report, const char *const *names,
	       const struct diff_show *show);

/* "3.98 us", "12.4 MB", "17": a value of a sample type. */
const char *diff_amount(struct arena *a, double value, const char *unit);

/* The same with its sign. */
const char *diff_change(struct arena *a, double value, const char *unit);

#endif
