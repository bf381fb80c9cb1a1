/* Comparing, parsing and repairing strings. */
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct str str_of(const char *text)
{
	return (struct str){.at = text, .size = strlen(text)};
}

bool str_equal(struct str a, const char *text)
{
	size_t size = strlen(text);

	return a.size == size && (size == 0 || memcmp(a.at, text, size) == 0);
}

bool text_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
	size_t size = strlen(text), tail = strlen(suffix);

	return size >= tail && memcmp(text + size - tail, suffix, tail) == 0;
}

/* Between these powers of ten a number is written out; outside, an exponent is easier to read. */
enum { LEAST_PLAIN = -5, MOST_PLAIN = 15 };

/* Significant digits of the shortest text, in `out` as "d.ddde±xx".  Up to 15 digits always survive the way to a double and
 * back, so what 15 digits say is the shortest once its zeros are gone; tiny numbers carry fewer and are tried one by one. */
static int shortest_digits(char out[TEXT_DOUBLE_SIZE], double value)
{
	int digits = fabs(value) < DBL_MIN ? 1 : DBL_DIG, printed;

	for (; digits < 17; digits++) {
		snprintf(out, TEXT_DOUBLE_SIZE, "%.*e", digits - 1, value);
		if (strtod(out, NULL) == value)
			break;
	}
	snprintf(out, TEXT_DOUBLE_SIZE, "%.*e", digits - 1, value);
	printed = digits;
	while (digits > 1 && strchr(out, 'e')[-1 - (printed - digits)] == '0' && printed <= DBL_DIG)
		digits--;
	return digits;
}

const char *text_double(char out[TEXT_DOUBLE_SIZE], double value)
{
	int digits = shortest_digits(out, value);
	int exponent = atoi(strchr(out, 'e') + 1);

	if (exponent >= LEAST_PLAIN && exponent <= MOST_PLAIN)
		snprintf(out, TEXT_DOUBLE_SIZE, "%.*f", digits - 1 > exponent ? digits - 1 - exponent : 0, value);
	else
		snprintf(out, TEXT_DOUBLE_SIZE, "%.*e", digits - 1, value);
	return out;
}

/* strtod also takes spaces, hexadecimal, "nan" and "inf"; only decimal digits are meant here. */
static bool looks_decimal(const char *text)
{
	bool digits = false;

	for (; *text; text++) {
		if (isdigit((unsigned char)*text))
			digits = true;
		else if (!strchr("+-.eE", *text))
			return false;
	}
	return digits;
}

enum { NUMBER_SIZE = 400 };

bool text_parse_double(struct str text, double *value)
{
	char copy[NUMBER_SIZE];
	char *end;
	double parsed;

	if (text.size == 0 || text.size >= sizeof copy)
		return false;
	memcpy(copy, text.at, text.size);
	copy[text.size] = '\0';
	if (!looks_decimal(copy))
		return false;
	parsed = strtod(copy, &end);
	if (*end || !isfinite(parsed))
		return false;
	*value = parsed;
	return true;
}

bool text_parse_int64(struct str text, int64_t *value)
{
	char copy[NUMBER_SIZE];
	char *end;
	long long parsed;

	if (text.size == 0 || text.size >= sizeof copy)
		return false;
	memcpy(copy, text.at, text.size);
	copy[text.size] = '\0';
	if (!isdigit((unsigned char)copy[0]) && copy[0] != '-')
		return false;
	errno = 0;
	parsed = strtoll(copy, &end, 10);
	if (end == copy || *end || errno)
		return false;
	*value = parsed;
	return true;
}

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

size_t text_utf8_length(const char *text, size_t size)
{
	const unsigned char *u = (const unsigned char *)text;

	if (size == 0)
		return 0;
	if (u[0] < 0x80)
		return 1;
	if (u[0] >= 0xC2 && u[0] <= 0xDF)
		return size >= 2 && is_tail(text[1]) ? 2 : 0;
	if (u[0] >= 0xE0 && u[0] <= 0xEF) {
		if (size < 3 || !is_tail(text[1]) || !is_tail(text[2]))
			return 0;
		/* Overlong forms and surrogates. */
		if ((u[0] == 0xE0 && u[1] < 0xA0) || (u[0] == 0xED && u[1] > 0x9F))
			return 0;
		return 3;
	}
	if (u[0] >= 0xF0 && u[0] <= 0xF4) {
		if (size < 4 || !is_tail(text[1]) || !is_tail(text[2]) || !is_tail(text[3]))
			return 0;
		if ((u[0] == 0xF0 && u[1] < 0x90) || (u[0] == 0xF4 && u[1] > 0x8F))
			return 0;
		return 4;
	}
	return 0;
}

