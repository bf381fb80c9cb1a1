/*
 * The table of names: open addressing, at most half full.
 */
#include "input/names.h"

#include <string.h>

enum { FIRST_CAPACITY = 16 };

/* FNV-1a (Fowler, Noll, Vo), with the index mixed in by the multiplier of splitmix64. */
static uint64_t hash_of(struct str name, int64_t index)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < name.size; i++)
		hash = (hash ^ (unsigned char)name.at[i]) * 1099511628211u;
	hash ^= (uint64_t)index * 0x9e3779b97f4a7c15u;
	return hash ^ (hash >> 29);
}

/* The slot that holds the key, or the free one where it belongs. */
static struct name_slot *place_of(const struct names *n, struct str name, int64_t index, uint64_t hash)
{
	size_t i = hash & (n->capacity - 1);

	for (;; i = (i + 1) & (n->capacity - 1)) {
		struct name_slot *s = &n->slots[i];

		if (!s->name)
			return s;
		if (s->hash == hash && s->index == index && str_equal(name, s->name))
			return s;
	}
}

static void grow(struct names *n)
{
	struct names larger = {.arena = n->arena, .count = n->count};

	larger.capacity = n->capacity ? 2 * n->capacity : FIRST_CAPACITY;
	larger.slots = NEW_ARRAY(n->arena, struct name_slot, larger.capacity);
	for (size_t i = 0; i < n->capacity; i++) {
		const struct name_slot *s = &n->slots[i];

		if (s->name)
			*place_of(&larger, str_of(s->name), s->index, s->hash) = *s;
	}
	*n = larger;
}

struct name_slot *names_slot(struct names *n, struct str name, int64_t index)
{
	uint64_t hash = hash_of(name, index);

	if (2 * (n->count + 1) > n->capacity)
		grow(n);
	struct name_slot *s = place_of(n, name, index, hash);
	if (!s->name) {
		*s = (struct name_slot){.name = arena_copy(n->arena, name.at, name.size), .hash = hash, .index = index};
		n->count++;
	}
	return s;
}

bool names_has(const struct names *n, struct str name, int64_t index)
{
	return n->capacity > 0 && place_of(n, name, index, hash_of(name, index))->name != NULL;
}
