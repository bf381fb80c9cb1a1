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

/* The bytes begin as gzip does. */
bool gzip_is(struct str bytes);

/* All members of a gzip file, one behind the other.  Fails, with the byte of the compressed file, when it is cut or damaged,
 * when something else follows, and when more than `limit` bytes would come out; no more than that is ever allocated. */
bool gzip_expand(struct arena *a, const char *path, struct str bytes, size_t limit, struct str *out,
		 struct err *err) MUST_CHECK;

/* Adds `bytes` as one member without time, name or operating system.  Other versions of zlib may pack otherwise. */
void gzip_pack(struct str bytes, struct buf *out);

#endif
