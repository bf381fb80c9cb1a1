/* The metrics that benchmark programs agree on, and what the name of any other one says. */
#include "model/metric.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

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
	{"cycles", "cycles", CATEGORY_RESOURCE},
	{"branch_misses", "misses", CATEGORY_RESOURCE},
	{"cache_misses", "misses", CATEGORY_RESOURCE},
};

/* A word and what it makes of a metric. */
struct sense {
	const char *word, *unit;
	enum category category;
};

/* Anywhere in the name. */
static const struct sense rates[] = {
	{"throughput", "", CATEGORY_THROUGHPUT}, {"bandwidth", "", CATEGORY_THROUGHPUT},
	{"qps", "/s", CATEGORY_THROUGHPUT},      {"rps", "/s", CATEGORY_THROUGHPUT},
	{"tps", "/s", CATEGORY_THROUGHPUT},      {"iops", "/s", CATEGORY_THROUGHPUT},
	{"fps", "/s", CATEGORY_THROUGHPUT},
};

static const struct sense costs[] = {
	{"latency", "", CATEGORY_LATENCY},       {"latencies", "", CATEGORY_LATENCY},
	{"duration", "", CATEGORY_LATENCY},      {"elapsed", "", CATEGORY_LATENCY},
	{"rss", "bytes", CATEGORY_RESOURCE},     {"mem", "", CATEGORY_RESOURCE},
	{"memory", "", CATEGORY_RESOURCE},       {"heap", "", CATEGORY_RESOURCE},
	{"bytes", "bytes", CATEGORY_RESOURCE},   {"alloc", "", CATEGORY_RESOURCE},
	{"allocs", "", CATEGORY_RESOURCE},       {"allocations", "", CATEGORY_RESOURCE},
	{"instructions", "", CATEGORY_RESOURCE}, {"cycles", "", CATEGORY_RESOURCE},
	{"faults", "", CATEGORY_RESOURCE},       {"switches", "", CATEGORY_RESOURCE},
};

/* As the last word. */
static const struct sense units[] = {
	{"ns", "ns", CATEGORY_LATENCY},  {"us", "us", CATEGORY_LATENCY},     {"ms", "ms", CATEGORY_LATENCY},
	{"s", "s", CATEGORY_LATENCY},    {"sec", "s", CATEGORY_LATENCY},     {"secs", "s", CATEGORY_LATENCY},
	{"time", "", CATEGORY_LATENCY},  {"seconds", "s", CATEGORY_LATENCY}, {"kb", "kB", CATEGORY_RESOURCE},
	{"mb", "MB", CATEGORY_RESOURCE}, {"nanos", "ns", CATEGORY_LATENCY},  {"micros", "us", CATEGORY_LATENCY},
	{"gb", "GB", CATEGORY_RESOURCE}, {"millis", "ms", CATEGORY_LATENCY}, {"kib", "KiB", CATEGORY_RESOURCE},
	{"b", "B", CATEGORY_RESOURCE},   {"mib", "MiB", CATEGORY_RESOURCE},  {"gib", "GiB", CATEGORY_RESOURCE},
};

/* More of these a second is no gain. */
static const char *const bad[] = {
	"miss",       "misses", "error",   "errors",      "fail",     "failed",     "failure",
	"failures",   "fault",  "faults",  "drop",        "drops",    "dropped",    "loss",
	"lost",       "retry",  "retries", "timeout",     "timeouts", "conflict",   "conflicts",
	"abort",      "aborts", "reject",  "rejects",     "stall",    "stalls",     "evictions",
	"collisions", "alloc",  "allocs",  "allocations", "switches", "interrupts", "skipped",
};

/* They turn a cost into something else. */
static const char *const neutral[] = {
	"free",      "available", "saved",    "saving", "savings", "hit",         "hits",       "cached",
	"reduction", "limit",     "capacity", "target", "ratio",   "fraction",    "percent",    "pct",
	"score",     "speedup",   "gain",     "budget", "idle",    "utilization", "efficiency", "uptime",
	"input",     "processed", "since",    "start",  "timeout", "interval",    "seed",       "deadline",
};

