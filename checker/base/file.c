/* Whole files and atomic writes. */
#include "base/file.h"

#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

bool file_fail_large(const char *path, size_t limit, struct err *err)
{
	return err_set(err, "%s: is larger than %zu MB, too large for what it should be", path, limit / 1000000);
}

/* Fails for what cannot be read to an end: a folder, a device. */
static bool is_readable(const char *path, int fd, struct stat *st, struct err *err)
{
	if (fstat(fd, st) != 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	if (S_ISDIR(st->st_mode))
		return err_set(err, "%s: is a folder, expected a file", path);
	if (!S_ISREG(st->st_mode) && !S_ISFIFO(st->st_mode))
		return err_set(err, "%s: is a device or a socket, expected a file", path);
	return true;
}

bool file_open(const char *path, const char **shown, int *fd, struct err *err)
{
	struct stat st;

	if (text_equal(path, "-")) {
		*shown = "standard input";
		*fd = STDIN_FILENO;
		return true;
	}
	*shown = path;
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	if (!is_readable(path, *fd, &st, err)) {
		close(*fd);
		return false;
	}
	/* A pipe that nobody writes to yet must be waited for; everything else never blocks. */
	if (S_ISFIFO(st.st_mode))
		fcntl(*fd, F_SETFL, 0);
	return true;
}

/* Reads until the end; the size that stat tells is only a hint (pipes, /proc). */
static bool read_all(struct arena *a, int fd, const char *path, size_t limit, struct str *out, struct err *err)
{
	enum { LEAST_ROOM = 1 << 16 };
	struct stat st;
	size_t size = 0, room = LEAST_ROOM;
	char *at;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		if ((uint64_t)st.st_size > limit)
			return file_fail_large(path, limit, err);
		room = (size_t)st.st_size + 1;
	}
	at = arena_alloc(a, room + 1);
	for (;;) {
		ssize_t got;

		if (size == room) {
			char *larger = arena_alloc(a, 2 * room + 1);

			memcpy(larger, at, size);
			at = larger;
			room *= 2;
		}
		got = read(fd, at + size, room - size);
		if (got < 0 && errno == EINTR && !proc_interrupted())
			continue;
		if (got < 0)
			return err_set(err, "%s: %s", path, strerror(errno));
		if (got == 0)
			break;
		size += (size_t)got;
		if (size > limit)
			return file_fail_large(path, limit, err);
	}
	at[size] = '\0';
	*out = (struct str){.at = at, .size = size};
	return true;
}

bool file_read(struct arena *a, const char *path, size_t limit, struct str *out, struct err *err)
{
	const char *shown;
	bool ok;
	int fd;

	if (!file_open(path, &shown, &fd, err))
		return false;
	ok = read_all(a, fd, shown, limit, out, err);
	if (fd != STDIN_FILENO)
		close(fd);
	return ok;
}

static bool write_all(int fd, const char *at, size_t size)
{
	while (size) {
		ssize_t wrote = write(fd, at, size);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return false;
		at += wrote;
		size -= (size_t)wrote;
	}
	return true;
}

bool file_create(const char *path, const void *at, size_t size, bool executable, bool *there, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, executable ? 0777 : 0666);
	int failed = 0;

	*there = fd < 0 && errno == EEXIST;
	if (*there)
		return true;
	if (fd < 0)
		return err_set(err, "%s: cannot write: %s", path, strerror(errno));
	if (!write_all(fd, at, size))
		failed = errno;
	if (close(fd) != 0 && !failed)
		failed = errno;
	if (!failed)
		return true;
	unlink(path);
	return err_set(err, "%s: cannot write: %s", path, strerror(failed));
}

/* The rename itself must reach the disk; a file system that cannot flush folders has done what it can. */
static void flush_folder(const char *path)
{
	struct arena *a = arena_open();
	int fd = open(path_folder(a, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	arena_close(a);
}

bool file_begin(struct file_writer *w, const char *path, struct err *err)
{
	int written = snprintf(w->temporary, sizeof w->temporary, "%s.%ld.tmp", path, (long)getpid());

	w->path = path;
	if (written < 0 || (size_t)written >= sizeof w->temporary)
		return err_set(err, "%s: the path is too long", path);
	w->fd = open(w->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	return w->fd >= 0 || err_set(err, "%s: cannot write: %s", path, strerror(errno));
}

static bool fail_writing(const struct file_writer *w, int failed, struct err *err)
{
	unlink(w->temporary);
	return err_set(err, "%s: cannot write: %s; what was there before is untouched", w->path, strerror(failed));
}

bool file_add(struct file_writer *w, const void *at, size_t size, struct err *err)
{
	int failed;

	if (write_all(w->fd, at, size))
		return true;
	failed = errno;
	close(w->fd);
	return fail_writing(w, failed, err);
}

bool file_end(struct file_writer *w, struct err *err)
{
	int failed = fsync(w->fd) != 0 ? errno : 0;

	if (close(w->fd) != 0 && !failed)
		failed = errno;
	if (!failed && rename(w->temporary, w->path) != 0)
		failed = errno;
	if (failed)
		return fail_writing(w, failed, err);
	flush_folder(w->path);
	return true;
}

void file_give_up(struct file_writer *w)
{
	close(w->fd);
	unlink(w->temporary);
}

bool file_write(const char *path, const void *at, size_t size, struct err *err)
{
	struct file_writer w;

	return file_begin(&w, path, err) && file_add(&w, at, size, err) && file_end(&w, err);
}

int64_t file_now_ns(void)
{
	struct timespec now;

	/* The kernel stamps files with its coarse clock, which is behind the exact one. */
	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

bool file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool file_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}
