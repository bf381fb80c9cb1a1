/*
 * The area that preloaded libraries write to, as its reader sees it, and the library's file.
 */
#ifndef PAWL_SAMPLER_PRELOAD_AREA_H
#define PAWL_SAMPLER_PRELOAD_AREA_H

#include "base/arena.h"
#include "base/err.h"
#include "preload/record.h"

#include <stdbool.h>
#include <stdint.h>

struct preload_reader {
	struct preload_area *area;
	int fd;
	const char *path;         /* by which other processes open the area */
	const char *library;      /* the library's file */
	struct preload_slot slot; /* a copy of the one that is read */
	uint64_t skipped_count;   /* slots that were taken and never filled */
};

/* Makes the area, and writes the library into the folder. */
bool preload_area_open(struct arena *a, enum preload_engine engine, int64_t period_ns, const char *folder,
		       struct preload_reader *out, struct err *err) MUST_CHECK;
void preload_area_close(struct preload_reader *r);

/* The next record, in `slot`; false when there is none now.  `ended`: nobody writes any more. */
bool preload_area_next(struct preload_reader *r, bool ended);

/* Records that found no slot, or never filled theirs. */
int64_t preload_area_lost(const struct preload_reader *r);

/* The environment with the library in it: `env`, or this process's own. */
const char *const *preload_area_environment(struct arena *a, const struct preload_reader *r, const char *const *env);

#endif
