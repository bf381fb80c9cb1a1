/*
 * The last bytes of a stream.
 */
#ifndef PAWL_BASE_PROC_TAIL_H
#define PAWL_BASE_PROC_TAIL_H

#include "base/text.h"

struct proc_tail {
	struct arena *arena;
	size_t limit; /* bytes that are kept */
	char *at;     /* up to twice the limit, so that bytes are seldom moved */
	size_t size, capacity;
};

void proc_tail_add(struct proc_tail *t, const char *at, size_t size);
struct str proc_tail_text(struct proc_tail *t);

#endif
