/* Whole files and atomic writes. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads until the end; the size that stat told is only a hint (pipes, /proc). */
static bool read_all(struct arena *a, int fd, const char *path, size_t limit, size_t hint, struct str *out,
		     struct err *err)
{
	struct buf b = {.arena = a};
	char block[1 << 16];

	if (hint) {
		buf_repeat(&b, '\0', hint);
		b.size = 0;
	}
	for (;;) {
		ssize_t got = read(fd, block, sizeof block);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(err, "%s: %s", path, strerror(errno));
		if (got == 0)
			break;
		if ((size_t)got > limit - b.size)
			return err_set(err, "%s: is larger than %zu MB, too large for what it should be", path,
				       limit / 1000000);
		buf_bytes(&b, block, (size_t)got);
	}
	*out = (struct str){.at = buf_string(&b), .size = b.size};
	return true;
}

bool file_read(struct arena *a, const char *path, size_t limit, struct str *out, struct err *err)
{
	struct stat st;
	bool ok;
	int fd;

	if (text_equal(path, "-"))
		return read_all(a, STDIN_FILENO, "standard input", limit, 0, out, err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) != 0) {
		ok = err_set(err, "%s: %s", path, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		ok = err_set(err, "%s: is a folder, expected a file", path);
	} else if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode)) {
		ok = err_set(err, "%s: is a device or a socket, expected a file", path);
	} else {
		size_t hint = st.st_size > 0 && (uint64_t)st.st_size < limit ? (size_t)st.st_size : 0;

		/* A pipe that nobody writes to yet must be waited for; everything else never blocks. */
		if (S_ISFIFO(st.st_mode))
			fcntl(fd, F_SETFL, 0);
		ok = read_all(a, fd, path, limit, hint, out, err);
	}
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

bool file_write(const char *path, const void *at, size_t size, struct err *err)
{
	char temporary[4096];
	int written = snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
	int fd, failed;

	if (written < 0 || (size_t)written >= sizeof temporary)
		return err_set(err, "%s: the path is too long", path);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return err_set(err, "%s: cannot write: %s", path, strerror(errno));
	failed = 0;
	if (!write_all(fd, at, size) || fsync(fd) != 0)
		failed = errno;
	if (close(fd) != 0 && !failed)
		failed = errno;
	if (!failed && rename(temporary, path) != 0)
		failed = errno;
	if (failed) {
		unlink(temporary);
		return err_set(err, "%s: cannot write: %s; what was there before is untouched", path, strerror(failed));
	}
	flush_folder(path);
	return true;
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
