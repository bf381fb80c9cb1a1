/* The cache of worktrees: its folders, their locks and their bound. */
#include "git/cache.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/proc.h"
#include "base/text.h"
#include "git/call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	KEPT_ENTRIES = 10,  /* base commits of a few branches, with a few build commands each */
	NAME_SIZE = 16,     /* 64 bits of the digest: no two of a thousand entries meet */
	LOOK_AGAIN_MS = 50, /* builds take seconds */
	PATH_LIMIT = 1 << 16,
};

/* /tmp is everybody's: the folder must have been made by this user, for this user alone. */
static bool make_private(const char *folder, struct err *err)
{
	struct stat st;

	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return err_set(err, "%s: cannot make the folder: %s", folder, strerror(errno));
	if (lstat(folder, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != getuid() || (st.st_mode & 022))
		return err_set(err, "%s: is not a folder that only you can write; set XDG_CACHE_HOME to one", folder);
	return true;
}

static bool find_root(struct arena *a, const char **root, struct err *err)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME"), *temporary = getenv("TMPDIR");
	struct err unused;

	if (cache && *cache == '/') {
		*root = path_join(a, cache, "pawl/base");
		return dir_make(*root, err);
	}
	if (home && *home == '/') {
		*root = path_join(a, home, ".cache/pawl/base");
		/* In containers the home is often missing or not the user's. */
		if (dir_make(*root, &unused) && access(*root, W_OK) == 0)
			return true;
	}
	*root = arena_printf(a, "%s/pawl-%lu", temporary && *temporary == '/' ? temporary : "/tmp",
			     (unsigned long)getuid());
	if (!make_private(*root, err))
		return false;
	*root = path_join(a, *root, "base");
	return dir_make(*root, err);
}

static const char *entry_name(struct arena *a, const char *top, const char *id, const char *key)
{
	const char *parts[] = {top, id, key};
	char hex[HASH_HEX_SIZE];
	struct hash h;

	hash_init(&h);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		hash_add(&h, parts[i], strlen(parts[i]) + 1); /* with the NUL, so that parts stay apart */
	hash_finish(&h, hex);
	return arena_copy(a, hex, NAME_SIZE);
}

/* A tree that is built is only read, by as many checks as like; one that is to be made or built belongs to one. */
static bool lock_once(int fd, const char *built)
{
	return (built && file_exists(built) && flock(fd, LOCK_SH | LOCK_NB) == 0) || flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static bool wait_for_lock(int fd, const char *path, const char *built, struct err *err)
{
	const struct timespec pause = {.tv_nsec = LOOK_AGAIN_MS * 1000000};

	/* Looking again and again, because a signal's handler may let a blocked call go on. */
	while (!lock_once(fd, built)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_set(err, "%s: cannot lock: %s", path, strerror(errno));
		if (proc_interrupted())
			return err_set(err, "%s: interrupted while another check held it", path);
		nanosleep(&pause, NULL);
	}
	return true;
}

bool git_cache_own(struct arena *a, struct git_cache_entry *entry, struct err *err)
{
	return wait_for_lock(entry->lock, path_join(a, entry->folder, "lock"), NULL, err);
}

void git_cache_share(int lock)
{
	flock(lock, LOCK_SH);
}

/* The file that was locked is still the one with that name: nobody trimmed the entry meanwhile. */
static bool is_current(int fd, const char *path)
{
	struct stat held, named;

	return fstat(fd, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino &&
	       held.st_dev == named.st_dev;
}

bool git_cache_open(struct arena *a, const char *top, const char *id, const char *key, struct git_cache_entry *out,
		    struct err *err)
{
	const char *root, *path;

	out->lock = -1;
	if (!find_root(a, &root, err))
		return false;
	out->folder = path_join(a, root, entry_name(a, top, id, key));
	path = path_join(a, out->folder, "lock");
	for (;;) {
		int fd;

		if (!dir_make(out->folder, err))
			return false;
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (fd < 0 && errno == ENOENT)
			continue; /* trimmed just now */
		if (fd < 0)
			return err_set(err, "%s: cannot open: %s", path, strerror(errno));
		if (!wait_for_lock(fd, path, path_join(a, out->folder, "built"), err)) {
			close(fd);
			return false;
		}
		if (is_current(fd, path)) {
			futimens(fd, NULL); /* used now */
			out->lock = fd;
			break;
		}
		close(fd);
	}
	if (file_write(path_join(a, out->folder, "repo"), top, strlen(top), err))
		return true;
	close(out->lock);
	return false;
}

void git_cache_drop_tree(struct arena *a, const char *top, const char *tree)
{
	struct proc_result result;
	struct err unused;

	/* What git does not know as its worktree, or no more, is still removed as a folder. */
	if (!file_is_dir(top) || !file_exists(tree) ||
	    !git_call(a, top, GIT_ARGS("worktree", "remove", "--force", "--force", tree), &result, &unused) ||
	    result.code != 0)
		dir_remove(tree);
}

struct known {
	const char *folder, *top;
	struct timespec used;
};

static int by_use_latest_first(const void *a, const void *b)
{
	const struct known *x = a, *y = b;

	if (x->used.tv_sec != y->used.tv_sec)
		return x->used.tv_sec < y->used.tv_sec ? 1 : -1;
	if (x->used.tv_nsec != y->used.tv_nsec)
		return x->used.tv_nsec < y->used.tv_nsec ? 1 : -1;
	return strcmp(x->folder, y->folder);
}

static void remove_entry(struct arena *a, const struct known *entry)
{
	const char *path = path_join(a, entry->folder, "lock");
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && is_current(fd, path)) {
		/* First, lest a tree that is half removed is taken for whole after a crash. */
		unlink(path_join(a, entry->folder, "made"));
		git_cache_drop_tree(a, entry->top, path_join(a, entry->folder, "tree"));
		dir_remove(entry->folder);
	}
	if (fd >= 0)
		close(fd);
}

void git_cache_trim(struct arena *a, const char *top, const char *used_folder)
{
	const char *root = path_folder(a, used_folder);
	struct known *own = NULL;
	size_t own_count = 0, capacity = 0, count;
	struct err unused;
	const char **names;

	if (!dir_list(a, root, &names, &count, &unused))
		return;
	for (size_t i = 0; i < count; i++) {
		struct known entry = {.folder = path_join(a, root, names[i])};
		struct stat st;
		struct str text;

		if (text_equal(entry.folder, used_folder) || stat(path_join(a, entry.folder, "lock"), &st) != 0 ||
		    !file_read(a, path_join(a, entry.folder, "repo"), PATH_LIMIT, &text, &unused))
			continue;
		entry.top = text.at;
		entry.used = st.st_mtim;
		if (!file_exists(entry.top)) {
			remove_entry(a, &entry);
		} else if (text_equal(entry.top, top)) {
			own = arena_reserve(a, own, own_count, &capacity, sizeof *own);
			own[own_count++] = entry;
		}
	}
	if (own_count)
		qsort(own, own_count, sizeof *own, by_use_latest_first);
	for (size_t i = KEPT_ENTRIES - 1; i < own_count; i++)
		remove_entry(a, &own[i]);
}
