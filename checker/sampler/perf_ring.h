/*
 * The rings of perf_event_open: one of each CPU, that the kernel fills and that is read in order of time.
 *
 * An event and a ring of each CPU together follow one process and all that it starts; nothing is sampled before it
 * executes its program.
 */
#ifndef PAWL_SAMPLER_PERF_RING_H
#define PAWL_SAMPLER_PERF_RING_H

#include "base/arena.h"
#include "base/err.h"

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct perf_ring {
	int fd;
	struct perf_event_mmap_page *page;
	size_t mapped_size;
	uint64_t head, tail;     /* of what is being read */
	unsigned char *straight; /* a record that goes round the end, copied */
};

struct perf_rings {
	struct perf_ring *rings;
	int *fds;
	size_t count;
	size_t size;            /* bytes of each ring */
	bool is_memory_refused; /* after a failure: events could be opened, but a ring not be mapped */
};

/* A record with its time. */
struct perf_record {
	const struct perf_event_header *header;
	uint64_t time_ns;
};

/* On failure `errno` tells perf_event_open's or mmap's reason, and nothing is left open. */
bool perf_rings_open(struct arena *a, const struct perf_event_attr *attr, pid_t process, size_t ring_size,
		     struct perf_rings *out);
void perf_rings_close(struct perf_rings *r);

/* Begins to read: what is there now. */
void perf_rings_look(struct perf_rings *r);

/* Takes the oldest record that is not younger than `until_ns` and hands it to `use`; false when there is none.  What is
 * left waits for the next look. */
bool perf_rings_next(struct perf_rings *r, uint64_t until_ns,
		     void (*use)(void *state, const struct perf_record *record), void *state);

#endif
