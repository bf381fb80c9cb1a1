/* Tags, attributes and entities. */
#include "input/tags.h"

#include <string.h>

size_t tags_line(struct tags *x)
{
	for (; x->line_at < x->at && x->line_at < x->text.size; x->line_at++)
		x->line += x->text.at[x->line_at] == '\n';
	return x->line + 1;
}

static bool fail(struct tags *x, struct err *err, const char *what)
{
	return err_set(err, "%s:%zu: %s", x->path, tags_line(x), what);
}

static bool fail_cut(struct tags *x, struct err *err)
{
	x->at = x->text.size;
	return fail(x, err, "the file ends inside the XML: the program that wrote it probably crashed or was killed");
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool starts(const struct tags *x, const char *with)
{
	size_t size = strlen(with);

	return x->text.size - x->at >= size && memcmp(x->text.at + x->at, with, size) == 0;
}

/* Moves behind the next `mark`. */
static bool skip_behind(struct tags *x, const char *mark, struct err *err)
{
	const char *found = memmem(x->text.at + x->at, x->text.size - x->at, mark, strlen(mark));

	if (!found)
		return fail_cut(x, err);
	x->at = (size_t)(found - x->text.at) + strlen(mark);
	return true;
}

/* To the '<' of a tag; x->at is the text's end where there is none. */
static bool find_tag(struct tags *x, struct err *err)
{
	for (;;) {
		const char *found = memchr(x->text.at + x->at, '<', x->text.size - x->at);

		if (!found) {
			x->at = x->text.size;
			return true;
		}
		x->at = (size_t)(found - x->text.at);
		if (starts(x, "<!--")) {
			if (!skip_behind(x, "-->", err))
				return false;
		} else if (starts(x, "<![CDATA[")) {
			if (!skip_behind(x, "]]>", err))
				return false;
		} else if (starts(x, "<?")) {
			if (!skip_behind(x, "?>", err))
				return false;
		} else if (starts(x, "<!")) {
			return fail(x, err, "a document type: no benchmark program writes one");
		} else {
			return true;
		}
	}
}

/* From behind the tag's name to behind its '>', which may stand inside a quoted value as well. */
static bool take_attributes(struct tags *x, struct err *err)
{
	size_t from = x->at;
	char quote = '\0';

	for (; x->at < x->text.size; x->at++) {
		char c = x->text.at[x->at];

		if (quote) {
			quote = c == quote ? '\0' : quote;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '<') {
			return fail(x, err, "'<' inside a tag");
		} else if (c == '>') {
			x->attributes = (struct str){x->text.at + from, x->at++ - from};
			return true;
		}
	}
	return fail_cut(x, err);
}

static struct str take_name(struct tags *x)
{
	size_t from = x->at;

	while (x->at < x->text.size && !is_space(x->text.at[x->at]) && !memchr("/><\"'=", x->text.at[x->at], 6))
		x->at++;
	return (struct str){x->text.at + from, x->at - from};
}

static bool close_element(struct tags *x, struct err *err)
{
	struct str open = x->depth ? x->open[x->depth - 1] : (struct str){"", 0};

	if (!x->depth || open.size != x->name.size || memcmp(open.at, x->name.at, open.size) != 0)
		return fail(x, err, "the end of an element that is not open");
	x->depth--;
	x->tag = TAGS_END;
	return true;
}

static bool open_element(struct tags *x, struct err *err)
{
	if (x->depth == TAGS_DEPTH)
		return fail(x, err, "nested more than 64 deep: this is no benchmark result");
	if (x->attributes.size && x->attributes.at[x->attributes.size - 1] == '/') {
		x->attributes.size--;
		x->empty = true;
	}
	x->open[x->depth++] = x->name;
	x->tag = TAGS_BEGIN;
	return true;
}

bool tags_next(struct tags *x, struct err *err)
{
	bool end;

	if (x->empty) {
		x->empty = false;
		return close_element(x, err);
	}
	if (!find_tag(x, err))
		return false;
	if (x->at == x->text.size) {
		x->tag = TAGS_DONE;
		return !x->depth || fail_cut(x, err);
	}
	x->at++;
	end = x->at < x->text.size && x->text.at[x->at] == '/';
	x->at += end;
	x->name = take_name(x);
	if (!take_attributes(x, err))
		return false;
	if (!x->name.size)
		return fail(x, err, "a tag without a name");
	return end ? close_element(x, err) : open_element(x, err);
}

/* UTF-8 of a character by number; U+FFFD for what is no character. */
static void add_character(struct buf *out, unsigned long c)
{
	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		c = 0xFFFD;
	if (c < 0x80) {
		buf_char(out, (char)c);
		return;
	}
	if (c >= 0x10000)
		buf_char(out, (char)(0xF0 | c >> 18));
	if (c >= 0x800)
		buf_char(out, (char)(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3F) : 0xE0 | c >> 12));
	buf_char(out, (char)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3F) : 0xC0 | c >> 6));
	buf_char(out, (char)(0x80 | (c & 0x3F)));
}

