/*
 * Git: revisions, merge bases and worktrees, through the git program.
 *
 * Every function takes a folder inside the work tree.  "No repository here" is an answer (git_find returns false
 * without touching err), everything else that git refuses is an error with git's last lines.
 */
#ifndef PAWL_GIT_GIT_H
#define PAWL_GIT_GIT_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct git_repo {
	const char *top;    /* root of the work tree */
	const char *prefix; /* of the folder inside it: "" or "sub/dir/" */
	/* Paths from the root whose changes do not make the tree dirty, NULL at their end; NULL: none.  The caller's. */
	const char *const *ignored;
};

struct git_state {
	const char *revision; /* full id of HEAD, "" before the first commit */
	const char *const *parents;
	size_t parent_count;
	const char *branch; /* "" when detached */
	const char *subject;
	bool dirty; /* tracked files differ from HEAD, or files that are not ignored are new */
};

/* True and filled when `folder` lies in a work tree. */
bool git_find(struct arena *a, const char *folder, struct git_repo *out);

bool git_state(struct arena *a, const struct git_repo *repo, struct git_state *out, struct err *err) MUST_CHECK;

/* The full commit id of a revision; one that only exists as origin/REV (a fresh CI checkout) is taken from there.  The error says what to do when the clone is shallow (fetch-depth: 0) and names near
 * branches. */
bool git_resolve(struct arena *a, const struct git_repo *repo, const char *revision, const char **id,
		 struct err *err) MUST_CHECK;

/* The merge base of a revision and HEAD. */
bool git_merge_base(struct arena *a, const struct git_repo *repo, const char *revision, const char **id,
		    struct err *err) MUST_CHECK;

/* A worktree of that commit, detached, submodules filled, kept in the cache ($XDG_CACHE_HOME/pawl, else ~/.cache/pawl)
 * by repository, commit and `key`; locked until git_worktree_release, so that two checks do not build in one folder; a built one is shared.
 * `built` says that git_worktree_built was called for it before. */
struct git_worktree {
	const char *top; /* its root */
	bool built;
	int lock;
};

bool git_worktree_open(struct arena *a, const struct git_repo *repo, const char *id, const char *key,
		       struct git_worktree *out, struct err *err) MUST_CHECK;
bool git_worktree_built(struct arena *a, const struct git_worktree *tree, struct err *err) MUST_CHECK;
void git_worktree_release(struct git_worktree *tree);

#endif
