/* Sampling by a preloaded library: the program's run, its records, what they are worth. */
#include "sampler/preload.h"

#include "base/file.h"
#include "sampler/preload_area.h"
#include "sampler/preload_record.h"
#include "sampler/target.h"

#include <assert.h>

enum {
	LOOK_NS = 20000000,    /* a hundredth of what the area holds of one thread */
	MAPS_LIMIT = 16 << 20, /* of /proc/PID/maps */
	PROBE_NS = 5000000,
	UNSEEN_LEAST_NS = 50000000, /* a few threads' last ticks */
};

struct preload_session {
	struct preload_reader reader;
	struct preload_told told;
	struct proc_watcher watcher;
};

static void started(void *state, pid_t child)
{
	(void)state;
	(void)child;
}

static void look(void *state, bool ended)
{
	struct preload_session *s = state;

	for (int i = 0; i < PRELOAD_SLOTS && preload_area_next(&s->reader, ended); i++)
		preload_record_use(&s->told, &s->reader.slot);
}

static const char *reason_of_notes(uint32_t notes)
{
	if (notes & PRELOAD_NOTE_SIGNAL_TAKEN)
		return "the program uses SIGPROF or its timer itself";
	if (notes & PRELOAD_NOTE_CALLS_LIMITED)
		return "the program limits its own system calls (seccomp)";
	if (notes & PRELOAD_NOTE_PROGRAM_REFUSES)
		return "its work is done by a program that no library can be put into: of another C library or kind of "
		       "machine, or one that may not read pawl's files";
	if (notes & PRELOAD_NOTE_TIMER_REFUSED)
		return "the system gave no timer (ulimit -i sets how many there may be)";
	if (notes & PRELOAD_NOTE_TOO_MANY_THREADS)
		return "the program has too many threads at once";
	return NULL;
}

static const char *trouble_of(struct preload_session *s, const char *program, int64_t seen_ns, int64_t cpu_ns)
{
	const char *reason = reason_of_notes(s->reader.area->notes);

	if (!s->reader.area->process_count)
		return arena_printf(s->told.arena, "no samples: pawl's library did not get into %s", program);
	if (!collect_sample_count(s->told.collect))
		return arena_printf(s->told.arena, "no samples: %s",
				    reason                 ? reason
				    : cpu_ns < LOOK_NS * 2 ? "it used too little CPU time"
							   : "the program blocks SIGPROF, or its work is done by "
							     "processes that no library can be put into");
	/* Timers err by a tick a thread.  What a program did that costs samples may not have cost many. */
	if (cpu_ns - seen_ns > cpu_ns / 10 + UNSEEN_LEAST_NS)
		return arena_printf(
			s->told.arena, "fewer samples: %lld %% of the CPU time was not seen: %s",
			(long long)((cpu_ns - seen_ns) * 100 / cpu_ns),
			reason ? reason
			       : "threads that block SIGPROF or live shorter than a tick, or processes that no library "
				 "can be put into");
	return "";
}

/* What a sample is worth is what was measured: the kernel's ticks may come at another rate than was asked for. */
static void finish(struct preload_session *s, enum preload_engine engine, const struct sampling_spec *how,
		   const char *program, const struct proc_result *result, struct sampling *out)
{
	int64_t count = (int64_t)collect_sample_count(s->told.collect), period_ns = 1000000000 / how->rate_hz;
	int64_t cpu_ns = result->user_ns + result->sys_ns;
	int64_t seen_ns = engine == PRELOAD_TIMER ? (count + s->told.missed_count) * period_ns : s->told.seen_ns;

	out->trouble = trouble_of(s, program, seen_ns, cpu_ns);
	out->lost_count += preload_area_lost(&s->reader);
	out->cpu_ns = cpu_ns;
	out->rate_hz = cpu_ns > 0 ? count * 1000000000 / cpu_ns : 0;
	collect_finish(s->told.collect, count ? seen_ns / count : period_ns, out);
}

/* Runs it as it is. */
static bool run_alone(struct arena *a, const struct proc_spec *spec, const char *why, struct proc_result *result,
		      struct sampling *out, struct err *err)
{
	collect_finish(collect_open(a, UNWIND_FRAMES, NULL), 0, out);
	out->trouble = arena_printf(a, "no samples: %s", why);
	if (!proc_run(a, spec, result, err))
		return false;
	out->cpu_ns = result->user_ns + result->sys_ns;
	return true;
}

bool preload_run(struct arena *a, enum preload_engine engine, const struct proc_spec *spec,
		 const struct sampling_spec *how, struct proc_result *result, struct sampling *out, struct err *err)
{
	struct preload_session *s = NEW(a, struct preload_session);
	const char *why = target_refuses(a, spec->argv[0], spec->cwd);
	struct proc_spec own = *spec;
	struct err trouble;
	bool ok;

	assert(how->rate_hz > 0);
	*out = (struct sampling){.trouble = ""};
	if (why)
		return run_alone(a, spec, why, result, out, err);
	if (!preload_area_open(a, engine, 1000000000 / how->rate_hz, how->scratch, &s->reader, &trouble))
		return run_alone(a, spec, trouble.text, result, out, err);
	s->told.arena = s->told.threads.arena = a;
	s->told.unload_count = &s->reader.area->unload_count;
	s->told.collect = collect_open(a, how->unwind, s->reader.library);
	s->watcher = (struct proc_watcher){.state = s, .started = started, .look = look, .interval_ns = LOOK_NS};
	own.watcher = &s->watcher;
	own.env = preload_area_environment(a, &s->reader, spec->env);
	ok = proc_run(a, &own, result, err);
	finish(s, engine, how, spec->argv[0], result, out);
	preload_area_close(&s->reader);
	return ok;
}

bool preload_probe(struct arena *a, enum preload_engine engine, struct err *err)
{
	static const char *const argv[] = {"sh", "-c", ":", NULL};
	/* Against a hang alone: what stands still for seconds is still a machine where this works. */
	struct proc_spec spec = {.argv = argv, .timeout_ns = 60LL * 1000000000};
	struct preload_reader r;
	struct proc_result result;
	const char *folder, *why = target_refuses(a, "sh", NULL);
	bool ok;

	if (why)
		return err_set(err, "%s", why);
	if (!dir_make_scratch(a, &folder, err))
		return false;
	ok = preload_area_open(a, engine, PROBE_NS, folder, &r, err);
	if (ok) {
		spec.env = preload_area_environment(a, &r, NULL);
		ok = proc_run(a, &spec, &result, err);
		if (ok && !r.area->process_count)
			ok = err_set(
				err,
				"pawl's library does not get into programs here (%s); set TMPDIR to a folder where "
				"programs may be run",
				folder);
		else if (ok && (r.area->notes & PRELOAD_NOTE_TIMER_REFUSED))
			ok = err_set(err, "%s", reason_of_notes(PRELOAD_NOTE_TIMER_REFUSED));
		preload_area_close(&r);
	}
	dir_remove(folder);
	return ok;
}
