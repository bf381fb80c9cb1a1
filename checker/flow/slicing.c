/* One slice: a process and what surrounds it. */
#include "flow/measuring.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

enum {
	ERROR_LINES = 5,
	CLEAN_UP_S = 60, /* what runs after an interrupt must end */
};

static bool is_hidden(const char *entry)
{
	return text_starts(entry, "BENCHMARK_") || text_starts(entry, "PWD=") || text_starts(entry, "OLDPWD=") ||
	       text_starts(entry, "PAWL_PADDING=");
}

/* pawl.yml says otherwise. */
static bool is_replaced(const char *entry, const struct suite_settings *s)
{
	size_t name = strcspn(entry, "=") + 1;

	for (size_t i = 0; i < s->env_count; i++) {
		if (strncmp(entry, s->env[i], name) == 0)
			return true;
	}
	return false;
}

static const char *folder_of(struct arena *a, const struct measuring *m, enum side side, const struct suite_settings *s)
{
	return s->cwd ? path_join(a, m->links[side], s->cwd) : m->links[side];
}

const char *const *measuring_env(struct arena *a, const struct measuring *m, enum side side,
				 const struct suite_settings *settings, size_t padding)
{
	size_t count = 0;
	const char **env;
	struct buf pad = {.arena = a};

	while (environ[count])
		count++;
	env = NEW_ARRAY(a, const char *, count + settings->env_count + 3);
	count = 0;
	for (char **entry = environ; *entry; entry++) {
		if (!is_hidden(*entry) && !is_replaced(*entry, settings))
			env[count++] = *entry;
	}
	for (size_t i = 0; i < settings->env_count; i++)
		env[count++] = settings->env[i];
	env[count++] = arena_printf(a, "PWD=%s", folder_of(a, m, side, settings));
	buf_text(&pad, "PAWL_PADDING=");
	buf_repeat(&pad, 'x', padding);
	env[count++] = buf_string(&pad);
	return env;
}

const char *slice_reason(struct arena *a, const char *what, const struct proc_result *p)
{
	struct str last = text_last_lines(p->errors, ERROR_LINES);

	if (!last.size)
		return arena_string(a, what);
	return arena_printf(a, "%s\n%.*s", what, (int)last.size, last.at);
}

bool measuring_shell(struct arena *a, const struct measuring *m, enum side side, const struct suite_settings *settings,
		     const char *what, const char *text, bool final, struct err *err)
{
	const char *argv[] = {"sh", "-ec", text, NULL};
	struct proc_spec spec = {
		.argv = argv,
		.env = measuring_env(a, m, side, settings, 0),
		.cwd = folder_of(a, m, side, settings),
		.timeout_ns = final ? (int64_t)CLEAN_UP_S * 1000000000 : 0,
		.final = final,
		.keep_strays = true, /* a setup may start a server */
	};
	struct proc_result p;

	if (!text)
		return true;
	if (!proc_run(a, &spec, &p, err))
		return err_context(err, "%s", what);
	if (p.end == PROC_EXITED && p.code == 0)
		return true;
	return err_set(err, "%s: %s", what, slice_reason(a, proc_describe(a, &p), &p));
}

const char *slice_result_path(struct arena *a, const struct measuring *m, const struct suite_program *program)
{
	const char *result = program->settings->result;

	return result ? path_join(a, program->cwd, result) : m->out_path;
}

/* Whatever the slice before left there; of the user's folders none is removed. */
static void clear_result(struct arena *a, const struct measuring *m, const struct suite_program *program)
{
	if (slice_prints_result(program))
		return;
	if (program->settings->result)
		unlink(slice_result_path(a, m, program));
	else
		dir_remove(m->out_path);
}

static int64_t steal_ns(void)
{
	unsigned long long v[8] = {0};
	FILE *f = fopen("/proc/stat", "re");
	int got = 0;

	if (f) {
		got = fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5],
			     &v[6], &v[7]);
		fclose(f);
	}
	return got == 8 ? (int64_t)v[7] * (1000000000 / sysconf(_SC_CLK_TCK)) : 0;
}

static void warn_of_strays(struct measuring *m, const struct job *j, enum side side, size_t count)
{
	struct run *run = m->sides[side]->run;
	const char *text =
		arena_printf(m->arena, "%s leaves processes running behind its back; they were ended", j->title);

	for (size_t i = 0; i < run->warning_count; i++) {
		if (text_equal(run->warnings[i], text))
			return;
	}
	if (count)
		run_warn(m->arena, run, "%s", text);
}

