/*
 * What preloaded libraries wrote, told to a collector.
 */
#ifndef PAWL_SAMPLER_PRELOAD_RECORD_H
#define PAWL_SAMPLER_PRELOAD_RECORD_H

#include "preload/record.h"
#include "sampler/collect.h"
#include "sampler/table.h"

struct preload_told {
	struct arena *arena;
	struct collect *collect;
	struct table threads; /* pid, tid that have a name; with the same arena */
	int64_t maps_read_ns;
	int64_t missed_count;         /* expirations of timers that gave no sample of their own */
	int64_t seen_ns;              /* CPU time up to the last sample of each process; of PRELOAD_ITIMER */
	const uint64_t *unload_count; /* how often a library began to be unloaded, by now; NULL: never */
	uint64_t unload_told;         /* the last that was told */
};

/* The slot is the watched program's word and is changed while it is read. */
void preload_record_use(struct preload_told *t, struct preload_slot *slot);

#endif
