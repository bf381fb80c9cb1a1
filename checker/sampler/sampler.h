/*
 * Samplers: engines that take the stacks of a process while it runs.
 *
 * A ladder: the first engine whose probe works is taken where nobody chose.  Adding one is one new file with its row and one
 * line in SAMPLER_LIST.  Profiles of different engines are never compared, and a sampler that fails never fails what it
 * watches.
 */
#ifndef PAWL_SAMPLER_SAMPLER_H
#define PAWL_SAMPLER_SAMPLER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/proc.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sampler_unwind { UNWIND_FRAMES, UNWIND_DWARF }; /* frame pointers with leaf repair; CFI over a copy of the stack */

struct sampling_spec {
	int64_t rate_hz; /* above 0 */
	enum sampler_unwind unwind;
	const char *scratch; /* an empty folder for the engine's own files */
};

/* What one process gave.  Stacks are interned: memory grows with distinct ones. */
struct sampling {
	/* Types samples/count and cpu/nanoseconds; mappings with file and build id; locations hold addresses without lines
	 * (symbol/symbolize.h fills them): the leaf's own, of callers that of the call.  All of the kernel is one location in
	 * the mapping "[kernel]".  One label, "thread", with the thread's name. */
	struct profile profile;
	int64_t sample_count, lost_count, throttled_count;
	int64_t broken_count; /* stacks that do not reach the start of their thread */
	int64_t rate_hz;      /* that was really sampled at, measured */
	int64_t cpu_ns;       /* user and system time of the process and its children */
	const char *trouble;  /* why there are no samples, or fewer, or none of the kernel; "" */
};

struct sampler {
	const char *name, *help;
	const char *unwinders; /* words: "frames dwarf" */
	/* True: it works here.  Else why not, and the one line that would enable it. */
	bool (*probe)(struct arena *a, struct err *err);
	/* Runs the process to its end and takes its stacks.  False only when the process could not be started; all other
	 * trouble is in `out`, and the process ran as it would have. */
	bool (*run)(struct arena *a, const struct proc_spec *spec, const struct sampling_spec *how,
		    struct proc_result *result, struct sampling *out, struct err *err);
};

/* The best first. */
#define SAMPLER_LIST(ROW)                                                                                              \
	ROW(perf)                                                                                                      \
	ROW(timer)                                                                                                     \
	ROW(itimer)

#define ROW(name) extern const struct sampler sampler_##name;
SAMPLER_LIST(ROW)
#undef ROW

extern const struct sampler *const samplers[];
extern const size_t sampler_count;

const struct sampler *sampler_find(const char *name);

/* The first that works, or NULL with every engine's reason in `err`, a line each.  `*why_not`: why the better ones do not
 * work and the line that enables the best; "" when the best is taken. */
const struct sampler *sampler_choose(struct arena *a, const char **why_not, struct err *err);

#endif
