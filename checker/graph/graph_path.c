/* Names of source files: cleaned, and without what only the machine that built the program has. */
#include "graph/graph_build.h"

#include <string.h>

const char *graph_clean_path(struct arena *a, const char *path)
{
	char *out = arena_array(a, strlen(path) + 2, 1);
	bool rooted = *path == '/';
	size_t size = rooted, floor = rooted; /* what ".." may not take away */

	if (rooted)
		out[0] = '/';
	while (*path) {
		size_t part = strcspn(path, "/");

		if (part == 2 && !memcmp(path, "..", 2) && size > floor) {
			/* Back over the part before. */
			while (size > floor && out[size - 1] != '/')
				size--;
			if (size > floor)
				size--;
		} else if (part && !(part == 1 && *path == '.') && !(part == 2 && !memcmp(path, "..", 2) && rooted)) {
			if (size > rooted)
				out[size++] = '/';
			memcpy(out + size, path, part);
			size += part;
			if (part == 2 && !memcmp(path, "..", 2))
				floor = size;
		}
		path += part + (path[part] == '/');
	}
	if (!size)
		out[size++] = '.';
	out[size] = '\0';
	return out;
}

/* The next folder of a list parted by ':'; false at its end.  Empty ones are left out. */
static bool next_folder(const char **list, struct str *folder)
{
	while (*list && **list) {
		size_t size = strcspn(*list, ":");

		*folder = (struct str){*list, size};
		*list += size + ((*list)[size] == ':');
		if (size)
			return true;
	}
	return false;
}

/* What follows "/NAME/" in the path, NAME being the folder's own name: a checkout of the same project elsewhere. */
static const char *behind_same_name(const char *path, struct str folder)
{
	size_t first;

	while (folder.size > 1 && folder.at[folder.size - 1] == '/')
		folder.size--;
	for (first = folder.size; first && folder.at[first - 1] != '/';)
		first--;
	folder.at += first;
	folder.size -= first;
	if (!folder.size)
		return NULL;
	for (const char *at = strchr(path, '/'); at; at = strchr(at + 1, '/')) {
		if (!strncmp(at + 1, folder.at, folder.size) && at[1 + folder.size] == '/')
			return at + folder.size + 2;
	}
	return NULL;
}

static const char *behind_prefix(const char *path, struct str prefix)
{
	if (strncmp(path, prefix.at, prefix.size) != 0)
		return NULL;
	if (prefix.size && prefix.at[prefix.size - 1] == '/')
		return path + prefix.size;
	return path[prefix.size] == '/' ? path + prefix.size + 1 : NULL;
}

const char *graph_trim_path(const char *path, const char *trim_path, const char *source_path)
{
	/* Where Bazel builds. */
	static const char *const known[] = {"/proc/self/cwd/./", "/proc/self/cwd/"};
	const char *list = source_path, *rest;
	struct str folder;

	if (!trim_path || !*trim_path) {
		while (next_folder(&list, &folder)) {
			rest = behind_same_name(path, folder);
			if (rest)
				return rest;
		}
	}
	list = trim_path;
	while (next_folder(&list, &folder)) {
		rest = behind_prefix(path, folder);
		if (rest)
			return rest;
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		rest = behind_prefix(path, str_of(known[i]));
		if (rest)
			return rest;
	}
	return path;
}
