/*
 * Causes that several rows of a verdict share.
 */
#ifndef PAWL_REPORT_REPORT_CAUSES_H
#define PAWL_REPORT_REPORT_CAUSES_H

#include "base/arena.h"
#include "model/verdict.h"

#include <stddef.h>

/* A function that is named as the cause of so many slower, gated rows. */
struct shared_cause {
	const struct finding *first; /* function and place are in it */
	size_t row_count;
};

/* Those of at least two rows, the one of most rows first; `*slower` rows there are in all. */
const struct shared_cause *causes_shared(struct arena *a, const struct verdict *v, size_t *count, size_t *slower);

/* "explains 38 of 41 slower rows  hash.c:12 (changed in this branch)": what is said behind the function's name. */
const char *causes_words(struct arena *a, const struct shared_cause *cause, size_t slower);

#endif
