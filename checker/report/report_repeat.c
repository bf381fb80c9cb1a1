/*
 * Filters for one benchmark, quoted for a shell.
 */
#include "report/report_repeat.h"

#include "base/text.h"
#include "report/report_words.h"

#include <stdbool.h>
#include <string.h>

/* A longer filter is not typed or read by anybody. */
enum { FILTER_COLUMNS = 200 };

/* The regular expression that matches just this text, or all that begins with it, in printable characters: a control character is \n or \xNN in a
 * regular expression too; what else cannot be shown is any character. */
static const char *regex_of(struct arena *a, const char *text, bool whole)
{
	struct buf out = {.arena = a};
	size_t size = strlen(text);

	buf_char(&out, '^');
	while (size > 0) {
		size_t length = text_utf8_length(text, size);
		const char *one = arena_copy(a, text, length ? length : 1);
		const char *shown = text_printable_copy(a, one);

		if (length == 1 && strchr("\\^$.[]|()?*+{}", *text))
			buf_char(&out, '\\');
		buf_text(&out, length == 1 || text_equal(one, shown) ? shown : ".");
		length = length ? length : 1;
		text += length;
		size -= length;
	}
	if (whole)
		buf_char(&out, '$');
	return buf_string(&out);
}

static void add_quoted(struct buf *out, const char *text)
{
	buf_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_text(out, "'\\''");
		else
			buf_char(out, *text);
	}
	buf_char(out, '\'');
}

/* A benchmark that is gone, or was not there before, is so however often it is measured. */
static bool is_repeated(const struct finding *f)
{
	return f->effect != EFFECT_PASS && f->state != STATE_GONE && f->state != STATE_NEW;
}

const char *repeat_command(struct arena *a, const struct verdict *v, const struct finding *f)
{
	const char *repeat = words_or_empty(v->repeat), *gap = strstr(repeat, "%s");
	struct buf out = {.arena = a};
	const char *regex = NULL;

	if (!is_repeated(f))
		return "";
	if (gap == NULL)
		return words_clip(a, words_inert(a, repeat), FILTER_COLUMNS);
	/* A suite that failed as a whole has one row. */
	if (text_equal(f->bench, "*"))
		regex = regex_of(a, arena_printf(a, "%s/", f->suite), false);
	else
		regex = regex_of(a, arena_printf(a, "%s/%s", f->suite, f->bench), true);
	if (text_columns(regex) > FILTER_COLUMNS)
		return "";
	buf_bytes(&out, repeat, (size_t)(gap - repeat));
	add_quoted(&out, regex);
	buf_text(&out, gap + 2);
	return words_inert(a, buf_string(&out));
}
