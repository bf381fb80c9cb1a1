/* Sampling by the kernel: perf_event_open's clock of CPU time, on programs of every kind. */
#include "sampler/collect.h"
#include "sampler/perf_record.h"

#include "base/clock.h"
#include "base/file.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	STACK_TOP_SIZE = 2048,      /* leaf repair: a C library's frames and a caller's, with its arrays, lie in it */
	STACK_DUMP_SIZE = 16 << 10, /* for dwarf */
	RING_SIZE = 1 << 20, /* a third of a second of samples at 999 Hz; halved where a user may not lock as much */
	RING_SIZE_FAST = 4 << 20, /* the same at five times that */
	RING_RATE_HZ = 2000,
	RING_SIZE_DUMP = 8 << 20, /* half a second of dumps */
	RING_SIZE_LEAST = 32 << 10,
	RING_SIZE_MANY = 256 << 10, /* where CPUs are so many that each runs little of the program */
	RINGS_SIZE = 16 << 20,      /* of all together, and four times that of dumps */
	UNSEEN_LEAST_NS = 50000000, /* a few threads' first samples, and what clocks differ by */
	SETTLE_NS = 1000000,        /* what was written this lately may still come out of order */
};

struct perf_session {
	struct arena *arena;
	const struct sampling_spec *how;
	struct perf_event_attr attr;
	struct perf_rings rings;
	struct perf_reader reader;
	struct proc_watcher watcher;
	bool open;
	int reason; /* errno of the failure */
	bool without_kernel;
};

static struct perf_event_attr attributes(const struct sampling_spec *how)
{
	bool dwarf = how->unwind == UNWIND_DWARF;

