/*
 * Reproducible random numbers: splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
 * OOPSLA 2014).  Never for secrets.
 */
#ifndef PAWL_BASE_RANDOM_H
#define PAWL_BASE_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state;
};

uint64_t random_next(struct random *r);

/* A well mixed value of two: the same for the same arguments. */
uint64_t random_mix(uint64_t a, uint64_t b);

/* A seed from the system, for runs to which the user gave none. */
uint64_t random_seed(void);

#endif
