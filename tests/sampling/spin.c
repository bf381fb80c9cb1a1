/*
 * A program that works a while, says "done" and ends with status 7, with as little of a C library as that takes: for other
 * C libraries and kinds of machine.
 *
 *   spin        with main
 *   -DBARE      without, where there is nothing but the library itself
 */
#ifdef BARE
extern long write(int to, const void *bytes, unsigned long size);
extern _Noreturn void _exit(int status);
#else
#include <unistd.h>
#endif

static __attribute__((noinline)) unsigned turn(unsigned x)
{
	for (int i = 0; i < 2500; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
	}
	return x;
}

static int spin(void)
{
	unsigned sum = 1;

	for (int i = 0; i < 30000; i++)
		sum = turn(sum + 1);
	return write(1, "done\n", 5) == 5 && sum != 1 ? 7 : 3;
}

#ifdef BARE
_Noreturn void _start(void);
_Noreturn void _start(void)
{
	_exit(spin());
}
#else
int main(void)
{
	return spin();
}
#endif