/* What the job's benchmark is called on that side. */
static const char *name_on(const struct job *j, enum side side)
{
	return j->bench_count && j->benches[0].names[side] ? j->benches[0].names[side] : "";
}

static const char *step_of(struct arena *a, const struct job *j, enum side side, const char *text)
{
	const struct suite_program *program = j->programs[side];

	const struct suite_kind *kind = program->settings->kind;

	return text && kind->fill ? kind->fill(a, program, text, name_on(j, side)) : text;
}

/* What a program that ended badly said, where that is not at the end: the lines from there on. */
static void find_last_words(struct proc_result *p, const struct suite_program *program)
{
	const char *begin = program->settings->kind->last_words;
	size_t lines = 0, size = 0;

	/* Where the result is printed, so are failures. */
	if (slice_prints_result(program) && !p->errors.size)
		p->errors = p->out;
	begin = begin ? memmem(p->errors.at, p->errors.size, begin, strlen(begin)) : NULL;
	if (!begin)
		return;
	p->errors.size -= (size_t)(begin - p->errors.at);
	p->errors.at = begin;
	while (size < p->errors.size && lines < ERROR_LINES)
		lines += p->errors.at[size++] == '\n';
	p->errors.size = size;
}

enum slice_end slice_run(struct measuring *m, struct arena *a, struct job *j, const struct slice_place *place,
			 struct slice_result *result, struct err *err)
{
	struct suite_program *program = j->programs[place->side];
	const struct suite_settings *s = program->settings;
	struct proc_result *p = &result->process;
	struct suite_slice how = place->how;
	struct proc_spec spec = {
		.env = measuring_env(a, m, place->side, s, place->padding),
		.cwd = program->cwd,
		.input = s->input,
		.timeout_ns = s->timeout_ns,
		.pinned = place->cpu >= 0,
		.cpu = place->cpu,
		.watch_threads = place->watch_threads,
	};
	bool cleaned;

	how.out_path = m->out_path;
	how.bench = name_on(j, place->side);
	spec.argv = s->kind->slice_argv(a, program, &how);
	if (slice_prints_result(program))
		spec.keep_bytes = spec.output_limit = RESULT_LIMIT;
	clear_result(a, m, program);
	if (!measuring_shell(a, m, place->side, s, "prepare", step_of(a, j, place->side, s->prepare), false, err))
		return proc_interrupted() ? SLICE_INTERRUPTED : SLICE_FAILED;
	result->stolen_ns = steal_ns();
	result->epoch_ns = file_now_ns();
	if (place->sampler ? !place->sampler->run(a, &spec, place->sampling, p, &result->sampling, err)
			   : !proc_run(a, &spec, p, err))
		return SLICE_FAILED;
	result->stolen_ns = steal_ns() - result->stolen_ns;
	cleaned = measuring_shell(a, m, place->side, s, "cleanup", step_of(a, j, place->side, s->cleanup), true, err);
	if (p->end == PROC_INTERRUPTED)
		return SLICE_INTERRUPTED;
	warn_of_strays(m, j, place->side, p->stray_count);
	if (p->end != PROC_EXITED || p->code != 0) {
		find_last_words(p, program);
		err_set(err, "%s", slice_reason(a, proc_describe(a, p), p));
		return SLICE_FAILED;
	}
	return cleaned ? SLICE_OK : SLICE_FAILED;
}

static bool is_measured(const struct bench *b, enum side side)
{
	return b->tables[side] && b->tables[side]->status == BENCH_MEASURED;
}

enum slice_end measuring_slice(struct measuring *m, struct job *j, const struct slice_place *place, int *threads)
{
	struct arena *a = arena_open_child(m->arena);
	struct slice_result result = {0};
	struct err err;
	enum slice_end end = slice_run(m, a, j, place, &result, &err);
	size_t left = 0;

	if (threads)
		*threads = result.process.thread_peak;
	if (end == SLICE_OK)
		slice_harvest(m, a, j, place, &result);
	for (size_t i = 0; i < j->bench_count; i++) {
		struct bench *b = &j->benches[i];

		if (end == SLICE_FAILED && is_measured(b, place->side)) {
			b->tables[place->side]->status = BENCH_FAILED;
			b->tables[place->side]->reason = arena_string(m->arena, err.text);
		}
		left += is_measured(b, place->side);
	}
	arena_close(a);
	return end == SLICE_OK && !left ? SLICE_FAILED : end;
}
