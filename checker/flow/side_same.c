/* Comparing the programs of two built trees. */
#include "flow/side_same.h"

#include "base/file.h"
#include "symbol/code.h"

#include <stdlib.h>
#include <string.h>

/* What one side has of a suite. */
struct place {
	const char *tree, *cwd;
};

static struct place place_of(struct arena *a, const char *folder, const struct suite_settings *s)
{
	return (struct place){.tree = path_real(a, folder), .cwd = s->cwd ? path_join(a, folder, s->cwd) : folder};
}

static bool same_bytes(struct arena *a, const char *one, const char *two)
{
	struct arena_mark mark = arena_mark(a);
	struct str x, y;
	struct err err;
	bool same = file_read(a, one, FILE_LIMIT, &x, &err) && file_read(a, two, FILE_LIMIT, &y, &err) &&
		    x.size == y.size && (!x.size || memcmp(x.at, y.at, x.size) == 0);

	arena_reset(a, mark);
	return same;
}

/* A word of the command line, or a part of one behind "=", that names a file or folder on either side. */
static bool same_file(struct arena *a, const struct place *base, const struct place *head, const char *word)
{
	const char *equals = strchr(word, '='), *name = equals ? equals + 1 : word;
	const char *one = path_join(a, base->cwd, name), *two = path_join(a, head->cwd, name);

	if (!*name || *name == '/' || (!file_exists(one) && !file_exists(two)))
		return true;
	return !file_is_dir(one) && !file_is_dir(two) && same_bytes(a, one, two);
}

static bool same_data(struct arena *a, const struct place *base, const struct place *head,
		      const struct suite_settings *s)
{
	for (size_t i = 1; i < s->run_count; i++) {
		if (!same_file(a, base, head, s->run[i]))
			return false;
	}
	return !s->input || same_file(a, base, head, s->input);
}

/* LD_LIBRARY_PATH of the suite, as far as it is the same file system for both sides; false when it is not known. */
static bool find_library_path(const struct suite_settings *s, const char **out)
{
	*out = getenv("LD_LIBRARY_PATH");
	for (size_t i = 0; i < s->env_count; i++) {
		if (text_starts(s->env[i], "LD_"))
			return false;
	}
	for (const char *at = *out; at && *at; at += strcspn(at, ":"), at += *at == ':') {
		if (*at != '/')
			return false;
	}
	return true;
}

static bool has_steps(const struct suite_settings *s)
{
	return s->setup || s->teardown || s->prepare || s->cleanup;
}

static bool is_below(const char *path, const char *tree)
{
	size_t size = strlen(tree);

	return strncmp(path, tree, size) == 0 && path[size] == '/';
}

static bool same_suite(struct arena *a, const struct suite_settings *s, const char *base_folder,
		       const char *head_folder)
{
	struct place base = place_of(a, base_folder, s), head = place_of(a, head_folder, s);
	struct code_build one, two;
	const char *library_path, *why;

	if (s->kind->whole_suite || has_steps(s) || !base.tree || !head.tree || !strchr(s->run[0], '/') ||
	    !find_library_path(s, &library_path))
		return false;
	one = (struct code_build){.program = path_real(a, path_join(a, base.cwd, s->run[0])),
				  .tree = base.tree,
				  .library_path = library_path};
	two = (struct code_build){.program = path_real(a, path_join(a, head.cwd, s->run[0])),
				  .tree = head.tree,
				  .library_path = library_path};
	/* A program from elsewhere is the same file for both, and what it runs is not known. */
	if (!one.program || !two.program || !is_below(one.program, one.tree) || !is_below(two.program, two.tree))
		return false;
	return same_data(a, &base, &head, s) && code_compare(a, &one, &two, &why) == CODE_SAME;
}

enum { MOST_DEPTH = 32 };

/* What lies below two paths: files of the same names and bytes, or nothing on either side.  Links are followed. */
static bool same_tree(struct arena *a, const char *one, const char *two, int depth)
{
	const char **names, **others;
	size_t count, other_count;
	struct err err;

	if (!file_is_dir(one) || !file_is_dir(two))
		return file_exists(one) == file_exists(two) && file_is_dir(one) == file_is_dir(two) &&
		       (!file_exists(one) || same_bytes(a, one, two));
	if (depth == MOST_DEPTH || !dir_list(a, one, &names, &count, &err) ||
	    !dir_list(a, two, &others, &other_count, &err) || count != other_count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!text_equal(names[i], others[i]) ||
		    !same_tree(a, path_join(a, one, names[i]), path_join(a, two, others[i]), depth + 1))
			return false;
	}
	return true;
}

bool side_same_built(struct arena *a, const struct suite_settings *s, const struct side_built *base,
		     const struct side_built *head)
{
	static const char data[] = "testdata";
	struct place x = {.tree = base->tree, .cwd = base->folder}, y = {.tree = head->tree, .cwd = head->folder};
	struct arena *child = arena_open_child(a);
	struct code_build one = {.program = base->program, .tree = base->tree};
	struct code_build two = {.program = head->program, .tree = head->tree};
	const char *why;
	bool same = !s->kind->whole_suite && !has_steps(s) && find_library_path(s, &one.library_path);

	two.library_path = one.library_path;
	same = same && same_data(child, &x, &y, s) &&
	       same_tree(child, path_join(child, base->folder, data), path_join(child, head->folder, data), 0) &&
	       same_tree(child, path_join(child, base->tree, data), path_join(child, head->tree, data), 0) &&
	       code_compare(child, &one, &two, &why) == CODE_SAME;
	arena_close(child);
	return same;
}

bool *side_same_code(struct arena *a, const struct config *config, const bool *wanted, const struct side_tree *base)
{
	bool *same = NEW_ARRAY(a, bool, config->suite_count);

	for (size_t i = 0; i < config->suite_count; i++) {
		struct arena *child = arena_open_child(a);

		same[i] = (!wanted || wanted[i]) && !(base->absent && base->absent[i]) &&
			  same_suite(child, &config->suites[i], base->folder, config->folder);
		arena_close(child);
	}
	return same;
}
