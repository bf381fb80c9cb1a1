/*
 * The metrics that benchmark programs agree on, as a table.
 */
#include "model/metric.h"

#include <stddef.h>
#include <string.h>

static const char *const category_names[] = {
	[CATEGORY_UNKNOWN] = "unknown",
	[CATEGORY_LATENCY] = "latency",
	[CATEGORY_THROUGHPUT] = "throughput",
	[CATEGORY_RESOURCE] = "resource",
};

static const struct metric known[] = {
	{"cpu_time", "ns", CATEGORY_LATENCY},
	{"real_time", "ns", CATEGORY_LATENCY},
	{"max_rss", "bytes", CATEGORY_RESOURCE},
	{"bytes_per_second", "bytes/s", CATEGORY_THROUGHPUT},
	{"items_per_second", "items/s", CATEGORY_THROUGHPUT},
	{"instructions", "instructions", CATEGORY_RESOURCE},
};

const char *category_name(enum category c)
{
	return category_names[c];
}

bool category_find(const char *name, enum category *c)
{
	for (size_t i = 0; i < sizeof category_names / sizeof *category_names; i++) {
		if (strcmp(category_names[i], name) == 0) {
			*c = (enum category)i;
			return true;
		}
	}
	return false;
}

struct metric metric_of(const char *name)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(known[i].name, name) == 0)
			return known[i];
	}
	return (struct metric){name, "", CATEGORY_UNKNOWN};
}

bool bench_name_has_part(const char *bench, const char *part)
{
	const char *wanted = part[0] == '/' ? part + 1 : part;
	size_t size = strlen(wanted);
	bool starts_only = size > 0 && wanted[size - 1] == ':';

	for (const char *slash = strchr(bench, '/'); slash; slash = strchr(slash + 1, '/')) {
		if (strncmp(slash + 1, wanted, size) != 0)
			continue;
		char next = slash[1 + size];
		if (starts_only || next == '\0' || next == '/')
			return true;
	}
	return false;
}
