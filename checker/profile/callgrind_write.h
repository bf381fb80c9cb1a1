/*
 * Profiles in callgrind's format, for KCachegrind.
 */
#ifndef PAWL_PROFILE_CALLGRIND_WRITE_H
#define PAWL_PROFILE_CALLGRIND_WRITE_H

#include "base/err.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>

/* All sample types are written, as one event each, `type` first.  Fails for negative values, which the format does not
 * know. */
bool callgrind_write(struct arena *a, const struct profile *p, size_t type, struct buf *out,
		     struct err *err) MUST_CHECK;

#endif
