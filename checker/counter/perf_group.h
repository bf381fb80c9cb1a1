/*
 * Counters of the kernel that run together or not at all, for a process that is about to be started.
 */
#ifndef PAWL_COUNTER_PERF_GROUP_H
#define PAWL_COUNTER_PERF_GROUP_H

#include "counter/counter.h"

/* What is counted, in the words of perf_event_open(2). */
struct perf_source {
	uint32_t type;
	uint64_t config;
};

/* Zero is an empty one.  The first counter turns the others on and off. */
struct perf_group {
	int fds[COUNTER_EVENT_COUNT];
	struct counter_member members[COUNTER_EVENT_COUNT];
	size_t count;
};

/*
 * Adds a counter of user space that is off.  `for_children`: every child inherits it, and the group turns itself on in a
 * child when that starts another program; so nothing of this process and of the time between fork and exec is counted, and
 * all that the program starts is.  Fails, leaving errno, where the kernel does not give it; the group stays as it is.
 */
bool perf_group_add(struct perf_group *g, enum counter_event event, const struct perf_source *source,
		    bool for_children);

/* Of this process itself. */
void perf_group_turn(const struct perf_group *g, bool on);

/* What was counted so far; of children, when they have ended.  Fails as counter_parse_group does. */
bool perf_group_read(const struct perf_group *g, struct counter_counts *counts, struct err *err) MUST_CHECK;

void perf_group_close(struct perf_group *g);

#endif
