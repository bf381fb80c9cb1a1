/* Memory that is there, or the program ends. */
#include "internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void *bench_alloc(void *old, size_t count, size_t size)
{
	void *at = reallocarray(old, count ? count : 1, size);

	if (!at) {
		fputs("bench: out of memory\n", stderr);
		abort();
	}
	return at;
}

char *bench_copy(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(bench_alloc(NULL, size, 1), text, size);
}

char *bench_format(const char *format, ...)
{
	va_list list;
	char *text = NULL;

	va_start(list, format);
	int size = vasprintf(&text, format, list);
	va_end(list);
	if (size < 0) {
		fputs("bench: out of memory\n", stderr);
		abort();
	}
	return text;
}
