/*
 * The commits between two revisions, along first parents, and what is known of a commit.
 */
#ifndef PAWL_GIT_LINE_H
#define PAWL_GIT_LINE_H

#include "git/git.h"

/* Full ids, oldest first: where the line begins, which is `good` or the commit at which the line left good's, then all of
 * the line up to `bad`.  Fails when the two have no common line, or when nothing lies between them. */
bool git_line(struct arena *a, const struct git_repo *repo, const char *good, const char *bad, const char ***ids,
	      size_t *count, struct err *err) MUST_CHECK;

struct git_commit {
	const char *const *parents; /* full ids */
	size_t parent_count;
	const char *subject, *author, *date; /* as they were written; "Ann <ann@example.org>"; 2026-11-21 */
};

/* `id` is a full id. */
bool git_commit(struct arena *a, const struct git_repo *repo, const char *id, struct git_commit *out,
		struct err *err) MUST_CHECK;

#endif
