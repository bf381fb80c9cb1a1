/*
 * Numbers with a unit as users write them: 60s, 50ms, 0.3ns, 10%, 1MB.
 *
 * Durations: ns us ms s m h.  Sizes: B kB MB GB (powers of 1000) KiB MiB GiB (powers of 1024).  Ratios: "10%" is 0.1.
 * A number without its unit is refused, as is a negative or a non-finite one.
 */
#ifndef PAWL_BASE_QUANTITY_H
#define PAWL_BASE_QUANTITY_H

#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

enum quantity_kind { QUANTITY_RATIO, QUANTITY_DURATION, QUANTITY_SIZE };

struct quantity {
	enum quantity_kind kind;
	double value; /* ratio, nanoseconds or bytes */
};

/* Any of the kinds in the mask (1 << QUANTITY_…).  The error says which units there are. */
bool quantity_parse(const char *text, unsigned kinds, struct quantity *out, struct err *err) MUST_CHECK;

/* Three significant digits with a unit that fits: "3.98 us", "1 min 50 s", "12.4 MB". */
const char *quantity_duration(struct arena *a, double ns);
const char *quantity_size(struct arena *a, double bytes);

#endif
