/* One counted process of a benchmark. */
#include "flow/counting_process.h"

#include "base/file.h"
#include "graph/merge.h"
#include "input/input.h"
#include "profile/profile.h"

#include <math.h>
#include <string.h>

enum {
	PAGE = 4096,
	PROGRAM_LIMIT = 1 << 30,
};

static const char TUNABLES[] = "GLIBC_TUNABLES=";
static const char PADDING[] = "PAWL_PADDING=";

const char *const *counting_env(struct arena *a, const char *const *env, const char *tunables)
{
	size_t count = 0, kept = 0, size = 0;
	const char **out, *own = NULL;
	struct buf pad = {.arena = a};

	while (env[count])
		count++;
	out = NEW_ARRAY(a, const char *, count + 3);
	for (size_t i = 0; i < count; i++) {
		if (text_starts(env[i], TUNABLES) && tunables)
			own = env[i] + sizeof TUNABLES - 1;
		else if (!text_starts(env[i], PADDING))
			out[kept++] = env[i];
	}
	if (tunables)
		out[kept++] = arena_printf(a, "%s%s%s%s", TUNABLES, own ? own : "", own && *own ? ":" : "", tunables);
	/* The system puts the texts and a pointer to each on the stack. */
	for (size_t i = 0; i < kept; i++)
		size += strlen(out[i]) + 1 + sizeof(char *);
	size += sizeof PADDING + sizeof(char *);
	buf_text(&pad, PADDING);
	buf_repeat(&pad, 'x', PAGE - size % PAGE);
	out[kept] = buf_string(&pad);
	return out;
}

bool counting_can_pin(struct measuring *m)
{
	const struct run *run = m->sides[SIDE_HEAD]->run;
	const char *tunables = counter_tunables(run->host.arch ? run->host.arch : "");
	static const char *const argv[] = {"true", NULL};
	struct proc_spec spec = {.argv = argv, .timeout_ns = 60LL * 1000000000};
	struct proc_result p;
	struct err ignored;

	if (!tunables)
		return false;
	spec.env = counting_env(m->arena, (const char *const[]){"PATH=/usr/local/bin:/usr/bin:/bin", NULL}, tunables);
	return proc_run(m->arena, &spec, &p, &ignored) && p.end == PROC_EXITED && p.code == 0;
}

const char *counting_compiler(struct arena *a, const struct suite_program *program)
{
	const char *name = program->settings->run[0];
	struct arena *scratch = arena_open_child(a);
	const char *found = "";
	struct str text;
	struct err ignored;

	if (strchr(name, '/') &&
	    file_read(scratch, path_join(scratch, program->cwd, name), PROGRAM_LIMIT, &text, &ignored))
		found = arena_string(a, counter_compiler(scratch, text));
	arena_close(scratch);
	return found;
}

/* The rows of one benchmark: all iterations that the process ran. */
struct rows {
	const char *bench;
	size_t occurrence, count;
	int64_t iterations;
	const char *problem;
	struct arena *arena;
};

static bool take_row(void *to, const struct input_row *row, struct err *err)
{
	struct rows *r = to;

	(void)err;
	if (row->kind != INPUT_ITERATION || row->occurrence != r->occurrence || !text_equal(row->name, r->bench))
		return true;
	r->count++;
	r->iterations += row->iterations;
	if (row->status != INPUT_OK)
		r->problem = arena_string(r->arena, row->message && *row->message ? row->message : "no reason given");
	return true;
}

static bool read_iterations(struct arena *a, const struct counting_call *call, const char *bench, int64_t *iterations,
			    struct err *err)
{
	const struct suite_kind *kind = call->job->settings->kind;
	const char *path = call->m->out_path;
	struct rows rows = {.bench = bench, .occurrence = call->job->benches[0].occurrence, .arena = a};
	struct input_sink sink = {.to = &rows, .row = take_row};
	const struct input_format *format = input_find(kind->format);
	struct str text;

	if (!format || !file_exists(path))
		return err_set(err, "wrote no result file");
	if (!file_read(a, path, RESULT_LIMIT, &text, err) || !format->read(a, "its result", text, &sink, err))
		return false;
	if (rows.problem)
		return err_set(err, "%s", rows.problem);
	if (!rows.count)
		return err_set(err, "its result holds no row of that name");
	*iterations = rows.iterations;
	return true;
}

static bool step(struct arena *a, const struct counting_call *call, const char *what, const char *text, bool final,
		 struct err *err)
{
	return measuring_shell(a, call->m, call->place->side, call->job->settings, what, text, final, err);
}

/* One file a process; what cannot be read leaves the cause unknown, not the count. */
static void read_functions(struct measuring *m, const struct counter_engine *engine, const char *folder,
			   struct counted *out)
{
	struct profile_reading how = {.format = profile_format_find(engine->profile_format)};
	struct merge_input *inputs;
	struct merge_types types;
	const char **names;
	struct err ignored;
	bool clipped;
	size_t count;

