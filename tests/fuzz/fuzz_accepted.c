/* Any bytes are accepted regressions or an error that names the file: never a crash; what was read is written the same
 * twice. */
#include "model/accepted.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_open();
	struct str text = {.at = (const char *)data, .size = size};
	struct accepted_list list, back;
	struct err err = {0};

	if (accepted_from_json(a, "a.json", text, &list, &err)) {
		struct buf first = {.arena = a}, second = {.arena = a};

		(void)accepted_find(&list, "s", "BM", "cpu_time");
		accepted_to_json(&first, &list);
		if (!accepted_from_json(a, "a.json", (struct str){first.at, first.size}, &back, &err))
			abort();
		accepted_to_json(&second, &back);
		if (first.size != second.size || memcmp(first.at, second.at, first.size) != 0)
			abort();
	} else if (!text_starts(err.text, "a.json:")) {
		abort();
	}
	arena_close(a);
	return 0;
}
