/* Building the head in place and the base in its worktree. */
#include "flow/side.h"

#include "base/file.h"
#include "base/proc.h"

#include <string.h>

extern char **environ;

enum { LAST_LINES = 20 };

static const uint64_t BUILD_OUTPUT_LIMIT = 1u << 30;

/* What an outer make or a git hook tells its children about itself would change what an inner one does. */
static const char *const *build_env(struct arena *a, const struct suite_settings *suite)
{
	static const char *const hidden[] = {"MAKEFLAGS=", "MAKELEVEL=",     "MFLAGS=",         "MAKEOVERRIDES=",
					     "GIT_DIR=",   "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_PREFIX="};
	size_t count = 0, kept = 0;
	const char **env;

	while (environ[count])
		count++;
	env = NEW_ARRAY(a, const char *, count + suite->env_count + 2);
	for (size_t i = 0; i < count; i++) {
		bool hide = false;

		for (size_t j = 0; j < sizeof hidden / sizeof hidden[0]; j++)
			hide = hide || text_starts(environ[i], hidden[j]);
		if (!hide)
			env[kept++] = environ[i];
	}
	for (size_t i = 0; i < suite->env_count; i++)
		env[kept++] = suite->env[i];
	if (suite->jobs)
		env[kept++] = arena_printf(a, "MAKEFLAGS=-j%lld", (long long)suite->jobs);
	return env;
}

/* What is said to have failed.  A script of several lines stands in pawl.yml, and is not repeated. */
static const char *build_shown(struct arena *a, const char *build)
{
	size_t size = strlen(build);

	while (size > 0 && build[size - 1] == '\n')
		size--;
	if (memchr(build, '\n', size))
		return "its `build`";
	return arena_printf(a, "`%.*s`", (int)size, build);
}

static bool build_suite(struct arena *a, const struct suite_settings *suite, const char *folder, struct err *err)
{
	const char *argv[] = {"sh", "-ec", suite->build, NULL};
	struct proc_spec spec = {.argv = argv,
				 .env = build_env(a, suite),
				 .cwd = folder,
				 .output_limit = BUILD_OUTPUT_LIMIT,
				 .keep_strays = true};
	struct proc_result result;
	struct str last;

	if (!*suite->build)
		return true;
	if (!proc_run(a, &spec, &result, err))
		return false;
	if (result.end == PROC_EXITED && result.code == 0)
		return true;
	if (result.end == PROC_INTERRUPTED)
		return err_set(err, "interrupted while suite %s was built", suite->name);
	last = text_last_lines(result.errors.size ? result.errors : result.out, LAST_LINES);
	return err_set(err, "suite %s: %s failed in %s: %s\n%.*s", suite->name, build_shown(a, suite->build),
		       text_equal(folder, ".") ? "this folder" : folder, proc_describe(a, &result), (int)last.size,
		       last.at);
}

bool side_build(struct arena *a, const struct config *config, const bool *wanted, const char *folder, struct err *err)
{
	for (size_t i = 0; i < config->suite_count; i++) {
		if ((!wanted || wanted[i]) && !build_suite(a, &config->suites[i], folder, err))
			return false;
	}
	return true;
}

/* What decides how a tree is built: a tree that was built by other commands is another entry of the cache. */
static const char *build_key(struct arena *a, const struct config *config, const bool *wanted)
{
	struct buf b = {.arena = a};

	for (size_t i = 0; i < config->suite_count; i++) {
		if (!wanted || wanted[i])
			buf_printf(&b, "%s\n%s\n", config->suites[i].name, config->suites[i].build);
	}
	return buf_string(&b);
}

/* A relative program with a folder in its name must be there after the build; others are looked up in PATH. */
static bool program_exists(struct arena *a, const struct suite_settings *suite, const char *folder)
{
	const char *program = suite->run[0];

	return !strchr(program, '/') ||
	       file_exists(path_join(a, path_join(a, folder, suite->cwd ? suite->cwd : "."), program));
}

static const struct suite_settings *suite_named(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->suite_count; i++) {
		if (text_equal(config->suites[i].name, name))
			return &config->suites[i];
	}
	return NULL;
}

