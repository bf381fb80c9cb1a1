/* Counting with the CPU's own counters, where the system shows them. */
#include "counter/perf_group.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>

static const struct perf_source sources[COUNTER_EVENT_COUNT] = {
	[COUNTER_INSTRUCTIONS] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
	[COUNTER_CYCLES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
	[COUNTER_BRANCH_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES},
	[COUNTER_CACHE_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
};

static bool refused(int reason, struct err *err)
{
	switch (reason) {
	case EACCES:
	case EPERM:
	case ENOSYS: /* as some containers answer */
		return err_set(err,
			       "the system does not let this user count instructions; "
			       "'sysctl kernel.perf_event_paranoid=2' or less does, and in a container its seccomp "
			       "profile must allow perf_event_open");
	case ENOENT:
	case EOPNOTSUPP:
	case ENODEV:
		return err_set(err, "this machine shows no counter of instructions (most virtual machines do not)");
	default:
		return err_set(err, "perf_event_open: %s", strerror(reason));
	}
}

/* Counts a loop of this process with both groups at once. */
static bool try_out(const struct perf_group *own, const struct perf_group *others, struct counter_counts *counts,
		    struct err *err)
{
	enum { LEAST = 1000 };

	perf_group_turn(own, true);
	perf_group_turn(others, true);
	for (volatile int i = 0; i < LEAST; i++)
		;
	perf_group_turn(others, false);
	perf_group_turn(own, false);
	if (!perf_group_read(own, counts, err))
		return false;
	/* Some virtual machines open the counter and never count. */
	if (counts->values[COUNTER_INSTRUCTIONS] < LEAST)
		return err_set(err, "this machine shows a counter of instructions that does not count");
	return !others->count || perf_group_read(others, counts, err);
}

/*
 * Instructions have a group of their own, so that nothing else can spoil them; the others are one group.  A CPU has few
 * counters, of which a watchdog may hold one, so those are tried out first: the last ones are given up until the rest
 * counts without taking turns.  `most`: that many of the others, at most.
 */
static bool open_groups(struct perf_group *own, struct perf_group *others, size_t most, bool for_children,
			struct err *err)
{
	*own = *others = (struct perf_group){0};
	if (!perf_group_add(own, COUNTER_INSTRUCTIONS, &sources[COUNTER_INSTRUCTIONS], for_children))
		return refused(errno, err);
	for (int event = COUNTER_CYCLES; event < COUNTER_EVENT_COUNT && others->count < most; event++)
		(void)perf_group_add(others, (enum counter_event)event, &sources[event], for_children);
	return true;
}

static bool choose_most(size_t *most, struct err *err)
{
	for (*most = COUNTER_EVENT_COUNT - 1;; --*most) {
		struct counter_counts counts = {0};
		struct perf_group own, others;
		bool ok;

		if (!open_groups(&own, &others, *most, false, err))
			return false;
		ok = try_out(&own, &others, &counts, err);
		*most = others.count;
		perf_group_close(&others);
		perf_group_close(&own);
		if (ok || *most == 0)
			return ok;
	}
}

static bool perf_probe(struct arena *a, const char **version, struct err *err)
{
	size_t most;

	(void)a;
	*version = "perf instructions:u";
	return choose_most(&most, err);
}

static bool perf_count(struct arena *a, const struct proc_spec *spec, const char *scratch, struct proc_result *result,
		       struct counter_counts *counts, struct err *err)
{
	struct perf_group own, others;
	struct err ignored;
	size_t most;
	bool ok = false;

	(void)a;
	(void)scratch;
	*counts = (struct counter_counts){0};
	if (!choose_most(&most, err) || !open_groups(&own, &others, most, true, err))
		return false;
	if (!proc_run(a, spec, result, err))
		goto done;
	ok = true;
	if (result->end != PROC_EXITED || result->code != 0)
		goto done;
	ok = perf_group_read(&own, counts, err);
	if (ok && !counts->known[COUNTER_INSTRUCTIONS])
		ok = err_set(err, "the counter of instructions did not count");
	/* What others disturbed stays unknown; instructions are known all the same. */
	if (ok && others.count && !perf_group_read(&others, counts, &ignored))
		goto done;
done:
	perf_group_close(&others);
	perf_group_close(&own);
	return ok;
}

const struct counter_engine counter_perf = {
	.name = "perf",
	.help = "the CPU's own counters through perf_event_open: quick, where the machine shows them",
	.start_ns = 1000000,
	.slowdown = 1,
	.x86_level = 4,
	.probe = perf_probe,
	.count = perf_count,
};
