/* Submodules of a worktree. */
#include "git/submodule.h"

#include "base/file.h"
#include "base/text.h"
#include "git/call.h"

#include <string.h>

enum { NESTING_LIMIT = 16 };

struct module {
	const char *name;
	const char *path; /* inside the tree */
};

/* The submodules that .gitmodules names.  Output: "submodule.NAME.path\nPATH\0…", for names with any character. */
static bool list(struct arena *a, const char *tree, struct module **modules, size_t *count, struct err *err)
{
	static const char *const args[] = {
		"config", "-z", "-f", ".gitmodules", "--get-regexp", "^submodule\\..*\\.path$", NULL};
	struct proc_result result;
	size_t capacity = 0;
	const char *at, *end;

	*modules = NULL;
	*count = 0;
	if (!git_call(a, tree, args, &result, err))
		return false;
	if (result.code > 1) /* 1: no such key */
		return git_call_refused(a, args, &result, err);
	for (at = result.out.at, end = at + result.out.size; at < end; at += strlen(at) + 1) {
		const char *line_end = strchr(at, '\n');
		size_t before = strlen("submodule."), behind = strlen(".path");

		if (!line_end || (size_t)(line_end - at) <= before + behind)
			continue;
		*modules = arena_reserve(a, *modules, *count, &capacity, sizeof **modules);
		(*modules)[(*count)++] = (struct module){
			.name = arena_copy(a, at + before, (size_t)(line_end - at) - before - behind),
			.path = arena_string(a, line_end + 1),
		};
	}
	return true;
}

/* The git folder of the clone at `path` that holds the commit which `tree` wants there, or NULL. */
static const char *find_clone(struct arena *a, const char *tree, const char *path, const char *clone)
{
	const char *entry, *git_dir;
	struct proc_result result;
	struct err unused;
	const char *id;

	if (!file_exists(path_join(a, clone, ".git")) ||
	    !git_call_text(a, tree, GIT_ARGS("ls-tree", "HEAD", "--", path), &entry, &unused) ||
	    !text_starts(entry, "160000 commit "))
		return NULL;
	entry += strlen("160000 commit ");
	id = arena_copy(a, entry, strcspn(entry, "\t"));
	if (!git_call(a, clone, GIT_ARGS("cat-file", "-e", arena_printf(a, "%s^{commit}", id)), &result, &unused) ||
	    result.code != 0 ||
	    !git_call_text(a, clone, GIT_ARGS("rev-parse", "--absolute-git-dir"), &git_dir, &unused))
		return NULL;
	return git_dir;
}

/* Fills one submodule from a clone on this machine.  Its remote then says where it really comes from, even after a
 * failure: that is where the rest is fetched, and paths of submodules of its own may be relative to it. */
static bool fill_from_clone(struct arena *a, const char *tree, const struct module *m, const char *clone,
			    const char *git_dir)
{
	const char *key = arena_printf(a, "submodule.%s", m->name), *filled = path_join(a, tree, m->path);
	const char *active = arena_printf(a, "%s.active=true", key), *url = arena_printf(a, "%s.url=%s", key, git_dir);
	struct err unused;
	const char *said, *origin;
	bool ok;

	ok = git_call_text(a, tree,
			   GIT_ARGS("-c", "protocol.file.allow=always", "-c", active, "-c", url, "submodule", "--quiet",
				    "update", "--", m->path),
			   &said, &unused);
	/* Without a repository of its own there, the call would change the remote of the project itself. */
	if (file_exists(path_join(a, filled, ".git")) &&
	    git_call_text(a, clone, GIT_ARGS("config", "remote.origin.url"), &origin, &unused))
		ok &= git_call_text(a, filled, GIT_ARGS("config", "remote.origin.url", origin), &said, &unused);
	return ok;
}

static bool fill_from_clones(struct arena *a, const char *tree, const char *source, int depth, struct err *err)
{
	struct module *modules;
	size_t count;

	if (depth == NESTING_LIMIT || !file_exists(path_join(a, tree, ".gitmodules")))
		return true;
	if (!list(a, tree, &modules, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct module *m = &modules[i];
		const char *clone, *git_dir;

		if (*m->path == '/')
			continue;
		clone = path_join(a, source, m->path);
		git_dir = find_clone(a, tree, m->path, clone);
		/* A name with '=' cannot be given by -c. */
		if (!git_dir || strchr(m->name, '=') || !fill_from_clone(a, tree, m, clone, git_dir))
			continue;
		if (!fill_from_clones(a, path_join(a, tree, m->path), clone, depth + 1, err))
			return false;
	}
	return true;
}

bool git_submodule_fill(struct arena *a, const char *tree, const char *source, struct err *err)
{
	const char *const *status = GIT_ARGS("submodule", "status", "--recursive");
	const char *const *update = GIT_ARGS("submodule", "--quiet", "update", "--init", "--recursive");
	struct proc_result result;
	const char *text;

	if (!file_exists(path_join(a, tree, ".gitmodules")))
		return true;
	if (!fill_from_clones(a, tree, source, 0, err))
		return false;
	/* A line that begins with ' ' is a submodule in the state that is wanted. */
	if (!git_call(a, tree, status, &result, err))
		return false;
	text = git_call_output(a, &result);
	if (result.code == 0 && *text != '-' && *text != '+' && !strstr(text, "\n-") && !strstr(text, "\n+"))
		return true;
	if (!git_call(a, tree, update, &result, err))
		return false;
	if (result.code == 0)
		return true;
	git_call_refused(a, update, &result, err);
	if (strstr(err->text, "transport 'file' not allowed"))
		return err_context(err, "a submodule comes from a folder, which git allows only after "
					"`git config --global protocol.file.allow always`");
	return err_context(err, "the base's submodules cannot be filled");
}
