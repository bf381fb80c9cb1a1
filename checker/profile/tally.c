/* Samples of equal stacks and labels added up. */
#include "profile/tally.h"

#include <string.h>

const char tally_overflow[] = "the values of a stack add up to more than 2^63: is the file damaged?";

struct tally tally_of(struct profile *p)
{
	return (struct tally){.profile = p};
}

static size_t slot_of(uint32_t stack, uint32_t labels)
{
	uint64_t h = ((uint64_t)stack << 32 | labels) * 0x9e3779b97f4a7c15U; /* 2^64 over the golden ratio */

	return (size_t)(h ^ h >> 32);
}

static void grow(struct tally *t)
{
	const struct profile *p = t->profile;

	t->room = t->room ? t->room * 2 : 256;
	t->slots = NEW_ARRAY(p->arena, uint32_t, t->room);
	for (size_t i = 0; i < p->sample_count; i++) {
		size_t at = slot_of(p->sample_stacks[i], p->sample_labels[i]) & (t->room - 1);

		while (t->slots[at])
			at = (at + 1) & (t->room - 1);
		t->slots[at] = (uint32_t)i + 1;
	}
}

static bool add_values(int64_t *sum, const int64_t *values, size_t count)
{
	int64_t ignored;

	for (size_t i = 0; i < count; i++)
		if (__builtin_add_overflow(sum[i], values[i], &ignored))
			return false;
	for (size_t i = 0; i < count; i++)
		sum[i] += values[i];
	return true;
}

bool tally_add(struct tally *t, uint32_t stack, uint32_t labels, const int64_t *values)
{
	struct profile *p = t->profile;
	size_t at;

	if (p->sample_count * 4 >= t->room * 3)
		grow(t);
	for (at = slot_of(stack, labels) & (t->room - 1); t->slots[at]; at = (at + 1) & (t->room - 1)) {
		size_t i = t->slots[at] - 1;

		if (p->sample_stacks[i] == stack && p->sample_labels[i] == labels)
			return add_values(p->values + i * p->type_count, values, p->type_count);
	}
	profile_add_sample(p, stack, labels, values);
	t->slots[at] = (uint32_t)p->sample_count;
	return true;
}
