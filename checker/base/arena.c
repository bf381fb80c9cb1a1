/* Chunked memory that is given back all at once. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_CHUNK = 16 << 10,
	LARGEST_CHUNK = 4 << 20, /* chunks double up to this: few calls to malloc without holding much that is unused */
	ALIGNMENT = 16,
	EXHAUSTED_STATUS = 3,
};

struct chunk {
	struct chunk *previous;
	size_t size; /* of the data behind this header */
};

struct arena {
	struct chunk *chunk;
	size_t used; /* of the newest chunk */
	size_t next_size;
	struct arena *parent, *first_child, *next_sibling;
};

static void (*exhausted_handler)(void);

static _Noreturn void exhausted(void)
{
	void (*handler)(void) = exhausted_handler;

	exhausted_handler = NULL;
	if (handler)
		handler();
	_Exit(EXHAUSTED_STATUS);
}

static size_t header_size(void)
{
	return (sizeof(struct chunk) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static char *chunk_data(struct chunk *c)
{
	return (char *)c + header_size();
}

void arena_on_exhausted(void (*handler)(void))
{
	exhausted_handler = handler;
}

struct arena *arena_open(void)
{
	struct arena *a = calloc(1, sizeof *a);

	if (!a)
		exhausted();
	a->next_size = FIRST_CHUNK;
	return a;
}

struct arena *arena_open_child(struct arena *parent)
{
	struct arena *a = arena_open();

	a->parent = parent;
	a->next_sibling = parent->first_child;
	parent->first_child = a;
	return a;
}

void arena_close(struct arena *a)
{
	if (!a)
		return;
	while (a->first_child)
		arena_close(a->first_child);
	if (a->parent) {
		struct arena **link = &a->parent->first_child;

		while (*link != a)
			link = &(*link)->next_sibling;
		*link = a->next_sibling;
	}
	arena_reset(a, (struct arena_mark){0});
	free(a);
}

static void add_chunk(struct arena *a, size_t size)
{
	size_t data = size > a->next_size ? size : a->next_size;
	struct chunk *c;

	if (data > SIZE_MAX - header_size())
		exhausted();
	c = malloc(header_size() + data);
	if (!c)
		exhausted();
	c->previous = a->chunk;
	c->size = data;
	a->chunk = c;
	a->used = 0;
	if (a->next_size < LARGEST_CHUNK)
		a->next_size *= 2;
}

void *arena_alloc_unset(struct arena *a, size_t size)
{
	char *at;

	if (size > SIZE_MAX - ALIGNMENT)
		exhausted();
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (!a->chunk || a->chunk->size - a->used < size)
		add_chunk(a, size);
	at = chunk_data(a->chunk) + a->used;
	a->used += size;
	return at;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return memset(arena_alloc_unset(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		exhausted();
	return arena_alloc(a, count * size);
}

void *arena_grow(struct arena *a, const void *items, size_t count, size_t *capacity, size_t size)
{
	char *larger;
	size_t room;

	if (count > SIZE_MAX / 2)
		exhausted();
	room = count < 8 ? 8 : count * 2;
	if (size && room > SIZE_MAX / size)
		exhausted();
	larger = arena_alloc_unset(a, room * size);
	if (count)
		memcpy(larger, items, count * size);
	memset(larger + count * size, 0, (room - count) * size);
	*capacity = room;
	return larger;
}

char *arena_copy(struct arena *a, const char *at, size_t size)
{
	char *copy;

	if (size == SIZE_MAX)
		exhausted();
	copy = arena_alloc_unset(a, size + 1);
	if (size)
		memcpy(copy, at, size);
	copy[size] = '\0';
	return copy;
}

char *arena_string(struct arena *a, const char *text)
{
	return arena_copy(a, text, strlen(text));
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
	va_list again;
	char *text;
	int size;

	va_copy(again, args);
	size = vsnprintf(NULL, 0, format, args);
	if (size < 0)
		exhausted();
	text = arena_alloc(a, (size_t)size + 1);
	vsnprintf(text, (size_t)size + 1, format, again);
	va_end(again);
	return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(a, format, args);
	va_end(args);
	return text;
}

char *arena_adopt(struct arena *a, char *text)
{
	char *copy = text ? arena_string(a, text) : NULL;

	free(text);
	return copy;
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){.chunk = a->chunk, .used = a->used};
}

void arena_reset(struct arena *a, struct arena_mark mark)
{
	while (a->chunk != mark.chunk) {
		struct chunk *old = a->chunk;

		a->chunk = old->previous;
		free(old);
	}
	a->used = mark.used;
}
