/*
 * Text that is read piece by piece: a window that moves over a file and never back.
 *
 * For large files that are walked once, in memory that does not grow with them.  For small ones use file_read.
 */
#ifndef PAWL_BASE_STREAM_H
#define PAWL_BASE_STREAM_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct stream {
	const char *path;
	struct str text; /* the piece at hand */
	bool ended;      /* nothing follows it */

	/* The stream's own. */
	struct arena *arena, *room_arena;
	char *room;
	size_t room_size, taken, limit;
	int fd;
};

/* Opens a file (or standard input for "-") and reads its first piece.  Fails as file_read does. */
bool stream_open(struct arena *a, const char *path, size_t limit, struct stream *s, struct err *err) MUST_CHECK;
void stream_close(struct stream *s);

/* A text in memory as a stream that has ended; it need not be closed. */
struct stream stream_of(const char *path, struct str text);

/*
 * Drops the first `used` bytes of the text and adds what follows behind the rest; a window that is nearly full without
 * that becomes larger.  Texts that pointed into the window are void.  Not for a stream that has ended.
 */
bool stream_advance(struct stream *s, size_t used, struct err *err) MUST_CHECK;

#endif