/* What a cost may be counted by. */
static const char *const per_what[] = {"op",         "ops",  "operation", "iter", "iteration",
				       "iterations", "call", "request",   "req",  "element",
				       "item",       "row",  "run",       "task", "event"};

static const char *const seconds[] = {"s", "sec", "second"};

/* Sizes with a unit of their own, which the reports could not scale. */
static const char *const sizes[] = {"b", "kb", "mb", "gb", "kib", "mib", "gib", "bit", "bits"};

/* Amounts: "ops_s" is a rate, "wall_s" is a time. */
static const char *const amounts[] = {"bytes", "items", "ops", "rows", "msgs", "req", "requests", "calls", "records"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

enum { WORD_COUNT = 12 };

struct word {
	const char *at;
	size_t size;
};

/* The words of a name; the first ones where there are more than anybody reads. */
struct words {
	struct word items[WORD_COUNT];
	size_t count;
};

const char *category_name(enum category c)
{
	return category_names[c];
}

bool category_find(const char *name, enum category *c)
{
	for (size_t i = 0; i < COUNT(category_names); i++) {
		if (strcmp(category_names[i], name) == 0) {
			*c = (enum category)i;
			return true;
		}
	}
	return false;
}

static struct words words_of(const char *name)
{
	struct words w = {0};

	while (*name && w.count < WORD_COUNT) {
		size_t size = 0;

		while (isalnum((unsigned char)name[size]))
			size++;
		if (size)
			w.items[w.count++] = (struct word){.at = name, .size = size};
		/* "MB/s" is "MB per s". */
		if (name[size] == '/' && w.count < WORD_COUNT)
			w.items[w.count++] = (struct word){.at = "per", .size = 3};
		name += size + (name[size] != '\0');
	}
	return w;
}

static bool word_is(struct word w, const char *text)
{
	return strlen(text) == w.size && strncasecmp(w.at, text, w.size) == 0;
}

static bool word_among(struct word w, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (word_is(w, list[i]))
			return true;
	}
	return false;
}

static bool has_any(const struct words *w, const char *const *list, size_t count)
{
	for (size_t i = 0; i < w->count; i++) {
		if (word_among(w->items[i], list, count))
			return true;
	}
	return false;
}

static const struct sense *sense_of(struct word w, const struct sense *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (word_is(w, list[i].word))
			return &list[i];
	}
	return NULL;
}

/* p50, p95, p999. */
static bool is_quantile(struct word w)
{
	if (w.size < 3 || w.size > 5 || (w.at[0] != 'p' && w.at[0] != 'P'))
		return false;
	for (size_t i = 1; i < w.size; i++) {
		if (!isdigit((unsigned char)w.at[i]))
			return false;
	}
	return true;
}

static struct metric rate(const char *name, const struct words *w, struct word counted)
{
	if (has_any(w, bad, COUNT(bad)))
		return (struct metric){name, "", CATEGORY_UNKNOWN};
	if (word_is(counted, "bytes"))
		return (struct metric){name, "bytes/s", CATEGORY_THROUGHPUT};
	if (word_among(counted, sizes, COUNT(sizes)))
		return (struct metric){name, "", CATEGORY_THROUGHPUT};
	return (struct metric){name, "/s", CATEGORY_THROUGHPUT};
}

static bool find_rate(const char *name, const struct words *w, struct metric *out)
{
	struct word last = w->items[w->count - 1], before = w->count > 1 ? w->items[w->count - 2] : last;
	bool by_second = word_among(last, seconds, COUNT(seconds));

	if (w->count > 2 && by_second && word_is(before, "per")) {
		*out = rate(name, w, w->items[w->count - 3]);
		return true;
	}
	if (w->count > 1 && word_is(last, "s") &&
	    (word_among(before, amounts, COUNT(amounts)) || word_among(before, sizes, COUNT(sizes)))) {
		*out = rate(name, w, before);
		return true;
	}
	if (w->count > 1 && word_is(last, "rate")) {
		*out = rate(name, w, before);
		out->unit = "";
		return true;
	}
	for (size_t i = 0; i < w->count; i++) {
		const struct sense *s = sense_of(w->items[i], rates, COUNT(rates));

		if (s) {
			*out = (struct metric){name, s->unit, s->category};
			return true;
		}
	}
	*out = (struct metric){name, "", CATEGORY_THROUGHPUT};
	return w->count == 1 && word_is(last, "ops");
}

