/*
 * The walk: places, errors and the structure of JSON; tokens are mended by mend.c.
 */
#include "input/scan.h"

#include "input/mend.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

enum {
	DEPTH_LIMIT = 64,   /* results nest four deep; the bits of one word hold which levels are objects */
	SNIPPET_LIMIT = 48, /* bytes of the file shown in an error: enough to find them */
};

size_t scan_line(struct scan *s, size_t at)
{
	if (at < s->line_at) {
		s->line_at = 0;
		s->newlines = s->newlines_before;
	}
	while (s->line_at < at) {
		const char *from = s->text.at + s->line_at;
		const char *newline = memchr(from, '\n', at - s->line_at);

		if (!newline) {
			s->line_at = at;
			break;
		}
		s->line_at += (size_t)(newline - from) + 1;
		s->newlines++;
	}
	return s->newlines + 1;
}

void scan_pass(struct scan *s, size_t at, size_t newlines)
{
	s->line_at = at;
	s->newlines += newlines;
}

void scan_drop(struct scan *s, size_t used)
{
	s->newlines_before = scan_line(s, used) - 1;
	s->line_at = 0;
	s->at -= used;
	s->text.at += used;
	s->text.size -= used;
}

bool scan_fail(struct scan *s, size_t at, struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *what = arena_vprintf(s->arena, format, args);
	va_end(args);
	return err_set(err, "%s:%zu: %s", s->path, scan_line(s, at), what);
}

bool scan_fail_cut(struct scan *s, struct err *err)
{
	return scan_fail(s, s->text.size, err,
			 "the file ends inside %s: the program that wrote it probably crashed or was killed",
			 s->inside);
}

bool scan_fail_unexpected(struct scan *s, size_t at, const char *wanted, struct err *err)
{
	size_t size = 0, left = s->text.size - at;

	while (size < left && size < SNIPPET_LIMIT && !memchr("\r\n", s->text.at[at + size], 3))
		size++;
	/* A character that the limit cut in two is left out. */
	if (size == SNIPPET_LIMIT) {
		while (size > 0 && size < left && ((unsigned char)s->text.at[at + size] & 0xC0) == 0x80)
			size--;
	}
	const char *found = text_printable_copy(s->arena, arena_copy(s->arena, s->text.at + at, size));
	return scan_fail(s, at, err, "expected %s, found \"%s\"%s", wanted, size || !left ? found : "\\x00", s->hint);
}

int scan_next(struct scan *s)
{
	const char *text = s->text.at;
	size_t at = s->at, size = s->text.size;

	while (at < size && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r'))
		at++;
	s->at = at;
	return at < size ? (unsigned char)text[at] : SCAN_END;
}

bool scan_take(struct scan *s, char c, struct err *err)
{
	int next = scan_next(s);
	char wanted[] = {'\'', c, '\'', '\0'};

	if (next == SCAN_END)
		return scan_fail_cut(s, err);
	if (next != (unsigned char)c)
		return scan_fail_unexpected(s, s->at, wanted, err);
	s->at++;
	return true;
}

static bool take_key(struct scan *s, struct buf *copy, struct str *key, struct err *err)
{
	int next = scan_next(s);

	if (next == SCAN_END)
		return scan_fail_cut(s, err);
	if (next != '"')
		return scan_fail_unexpected(s, s->at, "'\"' of a key", err);
	size_t from = s->at + 1;
	if (!mend_string(s, copy, err))
		return false;
	*key = (struct str){s->text.at + from, s->at - 1 - from};
	if (!scan_take(s, ':', err))
		return false;
	if (copy)
		buf_char(copy, ':');
	return true;
}

bool scan_key(struct scan *s, struct str *key, struct err *err)
{
	return take_key(s, NULL, key, err);
}

/* A walk through one value: open lists and objects are a stack of bits. */
struct walk {
	struct scan *scan;
	struct buf *copy;
	uint64_t objects; /* bit of the innermost level: 1 in an object, 0 in a list */
	size_t depth;
	struct str key; /* of the member that is next */
};

static bool in_object(const struct walk *w)
{
	return w->depth > 0 && (w->objects & 1);
}

static void copy_char(struct walk *w, char c)
{
	if (w->copy)
		buf_char(w->copy, c);
}

static bool take_member_key(struct walk *w, struct err *err)
{
	return !in_object(w) || take_key(w->scan, w->copy, &w->key, err);
}

/* Takes a scalar, or the start of a list or object up to where its first value is expected.  `done` is true when a
 * whole value was taken. */
static bool take_start(struct walk *w, bool *done, struct err *err)
{
	struct scan *s = w->scan;
	int next = scan_next(s);

	*done = true;
	if (next == SCAN_END)
		return scan_fail_cut(s, err);
	if (next == '"')
		return mend_string(s, w->copy, err);
	if (next != '{' && next != '[')
		return mend_scalar(s, w->copy, in_object(w) ? w->key : (struct str){0}, err);
	if (w->depth == DEPTH_LIMIT)
		return scan_fail(s, s->at, err, "nested more than %d deep: this is no benchmark result", DEPTH_LIMIT);
	w->objects = w->objects << 1 | (next == '{');
	w->depth++;
	copy_char(w, (char)next);
	s->at++;
	*done = scan_next(s) == (next == '{' ? '}' : ']');
	if (!*done)
		return take_member_key(w, err);
	copy_char(w, next == '{' ? '}' : ']');
	s->at++;
	w->depth--;
	w->objects >>= 1;
	return true;
}

/* Behind a value: takes closing brackets, and a comma up to where the next value is expected.  `done` is true when the
 * outermost value is closed. */
static bool take_end(struct walk *w, bool *done, struct err *err)
{
	struct scan *s = w->scan;

	for (; w->depth > 0; w->depth--, w->objects >>= 1) {
		bool object = in_object(w);
		int next = scan_next(s);

		if (next == SCAN_END)
			return scan_fail_cut(s, err);
		/* google-benchmark 1.5.4 forgot the comma before a user's context (its issue 1181). */
		if (next == ',' || (next == '"' && object)) {
			s->at += next == ',';
			copy_char(w, ',');
			*done = false;
			return take_member_key(w, err);
		}
		if (next != (object ? '}' : ']'))
			return scan_fail_unexpected(s, s->at, object ? "',' or '}'" : "',' or ']'", err);
		copy_char(w, (char)next);
		s->at++;
	}
	*done = true;
	return true;
}

bool scan_value(struct scan *s, struct buf *copy, struct err *err)
{
	struct walk w = {.scan = s, .copy = copy};
	bool done = false;

	while (!done) {
		if (!take_start(&w, &done, err))
			return false;
		if (done && !take_end(&w, &done, err))
			return false;
	}
	return true;
}
