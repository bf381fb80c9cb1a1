/*
 * Writing JSON: a deterministic writer into a buffer.  Reading is cJSON's business.
 *
 * Numbers are written with the fewest digits that read back the same; strings must be UTF-8, other bytes become U+FFFD.
 * The caller keeps begin and end in step; commas and line breaks are the writer's.
 */
#ifndef PAWL_BASE_JSON_H
#define PAWL_BASE_JSON_H

#include "base/text.h"

enum { JSON_DEPTH = 32 };

struct json {
	struct buf *out;
	size_t depth;
	bool after_key;
	bool compact;             /* no blanks behind commas and colons */
	bool filled[JSON_DEPTH];  /* something was written at this depth */
	bool on_line[JSON_DEPTH]; /* this container stands on one line */
};

/* The container's members each on a line of their own, or all on one line (tables of numbers). */
void json_begin_object(struct json *j);
void json_begin_object_line(struct json *j);
void json_end_object(struct json *j);
void json_begin_array(struct json *j);
void json_begin_array_line(struct json *j);
void json_end_array(struct json *j);

void json_key(struct json *j, const char *key);
void json_text(struct json *j, const char *text); /* NULL writes null */
void json_double(struct json *j, double value);
void json_int(struct json *j, int64_t value);
void json_bool(struct json *j, bool value);
void json_null(struct json *j);

#endif
