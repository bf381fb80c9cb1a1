/*
 * What help prints for other programs: manual pages, completion of shells, the schema of pawl.yml.
 *
 * All of it comes from the rows of commands, options, keys and columns, so that none of them can be forgotten.
 */
#ifndef PAWL_CMD_HELP_PAGES_H
#define PAWL_CMD_HELP_PAGES_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>

/* The manual page with that name ("pawl", "check", "pawl-check", "pawl-check.1", "pawl.yml", "pawl-csv"), for man(7)'s
 * mdoc macros; "list" is the list of their files.  The error says how to see those that there are. */
bool help_man(struct buf *out, const char *name, struct err *err) MUST_CHECK;

/* The completion for that shell; the error names those that there are. */
bool help_completion(struct buf *out, const char *shell, struct err *err) MUST_CHECK;

/* The JSON schema of pawl.yml. */
void help_schema(struct buf *out);

#endif
