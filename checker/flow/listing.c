/* Which benchmarks there are, on which side. */
#include "flow/measuring.h"

#include "base/regex.h"

#include <string.h>

struct filters {
	const struct regex *suite, *request;
};

static bool passes(const struct filters *f, const char *suite, const char *name, struct arena *a)
{
	if (!regex_matches(f->suite, name))
		return false;
	return !f->request || regex_matches(f->request, name) ||
	       regex_matches(f->request, arena_printf(a, "%s/%s", suite, name));
}

static size_t occurrences_before(const struct suite_program *p, size_t index)
{
	size_t count = 0;

	for (size_t i = 0; i < index; i++)
		count += text_equal(p->benches[i], p->benches[index]);
	return count;
}

static struct bench *find(const struct measuring *m, const char *suite, const char *name, size_t occurrence)
{
	for (size_t i = 0; i < m->bench_count; i++) {
		struct bench *b = &m->benches[i];

		if (b->occurrence == occurrence && text_equal(b->name, name) && text_equal(b->suite, suite))
			return b;
	}
	return NULL;
}

static struct bench *find_or_add(struct measuring *m, const char *suite, const char *name, size_t occurrence)
{
	struct bench *b = find(m, suite, name, occurrence);

	if (b)
		return b;
	m->benches = arena_reserve(m->arena, m->benches, m->bench_count, &m->bench_capacity, sizeof *m->benches);
	b = &m->benches[m->bench_count++];
	*b = (struct bench){.suite = suite, .name = name, .occurrence = occurrence};
	/* A name that a suite gives twice is told apart by its number. */
	b->title = occurrence ? arena_printf(m->arena, "%s/%s#%zu", suite, name, occurrence + 1)
			      : arena_printf(m->arena, "%s/%s", suite, name);
	return b;
}

static bool list_side(struct measuring *m, size_t index, enum side side, const struct filters *f)
{
	const struct suite_settings *settings = &m->request->config->suites[index];
	struct run *run = m->sides[side]->run;
	struct run_suite *suite = run_add_suite(m->arena, run, settings->name, settings->kind->name);
	struct suite_program *program = NEW(m->arena, struct suite_program);
	struct err err;

	suite->config_digest = suite_digest(m->arena, settings);
	suite->absent = m->sides[side]->absent && m->sides[side]->absent[index];
	if (suite->absent)
		return true;
	program->settings = settings;
	program->cwd = m->links[side];
	program->env = measuring_env(m->arena, m, side, 0);
	if (!settings->kind->list(m->arena, program, &err)) {
		if (!proc_interrupted())
			suite->failure = arena_string(m->arena, err.text);
		return !proc_interrupted();
	}
	suite->program_version = program->version ? program->version : "";
	for (size_t i = 0; i < program->bench_count; i++) {
		const char *name = program->benches[i];

		if (!passes(f, settings->name, name, m->arena))
			continue;
		find_or_add(m, settings->name, name, occurrences_before(program, i))->programs[side] = program;
	}
	return true;
}

static void add_tables(struct measuring *m)
{
	for (size_t i = 0; i < m->bench_count; i++) {
		struct bench *b = &m->benches[i];

		for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
			struct slice_table *t;

			if (!b->programs[side])
				continue;
			t = run_add(m->arena, m->sides[side]->run, b->suite, strchr(b->title, '/') + 1);
			t->clock = suite_clock_metric(b->programs[side]->settings, b->name);
			t->reason = "";
			if (b->occurrence)
				run_warn(m->arena, m->sides[side]->run, "%s: the suite lists this name more than once",
					 b->title);
		}
	}
	/* Only now: adding moves the tables. */
	for (size_t i = 0; i < m->bench_count; i++) {
		struct bench *b = &m->benches[i];

		for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
			if (b->programs[side])
				b->tables[side] = run_find(m->sides[side]->run, b->suite, strchr(b->title, '/') + 1);
		}
	}
}

bool measuring_list(struct measuring *m, struct err *err)
{
	struct regex *request = NULL;

	if (m->request->filter && !regex_compile(m->arena, m->request->filter, &request, err))
		return err_context(err, "--filter");
	for (size_t i = 0; i < m->request->config->suite_count; i++) {
		struct filters f = {.request = request};
		struct regex *suite;

		if (m->request->wanted && !m->request->wanted[i])
			continue;
		if (!regex_compile(m->arena, m->request->config->suites[i].filter, &suite, err))
			return false;
		f.suite = suite;
		for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
			if (m->sides[side] && !list_side(m, i, side, &f))
				break;
		}
	}
	add_tables(m);
	m->known = NEW_ARRAY(m->arena, struct schedule_bench, m->bench_count);
	return true;
}
