/* Text line by line, and what stands in a line. */
#include "profile/lines.h"

#include <stdarg.h>
#include <string.h>

enum { SHOWN_SIZE = 80 };

struct lines lines_of(struct arena *a, const char *path, struct str text)
{
	return (struct lines){.arena = a, .path = path, .text = text};
}

bool lines_next(struct lines *l, struct str *line)
{
	const char *from = l->text.at + l->at, *end;
	size_t left = l->text.size - l->at;

	if (!left)
		return false;
	end = memchr(from, '\n', left);
	*line = (struct str){from, end ? (size_t)(end - from) : left};
	l->at += line->size + (end ? 1 : 0);
	l->number++;
	if (line->size && line->at[line->size - 1] == '\r')
		line->size--;
	return true;
}

bool lines_fail(const struct lines *l, struct err *err, const char *format, ...)
{
	va_list args;
	const char *what;

	va_start(args, format);
	what = arena_vprintf(l->arena, format, args);
	va_end(args);
	return err_set(err, "%s:%zu: %s", l->path, l->number, what);
}

const char *lines_shown(const struct lines *l, struct str line)
{
	bool cut = line.size > SHOWN_SIZE;
	struct buf out = {.arena = l->arena};
	/* text_printable ends at a NUL. */
	char *text = arena_copy(l->arena, line.at, cut ? SHOWN_SIZE : line.size);

	for (size_t i = 0; i < (cut ? SHOWN_SIZE : line.size); i++)
		if (!text[i])
			text[i] = '?';
	buf_char(&out, '"');
	text_printable(&out, text);
	buf_text(&out, cut ? "…\"" : "\"");
	return buf_string(&out);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct str line_trim(struct str line)
{
	line_take_blanks(&line);
	while (line.size && is_blank(line.at[line.size - 1]))
		line.size--;
	return line;
}

bool line_starts(struct str line, const char *words)
{
	return line_take(&line, words);
}

bool line_holds(struct str line, const char *words)
{
	return memmem(line.at, line.size, words, strlen(words)) != NULL;
}

static void skip(struct str *line, size_t size)
{
	line->at += size;
	line->size -= size;
}

bool line_take(struct str *line, const char *words)
{
	size_t size = strlen(words);

	if (line->size < size || memcmp(line->at, words, size) != 0)
		return false;
	skip(line, size);
	return true;
}

void line_take_blanks(struct str *line)
{
	size_t size = 0;

	while (size < line->size && is_blank(line->at[size]))
		size++;
	if (size)
		skip(line, size);
}

struct str line_take_word(struct str *line)
{
	struct str word;

	line_take_blanks(line);
	word = (struct str){line->at, 0};
	while (word.size < line->size && !is_blank(line->at[word.size]))
		word.size++;
	if (word.size)
		skip(line, word.size);
	return word;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

static bool take_digits(struct str *line, uint64_t base, uint64_t *value)
{
	uint64_t sum = 0;
	size_t size = 0;

	for (; size < line->size && (uint64_t)digit_of(line->at[size]) < base; size++)
		if (__builtin_mul_overflow(sum, base, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)digit_of(line->at[size]), &sum))
			return false;
	if (!size)
		return false;
	skip(line, size);
	*value = sum;
	return true;
}

bool line_take_hex(struct str *line, uint64_t *value)
{
	struct str rest = *line;

	if (!line_take(&rest, "0x"))
		(void)line_take(&rest, "0X");
	if (!take_digits(&rest, 16, value))
		return false;
	*line = rest;
	return true;
}

bool line_take_unsigned(struct str *line, uint64_t *value)
{
	return line_starts(*line, "0x") || line_starts(*line, "0X") ? line_take_hex(line, value)
								    : take_digits(line, 10, value);
}

bool line_take_signed(struct str *line, int64_t *value)
{
	struct str rest = *line;
	bool negative = line_take(&rest, "-");
	uint64_t size;

	if (!line_take_unsigned(&rest, &size) || size > INT64_MAX)
		return false;
	*value = negative ? -(int64_t)size : (int64_t)size;
	*line = rest;
	return true;
}