size_t text_columns(const char *text)
{
	size_t columns = 0;

	for (; *text; text++)
		columns += !is_tail(*text);
	return columns;
}

/* C1 controls, zero-width and direction marks, line and paragraph separators, the byte order mark: what changes how a
 * terminal or a reader shows the text around it. */
static bool is_invisible(const char *text, size_t length)
{
	const unsigned char *u = (const unsigned char *)text;

	if (length == 2)
		return u[0] == 0xC2 && u[1] < 0xA0;
	if (length != 3)
		return false;
	if (u[0] == 0xE2 && u[1] == 0x80)
		return (u[2] >= 0x8B && u[2] <= 0x8F) || (u[2] >= 0xA8 && u[2] <= 0xAE);
	if (u[0] == 0xE2 && u[1] == 0x81)
		return u[2] >= 0xA0 && u[2] <= 0xAF;
	return u[0] == 0xEF && u[1] == 0xBB && u[2] == 0xBF;
}

void text_printable(struct buf *b, const char *text)
{
	size_t size = strlen(text);

	while (size) {
		size_t plain = 0, length;

		while (text[plain] >= ' ' && text[plain] <= '~')
			plain++;
		buf_bytes(b, text, plain);
		text += plain;
		size -= plain;
		if (!size)
			break;
		length = text_utf8_length(text, size);
		if (length == 1 && *text == '\n') {
			buf_text(b, "\\n");
		} else if (length == 1 && *text == '\t') {
			buf_text(b, "\\t");
		} else if (length == 0 || (length == 1 && iscntrl((unsigned char)*text))) {
			buf_printf(b, "\\x%02x", (unsigned)(unsigned char)*text);
			length = 1;
		} else if (is_invisible(text, length)) {
			for (size_t i = 0; i < length; i++)
				buf_printf(b, "\\x%02x", (unsigned)(unsigned char)text[i]);
		} else {
			buf_bytes(b, text, length);
		}
		text += length;
		size -= length;
	}
}

const char *text_printable_copy(struct arena *a, const char *text)
{
	struct buf b = {.arena = a};

	text_printable(&b, text);
	return buf_string(&b);
}

/* Bytes of "##word" at `at` that a '[' follows, or 0. */
static size_t command_mark_size(const char *at)
{
	size_t size = 2;

	if (at[0] != '#' || at[1] != '#')
		return 0;
	while (isalpha((unsigned char)at[size]))
		size++;
	return at[size] == '[' ? size : 0;
}

const char *text_inert_copy(struct arena *a, const char *text)
{
	struct buf out = {.arena = a};
	const char *at = text_printable_copy(a, text);
	size_t blank = 0;

	while (at[blank] == ' ' || (unsigned char)at[blank] >= 0x80)
		blank++;
	if (at[blank] == ':' && at[blank + 1] == ':') {
		buf_bytes(&out, at, blank);
		buf_char(&out, '\\');
		at += blank;
	}
	while (*at) {
		size_t mark = command_mark_size(at);

		if (mark) {
			buf_bytes(&out, at, mark);
			buf_char(&out, '\\');
			at += mark;
		} else {
			buf_char(&out, *at++);
		}
	}
	return buf_string(&out);
}

const char *text_inert_lines(struct arena *a, const char *text)
{
	struct buf out = {.arena = a};

	while (*text) {
		size_t size = strcspn(text, "\n");
		char *line = arena_copy(a, text, size);

		for (char *at = line; *at; at++)
			*at = *at == '\t' ? ' ' : *at;
		buf_text(&out, text_inert_copy(a, line));
		text += size;
		if (*text) {
			buf_char(&out, '\n');
			text++;
		}
	}
	return buf_string(&out);
}

struct str text_last_lines(struct str text, size_t lines)
{
	size_t at;

	while (text.size && (text.at[text.size - 1] == '\n' || text.at[text.size - 1] == '\r'))
		text.size--;
	for (at = text.size; at > 0; at--) {
		if (text.at[at - 1] == '\n' && --lines == 0)
			break;
	}
	return (struct str){.at = text.at + at, .size = text.size - at};
}

const char *text_shell_quoted(struct arena *a, const char *text)
{
	struct buf b = {.arena = a};

	buf_char(&b, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_text(&b, "'\\''");
		else
			buf_char(&b, *text);
	}
	buf_char(&b, '\'');
	return buf_string(&b);
}
