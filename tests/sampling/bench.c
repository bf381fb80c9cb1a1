/*
 * Two threads with deep stacks, for what sampling costs: prints wall and CPU time of a fixed amount of work, in
 * nanoseconds.
 *
 *   bench ROUNDS
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DEPTH = 43, TURNS = 2000 }; /* 45 frames with worker and the leaf */

static int rounds;

static __attribute__((noinline)) uint64_t leaf(uint64_t x)
{
	for (int i = 0; i < TURNS; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}

static __attribute__((noinline)) uint64_t descend(uint64_t x, int depth)
{
	return depth ? descend(x + 1, depth - 1) ^ (uint64_t)depth : leaf(x);
}

static void *worker(void *start)
{
	uint64_t sum = (uintptr_t)start;

	for (int i = 0; i < rounds; i++)
		sum = descend(sum + (uint64_t)i, DEPTH);
	return (void *)(uintptr_t)sum;
}

static int64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int main(int argc, char **argv)
{
	int64_t wall_ns, cpu_ns;
	uintptr_t sum;
	pthread_t other;
	void *result;

	rounds = argc > 1 ? atoi(argv[1]) : 20000;
	wall_ns = now_ns(CLOCK_MONOTONIC);
	cpu_ns = now_ns(CLOCK_PROCESS_CPUTIME_ID);
	if (pthread_create(&other, NULL, worker, (void *)1) != 0)
		return 3;
	sum = (uintptr_t)worker((void *)2);
	pthread_join(other, &result);
	wall_ns = now_ns(CLOCK_MONOTONIC) - wall_ns;
	cpu_ns = now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns;
	printf("%lld %lld %llx\n", (long long)wall_ns, (long long)cpu_ns,
	       (unsigned long long)(sum + (uintptr_t)result));
	return 0;
}
