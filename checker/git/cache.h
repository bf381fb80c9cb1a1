/*
 * The cache of worktrees: one locked folder for each repository, commit and key, and a bound on how many stay.
 *
 * ROOT/base/ID/ holds `repo` (root of the repository it belongs to), `lock`, the worktree in `tree`, and the empty
 * markers `made` (the tree is whole) and `built`.
 */
#ifndef PAWL_GIT_CACHE_H
#define PAWL_GIT_CACHE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

struct git_cache_entry {
	const char *folder;
	int lock; /* held while it is open */
};

/* The entry with that name, made if it is new.  One that is built is shared with others, any other is held alone; waits
 * while somebody holds it, until pawl is interrupted. */
bool git_cache_open(struct arena *a, const char *top, const char *id, const char *key, struct git_cache_entry *out,
		    struct err *err) MUST_CHECK;

/* Holds alone what may be shared; and shares what is held alone. */
bool git_cache_own(struct arena *a, struct git_cache_entry *entry, struct err *err) MUST_CHECK;
void git_cache_share(int lock);

/* Removes what the repository `top` used least lately, so that few entries stay; also entries of repositories that are
 * gone.  Entries that somebody holds stay; so does what cannot be removed. */
void git_cache_trim(struct arena *a, const char *top, const char *used_folder);

/* Removes a worktree and git's record of it. */
void git_cache_drop_tree(struct arena *a, const char *top, const char *tree);

#endif
