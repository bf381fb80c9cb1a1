/*
 * A library that a program loads, works in and unloads: its function is called NAME.
 */
#include <stdint.h>

uint64_t NAME(int rounds);

static __attribute__((noinline)) uint64_t turn(uint64_t x)
{
	for (int i = 0; i < 2500; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}

__attribute__((noinline)) uint64_t NAME(int rounds)
{
	uint64_t sum = 1;

	for (int i = 0; i < rounds; i++)
		sum = turn(sum + (uint64_t)i);
	return sum + 1;
}