/* "#38" or "#x26"; false where it is no number. */
static bool add_numbered(struct buf *out, struct str entity)
{
	unsigned long value = 0;
	bool hex = entity.size > 2 && (entity.at[1] == 'x' || entity.at[1] == 'X');

	for (size_t i = hex ? 2 : 1; i < entity.size; i++) {
		static const char digits[] = "0123456789abcdef";
		char c = entity.at[i] >= 'A' && entity.at[i] <= 'F' ? (char)(entity.at[i] + 32) : entity.at[i];
		const char *digit = c ? memchr(digits, c, hex ? 16 : 10) : NULL;

		if (!digit || value > 0x10FFFF)
			return false;
		value = value * (hex ? 16 : 10) + (unsigned long)(digit - digits);
	}
	add_character(out, value);
	return entity.size > 1;
}

/* The entity at the start of `text`, a '&': bytes that it takes. */
static size_t add_entity(struct buf *out, struct str text)
{
	static const struct {
		const char *name;
		char c;
	} entities[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
	const char *end = memchr(text.at, ';', text.size < 12 ? text.size : 12);
	struct str name = {text.at + 1, end ? (size_t)(end - text.at) - 1 : 0};

	for (size_t i = 0; end && i < sizeof entities / sizeof entities[0]; i++) {
		if (str_equal(name, entities[i].name)) {
			buf_char(out, entities[i].c);
			return name.size + 2;
		}
	}
	if (name.size > 1 && *name.at == '#' && add_numbered(out, name))
		return name.size + 2;
	buf_char(out, '&');
	return 1;
}

static const char *resolve(struct arena *a, struct str value)
{
	struct buf out = {.arena = a};

	for (size_t at = 0; at < value.size;) {
		size_t length = value.at[at] ? text_utf8_length(value.at + at, value.size - at) : 0;

		if (value.at[at] == '&') {
			at += add_entity(&out, (struct str){value.at + at, value.size - at});
			continue;
		}
		if (length)
			buf_bytes(&out, value.at + at, length);
		else
			buf_text(&out, "\xEF\xBF\xBD");
		at += length ? length : 1;
	}
	return buf_string(&out);
}

const char *tags_attribute(struct arena *a, const struct tags *x, const char *name)
{
	struct tags part = {.text = x->attributes};

	while (part.at < part.text.size) {
		struct str key;
		const char *from, *end;

		while (part.at < part.text.size && is_space(part.text.at[part.at]))
			part.at++;
		key = take_name(&part);
		while (part.at < part.text.size && (is_space(part.text.at[part.at]) || part.text.at[part.at] == '='))
			part.at++;
		if (part.at == part.text.size || !memchr("\"'", part.text.at[part.at], 2))
			return NULL;
		from = part.text.at + part.at + 1;
		end = memchr(from, from[-1], part.text.size - part.at - 1);
		if (!end)
			return NULL;
		if (str_equal(key, name))
			return resolve(a, (struct str){from, (size_t)(end - from)});
		part.at = (size_t)(end - part.text.at) + 1;
	}
	return NULL;
}
