/* Cells of CSV files. */
#include "draw/cells.h"

#include <math.h>
#include <string.h>

/* What makes a spreadsheet take a text for a formula, the full-width forms of = + - @ (U+FF1D, U+FF0B, U+FF0D, U+FF20)
 * included. */
static bool is_formula(const char *text)
{
	static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

	if (*text && strchr("=+-@\t\r\n", *text))
		return true;
	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
		if (text_starts(text, wide[i]))
			return true;
	}
	return false;
}

/* Semicolons and spaces at the edges need no quotes by RFC 4180, but some readers split or trim there. */
static bool needs_quotes(const char *text)
{
	size_t size = strlen(text);

	return strpbrk(text, ",\";") || (size > 0 && (text[0] == ' ' || text[size - 1] == ' '));
}

/* Plain ASCII is its own printable form. */
static bool is_plain(const char *text)
{
	while (*text >= ' ' && *text <= '~')
		text++;
	return !*text;
}

void cells_text(struct buf *out, const char *text, bool raw)
{
	bool guarded = false;
	const char *shown = NULL;

	text = text ? text : "";
	guarded = !raw && is_formula(text);
	shown = is_plain(text) ? text : text_printable_copy(out->arena, text);
	if (!guarded && !needs_quotes(shown)) {
		buf_text(out, shown);
		return;
	}
	buf_text(out, guarded ? "\"'" : "\"");
	for (; *shown; shown++) {
		if (*shown == '"')
			buf_char(out, '"');
		buf_char(out, *shown);
	}
	buf_char(out, '"');
}

void cells_double(struct buf *out, double value)
{
	char text[TEXT_DOUBLE_SIZE];

	if (!isfinite(value))
		return;
	buf_text(out, text_double(text, value + 0.0)); /* -0 becomes 0 */
}

void cells_percent(struct buf *out, double ratio)
{
	double percent = ratio * 100;

	/* Too large for rounding to change anything. */
	if (fabs(percent) < 1e9)
		percent = round(percent * 1e6) / 1e6;
	cells_double(out, percent);
}
