/* Worktrees of base commits. */
#include "git/git.h"

#include "base/file.h"
#include "base/text.h"
#include "git/cache.h"
#include "git/call.h"
#include "git/submodule.h"

#include <unistd.h>

/* The tree of an earlier check is whole and still what it was.  The marker alone does not say so: the repository's
 * record of the worktree may be gone, or the commit another one. */
static bool is_ready(struct arena *a, const char *entry, const char *tree, const char *id)
{
	struct err unused;
	const char *head;

	return file_exists(path_join(a, entry, "made")) && file_exists(path_join(a, tree, ".git")) &&
	       git_call_text(a, tree, GIT_ARGS("rev-parse", "--verify", "HEAD"), &head, &unused) &&
	       text_equal(head, id);
}

static bool make_tree(struct arena *a, const struct git_repo *repo, const char *entry, const char *tree, const char *id,
		      struct err *err)
{
	const char *said;

	unlink(path_join(a, entry, "built"));
	unlink(path_join(a, entry, "made"));
	git_cache_drop_tree(a, repo->top, tree);
	/* Forced, because git may still have a record of a worktree at this place; `git worktree prune` would also
	 * forget worktrees of the user's that are only not mounted now. */
	if (!git_call_text(a, repo->top, GIT_ARGS("worktree", "add", "--quiet", "--detach", "--force", tree, id), &said,
			   err))
		return false;
	if (!git_submodule_fill(a, tree, repo->top, err))
		return false;
	return file_write(path_join(a, entry, "made"), "", 0, err);
}

bool git_worktree_open(struct arena *a, const struct git_repo *repo, const char *id, const char *key,
		       struct git_worktree *out, struct err *err)
{
	struct git_cache_entry entry;

	*out = (struct git_worktree){.lock = -1};
	if (!git_cache_open(a, repo->top, id, key, &entry, err))
		return false;
	out->lock = entry.lock;
	out->top = path_join(a, entry.folder, "tree");
	if (!is_ready(a, entry.folder, out->top, id) &&
	    (!git_cache_own(a, &entry, err) || !make_tree(a, repo, entry.folder, out->top, id, err))) {
		git_cache_drop_tree(a, repo->top, out->top);
		git_worktree_release(out);
		return false;
	}
	out->built = file_exists(path_join(a, entry.folder, "built"));
	git_cache_trim(a, repo->top, entry.folder);
	return true;
}

bool git_worktree_built(struct arena *a, const struct git_worktree *tree, struct err *err)
{
	if (!file_write(path_join(a, path_folder(a, tree->top), "built"), "", 0, err))
		return false;
	git_cache_share(tree->lock);
	return true;
}

void git_worktree_release(struct git_worktree *tree)
{
	/* A struct that is all zero holds nothing: 0 is then no lock but standard input. */
	if (tree->top && tree->lock >= 0)
		close(tree->lock);
	tree->lock = -1;
}
