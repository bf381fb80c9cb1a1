/*
 * Images: files of which parts are mapped as code, each held once, whatever processes map it.
 *
 * An image whose file cannot be read any more, or is another one by now (its build id or its inode says so), has no
 * frame information and no bytes; addresses in it are still told apart.
 */
#ifndef PAWL_SAMPLER_IMAGE_H
#define PAWL_SAMPLER_IMAGE_H

#include "base/arena.h"
#include "base/text.h"
#include "symbol/module.h"
#include "symbol/unwind.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IMAGE_BUILD_ID_MAX = 20 };

/* How the system named a mapping. */
struct image_key {
	struct str path;
	unsigned char build_id[IMAGE_BUILD_ID_MAX];
	size_t build_id_size;   /* 0: the system did not say */
	uint64_t device, inode; /* inode 0: not known; device as makedev says */
};

struct image {
	struct arena *arena;
	const char *path;
	struct image_key key;
	const char *build_id;  /* in hexadecimal digits, "" when there is none; read by image_load */
	struct module *module; /* NULL: none, or not loaded yet */
	int fd;
	bool loaded;
	bool is_file; /* a file, and the one that was mapped */
	bool is_vdso, is_preload;
};

struct image *image_make(struct arena *a, const struct image_key *key);

/* Opens the file when it is asked for the first time. */
void image_load(struct image *i);
void image_close(struct image *i);

/* Up to `size` bytes at a file offset; returns how many there are. */
size_t image_read(const struct image *i, uint64_t offset, void *bytes, size_t size);

#endif
