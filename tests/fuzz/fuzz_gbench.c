/* Any bytes as a result of google-benchmark: no crash, and every row keeps what input/input.h promises. */
#include "input/input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void require(bool kept)
{
	if (!kept)
		abort();
}

static void require_text(const char *text)
{
	size_t size = strlen(text), at = 0;

	while (at < size) {
		size_t length = text_utf8_length(text + at, size - at);

		require(length > 0);
		at += length;
	}
}

struct seen {
	size_t rows, contexts, metrics, last_line;
	double sum;
};

static void see_context(void *to, const struct input_context *context)
{
	struct seen *seen = to;

	require(seen->contexts++ == 0 && seen->rows == 0);
	require_text(context->date);
	require_text(context->executable);
	require_text(context->host_name);
	require_text(context->library_version);
	require_text(context->library_build_type);
	require(context->cpu_count >= 0);
}

static bool see_row(void *to, const struct input_row *row, struct err *err)
{
	struct seen *seen = to;

	(void)err;
	seen->rows++;
	require(seen->contexts == 1);
	require(*row->name);
	require_text(row->name);
	require_text(row->message);
	require_text(row->of);
	require_text(row->statistic);
	require(row->repetitions >= 0);
	require(row->line >= seen->last_line);
	seen->last_line = row->line;
	require(row->iterations >= 0 && row->threads >= 1 && row->repetition >= 0);
	require(row->status == INPUT_OK || *row->message || row->metric_count == 0);
	if (row->kind == INPUT_ITERATION)
		require((row->status == INPUT_OK) == (row->metric_count > 0));
	for (size_t i = 0; i < row->metric_count; i++) {
		const struct input_metric *m = &row->metrics[i];

		require_text(m->metric.name);
		require(isfinite(m->value));
		if (row->kind == INPUT_ITERATION && metric_is_clock(m->metric.name))
			require(m->value > 0);
		for (size_t j = 0; j < i && i < 50; j++)
			require(strcmp(m->metric.name, row->metrics[j].metric.name) != 0);
		seen->metrics++;
		seen->sum += fabs(m->value) < 1e100 ? m->value : 0;
	}
	return true;
}

static bool read_all(struct str text, struct seen *seen, struct err *err)
{
	struct input_sink sink = {.to = seen, .row = see_row, .context = see_context};
	struct arena *a = arena_open();
	bool done = input_find("gbench")->read(a, "x", text, &sink, err);

	arena_close(a);
	return done;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct seen first = {0}, second = {0};
	struct err first_err = {0}, second_err = {0};

	if (!input_sniff("x", text, &first_err))
		require(strncmp(first_err.text, "x: ", 3) == 0);
	bool done = read_all(text, &first, &first_err);
	require(done || strncmp(first_err.text, "x:", 2) == 0);
	require(read_all(text, &second, &second_err) == done);
	require(done || strcmp(first_err.text, second_err.text) == 0);
	require(first.rows == second.rows && first.metrics == second.metrics && first.sum == second.sum);
	return 0;
}
