/* Ids to indices. */
#include "profile/proto_ids.h"

void proto_ids_init(struct proto_ids *ids, struct arena *a, size_t count)
{
	*ids = (struct proto_ids){.arena = a, .dense_count = count};
	ids->dense = NEW_ARRAY(a, uint32_t, count + 1);
}

/*
 * The slot of an id, or a free one: MurmurHash3's finalizer (Appleby, 2011) spreads ids that are addresses.  The arena's
 * address, which nobody knows beforehand, keeps files from being made so that all ids want one slot.
 */
static size_t slot_of(const struct proto_ids *ids, uint64_t id)
{
	uint64_t h = id ^ (uintptr_t)ids->arena;
	size_t at;

	h = (h ^ h >> 33) * 0xff51afd7ed558ccdU;
	h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53U;
	at = (size_t)(h ^ h >> 33) & (ids->room - 1);
	while (ids->keys[at] && ids->keys[at] != id)
		at = (at + 1) & (ids->room - 1);
	return at;
}

uint32_t proto_ids_find_sparse(const struct proto_ids *ids, uint64_t id)
{
	size_t at;

	if (!ids->keys)
		return UINT32_MAX;
	at = slot_of(ids, id);
	return ids->keys[at] ? ids->indices[at] : UINT32_MAX;
}

bool proto_ids_add(struct proto_ids *ids, uint64_t id, uint32_t index)
{
	size_t at;

	if (!id || proto_ids_find(ids, id) != UINT32_MAX)
		return false;
	if (id <= ids->dense_count) {
		ids->dense[id] = index + 1;
		return true;
	}
	if (!ids->keys) {
		for (ids->room = 4; ids->room < ids->dense_count * 2; ids->room *= 2)
			;
		ids->keys = NEW_ARRAY(ids->arena, uint64_t, ids->room);
		ids->indices = NEW_ARRAY(ids->arena, uint32_t, ids->room);
	}
	at = slot_of(ids, id);
	ids->keys[at] = id;
	ids->indices[at] = index;
	return true;
}
