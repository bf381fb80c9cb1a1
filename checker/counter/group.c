/* What the kernel says of a group of counters, taken apart. */
#include "counter/counter.h"

#include <string.h>

enum {
	HEAD_WORDS = 3,   /* how many counters, time enabled, time running */
	MEMBER_WORDS = 2, /* a counter's value and its id */
};

static uint64_t word_at(struct str bytes, size_t index)
{
	uint64_t word;

	memcpy(&word, bytes.at + index * sizeof word, sizeof word);
	return word;
}

static void forget(const struct counter_member *members, size_t count, struct counter_counts *counts)
{
	for (size_t i = 0; i < count; i++) {
		counts->values[members[i].event] = 0;
		counts->known[members[i].event] = false;
	}
}

static void take(uint64_t value, uint64_t id, const struct counter_member *members, size_t count,
		 struct counter_counts *counts)
{
	for (size_t i = 0; i < count; i++) {
		if (members[i].id != id || value == 0 || value > INT64_MAX)
			continue;
		counts->values[members[i].event] = (int64_t)value;
		counts->known[members[i].event] = true;
	}
}

/* perf_event_open(2), "Reading results", of a group. */
bool counter_parse_group(struct str bytes, const struct counter_member *members, size_t member_count,
			 struct counter_counts *counts, struct err *err)
{
	size_t words = bytes.size / sizeof(uint64_t);
	uint64_t enabled_ns, running_ns;

	forget(members, member_count, counts);
	if (words < HEAD_WORDS || word_at(bytes, 0) != member_count || words < HEAD_WORDS + MEMBER_WORDS * member_count)
		return err_set(err, "the CPU's counters cannot be read");
	enabled_ns = word_at(bytes, 1);
	running_ns = word_at(bytes, 2);
	if (!enabled_ns)
		return err_set(err, "the CPU's counters were never turned on");
	if (running_ns < enabled_ns)
		return err_set(
			err,
			"others used the CPU's counters meanwhile, so the count is an estimate; stop other profilers");
	for (size_t i = 0; i < member_count; i++)
		take(word_at(bytes, HEAD_WORDS + MEMBER_WORDS * i), word_at(bytes, HEAD_WORDS + MEMBER_WORDS * i + 1),
		     members, member_count, counts);
	return true;
}
