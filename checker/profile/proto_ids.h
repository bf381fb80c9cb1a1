/*
 * Ids of a profile.proto file, any 64-bit numbers but 0, and the indices they stand for.
 */
#ifndef PAWL_PROFILE_PROTO_IDS_H
#define PAWL_PROFILE_PROTO_IDS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ids up to the number of entries, which is nearly all of them, stand in a list; the others in a hash table. */
struct proto_ids {
	struct arena *arena;
	uint32_t *dense; /* index + 1, by id */
	uint64_t dense_count;
	uint64_t *keys; /* open addressing; 0 is free; NULL until it is needed */
	uint32_t *indices;
	size_t room;
};

/* Memory of an id, at most. */
enum { PROTO_ID_BYTES = 4 + 4 * 12 };

/* Room for `count` ids. */
void proto_ids_init(struct proto_ids *ids, struct arena *a, size_t count);

/* False: the id is 0 or there already.  Indices are below UINT32_MAX. */
bool proto_ids_add(struct proto_ids *ids, uint64_t id, uint32_t index);

/* Of an id that is not dense; for proto_ids_find. */
uint32_t proto_ids_find_sparse(const struct proto_ids *ids, uint64_t id);

/* The index, or UINT32_MAX. */
static inline uint32_t proto_ids_find(const struct proto_ids *ids, uint64_t id)
{
	return id <= ids->dense_count ? ids->dense[id] - 1 : proto_ids_find_sparse(ids, id);
}

#endif
