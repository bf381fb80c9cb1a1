/* Keys of four numbers, numbered in the order in which they come. */
#include "profile/keyed.h"

#include <assert.h>
#include <string.h>

/* Mixes as MurmurHash3's finalizer does (Appleby, 2011). */
static size_t hash_of(struct key key)
{
	uint64_t h = 0;

	for (size_t i = 0; i < 4; i++) {
		h = (h ^ key.at[i]) * 0xff51afd7ed558ccdU;
		h ^= h >> 33;
	}
	return (size_t)h;
}

static size_t slot_of(const struct keyed *k, struct key key)
{
	size_t at = hash_of(key) & (k->room - 1);

	while (k->slots[at] && memcmp(k->keys + k->slots[at] - 1, &key, sizeof key) != 0)
		at = (at + 1) & (k->room - 1);
	return at;
}

uint32_t keyed_find(const struct keyed *k, struct key key)
{
	return k->room ? k->slots[slot_of(k, key)] - 1 : UINT32_MAX;
}

static void grow(struct keyed *k)
{
	k->room = k->room ? k->room * 2 : 256;
	k->slots = NEW_ARRAY(k->arena, uint32_t, k->room);
	for (size_t i = 0; i < k->count; i++)
		k->slots[slot_of(k, k->keys[i])] = (uint32_t)i + 1;
}

uint32_t keyed_add(struct keyed *k, struct key key)
{
	size_t at;

	assert(k->count < UINT32_MAX - 1);
	if (k->count * 4 >= k->room * 3)
		grow(k);
	at = slot_of(k, key);
	if (!k->slots[at]) {
		k->keys = arena_reserve(k->arena, k->keys, k->count, &k->capacity, sizeof *k->keys);
		k->keys[k->count++] = key;
		k->slots[at] = (uint32_t)k->count;
	}
	return k->slots[at] - 1;
}
