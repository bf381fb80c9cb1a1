/*
 * Submodules of a worktree: filled from the clones that the repository has already, else from where they come from.
 */
#ifndef PAWL_GIT_SUBMODULE_H
#define PAWL_GIT_SUBMODULE_H

#include "base/arena.h"
#include "base/err.h"

/* Fills the submodules of `tree`, theirs too.  `source` is the work tree of the same repository that may hold clones of
 * them: a CI job often may not fetch private submodules a second time.  No submodules: nothing to do. */
bool git_submodule_fill(struct arena *a, const char *tree, const char *source, struct err *err) MUST_CHECK;

#endif
