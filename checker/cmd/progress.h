/*
 * The progress line: what is being measured, how much is left, time to go.  Only on a terminal.
 */
#ifndef PAWL_CMD_PROGRESS_H
#define PAWL_CMD_PROGRESS_H

#include "flow/measure.h"

struct progress {
	bool shown; /* standard error is a terminal that can rewrite a line */
	bool drawn;
	int64_t last_ns;
};

struct progress progress_init(void);

/* A line that stays; the progress line makes room for it. */
void progress_say(struct progress *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For struct measure_request, with a struct progress as `to`. */
void progress_draw(void *to, const struct measure_progress *m);

/* Takes the line away. */
void progress_clear(struct progress *p);

#endif
