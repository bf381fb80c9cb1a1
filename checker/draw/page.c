/*
 * The shell of a page, and the policy in it.
 *
 * The policy (W3C, Content Security Policy Level 3, section 2.3.1) names style and script by their SHA-256, so that markup
 * which got in all the same could neither run nor load anything.
 */
#include "draw/page.h"

#include "base/hash.h"
#include "draw/escape.h"

#include <assert.h>
#include <string.h>

static unsigned hex_value(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Base64 (RFC 4648, section 4) of the SHA-256 of `text`. */
static void add_digest(struct buf *out, const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char hex[HASH_HEX_SIZE];

	hash_bytes(text, strlen(text), hex);
	/* Three hexadecimal digits are two of base 64; one digit of the 64 is left, with two zero bits behind it. */
	for (size_t i = 0; i + 3 <= 63; i += 3) {
		unsigned bits = hex_value(hex[i]) << 8 | hex_value(hex[i + 1]) << 4 | hex_value(hex[i + 2]);

		buf_char(out, digits[bits >> 6]);
		buf_char(out, digits[bits & 63]);
	}
	buf_char(out, digits[hex_value(hex[63]) << 2]);
	buf_char(out, '=');
}

void page_begin(struct buf *out, const struct page *page)
{
	assert(!strstr(page->style, "</style") && !strstr(page->script, "</script"));
	buf_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
		      "form-action 'none'; style-src 'sha256-");
	add_digest(out, page->style);
	buf_text(out, "'; script-src 'sha256-");
	add_digest(out, page->script);
	buf_text(out, "'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	html_text(out, page->title);
	buf_printf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n", page->style);
}

void page_end(struct buf *out, const struct page *page)
{
	buf_printf(out, "<script>%s</script>\n</body>\n</html>\n", page->script);
}
