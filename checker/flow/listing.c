/* Which benchmarks there are, on which side. */
#include "flow/measuring.h"

#include "base/file.h"
#include "base/regex.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct filters {
	struct regex *suite, *request;
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

static struct job *add_job(struct measuring *m, const struct suite_settings *settings, const char *title)
{
	struct job *j;

	m->jobs = arena_reserve(m->arena, m->jobs, m->job_count, &m->job_capacity, sizeof *m->jobs);
	j = &m->jobs[m->job_count++];
	*j = (struct job){.settings = settings, .title = title};
	return j;
}

static struct bench *find_bench(const struct job *j, const char *name, size_t occurrence)
{
	for (size_t i = 0; i < j->bench_count; i++) {
		if (j->benches[i].occurrence == occurrence && text_equal(j->benches[i].name, name))
			return &j->benches[i];
	}
	return NULL;
}

static struct bench *add_bench(struct measuring *m, struct job *j, const char *name, size_t occurrence)
{
	struct bench *b;

	j->benches = arena_reserve(m->arena, j->benches, j->bench_count, &j->bench_capacity, sizeof *j->benches);
	b = &j->benches[j->bench_count++];
	*b = (struct bench){.name = name, .occurrence = occurrence};
	/* A name that a suite gives twice is told apart by its number. */
	b->title = occurrence ? arena_printf(m->arena, "%s/%s#%zu", j->settings->name, name, occurrence + 1)
			      : arena_printf(m->arena, "%s/%s", j->settings->name, name);
	return b;
}

/* The job of a benchmark, made when it is seen first; `first` is the first job of its suite. */
static struct job *job_of(struct measuring *m, const struct suite_settings *s, size_t first, const char *name,
			  size_t occurrence)
{
	struct job *j;

	if (s->kind->whole_suite) {
		j = first < m->job_count ? &m->jobs[first] : add_job(m, s, s->name);
		if (!find_bench(j, name, occurrence))
			add_bench(m, j, name, occurrence);
		return j;
	}
	for (size_t i = first; i < m->job_count; i++) {
		if (find_bench(&m->jobs[i], name, occurrence))
			return &m->jobs[i];
	}
	j = add_job(m, s, "");
	j->title = add_bench(m, j, name, occurrence)->title;
	return j;
}

static bool list_names(struct measuring *m, enum side side, struct suite_program *program, struct err *err)
{
	const struct suite_kind *kind = program->settings->kind;

	if (!kind->list(m->arena, program, err))
		return false;
	return !kind->whole_suite || slice_discover(m, side, program, err);
}

static bool list_side(struct measuring *m, size_t index, enum side side, size_t first, const struct filters *f)
{
	struct suite_side *own = &m->suites[side][index];
	const struct suite_settings *settings = &own->settings;
	struct run *run = m->sides[side]->run;
	struct run_suite *suite = run_add_suite(m->arena, run, settings->name, settings->kind->name);
	struct suite_program *program = NEW(m->arena, struct suite_program);
	struct err err;

	suite->config_digest = suite_digest(m->arena, settings);
	suite->absent = m->sides[side]->absent && m->sides[side]->absent[index];
	if (suite->absent)
		return true;
	program->settings = settings;
	program->cwd = settings->cwd ? path_join(m->arena, m->links[side], settings->cwd) : m->links[side];
	program->env = measuring_env(m->arena, m, side, settings, 0);
	own->set_up = settings->setup || settings->teardown;
	if (!measuring_shell(m->arena, m, side, settings, "setup", settings->setup, false, &err) ||
	    !list_names(m, side, program, &err)) {
		if (!proc_interrupted())
			suite->failure = arena_string(m->arena, err.text);
		return !proc_interrupted();
	}
	suite->program_version = program->version ? program->version : "";
	for (size_t i = 0; i < program->bench_count; i++) {
		const char *name = program->benches[i];
		size_t occurrence = occurrences_before(program, i);
		struct job *j;

		if (!passes(f, settings->name, name, m->arena))
			continue;
		j = job_of(m, settings, first, name, occurrence);
		j->programs[side] = program;
		find_bench(j, name, occurrence)->listed[side] = true;
	}
	return true;
}

