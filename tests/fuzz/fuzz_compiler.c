/* Any bytes are a program whose compiler is known or not: never a crash, and always a text that can be printed. */
#include "counter/counter.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_open();
	const char *compiler = counter_compiler(a, (struct str){.at = (const char *)data, .size = size});

	for (; *compiler; compiler++) {
		if ((unsigned char)*compiler < 0x20)
			abort();
	}
	arena_close(a);
	return 0;
}
