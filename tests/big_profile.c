/*
 * Writes a large made-up profile as uncompressed profile.proto: for measurements, and for pages that must stay usable.
 *
 *   big_profile [--stacks N] [--functions N] [--callees N] [--depth LOW-HIGH] [--seed N] [--changed] >FILE
 *
 * 190,000 stacks of depth 30 to 60 through 20,000 functions unless told otherwise: 28 MB.  Every function calls --callees
 * others, any of them by default, which is the worst case for graphs.  The same options give the same bytes.  --changed makes a second profile of the same program: other counts, one stack in 20 another one, and what ends in
 * the function `changed` costs three times as much.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CALLS = 3,         /* locations of a function: places where it calls */
	FILES = 500,       /* source files */
	PERIOD = 1000000,  /* ns */
	FUNCTION_SIZE = 96 /* bytes of code */
};

struct options {
	unsigned long stacks, functions, callees, depth_least, depth_most, seed;
	bool changed;
};

struct message {
	unsigned char *at;
	size_t size, room;
};

/* SplitMix64 (Steele, Lea, Flood, 2014). */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

static uint64_t hash(uint64_t a, uint64_t b)
{
	uint64_t state = a * 0x2545f4914f6cdd1dU + b;

	return next_random(&state);
}

static void put_bytes(struct message *m, const void *bytes, size_t size)
{
	if (m->room - m->size < size) {
		m->room = 2 * m->room + size + 64;
		m->at = realloc(m->at, m->room);
		if (!m->at)
			abort();
	}
	memcpy(m->at + m->size, bytes, size);
	m->size += size;
}

static void put_varint(struct message *m, uint64_t value)
{
	unsigned char bytes[10];
	size_t size = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[size++] = (unsigned char)(value | 0x80);
	bytes[size++] = (unsigned char)value;
	put_bytes(m, bytes, size);
}

static void put_number(struct message *m, unsigned field, uint64_t value)
{
	put_varint(m, (uint64_t)field << 3);
	put_varint(m, value);
}

static void put_message(struct message *m, unsigned field, const void *bytes, size_t size)
{
	put_varint(m, (uint64_t)field << 3 | 2);
	put_varint(m, size);
	put_bytes(m, bytes, size);
}

/* Puts what was gathered into the file as one field. */
static void write_field(unsigned field, struct message *m)
{
	struct message whole = {0};

	put_message(&whole, field, m->at, m->size);
	fwrite(whole.at, 1, whole.size, stdout);
	free(whole.at);
	m->size = 0;
}

/* Strings: these, a name a function, then the files. */
static const char *const words[] = {"", "samples", "count", "cpu", "nanoseconds", "/usr/bin/big"};
enum { WORDS = sizeof words / sizeof *words };

static void write_types(struct message *m)
{
	put_number(m, 1, 1);
	put_number(m, 2, 2);
	write_field(1, m);
	put_number(m, 1, 3);
	put_number(m, 2, 4);
	write_field(1, m);
}

/* One function of all, some far more often than others: the hottest is 1. */
static uint64_t pick_function(const struct options *o, uint64_t random)
{
	double u = (double)(random >> 11) / 9007199254740992.0; /* 2^53 */

	return ((uint64_t)(u * u * (double)o->functions) * 7919 + 1) % o->functions;
}

/* A walk through the calls from `main`, the function 0; the leaf comes first in the file. */
static void write_sample(const struct options *o, unsigned long i, struct message *m)
{
	bool other = o->changed && hash(o->seed + 7, i) % 20 == 0;
	uint64_t state = hash(o->seed + (other ? 1 : 0), i), path[1024];
	uint64_t function = 0, count = 1 + next_random(&state) % 20;
	unsigned long depth = o->depth_least + next_random(&state) % (o->depth_most - o->depth_least + 1);
	struct message packed = {0};

	for (unsigned long k = 0; k < depth; k++) {
		uint64_t callee = next_random(&state) % (o->callees ? o->callees : UINT64_MAX);

		path[k] = 1 + function * CALLS + callee % CALLS;
		if (k + 1 < depth)
			function = pick_function(o, hash(function, callee));
	}
	for (unsigned long k = depth; k-- > 0;)
		put_varint(&packed, path[k]);
	put_message(m, 1, packed.at, packed.size);
	if (o->changed)
		count += hash(o->seed + 11, i) % 3;
	if (o->changed && function == 1)
		count *= 3;
	packed.size = 0;
	put_varint(&packed, count);
	put_varint(&packed, count * PERIOD);
	put_message(m, 2, packed.at, packed.size);
	free(packed.at);
	write_field(2, m);
}

