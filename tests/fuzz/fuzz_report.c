/* Any bytes as names, reasons, units and places: every report is made, and in none of them do they become more than text. */
#include "report/report.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Each line is a command of a runner, with nothing that begins another. */
static void check_github(const char *text)
{
	while (*text) {
		size_t line = strcspn(text, "\n");

		require(text_starts(text, "::error ") || text_starts(text, "::warning ") ||
			text_starts(text, "::notice "));
		require(text[line] == '\n' && memchr(text, '\r', line) == NULL && memchr(text, 0x1b, line) == NULL);
		text += line + 1;
	}
}

/* Each line is a comment, or a sample with whole labels and a value. */
static void check_openmetrics(const char *text)
{
	require(text_ends(text, "\n# EOF\n"));
	while (*text) {
		const char *at = text + strcspn(text, "{\n");
		bool quoted = false;

		if (*text == '#' || *at == '\n') {
			text += strcspn(text, "\n") + 1;
			continue;
		}
		for (at++; quoted || *at != '}'; at++) {
			require(*at != '\0' && *at != '\n');
			if (*at == '"')
				quoted = !quoted;
			else if (quoted && *at == '\\')
				at++;
		}
		require(at[1] == ' ');
		text = at + strcspn(at, "\n") + 1;
	}
}

/* No control character, and in a table as many cells as the heading has. */
static void check_markdown(const char *text)
{
	size_t cells = 0;

	while (*text) {
		size_t line = strcspn(text, "\n"), bars = 0;

		for (size_t i = 0; i < line; i++) {
			require((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
			bars += text[i] == '|';
		}
		require(*text != '|' || cells == 0 || bars == cells);
		cells = *text == '|' ? bars : 0;
		text += line + (text[line] == '\n');
	}
}

static void check_utf8(const struct buf *out)
{
	for (size_t at = 0; at < out->size;) {
		size_t length = text_utf8_length(out->at + at, out->size - at);

		require(length > 0);
		at += length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct number one = {1, true};
	static const struct report_options options = {.folder = "sub/"};
	struct arena *a = arena_open();
	const char *name = arena_copy(a, (const char *)data, size);
	struct finding rows[] = {
		{.metric = "cpu_time", .gated = true, .outcome = OUTCOME_SLOWER, .effect = EFFECT_FAIL, .current = one},
		{.metric = name, .gated = true, .outcome = OUTCOME_FASTER, .baseline = one, .current = one},
		{.metric = name, .gated = true, .state = STATE_FAILED, .effect = EFFECT_ERROR},
	};
	struct verdict v = {.findings = rows,
			    .finding_count = sizeof rows / sizeof rows[0],
			    .warnings = &name,
			    .warning_count = 1,
			    .base_title = name,
			    .head_title = name,
			    .status_reason = name,
			    .started = name,
			    .repeat = name};

	for (size_t i = 0; i < v.finding_count; i++) {
		struct finding *f = &rows[i];

		f->suite = f->bench = f->unit = f->reason = f->function = f->place = f->warning = name;
	}
	for (size_t i = 0; i < report_format_count; i++) {
		struct buf out = {.arena = a};

		report_formats[i]->write(&out, &v, &options);
		check_utf8(&out);
		if (report_formats[i] == &report_github)
			check_github(buf_string(&out));
		else if (report_formats[i] == &report_openmetrics)
			check_openmetrics(buf_string(&out));
		else if (report_formats[i] == &report_markdown)
			check_markdown(buf_string(&out));
	}
	arena_close(a);
	return 0;
}