	if (!how.format || !dir_list(m->arena, folder, &names, &count, &ignored) || !count)
		return;
	inputs = NEW_ARRAY(m->arena, struct merge_input, count);
	for (size_t i = 0; i < count; i++) {
		struct profile *p = NEW(m->arena, struct profile);

		profile_init(p, m->arena);
		if (!profile_read(m->arena, path_join(m->arena, folder, names[i]), &how, p, NULL, &ignored))
			return;
		inputs[i].profile = p;
	}
	if (!merge_agree(m->arena, inputs, count, &types, &ignored))
		return;
	out->functions = NEW(m->arena, struct profile);
	merge_profiles(m->arena, inputs, count, &types, NULL, out->functions, &clipped);
}

static bool run_engine(struct arena *a, const struct counting_call *call, const struct proc_spec *spec,
		       struct counted *out, struct proc_result *process, struct err *err)
{
	const char *folder = path_join(a, call->m->scratch, "counts");
	bool ok;

	dir_remove(call->m->out_path);
	dir_remove(folder);
	ok = dir_make(folder, err) && call->engine->count(a, spec, folder, process, &out->counts, err);
	if (ok && call->keeps && call->engine->profile_format && process->end == PROC_EXITED)
		read_functions(call->m, call->engine, folder, out);
	dir_remove(folder);
	if (!ok)
		return false;
	if (process->end == PROC_EXITED && process->code == 0)
		return true;
	return err_set(err, "%s", slice_reason(a, proc_describe(a, process), process));
}

bool counting_process(struct arena *a, const struct counting_call *call, struct counted *out,
		      struct proc_result *process, struct err *err)
{
	struct measuring *m = call->m;
	struct job *j = call->job;
	enum side side = call->place->side;
	struct suite_program *program = j->programs[side];
	const struct suite_settings *s = program->settings;
	const char *arch = m->sides[side]->run->host.arch;
	const char *tunables = call->pins ? counter_tunables(arch ? arch : "") : NULL;
	struct suite_slice how = j->how;
	struct proc_spec spec = {
		.env = counting_env(a, measuring_env(a, m, side, s, 0), tunables),
		.cwd = program->cwd,
		.input = s->input,
		.timeout_ns = (int64_t)fmin((double)s->timeout_ns * call->engine->slowdown, 1e18),
		.fixed_layout = true,
	};
	bool ok, cleaned;

	how.iterations = call->iterations;
	how.repetitions = 1;
	how.out_path = m->out_path;
	how.bench = j->benches[0].names[side];
	spec.argv = s->kind->slice_argv(a, program, &how);
	if (!step(a, call, "prepare", s->prepare, false, err))
		return false;
	ok = run_engine(a, call, &spec, out, process, err);
	/* What a failed process leaves is cleaned up as well; its own error is the one to tell. */
	cleaned = ok ? step(a, call, "cleanup", s->cleanup, true, err)
		     : step(a, call, "cleanup", s->cleanup, true, &(struct err){{0}});
	if (!ok)
		return err_context(err, "counting it with %s", call->engine->name);
	return cleaned && (read_iterations(a, call, how.bench, &out->iterations, err) ||
			   err_context(err, "counting it with %s", call->engine->name));
}

/* The program gives a counter of that name itself. */
static bool is_its_own(const struct slice_table *t, const char *metric)
{
	int column = table_metric(t, metric);

	for (size_t i = 0; column >= 0 && i < t->slice_count; i++) {
		if (t->slices[i].phase != PHASE_COUNT && t->slices[i].cells[column].present)
			return true;
	}
	return false;
}

void counting_add_slice(struct measuring *m, struct job *j, const struct slice_place *place,
			const struct proc_result process[2], const struct counted counted[2],
			const struct counted_each *each)
{
	struct slice_table *t = j->benches[0].tables[place->side];
	struct slice *s = table_add_slice(m->arena, t);

	s->block = place->block;
	s->position = place->position;
	s->side = place->side;
	s->phase = place->phase;
	s->start_ns = process[0].start_ns - m->started_ns;
	s->iterations = counted[1].iterations - counted[0].iterations;
	s->repetitions = s->threads = 1;
	for (int i = 0; i < 2; i++) {
		s->wall_ns += process[i].wall_ns;
		s->user_ns += process[i].user_ns;
		s->sys_ns += process[i].sys_ns;
		s->voluntary_switches += process[i].voluntary_switches;
		s->involuntary_switches += process[i].involuntary_switches;
	}
	for (int i = 0; i < COUNTER_EVENT_COUNT; i++) {
		const struct metric metric = metric_of(metrics_counted[i]);

		if (each->known[i] && (metric_is_exact(metric.name) || !is_its_own(t, metric.name)))
			table_set(m->arena, t, s, &metric, each->values[i]);
	}
}
