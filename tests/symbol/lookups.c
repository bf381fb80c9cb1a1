/* Looks up the addresses of a program that stand on standard input, and prints how long one took. */
#include "symbol/lookup.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_open();
	size_t count = 0, frame_count = 0;
	struct module *m;
	struct err err;
	char line[64];
	double start = cpu_us();

	if (argc != 2 || !module_open(a, argv[1], &m, &err)) {
		fprintf(stderr, "usage: lookups PROGRAM <ADDRESSES\n");
		return 2;
	}
	while (fgets(line, sizeof(line), stdin)) {
		const struct frame *frames;

		frame_count += module_frames(m, strtoull(line, NULL, 16), &frames);
		count++;
	}
	printf("%zu %zu %.3f\n", count, frame_count, (cpu_us() - start) / (double)(count ? count : 1));
	module_close(m);
	arena_close(a);
	return 0;
}
