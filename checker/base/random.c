/* splitmix64. */
#include "base/random.h"

#include <sys/random.h>
#include <time.h>
#include <unistd.h>

uint64_t random_next(struct random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint64_t random_mix(uint64_t a, uint64_t b)
{
	struct random first = {.state = a};
	struct random second = {.state = random_next(&first) ^ b};

	return random_next(&second);
}

uint64_t random_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
		seed = random_mix((uint64_t)time(NULL), (uint64_t)getpid());
	return seed;
}
