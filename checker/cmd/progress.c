/* One line on the terminal that is rewritten. */
#include "cmd/progress.h"

#include "base/clock.h"
#include "base/quantity.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const int64_t REDRAW_NS = 100000000; /* ten times a second: quick enough to follow, cheap enough to forget */

struct progress progress_init(void)
{
	const char *terminal = getenv("TERM");

	return (struct progress){.shown = isatty(STDERR_FILENO) && terminal && !text_equal(terminal, "dumb")};
}

void progress_clear(struct progress *p)
{
	if (p->drawn)
		fprintf(stderr, "\r\033[K");
	p->drawn = false;
}

void progress_say(struct progress *p, const char *format, ...)
{
	struct arena *a = arena_open();
	const char *text;
	va_list args;

	progress_clear(p);
	va_start(args, format);
	text = arena_vprintf(a, format, args);
	va_end(args);
	fputs(text_inert_lines(a, text), stderr);
	arena_close(a);
}

static size_t terminal_columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

/* The start of the text that takes at most `columns`. */
static size_t bytes_of_columns(const char *text, size_t columns)
{
	size_t at = 0;

	while (text[at] && columns) {
		size_t length = text_utf8_length(text + at, 4);

		at += length ? length : 1;
		columns--;
	}
	return at;
}

void progress_draw(void *to, const struct measure_progress *m)
{
	struct progress *p = to;
	int64_t now = clock_ns();
	struct arena *a;
	struct buf line = {0};

	if (!p->shown || (p->drawn && now - p->last_ns < REDRAW_NS && m->done != m->total))
		return;
	a = arena_open();
	line.arena = a;
	buf_printf(&line, "%s ", m->stage);
	if (m->total)
		buf_printf(&line, "%zu/%zu, %s to go  ", m->done, m->total, quantity_duration(a, (double)m->left_ns));
	text_printable(&line, m->what);
	fprintf(stderr, "\r\033[K%.*s", (int)bytes_of_columns(buf_string(&line), terminal_columns() - 1),
		buf_string(&line));
	fflush(stderr);
	p->drawn = true;
	p->last_ns = now;
	arena_close(a);
}
