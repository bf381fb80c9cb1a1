/*
 * Units of profiles: values of a sample type as pprof shows them.
 *
 * Rules of google/pprof (internal/measurement): units of one kind are converted, sizes by 1024, and the unit "minimum" (or
 * "auto") is the largest in which the value is at least 1.  For quantities of pawl's own measurements use base/quantity.h.
 */
#ifndef PAWL_GRAPH_UNIT_H
#define PAWL_GRAPH_UNIT_H

#include "base/text.h"

#include <stdint.h>

/* `value` in the unit `to`.  `*unit` becomes the name to show, "" for plain counts; it may point to `to`. */
double unit_scale(int64_t value, const char *from, const char *to, const char **unit);

/* Units of one kind: time, memory, GCU; or the same word. */
bool unit_compatible(const char *a, const char *b);

/* "1.45s", "10ms", "24kB", "0": at most two decimals, none when they are zeros. */
const char *unit_text(struct arena *a, int64_t value, const char *from, const char *to);

/* " 5.62%", "  0.5%", "  100%": five columns or more before the sign. */
enum { UNIT_PERCENT_SIZE = 64 };
const char *unit_percent(char out[UNIT_PERCENT_SIZE], int64_t value, int64_t total);

/* Sums and quotients that hostile values cannot break: modulo 2^64, and division by 0 or to 2^63 gives `a`. */
int64_t unit_add(int64_t a, int64_t b);
int64_t unit_abs(int64_t a);
int64_t unit_divide(int64_t a, int64_t b);

/* The integer below `value` towards 0, or the nearest that there is. */
int64_t unit_integer(double value);

/* Adds blanks before `text` up to `width` columns. */
void unit_pad(struct buf *out, size_t width, const char *text);

#endif
