/* Sampling by a preloaded library: the program's run, its records, what they are worth. */
#include "sampler/preload.h"

#include "base/clock.h"
#include "base/file.h"
#include "sampler/collect.h"
#include "sampler/preload_area.h"
#include "sampler/table.h"
#include "sampler/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

enum {
	LOOK_NS = 20000000,    /* a hundredth of what the area holds of one thread */
	MAPS_LIMIT = 16 << 20, /* of /proc/PID/maps */
	PROBE_NS = 5000000,
	UNSEEN_LEAST_NS = 50000000, /* less CPU time than this says nothing about what was not seen */
};

struct preload_session {
	struct arena *arena;
	enum sampler_unwind unwind;
	struct preload_reader reader;
	struct proc_watcher watcher;
	struct collect *collect;
	struct table threads; /* pid, tid that have a name */
	int64_t maps_read_ns;
	int64_t missed_count;
};

static uint64_t take_number(const char **at, int base)
{
	char *end;
	uint64_t value = strtoull(*at, &end, base);

	*at = end;
	return value;
}

/* "start-end r-xp offset major:minor inode  path" */
static void use_map(struct preload_session *s, int64_t pid, const char *line)
{
	static const char deleted[] = " (deleted)";
	struct collect_mapping m = {0};
	uint64_t major, minor;
	size_t size;

	m.start = take_number(&line, 16);
	if (*line++ != '-')
		return;
	m.limit = take_number(&line, 16);
	if (*line != ' ' || strnlen(line, 6) < 6 || line[3] != 'x')
		return;
	line += 5;
	m.offset = take_number(&line, 16);
	major = take_number(&line, 16);
	if (*line++ != ':')
		return;
	minor = take_number(&line, 16);
	m.key.inode = take_number(&line, 10);
	m.key.device = makedev((unsigned)major, (unsigned)minor);
	line += strspn(line, " ");
	size = strlen(line);
	if (size > sizeof deleted && text_ends(line, deleted))
		size -= sizeof deleted - 1;
	m.key.path = size ? (struct str){line, size} : str_of("//anon");
	if (m.key.path.at[0] != '/' || m.key.path.at[1] == '/')
		m.offset = 0;
	collect_map(s->collect, pid, &m);
}

/* Libraries that a program loads later are found where the system lists them, while the process is there. */
static void read_maps(struct preload_session *s, int64_t pid)
{
	struct arena *a;
	struct err ignored;
	struct str text;
	char path[64];

	if (clock_ns() - s->maps_read_ns < LOOK_NS)
		return;
	s->maps_read_ns = clock_ns();
	snprintf(path, sizeof path, "/proc/%lld/maps", (long long)pid);
	a = arena_open_child(s->arena);
	if (file_read(a, path, MAPS_LIMIT, &text, &ignored)) {
		char *line = (char *)text.at, *end;

		for (; (end = strchr(line, '\n')); line = end + 1) {
			*end = '\0';
			use_map(s, pid, line);
		}
	}
	arena_close(a);
}

/* A thread's name is read when it is seen for the first time. */
static void learn_name(struct preload_session *s, int64_t pid, int64_t tid)
{
	struct err ignored;
	struct str name;
	char path[64];
	bool added;

	table_put(&s->threads, (uint64_t)pid, (uint64_t)tid, &added);
	if (!added)
		return;
	snprintf(path, sizeof path, "/proc/%lld/task/%lld/comm", (long long)pid, (long long)tid);
	if (!file_read(s->arena, path, 64, &name, &ignored))
		return;
	while (name.size && name.at[name.size - 1] == '\n')
		name.size--;
	collect_name(s->collect, tid, name);
}

static void use_sample(struct preload_session *s)
{
	static const unsigned char numbers[PRELOAD_REGISTER_COUNT] = PRELOAD_REGISTER_LIST;
	const struct preload_slot *slot = &s->reader.slot;
	const struct preload_sample *taken = &slot->sample;
	struct raw_sample sample = {.pid = slot->pid, .tid = slot->tid};
	uint64_t chain[PRELOAD_CHAIN_MAX + 1] = {taken->pc};

	if (taken->chain_count > PRELOAD_CHAIN_MAX || taken->stack_size > PRELOAD_STACK_SIZE)
		return;
	memcpy(chain + 1, taken->chain, taken->chain_count * sizeof *chain);
	sample.chain = chain;
	sample.chain_count = taken->chain_count + 1;
	sample.registers.pc = taken->pc;
	for (int i = 0; i < PRELOAD_REGISTER_COUNT; i++)
		unwind_set(&sample.registers, numbers[i], taken->registers[i]);
	sample.top = (struct unwind_stack){.address = taken->sp, .bytes = taken->stack, .size = taken->stack_size};
	for (size_t i = 0; i < sample.chain_count; i++) {
		if (!collect_knows(s->collect, sample.pid, chain[i])) {
			read_maps(s, sample.pid);
			break;
		}
	}
	learn_name(s, sample.pid, sample.tid);
	s->missed_count += taken->missed;
	collect_sample(s->collect, &sample);
}

