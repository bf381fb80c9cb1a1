/*
 * What a profile is and what is wrong with it, in numbers and sentences.
 *
 * Seen from outside through profile/profile.h.
 */
#ifndef PAWL_PROFILE_INFO_H
#define PAWL_PROFILE_INFO_H

#include "base/arena.h"
#include "base/text.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A key of labels. */
struct profile_info_label {
	uint32_t key;        /* string */
	size_t value_count;  /* different values */
	size_t sample_count; /* samples that have it */
};

struct profile_info {
	int64_t *totals;                                     /* by type: the sum of all values */
	size_t default_type;                                 /* index of a type */
	size_t empty_stack_count, deepest, symbolized_count; /* samples; frames of a stack; locations with functions */
	struct profile_info_label *labels;                   /* sorted by key */
	size_t label_count;
	struct str engine;     /* that pawl recorded it with; empty: not recorded by pawl */
	const char **problems; /* a sentence each, safe for a terminal; what matters most comes first */
	size_t problem_count;
};

struct profile_info profile_describe(struct arena *a, const struct profile *p);

/*
 * What pawl notes when it records a profile is a comment of words KEY=VALUE: `pawl: engine=perf rate=999 lost=0`.
 * The value of a key, empty when there is none.  Points into `p`.
 */
struct str profile_note(const struct profile *p, const char *key);

#endif
