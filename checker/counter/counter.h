/*
 * Counters: engines that count the instructions of a process, whatever the machine does beside it, and what else the CPU
 * counts where it shows its counters.
 *
 * An engine knows how a process is counted and nothing of benchmarks: flow/counting.c runs a suite at two iteration counts
 * and divides.  Adding one is one new file with its row and one line in COUNTER_LIST; where nobody chose, the first whose
 * probe works is taken.  Counts of different engines are never compared.
 */
#ifndef PAWL_COUNTER_COUNTER_H
#define PAWL_COUNTER_COUNTER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/proc.h"
#include "base/text.h"
#include "model/metric.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every engine counts instructions; the others depend on the machine. */
enum counter_event {
#define ROW(name, text) COUNTER_##name,
	METRIC_COUNTED_LIST(ROW)
#undef ROW
		COUNTER_EVENT_COUNT
};

/* One value an event, in user space. */
struct counter_counts {
	int64_t values[COUNTER_EVENT_COUNT];
	bool known[COUNTER_EVENT_COUNT];
};

struct counter_engine {
	const char *name, *help;
	int64_t start_ns; /* what it adds to every process, about */
	double slowdown;  /* how many times longer the process itself takes, about */
	const char *
		profile_format; /* of the files that it leaves in `scratch`, a name of profile/; NULL: they tell sums alone */
	bool instructions_only; /* whatever the machine is */
	size_t x86_level;       /* the highest N of x86-64-vN that a process finds below it */
	/* The engine with its version, "callgrind 3.19.0"; fails with why it cannot count here and what would help. */
	bool (*probe)(struct arena *a, const char **version, struct err *err);
	/* Runs the process to its end and counts what it and what it starts execute.  Where instructions are known, what
	 * else is known comes of the same run.  `scratch` is an empty folder for the engine's own files.  Fails where the
	 * process could not be started or its instructions not be counted; a process that ends badly is the caller's to
	 * see, and is not counted. */
	bool (*count)(struct arena *a, const struct proc_spec *spec, const char *scratch, struct proc_result *result,
		      struct counter_counts *counts, struct err *err);
};

#define COUNTER_LIST(ROW)                                                                                              \
	ROW(perf)                                                                                                      \
	ROW(callgrind)

#define ROW(name) extern const struct counter_engine counter_##name;
COUNTER_LIST(ROW)
#undef ROW

extern const struct counter_engine *const counter_engines[];
extern const size_t counter_engine_count;

const struct counter_engine *counter_find(const char *name);

/* The instructions that the text of a callgrind file sums up.  Fails for what is no such file, or not a whole one. */
bool counter_parse_callgrind(struct str text, int64_t *instructions, struct err *err) MUST_CHECK;

/* A counter of a group, by the number that the kernel gave it. */
struct counter_member {
	enum counter_event event;
	uint64_t id;
};

/*
 * Takes the counts of a group from what read(2) gave of it (perf_event_open(2), PERF_FORMAT_GROUP with ids and times).
 * Sets those of `members`; what counted nothing at all stays unknown, since no process starts without an event of each
 * kind.  Fails, with all of them unknown, where the bytes are no such group, where it was never turned on, or where it
 * shared the CPU's counters with others: such counts are estimates.
 */
bool counter_parse_group(struct str bytes, const struct counter_member *members, size_t member_count,
			 struct counter_counts *counts, struct err *err) MUST_CHECK;

/* The compilers that an ELF program says it was built with, "" where it says nothing.  Any bytes may be given. */
const char *counter_compiler(struct arena *a, struct str program);

/*
 * The functions that a C library chooses by the CPU (copies, searches) count differently from CPU to CPU.  This is a value
 * of GLIBC_TUNABLES that pins the choice to what every CPU of the architecture has, to stand behind the user's own
 * settings; NULL where there is none.
 */
const char *counter_tunables(const char *arch);

/* What instruction set a counted program finds: the pinned level, and behind it the level that it may see and choose by
 * itself, "x86-64-v2, x86-64-v3 seen".  `flags` as in /proc/cpuinfo. */
const char *counter_isa(struct arena *a, const char *arch, const char *flags, bool pinned,
			const struct counter_engine *engine);

#endif
