/* Keeping the end of a stream in bounded memory. */
#include "base/proc_tail.h"

#include <string.h>

static void cut(struct proc_tail *t)
{
	if (t->size <= t->limit)
		return;
	memmove(t->at, t->at + t->size - t->limit, t->limit);
	t->size = t->limit;
}

void proc_tail_add(struct proc_tail *t, const char *at, size_t size)
{
	if (size > t->limit) {
		at += size - t->limit;
		size = t->limit;
	}
	if (t->size + size > 2 * t->limit)
		cut(t);
	while (t->size + size + 1 > t->capacity) {
		size_t room = t->capacity ? 2 * t->capacity : 1024;
		char *larger = arena_alloc(t->arena, room);

		if (t->size)
			memcpy(larger, t->at, t->size);
		t->at = larger;
		t->capacity = room;
	}
	memcpy(t->at + t->size, at, size);
	t->size += size;
}

struct str proc_tail_text(struct proc_tail *t)
{
	if (!t->at)
		return str_of("");
	cut(t);
	t->at[t->size] = '\0';
	return (struct str){.at = t->at, .size = t->size};
}
