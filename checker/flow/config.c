/* Finding and reading pawl.yml. */
#include "flow/config.h"

#include "base/file.h"
#include "flow/config_keys.h"
#include "flow/config_problem.h"
#include "flow/tree.h"

#include <sys/stat.h>

enum { CONFIG_LIMIT = 4 << 20 }; /* bytes; 10,000 suites with every key take 3 MB */

bool config_parse(struct arena *a, const char *path, struct str text, struct config *out, struct err *err)
{
	struct problems p = {.arena = a, .path = path};
	const struct tree_node *root;

	*out = (struct config){.path = arena_string(a, path), .folder = path_folder(a, path)};
	if (!tree_parse(a, path, text, &root, err))
		return false;
	if (!root)
		return err_set(err, "%s:1:1: the file is empty; expected `version: 1` and `suites:`", path);
	config_keys_read(&p, root, out);
	return problems_end(&p, err);
}

bool config_read(struct arena *a, const char *path, struct config *out, struct err *err)
{
	struct str text;

	return file_read(a, path, CONFIG_LIMIT, &text, err) && config_parse(a, path, text, out, err);
}

const char *config_find(struct arena *a, const char *folder)
{
	enum { FOLDERS = 256 }; /* a path has 4096 bytes at most (PATH_MAX), real ones have a dozen folders */

	for (int i = 0; i < FOLDERS; i++) {
		const char *path = path_join(a, folder, "pawl.yml");
		const char *real;
		struct stat st;

		/* A link that leads nowhere is told, not passed over for a file further up. */
		if (lstat(path, &st) == 0 && !file_is_dir(path))
			return path;
		real = path_real(a, folder);
		if (!real || text_equal(real, "/") || file_exists(path_join(a, folder, ".git")))
			return NULL;
		/* Written as steps up, so that messages show no more of the machine than the user gave. */
		folder = path_join(a, folder, "..");
	}
	return NULL;
}
