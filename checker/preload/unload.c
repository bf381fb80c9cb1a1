/* Libraries that a program unloads: another one may be mapped in their place. */
#include "hooks.h"
#include "preload.h"

#include <link.h>
#include <stdint.h>
#include <sys/mman.h>

/* Memory with code of loaded libraries. */
struct ranges {
	struct preload_range *at;
	size_t count, room; /* count: how many there are, though there may be no room for them */
};

struct search {
	const struct preload_range *wanted;
	bool found;
};

static bool range_of(const struct dl_phdr_info *info, size_t part, struct preload_range *out)
{
	const ElfW(Phdr) *p = info->dlpi_phdr + part;

	if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
		return false;
	*out = (struct preload_range){.start = info->dlpi_addr + p->p_vaddr};
	out->limit = out->start + p->p_memsz;
	return true;
}

static int list(struct dl_phdr_info *info, size_t size, void *state)
{
	struct ranges *r = state;
	struct preload_range range;

	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		if (!range_of(info, i, &range))
			continue;
		if (r->count < r->room)
			r->at[r->count] = range;
		r->count++;
	}
	return 0;
}

static int find(struct dl_phdr_info *info, size_t size, void *state)
{
	struct search *s = state;
	struct preload_range range;

	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum && !s->found; i++)
		s->found = range_of(info, i, &range) && range.start == s->wanted->start;
	return s->found;
}

static void tell(const struct preload_range *range, uint64_t number)
{
	struct area_place place;

	if (!area_take(&place, PRELOAD_UNLOAD, own_pid(), own_tid()))
		return;
	place.slot->unload = (struct preload_unload){.range = *range, .number = number};
	area_publish(&place);
}

EXPORT int dlclose(void *library)
{
	struct ranges before = {0};
	uint64_t number;
	int result;

	if (!area_is_open() || !timers_run())
		return hooks_real()->dlclose(library);
	dl_iterate_phdr(list, &before);
	{
		struct preload_range there[before.count + 1], nothing = {0};

		before = (struct ranges){.at = there, .room = before.count};
		dl_iterate_phdr(list, &before);
		before.count = before.count < before.room ? before.count : before.room;
		number = area_begin_unload();
		result = hooks_real()->dlclose(library);
		for (size_t i = 0; i < before.count; i++) {
			struct search s = {.wanted = there + i};

			dl_iterate_phdr(find, &s);
			if (!s.found)
				tell(s.wanted, number);
		}
		tell(&nothing, number);
	}
	return result;
}