static void add_table(struct measuring *m, const struct job *j, const struct bench *b, enum side side)
{
	struct run *run = m->sides[side]->run;
	struct slice_table *t = run_add(m->arena, run, j->settings->name, strchr(b->title, '/') + 1);

	t->clock = suite_clock_metric(j->settings, b->name);
	t->reason = "";
	if (b->occurrence)
		run_warn(m->arena, run, "%s: the suite lists this name more than once", b->title);
}

/* Twice over all benchmarks: adding moves the tables, so their places are taken when all are there. */
static void add_tables(struct measuring *m)
{
	for (int round = 0; round < 2; round++) {
		size_t next[SIDE_COUNT] = {0};

		for (size_t i = 0; i < m->job_count; i++) {
			struct job *j = &m->jobs[i];

			for (size_t k = 0; k < j->bench_count * SIDE_COUNT; k++) {
				struct bench *b = &j->benches[k / SIDE_COUNT];
				enum side side = (enum side)(k % SIDE_COUNT);

				if (!b->listed[side])
					continue;
				if (round == 0)
					add_table(m, j, b, side);
				else
					b->tables[side] = &m->sides[side]->run->tables[next[side]++];
			}
		}
	}
}

/* One program in place of another: both sides start theirs through links of equal length. */
static bool link_program(struct measuring *m, enum side side, struct suite_settings *s, const char *program,
			 struct err *err)
{
	const char *real = path_real(m->arena, program);
	const char **run = NEW_ARRAY(m->arena, const char *, s->run_count + 1);

	if (!real)
		return err_set(err, "%s: %s", program, strerror(errno));
	memcpy(run, s->run, s->run_count * sizeof *run);
	run[0] = path_join(m->arena, m->scratch, side == SIDE_BASE ? "base.bin" : "head.bin");
	if (symlink(real, run[0]) != 0)
		return err_set(err, "%s: cannot make a link: %s", run[0], strerror(errno));
	s->run = run;
	return true;
}

static bool take_settings(struct measuring *m, struct err *err)
{
	const struct config *c = m->request->config;

	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		if (!m->sides[side])
			continue;
		m->suites[side] = NEW_ARRAY(m->arena, struct suite_side, c->suite_count);
		for (size_t i = 0; i < c->suite_count; i++) {
			const char *program = m->sides[side]->program;

			m->suites[side][i].settings = c->suites[i];
			if (program && (!m->request->wanted || m->request->wanted[i]) &&
			    !link_program(m, side, &m->suites[side][i].settings, program, err))
				return false;
		}
	}
	return true;
}

static const char *filter_of(const struct measuring *m, enum side side, size_t suite)
{
	const char *own = m->sides[side]->filters ? m->sides[side]->filters[suite] : NULL;

	return own ? own : m->request->config->suites[suite].filter;
}

bool measuring_list(struct measuring *m, struct err *err)
{
	const struct config *c = m->request->config;
	struct regex *request = NULL;

	if (m->request->filter && !regex_compile(m->arena, m->request->filter, &request, err))
		return err_context(err, "--filter");
	if (!take_settings(m, err))
		return false;
	for (size_t i = 0; i < c->suite_count; i++) {
		size_t first = m->job_count;

		if (m->request->wanted && !m->request->wanted[i])
			continue;
		for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
			struct filters f = {.request = request};

			if (!m->sides[side])
				continue;
			if (!regex_compile(m->arena, filter_of(m, side, i), &f.suite, err))
				return false;
			if (!list_side(m, i, side, first, &f))
				break;
		}
	}
	add_tables(m);
	m->known = NEW_ARRAY(m->arena, struct schedule_job, m->job_count);
	return true;
}

void measuring_tear_down(struct measuring *m)
{
	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		for (size_t i = 0; m->suites[side] && i < m->request->config->suite_count; i++) {
			struct suite_side *own = &m->suites[side][i];
			struct err err;

			if (own->set_up && !measuring_shell(m->arena, m, side, &own->settings, "teardown",
							    own->settings.teardown, true, &err))
				run_warn(m->arena, m->sides[side]->run, "%s: %s", own->settings.name, err.text);
		}
	}
}
