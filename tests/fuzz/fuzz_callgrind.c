/* Any bytes are counts of callgrind or an error with a text: never a crash, never a negative count. */
#include "counter/counter.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {.at = (const char *)data, .size = size};
	struct err err = {{0}};
	int64_t count;

	if (counter_parse_callgrind(text, &count, &err)) {
		if (count < 0)
			abort();
	} else if (!*err.text) {
		abort();
	}
	return 0;
}
