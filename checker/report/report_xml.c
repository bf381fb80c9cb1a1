/*
 * Escaping for XML 1.0 (Extensible Markup Language 1.0, fifth edition, sections 2.2 and 2.4).
 */
#include "report/report_xml.h"

#include <stdbool.h>
#include <string.h>

/* Allowed as it is or as a reference.  DEL and the C1 controls are legal but steer terminals that show the file. */
static bool is_carried(const char *at, size_t length)
{
	const unsigned char *u = (const unsigned char *)at;

	switch (length) {
	case 0:
		return false;
	case 1:
		return (u[0] >= 0x20 && u[0] != 0x7F) || u[0] == '\t' || u[0] == '\n' || u[0] == '\r';
	case 2:
		return !(u[0] == 0xC2 && u[1] < 0xA0);
	case 3:
		return !(u[0] == 0xEF && u[1] == 0xBF && u[2] >= 0xBE);
	default:
		return true;
	}
}

/* A '>' is escaped everywhere, so that "]]>" never stands in a text. */
static const char *reference(char c, bool in_attribute)
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
	case '\r':
		return "&#13;";
	case '\n':
		return in_attribute ? "&#10;" : NULL;
	case '\t':
		return in_attribute ? "&#9;" : NULL;
	default:
		return NULL;
	}
}

static void escape(struct buf *out, const char *text, bool in_attribute)
{
	size_t size = strlen(text);

	while (size > 0) {
		size_t length = text_utf8_length(text, size);
		const char *escaped = length == 1 ? reference(*text, in_attribute) : NULL;

		if (!is_carried(text, length))
			buf_text(out, "\xEF\xBF\xBD");
		else if (escaped)
			buf_text(out, escaped);
		else
			buf_bytes(out, text, length);
		length = length ? length : 1;
		text += length;
		size -= length;
	}
}

void xml_text(struct buf *out, const char *text)
{
	escape(out, text, false);
}

void xml_attribute(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " %s=\"", name);
	escape(out, value, true);
	buf_char(out, '"');
}
