/*
 * Escaping for HTML (WHATWG, HTML Living Standard, sections 13.1.2.3 "attributes", 13.1.4 "character references" and
 * 4.12.1.3 "restrictions for contents of script elements").
 */
#include "draw/escape.h"

#include <string.h>

static const char *reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_text(struct buf *out, const char *text)
{
	const char *at = text_printable_copy(out->arena, text), *from = at;

	for (; *at; at++) {
		const char *escaped = reference(*at);

		if (!escaped)
			continue;
		buf_bytes(out, from, (size_t)(at - from));
		buf_text(out, escaped);
		from = at + 1;
	}
	buf_text(out, from);
}

void html_attribute(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " %s=\"", name);
	html_text(out, value);
	buf_char(out, '"');
}

/* Bytes of what must not stand in a script at `at`, and what stands for it. */
static size_t script_escape(const char *at, size_t size, const char **escaped)
{
	switch (*at) {
	case '<':
		*escaped = "\\u003c";
		return 1;
	case '>':
		*escaped = "\\u003e";
		return 1;
	case '&':
		*escaped = "\\u0026";
		return 1;
	case '\xE2':
		if (size < 3 || at[1] != '\x80' || (at[2] != '\xA8' && at[2] != '\xA9'))
			return 0;
		*escaped = at[2] == '\xA8' ? "\\u2028" : "\\u2029";
		return 3;
	default:
		return 0;
	}
}

void html_script_json(struct buf *out, struct str json)
{
	size_t from = 0;

	for (size_t at = 0; at < json.size;) {
		const char *escaped = NULL;
		size_t size = script_escape(json.at + at, json.size - at, &escaped);

		if (size == 0) {
			at++;
			continue;
		}
		buf_bytes(out, json.at + from, at - from);
		buf_text(out, escaped);
		at += size;
		from = at;
	}
	buf_bytes(out, json.at + from, json.size - from);
}
