/*
 * Strings: slices of bytes, growing buffers, numbers to text and back, nearest names.
 *
 * Everything is independent of the locale (pawl never calls setlocale).
 */
#ifndef PAWL_BASE_TEXT_H
#define PAWL_BASE_TEXT_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that need not end with NUL and are not owned. */
struct str {
	const char *at;
	size_t size;
};

/* Takes a text piece by piece, so that a long one never stands in memory as a whole.  Stands first in a larger struct. */
struct buf_drain {
	void (*take)(struct buf_drain *drain, const char *at, size_t size);
};

/* A growing string in an arena.  `at` always ends with NUL once something was added; {.arena = a} is a valid start. */
struct buf {
	struct arena *arena;
	char *at;
	size_t size, capacity;
	struct buf_drain *drain; /* NULL: all of the text stays */
};

void buf_bytes(struct buf *b, const char *at, size_t size);
void buf_text(struct buf *b, const char *text);
void buf_char(struct buf *b, char c);
void buf_repeat(struct buf *b, char c, size_t count);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* Between two rows of a long text: what is there goes to the drain, once that is worth a call. */
void buf_pass(struct buf *b);

/* The whole text, "" when nothing was added. */
const char *buf_string(const struct buf *b);

struct str str_of(const char *text);
bool str_equal(struct str a, const char *text);

bool text_equal(const char *a, const char *b);
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

enum { TEXT_DOUBLE_SIZE = 32 };

/* The shortest decimal text that reads back as the same double ("0.1", "1e+300"); returns `out`. */
const char *text_double(char out[TEXT_DOUBLE_SIZE], double value);

/* The whole text must be one number; infinity and NaN are refused. */
bool text_parse_double(struct str text, double *value);
bool text_parse_int64(struct str text, int64_t *value);

/* Bytes of the valid UTF-8 sequence at the start of `text` (1 to 4), or 0 if there is none. */
size_t text_utf8_length(const char *text, size_t size);

/* Terminal columns that valid UTF-8 text takes, one a code point. */
size_t text_columns(const char *text);

/* Adds `text` so that a terminal, a log and a line-based reader are safe: control characters as \n, \t or \xNN, bytes
 * that are no UTF-8 and invisible direction marks as \xNN, everything else as it is. */
void text_printable(struct buf *b, const char *text);
const char *text_printable_copy(struct arena *a, const char *text);

/*
 * Printable text with a backslash in what a CI runner that reads the log takes for a command: "::" at the start (GitHub;
 * what is not ASCII counts as blank, as the runner trims more than blanks), and "##[", "##vso[" or any other "##word["
 * anywhere (GitHub, Azure Pipelines, TeamCity).
 */
const char *text_inert_copy(struct arena *a, const char *text);

/* The same line by line: ends of lines stay, tabs become blanks. */
const char *text_inert_lines(struct arena *a, const char *text);

/* As one word of a shell, in single quotes. */
const char *text_shell_quoted(struct arena *a, const char *text);

/* The name nearest to `word` (Damerau-Levenshtein), or NULL when none is near enough to be meant. */
const char *text_nearest(const char *word, const char *const *names, size_t count);

/* Glob over names with parts parted by '/': '*' and '?' stop at '/', '**' does not; the whole text must match. */
bool text_glob(const char *pattern, const char *text);

/* The last `lines` lines of `text`, without trailing newlines. */
struct str text_last_lines(struct str text, size_t lines);

#endif
