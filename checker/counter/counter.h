/*
 * Counters: engines that count the instructions of a process, whatever the machine does beside it.
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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct counter_engine {
	const char *name, *help;
	int64_t start_ns; /* what it adds to every process, about */
	double slowdown;  /* how many times longer the process itself takes, about */
	const char *
		profile_format; /* of the files that it leaves in `scratch`, a name of profile/; NULL: they tell sums alone */
	size_t x86_level;       /* the highest N of x86-64-vN that a process finds below it */
	/* The engine with its version, "callgrind 3.19.0"; fails with why it cannot count here and what would help. */
	bool (*probe)(struct arena *a, const char **version, struct err *err);
	/* Runs the process to its end and counts the user-space instructions of it and of what it starts.  `scratch` is an
	 * empty folder for the engine's own files.  Fails where the process could not be started or not be counted; a
	 * process that ends badly is the caller's to see, and is not counted. */
	bool (*count)(struct arena *a, const struct proc_spec *spec, const char *scratch, struct proc_result *result,
		      int64_t *instructions, struct err *err);
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
