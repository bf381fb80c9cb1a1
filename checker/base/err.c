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
	size_t used, rest;
	int size;

	memcpy(old, err->text, sizeof old);
	va_start(args, format);
	size = vsnprintf(err->text, sizeof err->text - 3, format, args);
	va_end(args);
	used = size < 0 ? 0 : strlen(err->text);
	memcpy(err->text + used, ": ", 3);
	used += 2;
	rest = sizeof err->text - 1 - used;
	old[rest < strlen(old) ? rest : strlen(old)] = '\0';
	memcpy(err->text + used, old, strlen(old) + 1);
	return false;
}
