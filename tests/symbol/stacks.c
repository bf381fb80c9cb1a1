/* Functions with frames of every kind, as a library that a test steps through: leaves, pushed registers, arrays of variable
 * size, recursion, calls through a library and back, calls that a jump makes. */
#include <alloca.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

int stacks_run(int n);
void stacks_handler(int signal);

volatile int stacks_sink;

static __attribute__((noinline)) int leaf(int a, int b)
{
	return a * 31 + b;
}

static __attribute__((noinline)) int many_registers(int a, int b, int c)
{
	int d = leaf(a, b), e = leaf(b, c), f = leaf(c, d), g = leaf(d, e);

	return leaf(d, e) + leaf(f, g) + leaf(a + d, b + e) + leaf(c + f, g);
}

static __attribute__((noinline)) int with_array(int n)
{
	volatile int values[64];

	for (int i = 0; i < 64; i++)
		values[i] = i * n;
	return many_registers(values[1], values[2], values[n & 63]);
}

static __attribute__((noinline)) int with_alloca(int n)
{
	char *bytes = alloca((size_t)n * 16 + 16);

	memset(bytes, n, (size_t)n * 16 + 16);
	return with_array(bytes[n]) + bytes[0];
}

static __attribute__((noinline)) int recursive(int n)
{
	if (n <= 0)
		return with_alloca(3);
	return recursive(n - 1) + leaf(n, n);
}

static __attribute__((noinline)) int jumps(int n)
{
	return leaf(n, n + 1); /* a jump where calls at the end are made of them */
}

static int compare(const void *left, const void *right)
{
	return leaf(*(const int *)left, 0) - leaf(*(const int *)right, 0);
}

static __attribute__((noinline)) int through_library(int n)
{
	int values[6] = {n, 3, 1, 4, 1, 5};

	qsort(values, 6, sizeof(*values), compare);
	return values[0];
}

void stacks_handler(int signal)
{
	stacks_sink += leaf(signal, stacks_sink);
}

static __attribute__((noinline)) int through_signal(int n)
{
	raise(SIGUSR1);
	return n + stacks_sink;
}

int stacks_run(int n)
{
	int sum = with_array(n);

	sum += with_alloca(n);
	sum += recursive(5);
	sum += jumps(n);
	sum += through_library(n);
	sum += through_signal(n);
	return sum;
}
