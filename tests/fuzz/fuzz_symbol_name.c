/* Any bytes as a function's name: cleaned without a crash, in bounded time and to a bounded size. */
#include "base/text.h"
#include "symbol/name.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *a = arena_open();
	const char *raw = arena_copy(a, (const char *)data, size);
	const char *mangled = arena_printf(a, "_Z%s", raw), *rust = arena_printf(a, "_R%s", raw);

	if (strlen(name_clean(a, rust)) > (8 << 20) || strlen(name_clean(a, raw)) > (8 << 20) ||
	    strlen(name_clean(a, mangled)) > (8 << 20) || name_base_size(raw) > strlen(raw))
		abort();
	arena_close(a);
	return 0;
}
