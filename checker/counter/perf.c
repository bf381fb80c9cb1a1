/* Counting with the CPU's own counters, where the system shows them. */
#include "counter/counter.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const uint64_t configs[COUNTER_EVENT_COUNT] = {
	[COUNTER_INSTRUCTIONS] = PERF_COUNT_HW_INSTRUCTIONS,
	[COUNTER_CYCLES] = PERF_COUNT_HW_CPU_CYCLES,
	[COUNTER_BRANCH_MISSES] = PERF_COUNT_HW_BRANCH_MISSES,
	[COUNTER_CACHE_MISSES] = PERF_COUNT_HW_CACHE_MISSES,
};

/* Counters that the CPU runs together or not at all; the first one turns them on and off. */
struct group {
	int fds[COUNTER_EVENT_COUNT];
	struct counter_member members[COUNTER_EVENT_COUNT];
	size_t count;
};

/*
 * A counter of this process that is off, that every child inherits, and that turns itself on in a child when that starts
 * another program: so nothing of this process and of the time between fork and exec is counted, and all that the program
 * starts is.  What a child counted is added here when it ends.  Inherited groups need Linux 4.13.
 */
static int open_counter(enum counter_event event, int leader, bool for_children)
{
	struct perf_event_attr attr = {
		.size = sizeof attr,
		.type = PERF_TYPE_HARDWARE,
		.config = configs[event],
		.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_ID | PERF_FORMAT_TOTAL_TIME_ENABLED |
			       PERF_FORMAT_TOTAL_TIME_RUNNING,
		.disabled = leader < 0,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.inherit = for_children,
		.enable_on_exec = for_children && leader < 0,
	};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);
}

/* Leaves errno. */
static bool group_add(struct group *g, enum counter_event event, bool for_children)
{
	int fd = open_counter(event, g->count ? g->fds[0] : -1, for_children), reason;
	uint64_t id;

	if (fd < 0)
		return false;
	if (ioctl(fd, PERF_EVENT_IOC_ID, &id) != 0) {
		reason = errno;
		close(fd);
		errno = reason;
		return false;
	}
	g->members[g->count] = (struct counter_member){event, id};
	g->fds[g->count++] = fd;
	return true;
}

static void group_close(struct group *g)
{
	while (g->count)
		close(g->fds[--g->count]);
}

static bool group_read(const struct group *g, struct counter_counts *counts, struct err *err)
{
	uint64_t words[3 + 2 * COUNTER_EVENT_COUNT];
	ssize_t size = read(g->fds[0], words, sizeof words);

	return counter_parse_group((struct str){.at = (const char *)words, .size = size > 0 ? (size_t)size : 0},
				   g->members, g->count, counts, err);
}

static bool refused(int reason, struct err *err)
{
	switch (reason) {
	case EACCES:
	case EPERM:
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

static void turn(const struct group *g, unsigned long how)
{
	if (g->count)
		ioctl(g->fds[0], how, 0);
}

/* Counts a loop of this process with both groups at once. */
static bool try_out(const struct group *own, const struct group *others, struct counter_counts *counts, struct err *err)
{
	enum { LEAST = 1000 };

	turn(own, PERF_EVENT_IOC_ENABLE);
	turn(others, PERF_EVENT_IOC_ENABLE);
	for (volatile int i = 0; i < LEAST; i++)
		;
	turn(others, PERF_EVENT_IOC_DISABLE);
	turn(own, PERF_EVENT_IOC_DISABLE);
	if (!group_read(own, counts, err))
		return false;
	/* Some virtual machines open the counter and never count. */
	if (counts->values[COUNTER_INSTRUCTIONS] < LEAST)
		return err_set(err, "this machine shows a counter of instructions that does not count");
	return !others->count || group_read(others, counts, err);
}

/*
 * Instructions have a group of their own, so that nothing else can spoil them; the others are one group.  A CPU has few
 * counters, of which a watchdog may hold one, so those are tried out first: the last ones are given up until the rest
 * counts without taking turns.  `most`: that many of the others, at most.
 */
static bool open_groups(struct group *own, struct group *others, size_t most, bool for_children, struct err *err)
{
	*own = *others = (struct group){0};
	if (!group_add(own, COUNTER_INSTRUCTIONS, for_children))
		return refused(errno, err);
	for (int event = COUNTER_CYCLES; event < COUNTER_EVENT_COUNT && others->count < most; event++)
		(void)group_add(others, (enum counter_event)event, for_children);
	return true;
}

static bool choose_most(size_t *most, struct err *err)
{
	for (*most = COUNTER_EVENT_COUNT - 1;; --*most) {
		struct counter_counts counts = {0};
		struct group own, others;
		bool ok;

		if (!open_groups(&own, &others, *most, false, err))
			return false;
		ok = try_out(&own, &others, &counts, err);
		*most = others.count;
		group_close(&others);
		group_close(&own);
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
	struct group own, others;
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
	ok = group_read(&own, counts, err);
	if (ok && !counts->known[COUNTER_INSTRUCTIONS])
		ok = err_set(err, "the counter of instructions did not count");
	/* What others disturbed is not known; instructions are, all the same. */
	if (ok && others.count)
		(void)group_read(&others, counts, &ignored);
done:
	group_close(&others);
	group_close(&own);
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
