/* Folders and paths. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool dir_make(const char *path, struct err *err)
{
	struct arena *a = arena_open();
	char *part = arena_string(a, path);
	bool ok = true;

	for (char *slash = part + 1; ok && *part; slash++) {
		bool last = *slash == '\0';

		if (*slash != '/' && !last)
			continue;
		*slash = '\0';
		if (mkdir(part, 0777) != 0 && (errno != EEXIST || !file_is_dir(part))) {
			int reason = errno == EEXIST ? ENOTDIR : errno;

			ok = err_set(err, "%s: cannot make the folder: %s", part, strerror(reason));
		}
		if (last)
			break;
		*slash = '/';
	}
	arena_close(a);
	return ok;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool dir_list(struct arena *a, const char *path, const char ***names, size_t *count, struct err *err)
{
	DIR *dir = opendir(path);
	size_t capacity = 0;
	struct dirent *entry;

	*names = NULL;
	*count = 0;
	if (!dir)
		return err_set(err, "%s: %s", path, strerror(errno));
	while ((entry = readdir(dir))) {
		if (text_equal(entry->d_name, ".") || text_equal(entry->d_name, ".."))
			continue;
		*names = arena_reserve(a, *names, *count, &capacity, sizeof **names);
		(*names)[(*count)++] = arena_string(a, entry->d_name);
	}
	closedir(dir);
	if (*count)
		qsort(*names, *count, sizeof **names, by_bytes);
	return true;
}

bool dir_make_scratch(struct arena *a, const char **path, struct err *err)
{
	const char *parent = getenv("TMPDIR");
	char *made = arena_printf(a, "%s/pawl-XXXXXX", parent && *parent ? parent : "/tmp");

	if (!mkdtemp(made))
		return err_set(err, "%s: cannot make a scratch folder: %s; set TMPDIR to a folder that can be written",
			       made, strerror(errno));
	*path = made;
	return true;
}

static void remove_in(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0) {
		unlinkat(parent, name, 0);
		return;
	}
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return;
	}
	while ((entry = readdir(dir))) {
		if (!text_equal(entry->d_name, ".") && !text_equal(entry->d_name, ".."))
			remove_in(fd, entry->d_name);
	}
	closedir(dir);
	unlinkat(parent, name, AT_REMOVEDIR);
}

void dir_remove(const char *path)
{
	remove_in(AT_FDCWD, path);
}

const char *path_join(struct arena *a, const char *folder, const char *name)
{
	if (name[0] == '/' || text_equal(folder, ".") || !*folder)
		return arena_string(a, name);
	return arena_printf(a, "%s%s%s", folder, text_ends(folder, "/") ? "" : "/", name);
}

const char *path_folder(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/" : arena_copy(a, path, (size_t)(slash - path));
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *path_real(struct arena *a, const char *path)
{
	char real[PATH_MAX];

	return realpath(path, real) ? arena_string(a, real) : NULL;
}
