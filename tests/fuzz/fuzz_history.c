/* Any bytes are a history or an error that names the file: never a crash, and what was read can be judged and shown. */
#include "flow/history_read.h"
#include "flow/trend.h"
#include "report/report.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge_and_show(struct arena *a, const struct history *h)
{
	struct trend_request request = {.history = h};
	struct trend_options options = {.columns = 80, .source = "h"};
	size_t count, left_out;
	struct trend trend;

	trend_find(a, &request, &trend);
	for (size_t i = 0; i < trend_format_count; i++) {
		struct buf out = {.arena = a};

		trend_formats[i]->write(&out, &trend, &options);
		if (!out.size)
			abort();
	}
	history_to_runs(a, h, "ns", "class", &count, &left_out);
	if (count + left_out != h->moment_count)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_open();
	struct history h;
	struct err err;
	/* As file_read gives it: with a NUL behind. */
	struct str text = {.at = arena_copy(a, (const char *)data, size), .size = size};

	if (history_parse_csv(a, "h", text, &h, &err))
		judge_and_show(a, &h);
	else if (!text_starts(err.text, "h:"))
		abort();
	if (history_parse_js(a, "h", text, &h, &err))
		judge_and_show(a, &h);
	else if (!text_starts(err.text, "h:"))
		abort();
	arena_close(a);
	return 0;
}
