/*
 * Files and folders: whole reads, atomic writes, paths.
 */
#ifndef PAWL_BASE_FILE_H
#define PAWL_BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILE_LIMIT = 1 << 30 };

/* The whole file (or standard input for "-"), with a NUL behind it that is not counted.  Fails for what is no regular
 * file or pipe and for more than `limit` bytes. */
bool file_read(struct arena *a, const char *path, size_t limit, struct str *out, struct err *err) MUST_CHECK;

/* Opens what file_read reads; `*shown` is its name for errors. */
bool file_open(const char *path, const char **shown, int *fd, struct err *err) MUST_CHECK;

/* The error for more than `limit` bytes.  Always false. */
bool file_fail_large(const char *path, size_t limit, struct err *err);

/* Writes a file that must not be there; what is (a link, too) stays as it is, and `*there` says so. */
bool file_create(const char *path, const void *at, size_t size, bool executable, bool *there,
		 struct err *err) MUST_CHECK;

/* Writes beside the target, flushes to disk and renames: after a crash the old or the new file is there, whole. */
bool file_write(const char *path, const void *at, size_t size, struct err *err) MUST_CHECK;

/* The same piece by piece: begun, added to, and ended with the rename, or given up.  What fails gives up, too. */
struct file_writer {
	const char *path;
	char temporary[4096];
	int fd;
};

bool file_begin(struct file_writer *w, const char *path, struct err *err) MUST_CHECK;
bool file_add(struct file_writer *w, const void *at, size_t size, struct err *err) MUST_CHECK;
bool file_end(struct file_writer *w, struct err *err) MUST_CHECK;
void file_give_up(struct file_writer *w);

/* The time that a file written now would bear, in nanoseconds since the epoch. */
int64_t file_now_ns(void);

bool file_exists(const char *path);
bool file_is_dir(const char *path);

/* The folder and those above it. */
bool dir_make(const char *path, struct err *err) MUST_CHECK;

/* Names in a folder, sorted by byte, without "." and "..". */
bool dir_list(struct arena *a, const char *path, const char ***names, size_t *count, struct err *err) MUST_CHECK;

/* A new private folder under TMPDIR (or /tmp). */
bool dir_make_scratch(struct arena *a, const char **path, struct err *err) MUST_CHECK;

/* Removes a folder with all that is in it; links are removed, not followed.  What cannot be removed stays. */
void dir_remove(const char *path);

const char *path_join(struct arena *a, const char *folder, const char *name);
const char *path_folder(struct arena *a, const char *path); /* "." when there is none */
const char *path_base(const char *path);

/* The path without links, or NULL when it does not exist. */
const char *path_real(struct arena *a, const char *path);

#endif
