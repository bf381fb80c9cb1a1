/*
 * Time: monotonic nanoseconds for durations, seconds since 1970 for dates.
 */
#ifndef PAWL_BASE_CLOCK_H
#define PAWL_BASE_CLOCK_H

#include "base/arena.h"

#include <stdint.h>

int64_t clock_ns(void);

/* Seconds since 1970-01-01 UTC; SOURCE_DATE_EPOCH, where it is set, decides (reproducible reports). */
int64_t clock_unix(void);

/* "2026-11-21T01:02:03Z" */
const char *clock_rfc3339(struct arena *a, int64_t unix_s);

#endif