/* Leaves "per op" and what follows it away; false where something is counted by another thing, which may be anything. */
static bool drop_per(struct words *w)
{
	for (size_t i = 0; i < w->count; i++) {
		if (!word_is(w->items[i], "per"))
			continue;
		if (i == 0 || i + 1 == w->count || !word_among(w->items[i + 1], per_what, COUNT(per_what)))
			return false;
		w->count = i;
	}
	return true;
}

static struct metric cost(const char *name, const struct words *w, bool per)
{
	struct word last = w->items[w->count - 1];
	const struct sense *unit = sense_of(last, units, COUNT(units));

	for (size_t i = 0; i < w->count; i++) {
		const struct sense *s = sense_of(w->items[i], costs, COUNT(costs));

		if (is_quantile(w->items[i]))
			return (struct metric){name, unit ? unit->unit : "", CATEGORY_LATENCY};
		if (s)
			return (struct metric){name, unit && *unit->unit ? unit->unit : s->unit, s->category};
	}
	/* A name that is nothing but a letter says too little; "B/op" is clear. */
	if (unit && (per || w->count > 1 || strlen(unit->word) > 1))
		return (struct metric){name, unit->unit, unit->category};
	return (struct metric){name, "", CATEGORY_UNKNOWN};
}

static struct metric guess(const char *name)
{
	struct metric unknown = {name, "", CATEGORY_UNKNOWN}, m;
	struct words w = words_of(name);
	size_t count = w.count;

	if (w.count == 0 || w.count == WORD_COUNT)
		return unknown;
	if (find_rate(name, &w, &m))
		return m;
	if (has_any(&w, neutral, COUNT(neutral)) || !drop_per(&w))
		return unknown;
	return cost(name, &w, w.count < count);
}

static const struct metric *find_known(const char *name)
{
	for (size_t i = 0; i < COUNT(known); i++) {
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	}
	return NULL;
}

struct metric metric_of(const char *name)
{
	const struct metric *m = find_known(name);

	return m ? *m : guess(name);
}

static enum category category_of_unit(const char *unit)
{
	const struct sense *s = sense_of((struct word){.at = unit, .size = strlen(unit)}, units, COUNT(units));
	size_t size = strlen(unit);

	if (size > 1 && strcmp(unit + size - 2, "/s") == 0)
		return CATEGORY_THROUGHPUT;
	if (strcmp(unit, "bytes") == 0)
		return CATEGORY_RESOURCE;
	return s && *s->unit ? s->category : CATEGORY_UNKNOWN;
}

struct metric metric_with_unit(const char *name, const char *unit)
{
	struct metric m = metric_of(name);
	struct words w = words_of(name);

	if (!unit || !*unit || find_known(name))
		return m;
	if (m.category == CATEGORY_UNKNOWN && !has_any(&w, bad, COUNT(bad)) && !has_any(&w, neutral, COUNT(neutral)))
		m.category = category_of_unit(unit);
	m.unit = unit;
	return m;
}

bool metric_is_standard(const char *name)
{
	return find_known(name) != NULL;
}

#define ROW(name, text) (text),
const char *const metrics_counted[] = {METRIC_COUNTED_LIST(ROW)};
#undef ROW

const size_t metrics_counted_count = COUNT(metrics_counted);

bool metric_is_counted(const char *name)
{
	for (size_t i = 0; i < metrics_counted_count; i++) {
		if (strcmp(metrics_counted[i], name) == 0)
			return true;
	}
	return false;
}

bool metric_is_exact(const char *name)
{
	return strcmp(name, metrics_counted[0]) == 0;
}

bool metric_is_clock(const char *name)
{
	return strcmp(name, "cpu_time") == 0 || strcmp(name, "real_time") == 0;
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
