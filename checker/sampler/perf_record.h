/*
 * The kernel's records, told to a collector.
 */
#ifndef PAWL_SAMPLER_PERF_RECORD_H
#define PAWL_SAMPLER_PERF_RECORD_H

#include "sampler/collect.h"
#include "sampler/perf_ring.h"

struct perf_reader {
	struct collect *collect;
	int64_t lost_count, throttled_count;
};

/* What samples hold, and the user's registers that are asked for. */
uint64_t perf_record_sample_type(void);
uint64_t perf_record_registers(void);

/* A record of an event with that sample type and sample_id_all.  For perf_rings_next. */
void perf_record_use(void *reader, const struct perf_record *record);

#endif
