/*
 * Profile formats: what profilers write, read into a struct profile, and what others read, written from one.
 *
 * Adding one is one new file with its row and one line in PROFILE_LIST.  Compression is taken off before a format sees the
 * bytes.  A reader that fails says where: the byte, line or id.
 */
#ifndef PAWL_PROFILE_PROFILE_H
#define PAWL_PROFILE_PROFILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/profile.h"
#include "profile/info.h"

#include <stdbool.h>
#include <stddef.h>

enum { PROFILE_EXPANSION_LIMIT = 1 << 30 }; /* bytes that a compressed profile may become, unless told otherwise */

struct profile_format {
	const char *name, *help;
	/* The bytes look like this format; NULL: it is only written. */
	bool (*sniff)(struct str bytes);
	/* Fills `out`, which was initialized.  `path` is for errors. */
	bool (*read)(struct arena *a, const char *path, struct str bytes, struct profile *out, struct err *err);
	/* Adds the profile's bytes in this format; NULL: it is only read.  `type` is the sample type for formats that know
	 * only one.  The same profile gives the same bytes. */
	bool (*write)(struct arena *a, const struct profile *p, size_t type, struct buf *out, struct err *err);
};

struct profile_reading {
	const struct profile_format *format; /* NULL: found out by content */
	size_t expansion_limit;              /* 0: PROFILE_EXPANSION_LIMIT */
};

/* In this order they are asked whether bytes are theirs. */
#define PROFILE_LIST(ROW)                                                                                              \
	ROW(proto)                                                                                                     \
	ROW(gperftools)                                                                                                \
	ROW(heap)                                                                                                      \
	ROW(gotext)                                                                                                    \
	ROW(gostacks)                                                                                                  \
	ROW(callgrind)                                                                                                 \
	ROW(trace)                                                                                                     \
	ROW(perf)                                                                                                      \
	ROW(folded)                                                                                                    \
	ROW(speedscope)

#define ROW(name) extern const struct profile_format profile_format_##name;
PROFILE_LIST(ROW)
#undef ROW

extern const struct profile_format *const profile_formats[];
extern const size_t profile_format_count;

const struct profile_format *profile_format_find(const char *name);

/* Reads a file ("-": standard input) of any known format, compressed or not; `*format` says which it was (may be NULL).
 * Fails with "PATH: what is wrong", and for a file of no known kind lists those there are. */
bool profile_read(struct arena *a, const char *path, const struct profile_reading *how, struct profile *out,
		  const struct profile_format **format, struct err *err) MUST_CHECK;

/* The same from bytes in memory. */
bool profile_read_bytes(struct arena *a, const char *path, struct str bytes, const struct profile_reading *how,
			struct profile *out, const struct profile_format **format, struct err *err) MUST_CHECK;

#endif
