/* Counting with the CPU's own counter, instructions:u, where the system shows one. */
#include "counter/counter.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What read(2) gives with the format below. */
struct reading {
	uint64_t count, enabled_ns, running_ns;
};

/*
 * A counter of this process that is off, that every child inherits, and that turns itself on in a child when that starts
 * another program: so nothing of this process and of the time between fork and exec is counted, and all that the program
 * starts is.  What a child counted is added here when it ends.
 */
static int open_counter(bool for_children)
{
	struct perf_event_attr attr = {
		.size = sizeof attr,
		.type = PERF_TYPE_HARDWARE,
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.inherit = for_children,
		.enable_on_exec = for_children,
	};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
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

/* Some virtual machines open the counter and never count. */
static bool does_count(int fd, struct err *err)
{
	enum { LEAST = 1000 };
	struct reading r = {0};

	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
	for (volatile int i = 0; i < LEAST; i++)
		;
	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
	if (read(fd, &r, sizeof r) == (ssize_t)sizeof r && r.count >= LEAST)
		return true;
	return err_set(err, "this machine shows a counter of instructions that does not count");
}

static bool perf_probe(struct arena *a, const char **version, struct err *err)
{
	int fd = open_counter(false);
	bool ok;

	(void)a;
	if (fd < 0)
		return refused(errno, err);
	ok = does_count(fd, err);
	close(fd);
	*version = "perf instructions:u";
	return ok;
}

static bool perf_count(struct arena *a, const struct proc_spec *spec, const char *scratch, struct proc_result *result,
		       int64_t *instructions, struct err *err)
{
	struct reading r = {0};
	int fd = open_counter(true);
	bool ok = false;

	(void)scratch;
	if (fd < 0)
		return refused(errno, err);
	if (!proc_run(a, spec, result, err))
		goto done;
	if (read(fd, &r, sizeof r) != (ssize_t)sizeof r || r.count > INT64_MAX) {
		err_set(err, "the counter of instructions cannot be read");
		goto done;
	}
	*instructions = (int64_t)r.count;
	ok = r.running_ns >= r.enabled_ns ||
	     err_set(err,
		     "others used the CPU's counters meanwhile, so the count is an estimate; stop other profilers");
done:
	close(fd);
	return ok;
}

const struct counter_engine counter_perf = {
	.name = "perf",
	.help = "the CPU's own counter through perf_event_open: quick, where the machine shows one",
	.start_ns = 1000000,
	.slowdown = 1,
	.x86_level = 4,
	.probe = perf_probe,
	.count = perf_count,
};
