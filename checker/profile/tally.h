/*
 * Samples of equal stacks and labels added up, for formats that repeat them.
 */
#ifndef PAWL_PROFILE_TALLY_H
#define PAWL_PROFILE_TALLY_H

#include "base/err.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tally {
	struct profile *profile;

	/* The tally's own. */
	uint32_t *slots;
	size_t room;
};

/* For a profile whose types are there and whose samples are not. */
struct tally tally_of(struct profile *p);

/* Fails where the sum does not fit 64 bits; nothing is added then. */
bool tally_add(struct tally *t, uint32_t stack, uint32_t labels, const int64_t *values) MUST_CHECK;

/* What to say then. */
extern const char tally_overflow[];

#endif
