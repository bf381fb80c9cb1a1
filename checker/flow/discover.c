/* Benchmarks that a program does not list, and that its result names. */
#include "flow/measuring.h"

#include "input/input.h"

#include <string.h>

struct names {
	struct arena *arena;
	struct suite_program *program;
	bool means; /* means stand for benchmarks */
};

static bool is_known(const struct suite_program *p, const char *name)
{
	for (size_t i = 0; i < p->bench_count; i++) {
		if (text_equal(p->benches[i], name))
			return true;
	}
	return false;
}

static void add_name(struct names *n, const char *name)
{
	struct suite_program *p = n->program;

	p->benches = arena_reserve(n->arena, p->benches, p->bench_count, &p->bench_capacity, sizeof *p->benches);
	p->benches[p->bench_count++] = arena_string(n->arena, name);
}

static bool take_name(void *to, const struct input_row *row, struct err *err)
{
	struct names *n = to;

	(void)err;
	/* A panic and the name that Go prints, with GOMAXPROCS behind it, race: it must not be listed on one side alone. */
	if (row->cut)
		return true;
	if (row->kind == INPUT_ITERATION && row->repetition <= 0)
		add_name(n, row->name);
	else if (n->means && row->kind == INPUT_AGGREGATE && text_equal(row->statistic, "mean") && *row->of &&
		 !is_known(n->program, row->of))
		add_name(n, row->of);
	return true;
}

/* Runs one process of what `how` says and adds the names in its result.  One that ends badly may have written some. */
static bool discover(struct measuring *m, enum side side, struct suite_program *program, const struct suite_slice *how,
		     struct err *err)
{
	struct arena *a = arena_open_child(m->arena);
	struct job j = {.settings = program->settings, .title = program->settings->name};
	struct slice_place place = {.side = side, .phase = PHASE_TRIAL, .cpu = -1, .how = *how};
	struct names names = {.arena = m->arena, .program = program, .means = program->settings->kind->whole_suite};
	struct input_sink sink = {.to = &names, .row = take_name};
	struct slice_result result = {0};
	struct bench bench = {.names = {how->bench, how->bench}};
	struct err ignored = {0};
	bool ok;

	j.programs[side] = program;
	j.benches = &bench;
	j.bench_count = 1;
	ok = slice_run(m, a, &j, &place, &result, err) == SLICE_OK;
	if (ok)
		ok = slice_read_result(a, m, program, &result, &sink, err);
	else if (!proc_interrupted() && program->settings->kind->lists_functions && result.process.out.size)
		ok = slice_read_result(a, m, program, &result, &sink, &ignored) && program->bench_count > 0;
	arena_close(a);
	return ok;
}

/* A benchmark of the function is among the names: itself, with GOMAXPROCS behind it, or one below it. */
static bool has_part(const struct suite_program *p, const char *function)
{
	size_t size = strlen(function);

	for (size_t i = 0; i < p->bench_count; i++) {
		if (strncmp(p->benches[i], function, size) == 0 &&
		    (!p->benches[i][size] || strchr("-/", p->benches[i][size])))
			return true;
	}
	return false;
}

/*
 * The names below the functions that the program lists.  What ends a process early hides the functions behind it, which
 * are then tried one by one; one that gives nothing keeps its place, so that it is said to have failed.
 */
static bool discover_functions(struct measuring *m, enum side side, struct suite_program *program)
{
	struct suite_slice how = {.bench = "", .iterations = 1, .repetitions = 1};
	const char **functions = program->benches;
	size_t count = program->bench_count;
	struct names names = {.arena = m->arena, .program = program};
	struct err ignored = {0};

	program->benches = NULL;
	program->bench_count = program->bench_capacity = 0;
	(void)!discover(m, side, program, &how, &ignored);
	for (size_t i = 0; i < count && !proc_interrupted(); i++) {
		if (has_part(program, functions[i]))
			continue;
		how.bench = functions[i];
		(void)!discover(m, side, program, &how, &ignored);
		if (!has_part(program, functions[i]))
			add_name(&names, functions[i]);
	}
	return !proc_interrupted();
}

bool slice_discover(struct measuring *m, enum side side, struct suite_program *program, struct err *err)
{
	struct suite_slice how = {.bench = "", .repetitions = 1};

	if (program->settings->kind->lists_functions)
		return discover_functions(m, side, program);
	return discover(m, side, program, &how, err) || err_context(err, "suite %s", program->settings->name);
}
