/*
 * Metrics: what a number of a benchmark means and which direction is worse.
 */
#ifndef PAWL_MODEL_METRIC_H
#define PAWL_MODEL_METRIC_H

#include <stdbool.h>

enum category {
	CATEGORY_UNKNOWN,    /* direction not known: reported, never gated */
	CATEGORY_LATENCY,    /* more is worse */
	CATEGORY_THROUGHPUT, /* less is worse */
	CATEGORY_RESOURCE,   /* more is worse */
};

struct metric {
	const char *name; /* cpu_time, real_time, max_rss, bytes_per_second, a counter's name */
	const char *unit; /* ns, bytes, bytes/s, items/s; "" where it is not known */
	enum category category;
};

const char *category_name(enum category c); /* "unknown", "latency", … */
bool category_find(const char *name, enum category *c);

/* The metric that benchmark programs know under that name: times, rates, max_rss; else unit "" and CATEGORY_UNKNOWN.
 * `name` is kept, not copied. */
struct metric metric_of(const char *name);

/* The name says that the clock on the wall is meant: a part "/real_time", "/manual_time". */
bool bench_name_has_part(const char *bench, const char *part);

#endif
