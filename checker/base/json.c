/* A deterministic JSON writer. */
#include "base/json.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <string.h>

static void indent(struct json *j)
{
	buf_char(j->out, '\n');
	buf_repeat(j->out, ' ', 2 * j->depth);
}

static bool on_line(const struct json *j)
{
	return j->depth > 0 && j->on_line[j->depth - 1];
}

/* Comma and line break before a value or a key. */
static void before(struct json *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->depth == 0)
		return;
	if (j->filled[j->depth - 1])
		buf_text(j->out, on_line(j) && !j->compact ? ", " : ",");
	if (!on_line(j))
		indent(j);
	j->filled[j->depth - 1] = true;
}

static void begin(struct json *j, char bracket, bool line)
{
	bool inherited = on_line(j);

	assert(j->depth < JSON_DEPTH);
	before(j);
	buf_char(j->out, bracket);
	j->filled[j->depth] = false;
	j->on_line[j->depth] = line || inherited;
	j->depth++;
}

static void end(struct json *j, char bracket)
{
	bool break_line;

	assert(j->depth > 0 && !j->after_key);
	break_line = j->filled[j->depth - 1] && !on_line(j);
	j->depth--;
	if (break_line)
		indent(j);
	buf_char(j->out, bracket);
}

void json_begin_object(struct json *j)
{
	begin(j, '{', false);
}

void json_begin_object_line(struct json *j)
{
	begin(j, '{', true);
}

void json_end_object(struct json *j)
{
	end(j, '}');
}

void json_begin_array(struct json *j)
{
	begin(j, '[', false);
}

void json_begin_array_line(struct json *j)
{
	begin(j, '[', true);
}

void json_end_array(struct json *j)
{
	end(j, ']');
}

/* The letter of a two-character escape (RFC 8259, section 7), or 0. */
static char escape_letter(char c)
{
	switch (c) {
	case '"':
	case '\\':
		return c;
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return 0;
	}
}

static void quoted(struct buf *b, const char *text)
{
	size_t size = strlen(text);

	buf_char(b, '"');
	while (size) {
		size_t length = text_utf8_length(text, size);

		if (length == 0)
			buf_text(b, "\xEF\xBF\xBD");
		else if (escape_letter(*text))
			buf_printf(b, "\\%c", escape_letter(*text));
		else if (length == 1 && iscntrl((unsigned char)*text))
			buf_printf(b, "\\u%04x", (unsigned)(unsigned char)*text);
		else
			buf_bytes(b, text, length);
		text += length ? length : 1;
		size -= length ? length : 1;
	}
	buf_char(b, '"');
}

void json_key(struct json *j, const char *key)
{
	assert(!j->after_key);
	before(j);
	quoted(j->out, key);
	buf_text(j->out, j->compact ? ":" : ": ");
	j->after_key = true;
}

void json_text(struct json *j, const char *text)
{
	if (!text) {
		json_null(j);
		return;
	}
	before(j);
	quoted(j->out, text);
}

void json_double(struct json *j, double value)
{
	char text[TEXT_DOUBLE_SIZE];

	assert(isfinite(value));
	before(j);
	buf_text(j->out, text_double(text, value));
}

void json_int(struct json *j, int64_t value)
{
	before(j);
	buf_printf(j->out, "%lld", (long long)value);
}

void json_bool(struct json *j, bool value)
{
	before(j);
	buf_text(j->out, value ? "true" : "false");
}

void json_null(struct json *j)
{
	before(j);
	buf_text(j->out, "null");
}
