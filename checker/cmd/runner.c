/*
 * Asking the environment for the runner (GitHub Docs, "Variables reference", default environment variables).
 */
#include "cmd/runner.h"

#include "base/file.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

bool runner_is_github(void)
{
	const char *value = getenv("GITHUB_ACTIONS");

	return value && text_equal(value, "true");
}

const char *runner_folder(struct arena *a)
{
	const char *workspace = getenv("GITHUB_WORKSPACE");
	const char *root = workspace && *workspace ? path_real(a, workspace) : NULL, *here = path_real(a, ".");
	size_t size = root ? strlen(root) : 0;

	if (!runner_is_github() || !root || !here || strncmp(here, root, size) != 0 || here[size] != '/')
		return "";
	return arena_printf(a, "%s/", here + size + 1);
}
