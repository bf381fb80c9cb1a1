/*
 * Symbols for a profile: its addresses get functions, files and lines.
 *
 * A location's address is taken as it is: of a caller it is to be of its call (model/profile.h), so whoever recorded a
 * return address has taken 1 off.
 */
#ifndef PAWL_SYMBOL_SYMBOLIZE_H
#define PAWL_SYMBOL_SYMBOLIZE_H

#include "base/arena.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>

struct symbolize_options {
	/* Folder of separate debug files; NULL: /usr/lib/debug. */
	const char *debug_folder;
};

struct symbolize_problem {
	const char *file; /* of a mapping; may be any bytes */
	const char *why;  /* it was not read, or not all of it; one line, which may have any bytes in it */
	bool is_partial;  /* it has names all the same, but not all inlined calls and lines */
};

struct symbolize_report {
	size_t location_count;              /* that had no lines */
	size_t named_count;                 /* of these, how many have a function's name now */
	size_t line_count;                  /* and a line of source */
	struct symbolize_problem *problems; /* one a file, sorted by file */
	size_t problem_count;
};

/*
 * Fills every location of `p` that has no lines yet, each address once.
 *
 * The file of a mapping is read if it is there and, where the mapping has a build id, has the same.  "[vdso]" is read from
 * this very process.  What has no name is called by its place, alike in every run: "[libfoo.so+0x1234]", "[vdso]",
 * "[kernel]" (addresses in the upper half), "[anon]" and the like by the mapping's name, "[unknown]" without one.  Files
 * that cannot be read, or in part only, are told in `out` (in `a`); they are no error.
 *
 * To be called when all locations are there: those that are interned later are not found among these.
 */
void profile_symbolize(struct arena *a, struct profile *p, const struct symbolize_options *options,
		       struct symbolize_report *out);

#endif
