/*
 * The verdict file: a verdict as JSON text and back.
 *
 * `"pawl_verdict": 1` is the first key; every other key is sorted.  The same verdict gives the same bytes.  A number
 * that is not known is null.  The seed is a text, as in a run file.  `counts` and `geomeans` are
 * there for readers of the file and not read back.  Names that are no UTF-8 are changed (U+FFFD).
 */
#ifndef PAWL_MODEL_VERDICT_JSON_H
#define PAWL_MODEL_VERDICT_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/verdict.h"

#include <stdbool.h>

enum { VERDICT_FILE_VERSION = 1 };

/* Adds the file's bytes to `out`. */
void verdict_to_json(struct buf *out, const struct verdict *v);

/* Reads what verdict_to_json wrote; a key that is not there leaves its field empty, save for those that name a series.
 * Fails with path, place and reason on anything else: another version, a wrong type, a name that is not known. */
bool verdict_from_json(struct arena *a, const char *path, struct str text, struct verdict *v,
		       struct err *err) MUST_CHECK;

/* The text starts like a verdict file. */
bool verdict_json_sniff(struct str text);

#endif