static void write_mapping(const struct options *o, struct message *m)
{
	put_number(m, 1, 1);
	put_number(m, 2, 0x400000);
	put_number(m, 3, 0x400000 + o->functions * FUNCTION_SIZE);
	put_number(m, 5, 5);
	for (unsigned has = 7; has <= 9; has++)
		put_number(m, has, 1);
	write_field(3, m);
}

static void write_locations(const struct options *o, struct message *m)
{
	struct message line = {0};

	for (unsigned long i = 0; i < o->functions * CALLS; i++) {
		put_number(m, 1, i + 1);
		put_number(m, 2, 1);
		put_number(m, 3, 0x400000 + i * (FUNCTION_SIZE / CALLS));
		line.size = 0;
		put_number(&line, 1, 1 + i / CALLS);
		put_number(&line, 2, 10 + i % 1000);
		put_message(m, 4, line.at, line.size);
		write_field(4, m);
	}
	free(line.at);
}

static void write_functions(const struct options *o, struct message *m)
{
	for (unsigned long i = 0; i < o->functions; i++) {
		put_number(m, 1, i + 1);
		put_number(m, 2, WORDS + i);
		put_number(m, 3, WORDS + i);
		put_number(m, 4, WORDS + o->functions + i % FILES);
		put_number(m, 5, 1 + i % 1000);
		write_field(5, m);
	}
}

static void write_string(struct message *m, const char *text)
{
	put_bytes(m, text, strlen(text));
	write_field(6, m);
}

static void write_strings(const struct options *o, struct message *m)
{
	char text[128];

	for (size_t i = 0; i < WORDS; i++)
		write_string(m, words[i]);
	for (unsigned long i = 0; i < o->functions; i++) {
		if (i < 2)
			snprintf(text, sizeof text, "%s", i ? "changed" : "main");
		else
			snprintf(text, sizeof text, "big::module_%lu::step_%lu(int)", i % FILES, i);
		write_string(m, text);
	}
	for (unsigned i = 0; i < FILES; i++) {
		snprintf(text, sizeof text, "/src/big/module_%u.cc", i);
		write_string(m, text);
	}
}

static int fail_usage(void)
{
	fputs("usage: big_profile [--stacks N] [--functions N] [--callees N] [--depth LOW-HIGH] [--seed N] "
	      "[--changed] >FILE\n",
	      stderr);
	return 2;
}

static bool parse(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp(argv[i], "--changed") == 0) {
			o->changed = true;
			continue;
		}
		if (strcmp(argv[i], "--stacks") == 0)
			o->stacks = strtoul(value, NULL, 10);
		else if (strcmp(argv[i], "--functions") == 0)
			o->functions = strtoul(value, NULL, 10);
		else if (strcmp(argv[i], "--callees") == 0)
			o->callees = strtoul(value, NULL, 10);
		else if (strcmp(argv[i], "--seed") == 0)
			o->seed = strtoul(value, NULL, 10);
		else if (strcmp(argv[i], "--depth") != 0 ||
			 sscanf(value, "%lu-%lu", &o->depth_least, &o->depth_most) != 2)
			return false;
		i++;
	}
	return o->functions > 1 && o->depth_least > 0 && o->depth_least <= o->depth_most && o->depth_most <= 1024;
}

int main(int argc, char **argv)
{
	struct options o = {.stacks = 190000, .functions = 20000, .depth_least = 30, .depth_most = 60, .seed = 1};
	struct message m = {0};

	if (!parse(argc, argv, &o))
		return fail_usage();
	write_types(&m);
	for (unsigned long i = 0; i < o.stacks; i++)
		write_sample(&o, i, &m);
	write_mapping(&o, &m);
	write_locations(&o, &m);
	write_functions(&o, &m);
	write_strings(&o, &m);
	put_number(&m, 10, 10000000000U);
	fwrite(m.at, 1, m.size, stdout);
	m.size = 0;
	put_number(&m, 1, 3);
	put_number(&m, 2, 4);
	write_field(11, &m);
	put_number(&m, 12, PERIOD);
	fwrite(m.at, 1, m.size, stdout);
	free(m.at);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 3;
}
