/*
 * Source files that a profile names, found on this machine and split into lines.
 */
#ifndef PAWL_VIEW_SOURCE_TEXT_H
#define PAWL_VIEW_SOURCE_TEXT_H

#include "base/text.h"

struct source_text {
	const char *name; /* as the profile has it */
	const char *path; /* where it was found; NULL: it was not */
	struct str *lines;
	size_t line_count;
};

/* Files that were looked for, found or not. */
struct source_texts {
	struct arena *arena;
	const char *source_path, *trim_path; /* folders parted by ':'; NULL */
	struct source_text **slots;          /* by name; open addressing */
	size_t count, room;
};

/*
 * The file of that name.  As in pprof an absolute name that is there is taken, a relative one is looked for in every folder of
 * the source path (the current folder, if none is given) and those above it.  What is still missing is looked for in the
 * folders of the source path by the ends of its name: builds elsewhere have other beginnings.
 */
const struct source_text *source_text_find(struct source_texts *texts, const char *name);

#endif
