/* The text of an error and its context. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	return false;
}

bool err_context(struct err *err, const char *format, ...)
{
	char old[ERR_SIZE];
	va_list args;
	size_t used;
	int size;

	memcpy(old, err->text, sizeof old);
	va_start(args, format);
	size = vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	used = size < 0 ? 0 : (size_t)size;
	if (used < sizeof err->text)
		snprintf(err->text + used, sizeof err->text - used, ": %s", old);
	return false;
}