	return (struct perf_event_attr){
		.size = sizeof(struct perf_event_attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = 1000000000 / (uint64_t)how->rate_hz,
		.sample_type = perf_record_sample_type(),
		.sample_regs_user = perf_record_registers(),
		.sample_stack_user = dwarf ? STACK_DUMP_SIZE : STACK_TOP_SIZE,
		.disabled = 1,
		.inherit = 1,
		.enable_on_exec = 1,
		.exclude_callchain_kernel = 1,
		.exclude_hv = 1,
		.mmap = 1,
		.mmap2 = 1,
		.build_id = 1,
		.comm = 1,
		.comm_exec = 1,
		.task = 1,
		.sample_id_all = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.watermark = 1,
	};
}

static size_t ring_size(enum sampler_unwind unwind)
{
	size_t size = unwind == UNWIND_DWARF ? RING_SIZE_DUMP : RING_SIZE;
	size_t all = unwind == UNWIND_DWARF ? (size_t)RINGS_SIZE * 4 : RINGS_SIZE;
	size_t cpu_count = (size_t)sysconf(_SC_NPROCESSORS_CONF);

	while (size > RING_SIZE_MANY && size * cpu_count > all)
		size /= 2;
	return size;
}

/* Opens with all that the kernel knows and lets this user have: what it refuses is left away. */
static bool open_rings(struct perf_session *s, pid_t process)
{
	size_t size = ring_size(s->how->unwind);

	for (;;) {
		s->attr.wakeup_watermark = (uint32_t)size / 2;
		if (perf_rings_open(s->arena, &s->attr, process, size, &s->rings))
			return true;
		if (s->rings.is_memory_refused && size > RING_SIZE_LEAST)
			size /= 2;
		else if (s->rings.is_memory_refused)
			return false;
		else if ((errno == EACCES || errno == EPERM) && !s->attr.exclude_kernel)
			s->attr.exclude_kernel = s->without_kernel = true;
		else if (errno == EINVAL && s->attr.build_id)
			s->attr.build_id = 0;
		else
			return false;
	}
}

static void started(void *state, pid_t child)
{
	struct perf_session *s = state;

	s->open = open_rings(s, child);
	s->reason = s->open ? 0 : errno;
	s->watcher.fds = s->rings.fds;
	s->watcher.fd_count = s->rings.count;
}

static void look(void *state, bool ended)
{
	struct perf_session *s = state;
	uint64_t until_ns = ended ? UINT64_MAX : (uint64_t)clock_ns() - SETTLE_NS;

	if (!s->open)
		return;
	perf_rings_look(&s->rings);
	while (perf_rings_next(&s->rings, until_ns, perf_record_use, &s->reader))
		;
}

static int paranoia(struct arena *a)
{
	struct str text;
	struct err ignored;
	int64_t level;

	if (!file_read(a, "/proc/sys/kernel/perf_event_paranoid", 64, &text, &ignored))
		return 0;
	while (text.size && text.at[text.size - 1] == '\n')
		text.size--;
	return text_parse_int64(text, &level) && level > -10 && level < 10 ? (int)level : 0;
}

static const char *why_refused(struct arena *a, const struct perf_rings *rings, int reason)
{
	int level = paranoia(a);

	if (rings->is_memory_refused && reason == EPERM)
		return "this user may lock no more memory for samples (others of the same user may hold it); enable it "
		       "with: sudo sysctl kernel.perf_event_mlock_kb=4096";
	switch (reason) {
	case EACCES:
	case EPERM:
		if (level > 2)
			return arena_printf(a,
					    "kernel.perf_event_paranoid is %d here; enable it with: sudo sysctl "
					    "kernel.perf_event_paranoid=1",
					    level);
		return "the system call perf_event_open is denied (as containers do); enable it with: docker run "
		       "--cap-add "
		       "PERFMON, or in a workflow's container: options: --cap-add PERFMON";
	case ENOSYS:
		return "the system has no perf_event_open; in a container enable it with: docker run --cap-add PERFMON";
	case EMFILE:
		return "too many open files; enable it with: ulimit -n 4096";
	default:
		return arena_printf(a, "perf_event_open: %s", strerror(reason));
	}
}

static bool perf_probe(struct arena *a, struct err *err)
{
	const struct sampling_spec how = {.rate_hz = 999};
	struct perf_session s = {.arena = a, .how = &how, .attr = attributes(&how)};

	if (!open_rings(&s, 0))
		return err_set(err, "%s", why_refused(a, &s.rings, errno));
	perf_rings_close(&s.rings);
	return true;
}

/* What was used and not sampled, beyond what the clock's start on each CPU explains.  What was lost is told as such. */
static int64_t unseen_ns(const struct perf_session *s, const struct proc_result *result)
{
	int64_t cpu_ns = result->user_ns + (s->without_kernel ? 0 : result->sys_ns);
	int64_t count = (int64_t)collect_sample_count(s->reader.collect) + s->reader.lost_count;
	int64_t period_ns = 1000000000 / s->how->rate_hz;
	int64_t left_ns = count < cpu_ns / period_ns ? cpu_ns - count * period_ns : 0;

	return left_ns > cpu_ns / 10 + UNSEEN_LEAST_NS ? left_ns : 0;
}

static const char *trouble_of(const struct perf_session *s, const struct proc_spec *spec,
			      const struct proc_result *result)
{
	int64_t left_ns = unseen_ns(s, result), cpu_ns = result->user_ns + result->sys_ns;
	const char *why =
		s->reader.throttled_count
			? "the kernel held samples back (kernel.perf_event_max_sample_rate); a lower rate "
			  "loses fewer"
			: "threads and processes that live shorter than the time between two samples, or gain "
			  "rights by which the kernel hides them";

	if (!s->open)
		return arena_printf(s->arena, "no samples: %s", why_refused(s->arena, &s->rings, s->reason));
	if (left_ns && !collect_sample_count(s->reader.collect))
		return arena_printf(s->arena, "no samples: %s", why);
	if (left_ns)
		return arena_printf(s->arena, "fewer samples: %lld %% of the CPU time was not seen: %s",
				    (long long)(left_ns * 100 / cpu_ns), why);
	if (!collect_sample_count(s->reader.collect))
		return arena_printf(
			s->arena,
			"no samples: %s used too little CPU time, or gained rights by which the kernel hides it",
			spec->argv[0]);
	if (s->without_kernel)
		return "time in the kernel is not seen; it is with: sudo sysctl kernel.perf_event_paranoid=1";
	return "";
}

static bool perf_run(struct arena *a, const struct proc_spec *spec, const struct sampling_spec *how,
		     struct proc_result *result, struct sampling *out, struct err *err)
{
	struct perf_session s = {.arena = a, .how = how, .attr = attributes(how)};
	struct proc_spec own = *spec;
	bool ok;

	assert(how->rate_hz > 0);
	*out = (struct sampling){.trouble = ""};
	s.watcher = (struct proc_watcher){.state = &s, .started = started, .look = look};
	s.reader.collect = collect_open(a, how->unwind, NULL);
	own.watcher = &s.watcher;
	ok = proc_run(a, &own, result, err);
	out->trouble = trouble_of(&s, spec, result);
	perf_rings_close(&s.rings);
	collect_finish(s.reader.collect, 1000000000 / how->rate_hz, out);
	out->lost_count += s.reader.lost_count;
	out->throttled_count = s.reader.throttled_count;
	out->cpu_ns = result->user_ns + result->sys_ns;
	out->rate_hz = out->cpu_ns > 0 ? out->sample_count * 1000000000 / out->cpu_ns : 0;
	return ok;
}

const struct sampler sampler_perf = {
	.name = "perf",
	.help = "the kernel's clock of CPU time through perf_event_open: any program, any rate, at the least cost",
	.unwinders = "frames dwarf",
	.probe = perf_probe,
	.run = perf_run,
};
