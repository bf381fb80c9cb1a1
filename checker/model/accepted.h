/*
 * Accepted regressions: accepted.json, what a project knows to be slower and has agreed to.
 *
 * The file lies under version control.  It has one line an entry, sorted by series, so that a review shows one line and
 * a merge conflict is rare and easy.  `pawl accept` writes it; a line is taken out by hand.
 */
#ifndef PAWL_MODEL_ACCEPTED_H
#define PAWL_MODEL_ACCEPTED_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ACCEPTED_FILE_VERSION = 1 };

/* One agreed regression.  All bounds are the end of the interval that is farther from the baseline, in the worse
 * direction: the upper one, for throughput the lower one. */
struct accepted {
	const char *series;       /* suite/benchmark:metric */
	const char *reason;       /* one line */
	const char *date, *until; /* "2026-11-21"; until is the last day on which it holds, "" for no end */
	const char *unit;         /* of the amounts below */
	struct number baseline;   /* median of the base when it was accepted */
	struct number current;    /* median of the head */
	struct number bound; /* as an amount: what the head may cost where it is measured on the same machine class */
	struct number bound_ratio; /* as a change of the base; unknown where the baseline was 0 or less */
	const char *machine;       /* machine class that the amounts were measured on */
};

struct accepted_list {
	struct accepted *items;
	size_t count, capacity;
};

/* The entry of that series, or NULL. */
const struct accepted *accepted_find(const struct accepted_list *list, const char *suite, const char *bench,
				     const char *metric);

/* What accepting this finding means. */
struct accepted accepted_of(struct arena *a, const struct finding *f, const char *reason, const char *date,
			    const char *until);

/* Adds an entry, or puts it in the place of the one for the same series. */
void accepted_put(struct arena *a, struct accepted_list *list, const struct accepted *entry);

/* The entries that `base` does not have just so.  What was merged before the base was branched off is in the base's own
 * speed already, and must not excuse another slowdown. */
struct accepted_list accepted_since(struct arena *a, const struct accepted_list *list,
				    const struct accepted_list *base);

/* The file's bytes. */
void accepted_to_json(struct buf *out, const struct accepted_list *list);

/* Reads what accepted_to_json wrote, or what somebody edited: keys but `series`, `reason` and `date` may be missing.
 * Fails with path and place. */
bool accepted_from_json(struct arena *a, const char *path, struct str text, struct accepted_list *out,
			struct err *err) MUST_CHECK;

/* Days since 1970-01-01 of a date "2026-11-21" (or of a time that starts with one).  False when it is none. */
bool date_parse(const char *text, int64_t *unix_day);

/* "2026-11-21" */
const char *date_format(struct arena *a, int64_t unix_day);

#endif
