/* Any bytes are a run file or an error: never a crash, and what was read is written and read again without a change. */
#include "model/run_json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_open();
	struct str text = {.at = (const char *)data, .size = size};
	struct run run, back;
	struct err err;

	(void)run_json_sniff(text);
	if (run_from_json(a, "run.json", text, &run, &err)) {
		struct str first = run_to_json(a, &run), second;

		if (!run_from_json(a, "run.json", first, &back, &err))
			abort();
		second = run_to_json(a, &back);
		if (first.size != second.size || memcmp(first.at, second.at, first.size) != 0)
			abort();
		for (size_t i = 0; i < back.table_count; i++) {
			size_t count;

			table_series(a, &back.tables[i], "cpu_time", &count);
			if (!run_find(&back, back.tables[i].suite, back.tables[i].bench))
				abort();
		}
	} else if (!text_starts(err.text, "run.json:")) {
		abort();
	}
	arena_close(a);
	return 0;
}
