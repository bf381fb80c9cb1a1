/*
 * gzip around a profile: taken off with a limit on what comes out, put on so that the same bytes give the same bytes.
 */
#ifndef PAWL_PROFILE_GZIP_H
#define PAWL_PROFILE_GZIP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#define ZLIB_CONST /* input is const */
#include <zlib.h>

/* The bytes begin as gzip does. */
bool gzip_is(struct str bytes);

/* All members of a gzip file, one behind the other.  Fails, with the byte of the compressed file, when it is cut or damaged,
 * when something else follows, and when more than `limit` bytes would come out; no more than that is ever allocated. */
bool gzip_expand(struct arena *a, const char *path, struct str bytes, size_t limit, struct str *out,
		 struct err *err) MUST_CHECK;

/* Packs bytes as they come into one member without time, name or operating system.  Other versions of zlib may pack the
 * same bytes otherwise. */
struct gzip_packer {
	struct buf *out;
	z_stream z;
	gz_header header;
	size_t waiting; /* bytes in `piece` */
	char piece[1 << 14];
};

/* The arena holds zlib's memory. */
void gzip_open(struct gzip_packer *g, struct arena *a, struct buf *out);
void gzip_add(struct gzip_packer *g, struct str bytes);
void gzip_close(struct gzip_packer *g);

#endif
