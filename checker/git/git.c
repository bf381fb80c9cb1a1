/* Where a folder lies in a repository, and in which state its work tree is. */
#include "git/git.h"

#include "base/file.h"
#include "base/text.h"
#include "git/call.h"

#include <string.h>

/* Finds the root by its ".git", for a repository that git itself would not open: the next call tells why. */
static bool find_by_hand(struct arena *a, const char *folder, struct git_repo *out)
{
	const char *real = path_real(a, folder);
	const char *top = real;

	if (!real)
		return false;
	while (!file_exists(path_join(a, top, ".git"))) {
		if (text_equal(top, "/"))
			return false;
		top = path_folder(a, top);
	}
	out->top = top;
	out->prefix = "";
	if (!text_equal(top, real))
		out->prefix = arena_printf(a, "%s/", real + (text_equal(top, "/") ? 1 : strlen(top) + 1));
	return true;
}

/* git says that this is no work tree, as opposed to not wanting to look. */
static bool is_no_work_tree(struct arena *a, const struct proc_result *result)
{
	const char *words = arena_copy(a, result->errors.at, result->errors.size);

	return strstr(words, "not a git repository") || strstr(words, "must be run in a work tree");
}

bool git_find(struct arena *a, const char *folder, struct git_repo *out)
{
	struct proc_result result;
	struct err unused;
	const char *top;

	*out = (struct git_repo){.top = "", .prefix = ""};
	if (!git_call(a, folder, GIT_ARGS("rev-parse", "--show-toplevel"), &result, &unused))
		return find_by_hand(a, folder, out);
	if (result.code != 0)
		return !is_no_work_tree(a, &result) && find_by_hand(a, folder, out);
	top = git_call_output(a, &result);
	/* Its own call, because a path may hold a newline. */
	if (!*top || !git_call_text(a, folder, GIT_ARGS("rev-parse", "--show-prefix"), &out->prefix, &unused))
		return false;
	out->top = top;
	return true;
}

/* The parents that the commit names.  `git log` would leave out those behind the edge of a shallow clone. */
static bool read_parents(struct arena *a, const struct git_repo *repo, struct git_state *out, struct err *err)
{
	const char *text, *line;
	const char **parents = NULL;
	size_t count = 0, capacity = 0;

	if (!git_call_text(a, repo->top, GIT_ARGS("cat-file", "commit", out->revision), &text, err))
		return false;
	for (line = text; *line && *line != '\n';) {
		const char *end = strchr(line, '\n');

		if (!end)
			break;
		if (text_starts(line, "parent ")) {
			parents = arena_reserve(a, parents, count, &capacity, sizeof *parents);
			parents[count++] = arena_copy(a, line + 7, (size_t)(end - line) - 7);
		}
		line = end + 1;
	}
	out->parents = parents;
	out->parent_count = count;
	return true;
}

/* Whether the work tree has changes, but for those below `ignored`. */
static bool read_dirty(struct arena *a, const struct git_repo *repo, bool *dirty, struct err *err)
{
	static const char *const plain[] = {"status", "--porcelain", "--untracked-files=normal", "--", ":(top)"};
	enum { PLAIN = sizeof plain / sizeof plain[0] };
	const char **args, *changes;
	size_t count = 0;

	while (repo->ignored && repo->ignored[count])
		count++;
	args = NEW_ARRAY(a, const char *, PLAIN + count + 1);
	memcpy(args, plain, sizeof plain);
	for (size_t i = 0; i < count; i++)
		args[PLAIN + i] = arena_printf(a, ":(top,exclude,literal)%s", repo->ignored[i]);
	if (!git_call_text(a, repo->top, args, &changes, err))
		return false;
	*dirty = *changes;
	return true;
}

bool git_state(struct arena *a, const struct git_repo *repo, struct git_state *out, struct err *err)
{
	static const char *const head[] = {"rev-parse", "--verify", "--quiet", "HEAD", NULL};
	static const char *const branch[] = {"symbolic-ref", "--quiet", "--short", "HEAD", NULL};
	struct proc_result result;

	*out = (struct git_state){.revision = "", .branch = "", .subject = ""};
	if (!git_call(a, repo->top, head, &result, err))
		return false;
	if (result.code > 1)
		return git_call_refused(a, head, &result, err);
	if (result.code == 0)
		out->revision = git_call_output(a, &result);
	if (!git_call(a, repo->top, branch, &result, err))
		return false;
	if (result.code > 1)
		return git_call_refused(a, branch, &result, err);
	if (result.code == 0)
		out->branch = git_call_output(a, &result);
	if (*out->revision &&
	    (!read_parents(a, repo, out, err) ||
	     !git_call_text(a, repo->top,
			    GIT_ARGS("log", "-1", "--no-color", "--no-show-signature", "--format=%s", out->revision),
			    &out->subject, err)))
		return false;
	return read_dirty(a, repo, &out->dirty, err);
}
