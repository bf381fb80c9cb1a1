/*
 * Escaping for GitHub Flavored Markdown (GitHub Flavored Markdown Spec, version 0.29).
 *
 * References, mentions and bare links are found by GitHub after Markdown's own escapes are resolved, so a backslash does
 * not stop them; inside code they are not looked for.
 */
#include "report/report_markdown.h"

#include "report/report_words.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* A code span cannot hold a backtick without care, and in a table no '|' either (an escape before it is read differently
 * by different versions): then every mark is a character reference.  A comment behind some of them parts the text, so
 * that no link is made of it. */
static void write_references(struct buf *out, const char *text)
{
	buf_text(out, "<code>");
	for (; *text; text++) {
		if (!ispunct((unsigned char)*text))
			buf_char(out, *text);
		else
			buf_printf(out, "&#%d;%s", *text, strchr("@:.#", *text) ? "<!-- -->" : "");
	}
	buf_text(out, "</code>");
}

void markdown_code(struct buf *out, const char *text)
{
	text = words_inert(out->arena, text);
	if (!*text)
		return;
	if (strpbrk(text, "`|"))
		write_references(out, text);
	else
		buf_printf(out, "`%s`", text);
}

/* "www." and "GH-12" are links without any mark. */
static bool is_reference(const char *at)
{
	return strncasecmp(at, "www.", 4) == 0 || strncasecmp(at, "GH-", 3) == 0;
}

static bool is_plain(const char *text)
{
	for (const char *at = text; *at; at++) {
		unsigned char c = (unsigned char)*at;

		if (is_reference(at))
			return false;
		/* Of ":tada:", "http:" and "file.c:12" the first two are more than words. */
		if (c == ':' && at[1] != ' ' && at[1] != '\0')
			return false;
		if (c < 0x80 && !isalnum(c) && !strchr(" ,;:()%+-/'\"=?.!_[]>", c))
			return false;
	}
	return true;
}

void markdown_prose(struct buf *out, const char *text)
{
	text = words_inert(out->arena, text);
	if (!is_plain(text)) {
		markdown_code(out, text);
		return;
	}
	for (; *text; text++) {
		if (*text == '>') {
			buf_text(out, "&gt;");
			continue;
		}
		if (strchr("_[]", *text))
			buf_char(out, '\\');
		buf_char(out, *text);
	}
}

void markdown_block(struct buf *out, const char *line)
{
	buf_printf(out, "    %s\n", words_inert(out->arena, line));
}
