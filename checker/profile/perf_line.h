/*
 * Lines of `perf script`: heads of samples, and frames.
 */
#ifndef PAWL_PROFILE_PERF_LINE_H
#define PAWL_PROFILE_PERF_LINE_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* "app 27688/27690 [001] 1115.685567:    4016064 cpu-clock:u: "; all but the process or the event may be missing, as
 * -F says. */
struct perf_head {
	struct str comm, event;
	bool has_ids;     /* of the thread at least; the idle one has the id 0 */
	int64_t pid, tid; /* 0: not there */
	int64_t period;   /* 0: not there */
	struct str rest;  /* behind the event: the only frame, or what a tracepoint says */
};

/* "	  1348 sort_orders+0x18 (/usr/bin/app)" */
struct perf_frame {
	uint64_t address;
	struct str symbol, dso; /* empty: not known */
	bool inlined;           /* in the frame that follows */
	struct str file;        /* with -F +srcline, in a line of its own */
	int64_t line;
};

bool perf_head_take(struct str line, struct perf_head *out);
bool perf_frame_take(struct str line, struct perf_frame *out);

/* "  main.c:12": gives the frame its place; "  libc.so.6[4f2a]" gives none. */
bool perf_place_take(struct str line, struct perf_frame *frame);

#endif
