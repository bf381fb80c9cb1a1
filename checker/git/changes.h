/*
 * Changes: which functions of the working tree differ from a revision.
 *
 * Git's own notion of a function (its hunk headers, gitattributes(5), "Defining a custom hunk-header"): a hunk reaches from the
 * first to the last line of the functions in it.
 */
#ifndef PAWL_GIT_CHANGES_H
#define PAWL_GIT_CHANGES_H

#include "git/git.h"

#include <stdint.h>

/* Lines of a file of the working tree, functions whole. */
struct git_hunk {
	const char *path; /* from the root of the work tree */
	int64_t first_line, line_count;
	const char *text; /* its lines, each with '+', '-' or ' ' before it; "" of a file that git does not know yet */
};

struct git_changes {
	struct git_hunk *hunks;
	size_t count, capacity;
};

/* Everything in the working tree that differs from the revision, and the files there that git does not know. */
bool git_changes(struct arena *a, const struct git_repo *repo, const char *revision, struct git_changes *out,
		 struct err *err) MUST_CHECK;

/* Something in the file is changed. */
bool git_changes_have(const struct git_changes *changes, const char *path);

/* A changed function has one of these lines, or a changed line is one of them. */
bool git_changes_touch(const struct git_changes *changes, const char *path, int64_t first_line, int64_t last_line);

/* The lines of the function that begins at `first_line`, as git tells them, if one of them is changed, else NULL.  Git takes
 * a whole class for one function: this one ends where a brace stands below its first line, or before it. */
const char *git_changes_function(struct arena *a, const struct git_changes *changes, const char *path,
				 int64_t first_line, int64_t last_line);

/* That hunk, or NULL. */
const struct git_hunk *git_changes_find(const struct git_changes *changes, const char *path, int64_t first_line,
					int64_t last_line);

#endif
