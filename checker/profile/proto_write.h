/*
 * Profiles as profile.proto, compressed: the same profile is the same bytes, whatever order it was read or made in.
 */
#ifndef PAWL_PROFILE_PROTO_WRITE_H
#define PAWL_PROFILE_PROTO_WRITE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>

/* Adds the file's bytes; all sample types are in it, `type` is not used.  Never fails. */
bool proto_write(struct arena *a, const struct profile *p, size_t type, struct buf *out, struct err *err) MUST_CHECK;

#endif