/* What the head's configuration no longer measures is gone, not forgotten. */
static void find_removed(struct arena *a, const struct config *head, const struct config *base, struct side_tree *tree)
{
	tree->removed = NEW_ARRAY(a, const char *, base->suite_count);
	for (size_t i = 0; i < base->suite_count; i++) {
		if (!suite_named(head, base->suites[i].name))
			tree->removed[tree->removed_count++] = base->suites[i].name;
	}
	for (size_t i = 0; i < head->suite_count; i++)
		tree->own[i] = suite_named(base, head->suites[i].name);
}

/* The pawl.yml of the base, and what its rules say otherwise.  False when there is none that can be read. */
static bool read_base_config(struct arena *a, const struct config *head, struct side_tree *tree, struct config *base)
{
	const char *path = path_join(a, tree->folder, path_base(head->path));
	struct err err;

	if (!file_exists(path))
		return false;
	if (config_read(a, path, base, &err)) {
		config_rule_changes(a, base, head, &tree->changes, &tree->change_count);
		find_removed(a, head, base, tree);
		return true;
	}
	tree->changes = NEW_ARRAY(a, const char *, 1);
	tree->changes[0] =
		arena_printf(a, "the base's configuration cannot be read, its suites count as new: %s", err.text);
	tree->change_count = 1;
	return false;
}

/* `*whole`: every build went well. */
static bool build_base(struct arena *a, const struct config *config, const bool *wanted, struct side_tree *tree,
		       bool *whole, struct err *err)
{
	struct config base = {0};
	bool known = read_base_config(a, config, tree, &base);

	for (size_t i = 0; i < config->suite_count; i++) {
		const struct suite_settings *suite = &config->suites[i];
		bool declared = known && suite_named(&base, suite->name);

		if (wanted && !wanted[i])
			continue;
		if (!file_is_dir(tree->folder)) {
			tree->absent[i] = true;
		} else if (!tree->worktree.built && !build_suite(a, suite, tree->folder, err)) {
			if (declared || proc_interrupted())
				return err_context(err, "the base does not build");
			tree->absent[i] = true;
			*whole = false;
		} else if (!declared && !program_exists(a, suite, tree->folder)) {
			tree->absent[i] = true;
		}
	}
	return true;
}

bool side_open_commit(struct arena *a, const struct config *config, const bool *wanted, const struct git_repo *repo,
		      const char *id, struct side_tree *out, struct err *err)
{
	bool whole = true;

	*out = (struct side_tree){.absent = NEW_ARRAY(a, bool, config->suite_count),
				  .own = NEW_ARRAY(a, const struct suite_settings *, config->suite_count),
				  .revision = id};
	if (!git_worktree_open(a, repo, id, build_key(a, config, wanted), &out->worktree, err))
		return false;
	out->has_worktree = true;
	out->folder = *repo->prefix ? path_join(a, out->worktree.top, repo->prefix) : out->worktree.top;
	/* What did not build is tried again next time. */
	if (!build_base(a, config, wanted, out, &whole, err) ||
	    (whole && !out->worktree.built && !git_worktree_built(a, &out->worktree, err))) {
		side_close(out);
		return false;
	}
	return true;
}

bool side_open_folder(struct arena *a, const struct config *config, const bool *wanted, const char *folder,
		      struct side_tree *out, struct err *err)
{
	struct config base = {0};
	bool known;

	*out = (struct side_tree){.absent = NEW_ARRAY(a, bool, config->suite_count),
				  .own = NEW_ARRAY(a, const struct suite_settings *, config->suite_count),
				  .revision = "",
				  .folder = folder};
	if (!file_is_dir(folder))
		return err_set(err, "--base-dir %s: no such folder", folder);
	out->title = arena_printf(a, "folder %s", folder);
	known = read_base_config(a, config, out, &base);
	for (size_t i = 0; i < config->suite_count; i++) {
		const struct suite_settings *suite = &config->suites[i];

		if ((wanted && !wanted[i]) || program_exists(a, suite, folder))
			continue;
		/* A folder that was only forgotten to be built must not pass as one without the suite. */
		if (!known || suite_named(&base, suite->name))
			return err_set(err, "suite %s: %s is not in %s; build that folder first", suite->name,
				       suite->run[0], folder);
		out->absent[i] = true;
	}
	return true;
}

void side_close(struct side_tree *tree)
{
	if (tree->has_worktree)
		git_worktree_release(&tree->worktree);
	tree->has_worktree = false;
}
