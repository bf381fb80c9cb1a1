/*
 * What every result format promises for any bytes: no crash, and rows as input/input.h has them.  fuzz_gbench.c looks
 * closer at its own.
 */
#ifndef PAWL_TESTS_ANY_FORMAT_H
#define PAWL_TESTS_ANY_FORMAT_H

#include "input/input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

struct seen {
	size_t rows, contexts, metrics, last_line;
	double sum;
};

static inline void require(bool kept)
{
	if (!kept)
		abort();
}

static inline void require_text(const char *text)
{
	size_t size = strlen(text), length;

	for (size_t at = 0; at < size; at += length) {
		length = text_utf8_length(text + at, size - at);
		require(length > 0);
	}
}

static inline void see_context(void *to, const struct input_context *context)
{
	struct seen *seen = to;

	require(seen->contexts++ == 0 && seen->rows == 0);
	require_text(context->date);
	require_text(context->host_name);
	require_text(context->library_version);
}

static inline bool see_row(void *to, const struct input_row *row, struct err *err)
{
	struct seen *seen = to;

	(void)err;
	seen->rows++;
	require(seen->contexts == 1 && *row->name);
	require_text(row->name);
	require_text(row->message);
	require_text(row->of);
	require(row->line >= seen->last_line);
	seen->last_line = row->line;
	require(row->iterations >= 1 && row->threads >= 1 && row->repetition >= 0 && row->repetitions >= 0);
	require((row->status == INPUT_OK) == (row->metric_count > 0));
	require(row->status == INPUT_OK || *row->message);
	require((row->kind == INPUT_AGGREGATE) == (*row->of != '\0'));
	for (size_t i = 0; i < row->metric_count; i++) {
		const struct input_metric *m = &row->metrics[i];

		require_text(m->metric.name);
		require_text(m->metric.unit);
		require(*m->metric.name && isfinite(m->value));
		if (row->kind == INPUT_ITERATION && metric_is_clock(m->metric.name))
			require(m->value > 0);
		for (size_t j = 0; j < i; j++)
			require(strcmp(m->metric.name, row->metrics[j].metric.name) != 0);
		seen->metrics++;
		seen->sum += fabs(m->value) < 1e100 ? m->value : 0;
	}
	return true;
}

static inline void try_format(const struct input_format *format, const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct input_sink sink = {.row = see_row, .context = see_context};
	struct seen seen[2] = {0};
	struct err err[2] = {0};
	bool done[2];

	(void)format->sniff(text);
	for (int i = 0; i < 2; i++) {
		struct arena *a = arena_open();

		sink.to = &seen[i];
		done[i] = format->read(a, "x", text, &sink, &err[i]);
		require(done[i] || strncmp(err[i].text, "x:", 2) == 0);
		arena_close(a);
	}
	require(done[0] == done[1] && strcmp(err[0].text, err[1].text) == 0);
	require(seen[0].rows == seen[1].rows && seen[0].sum == seen[1].sum);
}

#endif
