/* A growing string in an arena. */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void make_room(struct buf *b, size_t more)
{
	size_t room = b->capacity ? b->capacity : 64;
	char *larger;

	if (b->capacity - b->size > more)
		return;
	while (room - b->size <= more)
		room *= 2;
	larger = arena_alloc(b->arena, room);
	if (b->size)
		memcpy(larger, b->at, b->size);
	b->at = larger;
	b->capacity = room;
}

void buf_bytes(struct buf *b, const char *at, size_t size)
{
	make_room(b, size);
	if (size)
		memcpy(b->at + b->size, at, size);
	b->size += size;
	b->at[b->size] = '\0';
}

void buf_text(struct buf *b, const char *text)
{
	buf_bytes(b, text, strlen(text));
}

void buf_char(struct buf *b, char c)
{
	buf_bytes(b, &c, 1);
}

void buf_repeat(struct buf *b, char c, size_t count)
{
	make_room(b, count);
	memset(b->at + b->size, c, count);
	b->size += count;
	b->at[b->size] = '\0';
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	int size;

	va_start(args, format);
	size = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (size <= 0)
		return;
	make_room(b, (size_t)size + 1);
	va_start(args, format);
	vsnprintf(b->at + b->size, (size_t)size + 1, format, args);
	va_end(args);
	b->size += (size_t)size;
}

enum { WORTH_A_CALL = 1 << 18 }; /* bytes: beside that a system call costs nothing */

void buf_pass(struct buf *b)
{
	if (!b->drain || b->size < WORTH_A_CALL)
		return;
	b->drain->take(b->drain, b->at, b->size);
	b->size = 0;
	b->at[0] = '\0';
}

const char *buf_string(const struct buf *b)
{
	return b->at ? b->at : "";
}
