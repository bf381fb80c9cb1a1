/*
 * Metrics: what a number of a benchmark means and which direction is worse.
 *
 * The direction of a user's counter is guessed from its name, and only where the name leaves no doubt; a rule's
 * `category` overrides the guess.  A name is taken as words parted by anything that is no letter or digit; case does not
 * matter.  The first line that fits decides:
 *
 *   cpu_time real_time max_rss instructions cycles …      as the table in metric.c says
 *   …_per_second …_per_sec …/s …_rate, mb_s        throughput, unless it is a rate of something bad (misses, errors, …)
 *   throughput bandwidth qps rps tps iops fps      throughput (a whole name `ops`, too)
 *   a word that turns the sense round              unknown: free, saved, hits, limit, ratio, score, speedup, …
 *   p50 p95 p99 p999 latency duration elapsed      latency; the unit where the last word is ns, us, ms or s
 *   …_ns …_us …_ms …_s …_sec …_time ns/op          latency
 *   …_bytes bytes_… rss mem memory heap            resource
 *   alloc(s) allocations instructions cycles faults switches    resource
 *   all else                                       unknown: reported only
 */
#ifndef PAWL_MODEL_METRIC_H
#define PAWL_MODEL_METRIC_H

#include <stdbool.h>
#include <stddef.h>

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

/* The metric of that name: one that benchmark programs agree on, or what the name says.  `name` is kept, not copied. */
struct metric metric_of(const char *name);

/* The same where the source gives a unit ("MB/s", "ms", "B"): it is kept, and says the direction where the name does
 * not.  `unit` may be "" or NULL. */
struct metric metric_with_unit(const char *name, const char *unit);

/* The metric is one that benchmark programs agree on, so its direction and unit are no guess. */
bool metric_is_standard(const char *name);

/* What is counted of one iteration (counter/counter.h): instructions, and what the CPU tells beside them. */
#define METRIC_COUNTED_LIST(ROW)                                                                                       \
	ROW(INSTRUCTIONS, "instructions")                                                                              \
	ROW(CYCLES, "cycles")                                                                                          \
	ROW(BRANCH_MISSES, "branch_misses")                                                                            \
	ROW(CACHE_MISSES, "cache_misses")

extern const char *const metrics_counted[]; /* their names */
extern const size_t metrics_counted_count;

bool metric_is_counted(const char *name);

/* Of those, what two counts of the same program repeat: instructions.  Cycles and misses are as noisy as times. */
bool metric_is_exact(const char *name);

/* cpu_time or real_time. */
bool metric_is_clock(const char *name);

/* The name says that the clock on the wall is meant: a part "/real_time", "/manual_time". */
bool bench_name_has_part(const char *bench, const char *part);

#endif
