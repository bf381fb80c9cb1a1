/* Address spaces: sorted lists of mappings that processes share. */
#include "sampler/space.h"

#include <string.h>

enum {
	MAPS_MAX = 1 << 16, /* the default of vm.max_map_count; what maps more is not followed further */
	ROOM_MAX = 1 << 21, /* of all processes together: 80 MiB */
};

struct space *space_new(struct spaces *all)
{
	struct space *s = all->free;

	if (s)
		all->free = s->next_free;
	else
		s = NEW(all->arena, struct space);
	s->count = 0;
	s->users = 1;
	s->next_free = NULL;
	return s;
}

struct space *space_share(struct space *s)
{
	s->users++;
	return s;
}

void space_drop(struct spaces *all, struct space *s)
{
	if (--s->users > 0)
		return;
	s->next_free = all->free;
	all->free = s;
}

static bool reserve(struct spaces *all, struct space *s, size_t more)
{
	while (s->capacity < s->count + more) {
		size_t before = s->capacity;

		if (all->room + s->count + more > ROOM_MAX)
			return false;
		s->maps = arena_reserve(all->arena, s->maps, s->capacity, &s->capacity, sizeof *s->maps);
		all->room += s->capacity - before;
	}
	return true;
}

static struct space *copy(struct spaces *all, struct space *s)
{
	struct space *own = space_new(all);

	if (!reserve(all, own, s->count)) {
		space_drop(all, own);
		return NULL;
	}
	if (s->count)
		memcpy(own->maps, s->maps, s->count * sizeof *s->maps);
	own->count = s->count;
	s->users--;
	return own;
}

/* The first mapping that ends behind the address. */
static size_t first_behind(const struct space *s, uint64_t address)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->maps[middle].limit <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Puts `map` in place of what was there; not `is_there`: nothing at all. */
static struct space *put(struct spaces *all, struct space *s, const struct space_map *map, bool is_there)
{
	struct space_map parts[3];
	size_t first, last, part_count = 0;
	struct space *own = s;

	if (map->limit <= map->start || s->count >= MAPS_MAX)
		return s;
	if (s->users > 1)
		own = copy(all, s);
	if (!own || !reserve(all, own, 2)) /* a mapping amid another one makes three of one */
		return own ? own : s;
	s = own;
	first = last = first_behind(s, map->start);
	while (last < s->count && s->maps[last].start < map->limit)
		last++;
	/* What a new mapping covers in part stays in part. */
	if (first < last && s->maps[first].start < map->start) {
		parts[part_count] = s->maps[first];
		parts[part_count++].limit = map->start;
	}
	if (is_there)
		parts[part_count++] = *map;
	if (first < last && s->maps[last - 1].limit > map->limit) {
		parts[part_count] = s->maps[last - 1];
		parts[part_count].offset += map->limit - parts[part_count].start;
		parts[part_count++].start = map->limit;
	}
	memmove(s->maps + first + part_count, s->maps + last, (s->count - last) * sizeof *s->maps);
	memcpy(s->maps + first, parts, part_count * sizeof *parts);
	s->count = s->count - (last - first) + part_count;
	return s;
}

struct space *space_map_add(struct spaces *all, struct space *s, const struct space_map *map)
{
	return put(all, s, map, true);
}

struct space *space_map_remove(struct spaces *all, struct space *s, uint64_t start, uint64_t limit)
{
	return put(all, s, &(struct space_map){.start = start, .limit = limit}, false);
}

struct space_map *space_find(const struct space *s, uint64_t address)
{
	size_t i = first_behind(s, address);

	return i < s->count && s->maps[i].start <= address ? s->maps + i : NULL;
}
