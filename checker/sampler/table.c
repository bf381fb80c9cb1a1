/* Pairs of numbers to a number, by open addressing. */
#include "sampler/table.h"

enum { FIRST_ROOM = 256 };

/* Mixes as SplitMix64's output function does (Steele, Lea and Flood, 2014). */
static uint64_t hash_pair(uint64_t first, uint64_t second)
{
	uint64_t h = first * 0x9e3779b97f4a7c15U + second;

	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9U;
	h = (h ^ h >> 27) * 0x94d049bb133111ebU;
	return h ^ h >> 31;
}

/* Where the pair stands, or would. */
static struct table_slot *place(const struct table *t, uint64_t first, uint64_t second)
{
	size_t at = hash_pair(first, second) & (t->room - 1);

	while (t->slots[at].used && (t->slots[at].first != first || t->slots[at].second != second))
		at = (at + 1) & (t->room - 1);
	return t->slots + at;
}

static void grow(struct table *t)
{
	struct table larger = {.arena = t->arena, .room = t->room ? t->room * 2 : FIRST_ROOM, .count = t->count};

	larger.slots = NEW_ARRAY(t->arena, struct table_slot, larger.room);
	for (size_t i = 0; i < t->room; i++)
		if (t->slots[i].used)
			*place(&larger, t->slots[i].first, t->slots[i].second) = t->slots[i];
	*t = larger;
}

uint32_t *table_put(struct table *t, uint64_t first, uint64_t second, bool *added)
{
	struct table_slot *slot;

	if (t->count * 4 >= t->room * 3)
		grow(t);
	slot = place(t, first, second);
	*added = !slot->used;
	if (!slot->used) {
		*slot = (struct table_slot){.first = first, .second = second, .used = true};
		t->count++;
	}
	return &slot->value;
}

uint32_t *table_find(const struct table *t, uint64_t first, uint64_t second)
{
	struct table_slot *slot = t->room ? place(t, first, second) : NULL;

	return slot && slot->used ? &slot->value : NULL;
}
