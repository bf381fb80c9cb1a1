/*
 * Sides: the trees that a check compares, built.
 *
 * The head is the working tree as it stands, built in place.  The base is a commit in a worktree that the cache keeps, or
 * a folder that the user names.
 */
#ifndef PAWL_FLOW_SIDE_H
#define PAWL_FLOW_SIDE_H

#include "base/arena.h"
#include "base/err.h"
#include "flow/config.h"
#include "git/git.h"

struct side_tree {
	const char *folder;   /* that suites run in */
	bool *absent;         /* suite by suite: this tree has none of it */
	const char *title;    /* "4f2a91c (merge base of main)" */
	const char *revision; /* full commit id, or "" */
	struct git_worktree worktree;
	bool has_worktree;
	const char **changes; /* what the base's pawl.yml says otherwise, a line each */
	size_t change_count;
	const struct suite_settings **own; /* suite by suite: as the base's pawl.yml has it, NULL where it has not */
	const char **removed;              /* suites that only the base's pawl.yml has */
	size_t removed_count;
};

/* Runs the build of every wanted suite in `folder`.  A failure's error holds the build's last lines. */
bool side_build(struct arena *a, const struct config *config, const bool *wanted, const char *folder,
		struct err *err) MUST_CHECK;

/* The base at a commit.  A suite that neither the base's pawl.yml has nor its tree can build is absent; one that the
 * base's pawl.yml has and that does not build is an error. */
bool side_open_commit(struct arena *a, const struct config *config, const bool *wanted, const struct git_repo *repo,
		      const char *id, struct side_tree *out, struct err *err) MUST_CHECK;

/* The base in a folder that is built already. */
bool side_open_folder(struct arena *a, const struct config *config, const bool *wanted, const char *folder,
		      struct side_tree *out, struct err *err) MUST_CHECK;

void side_close(struct side_tree *tree);

#endif
