/*
 * Records of samplers: those of a preloaded library, which are the watched program's word, and the kernel's.
 *
 * An input is a row of records: a byte that says whose it is and its kind, two of its size, then its content.
 */
#include "sampler/perf_record.h"
#include "sampler/preload_record.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { HEAD = 3, RECORD_MAX = 4096, PIDS = 4 };

static void use_slot(struct preload_told *told, unsigned kind, const unsigned char *at, size_t size)
{
	static struct preload_slot slot;

	memset(&slot, 0, sizeof slot);
	slot.kind = kind % 6;
	slot.pid = slot.tid = 1U << 30 | (kind / 8 % PIDS);
	slot.parent = 1U << 30 | (kind / 32 % PIDS);
	memcpy(slot.text, at, size < sizeof slot.text ? size : sizeof slot.text);
	preload_record_use(told, &slot);
}

static void use_perf(struct perf_reader *reader, unsigned kind, const unsigned char *at, size_t size)
{
	static _Alignas(8) unsigned char record[RECORD_MAX + 8];
	struct perf_event_header header = {.type = kind % 16, .misc = (uint16_t)(kind / 16 | (kind & 1) << 14)};
	uint16_t whole = (uint16_t)((sizeof header + size) & ~(size_t)7);

	header.size = whole;
	memcpy(record, &header, sizeof header);
	memcpy(record + sizeof header, at, whole - sizeof header);
	perf_record_use(reader, &(struct perf_record){.header = (void *)record});
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *a = arena_open();
	struct collect *c = collect_open(a, size & 1 ? UNWIND_DWARF : UNWIND_FRAMES, "/preload.so");
	struct preload_told told = {.arena = a, .collect = c, .threads = {.arena = a}};
	struct perf_reader reader = {.collect = c};
	struct sampling out = {0};

	while (size >= HEAD) {
		size_t length = (size_t)data[1] | (size_t)data[2] << 8;

		if (length > size - HEAD)
			length = size - HEAD;
		if (length > RECORD_MAX - sizeof(struct perf_event_header))
			length = RECORD_MAX - sizeof(struct perf_event_header);
		if (data[0] & 0x80)
			use_perf(&reader, data[0] & 0x7f, data + HEAD, length);
		else
			use_slot(&told, data[0], data + HEAD, length);
		data += HEAD + length;
		size -= HEAD + length;
	}
	collect_finish(c, 1000, &out);
	for (size_t i = 0; i < out.profile.frame_count; i++)
		assert(out.profile.frames[i] < out.profile.location_count);
	arena_close(a);
	return 0;
}