static void use_record(struct preload_session *s)
{
	struct preload_slot *slot = &s->reader.slot;

	switch (slot->kind) {
	case PRELOAD_PROCESS:
		collect_exec(s->collect, slot->pid);
		break;
	case PRELOAD_MAP:
		slot->text[PRELOAD_TEXT_SIZE - 1] = '\0';
		use_map(s, slot->pid, slot->text);
		break;
	case PRELOAD_FORK:
		collect_fork(s->collect, slot->pid, slot->pid, slot->parent, slot->parent);
		break;
	case PRELOAD_SAMPLE:
		use_sample(s);
		break;
	default:
		break;
	}
}

static void started(void *state, pid_t child)
{
	(void)state;
	(void)child;
}

static void look(void *state, bool ended)
{
	struct preload_session *s = state;

	for (int i = 0; i < PRELOAD_SLOTS && preload_area_next(&s->reader, ended); i++)
		use_record(s);
}

static const char *reason_of_notes(uint32_t notes)
{
	if (notes & PRELOAD_NOTE_SIGNAL_TAKEN)
		return "the program uses SIGPROF or its timer itself";
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
		return arena_printf(s->arena, "no samples: pawl's library did not get into %s", program);
	if (!collect_sample_count(s->collect))
		return arena_printf(s->arena, "no samples: %s",
				    reason                 ? reason
				    : cpu_ns < LOOK_NS * 2 ? "it used too little CPU time"
							   : "the program blocks SIGPROF, or its work is done by "
							     "processes that no library can be put into");
	if (reason)
		return arena_printf(s->arena, "fewer samples: %s", reason);
	/* A tenth is more than timers err by. */
	if (cpu_ns > UNSEEN_LEAST_NS && seen_ns < cpu_ns / 10 * 9)
		return arena_printf(
			s->arena,
			"fewer samples: %lld %% of the CPU time was not seen: threads that block SIGPROF, or "
			"processes that no library can be put into",
			(long long)((cpu_ns - seen_ns) * 100 / cpu_ns));
	return "";
}

/* What a sample is worth is what was measured: the kernel's ticks may come at another rate than was asked for. */
static void finish(struct preload_session *s, enum preload_engine engine, const struct sampling_spec *how,
		   const char *program, const struct proc_result *result, struct sampling *out)
{
	int64_t count = (int64_t)collect_sample_count(s->collect), period_ns = 1000000000 / how->rate_hz;
	int64_t cpu_ns = result->user_ns + result->sys_ns;
	int64_t seen_ns = engine == PRELOAD_TIMER ? (count + s->missed_count) * period_ns : cpu_ns;

	out->trouble = trouble_of(s, program, seen_ns, cpu_ns);
	out->lost_count = (int64_t)(s->reader.area->lost + s->reader.skipped_count);
	out->cpu_ns = cpu_ns;
	out->rate_hz = cpu_ns > 0 ? count * 1000000000 / cpu_ns : 0;
	collect_finish(s->collect, count ? seen_ns / count : period_ns, out);
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

	*out = (struct sampling){.trouble = ""};
	if (why)
		return run_alone(a, spec, why, result, out, err);
	if (!preload_area_open(a, engine, 1000000000 / how->rate_hz, how->scratch, &s->reader, &trouble))
		return run_alone(a, spec, trouble.text, result, out, err);
	s->arena = s->threads.arena = a;
	s->collect = collect_open(a, how->unwind, s->reader.library);
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
	struct proc_spec spec = {.argv = argv, .timeout_ns = 10000000000};
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
		else if (ok && r.area->notes)
			ok = err_set(err, "%s", reason_of_notes(r.area->notes));
		preload_area_close(&r);
	}
	dir_remove(folder);
	return ok;
}
