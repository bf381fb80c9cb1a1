/* Any bytes are a verdict or an error that names the file: never a crash; what was read is written the same twice. */
#include "model/verdict_json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_open();
	struct str text = {.at = (const char *)data, .size = size};
	struct verdict v = {0}, back = {0};
	struct err err = {0};

	(void)verdict_json_sniff(text);
	if (verdict_from_json(a, "v.json", text, &v, &err)) {
		struct buf first = {.arena = a}, second = {.arena = a};

		verdict_to_json(&first, &v);
		if (!verdict_from_json(a, "v.json", (struct str){first.at, first.size}, &back, &err))
			abort();
		verdict_to_json(&second, &back);
		if (first.size != second.size || memcmp(first.at, second.at, first.size) != 0)
			abort();
	} else if (!text_starts(err.text, "v.json:")) {
		abort();
	}
	arena_close(a);
	return 0;
}
