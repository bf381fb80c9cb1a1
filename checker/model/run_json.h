/*
 * The run file: a run as JSON text and back.
 *
 * `"pawl_run": 1` is the first key; every other key is sorted; one line a slice.  The same run gives the same bytes.
 * The id is the SHA-256 of these bytes and therefore not inside.
 */
#ifndef PAWL_MODEL_RUN_JSON_H
#define PAWL_MODEL_RUN_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/run.h"

enum { RUN_FILE_VERSION = 1 };

/* The file's bytes; sets run->id. */
struct str run_to_json(struct arena *a, struct run *run);

/* Reads what run_to_json wrote.  Fails with path, line and reason on anything else: another version, a wrong type, a
 * value that is no finite number.  Sets id and source. */
bool run_from_json(struct arena *a, const char *path, struct str text, struct run *run, struct err *err) MUST_CHECK;

/* The text starts like a run file. */
bool run_json_sniff(struct str text);

#endif
