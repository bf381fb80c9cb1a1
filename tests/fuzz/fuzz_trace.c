/* Any bytes are a trace or an error that names the file: never a crash, and no value that has no logarithm. */
#include "../lab/trace.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_open();
	struct str text = {.at = (const char *)data, .size = size};
	struct trace_set set = {0};
	struct err err = {0};

	if (!trace_read(a, "plus3.csv", "plus3", text, &set, &err) && !text_starts(err.text, "plus3.csv:"))
		abort();
	for (size_t i = 0; i < set.count; i++) {
		for (size_t k = 0; k < set.rows[i].count; k++) {
			if (!isfinite(log(set.rows[i].pairs[k].base_ns)) ||
			    !isfinite(log(set.rows[i].pairs[k].head_ns)))
				abort();
		}
	}
	arena_close(a);
	return 0;
}
