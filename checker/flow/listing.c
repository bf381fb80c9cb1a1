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

/* The name that the head has for a benchmark of the base, by `renamed` of the configuration; else the name itself. */
static const char *name_now(const struct measuring *m, const char *suite, const char *name)
{
	const struct config *c = m->request->config;
	const char *full = arena_printf(m->arena, "%s/%s", suite, name);

	for (size_t i = 0; i < c->rename_count; i++) {
		const char *to = c->renames[i].to;

		if (text_equal(c->renames[i].from, full) && strncmp(to, suite, strlen(suite)) == 0 &&
		    to[strlen(suite)] == '/')
			return to + strlen(suite) + 1;
	}
	return name;
}

static bool asked_for(const struct regex *request, const char *suite, const char *name, struct arena *a)
{
	return !request || regex_matches(request, name) ||
	       regex_matches(request, arena_printf(a, "%s/%s", suite, name));
}

static bool passes(const struct measuring *m, const struct filters *f, enum side side, const char *suite,
		   const char *name)
{
	if (!regex_matches(f->suite, name))
		return false;
	return asked_for(f->request, suite, name, m->arena) ||
	       (side == SIDE_BASE && asked_for(f->request, suite, name_now(m, suite, name), m->arena));
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

static struct bench *find_bench(const struct job *j, enum side side, const char *name, size_t occurrence)
{
	for (size_t i = 0; i < j->bench_count; i++) {
		struct bench *b = &j->benches[i];

		if (b->names[side] && b->occurrence == occurrence && text_equal(b->names[side], name))
			return b;
	}
	return NULL;
}

/* The base's benchmark and the head's are one: their names differ only in how long they run, or pawl.yml says so. */
static bool is_renamed(const struct measuring *m, const char *suite, const char *base, const char *head)
{
	return name_same(base, head) || name_same(name_now(m, suite, base), head);
}

/* The one benchmark that only the base has and that `name` on the head can be; NULL when there are none or several. */
static struct bench *find_partner(const struct measuring *m, const struct job *j, const char *name, size_t occurrence)
{
	struct bench *found = NULL;

	for (size_t i = 0; i < j->bench_count; i++) {
		struct bench *b = &j->benches[i];

		if (!b->names[SIDE_BASE] || b->names[SIDE_HEAD] || b->occurrence != occurrence ||
		    !is_renamed(m, j->settings->name, b->names[SIDE_BASE], name))
			continue;
		if (found)
			return NULL;
		found = b;
	}
	return found;
}

static struct bench *add_bench(struct measuring *m, struct job *j, size_t occurrence)
{
	j->benches = arena_reserve(m->arena, j->benches, j->bench_count, &j->bench_capacity, sizeof *j->benches);
	j->benches[j->bench_count] = (struct bench){.occurrence = occurrence};
	return &j->benches[j->bench_count++];
}

/* A name that a suite gives twice is told apart by its number. */
static const char *title_of(struct arena *a, const char *suite, const char *name, size_t occurrence)
{
	return occurrence ? arena_printf(a, "%s/%s#%zu", suite, name, occurrence + 1)
			  : arena_printf(a, "%s/%s", suite, name);
}

/* One name of a side's list. */
struct listed {
	const char *name;
	size_t occurrence;
	bool placed;
};

/* Finds the benchmark that the base has under that name (or, `loosely`, under another), and gives it the side's name. */
static bool place_known(struct measuring *m, size_t first, enum side side, struct suite_program *program,
			struct listed *l, bool loosely)
{
	for (size_t i = first; i < m->job_count; i++) {
		struct job *j = &m->jobs[i];
		struct bench *b = loosely ? find_partner(m, j, l->name, l->occurrence)
					  : find_bench(j, SIDE_BASE, l->name, l->occurrence);

		if (!b)
			continue;
		b->names[side] = l->name;
		b->title = title_of(m->arena, j->settings->name, l->name, l->occurrence);
		j->programs[side] = program;
		if (!j->settings->kind->whole_suite)
			j->title = b->title;
		return true;
	}
	return false;
}

static void place_new(struct measuring *m, size_t first, enum side side, struct suite_program *program,
		      const struct suite_settings *s, const struct listed *l)
{
	struct job *j = s->kind->whole_suite && first < m->job_count ? &m->jobs[first] : add_job(m, s, s->name);
	struct bench *b = add_bench(m, j, l->occurrence);

	b->names[side] = l->name;
	b->title = title_of(m->arena, s->name, l->name, l->occurrence);
	j->programs[side] = program;
	if (!s->kind->whole_suite)
		j->title = b->title;
}

/* First what has the same name on both sides, then what has another, then what only this side has. */
static void place_all(struct measuring *m, size_t first, enum side side, struct suite_program *program,
		      struct listed *list, size_t count)
{
	for (int loosely = 0; loosely < 2 && side == SIDE_HEAD; loosely++) {
		for (size_t i = 0; i < count; i++) {
			if (!list[i].placed)
				list[i].placed = place_known(m, first, side, program, &list[i], loosely);
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (!list[i].placed)
			place_new(m, first, side, program, program->settings, &list[i]);
	}
}

static bool list_names(struct measuring *m, enum side side, struct suite_program *program, struct err *err)
{
	const struct suite_kind *kind = program->settings->kind;

	if (!kind->list(m->arena, program, err))
		return false;
	return (!kind->whole_suite && !kind->lists_functions) || slice_discover(m, side, program, err);
}

static bool list_side(struct measuring *m, size_t index, enum side side, size_t first, const struct filters *f)
{
	struct suite_side *own = &m->suites[side][index];
	const struct suite_settings *settings = &own->settings;
	struct run *run = m->sides[side]->run;
	struct run_suite *suite = run_add_suite(m->arena, run, settings->name, settings->kind->name);
	struct suite_program *program = NEW(m->arena, struct suite_program);
	struct listed *list;
	size_t count = 0;
	struct err err;

	suite->config_digest = suite_digest(m->arena, settings);
	suite->absent = m->sides[side]->absent && m->sides[side]->absent[index];
	if (suite->absent)
		return true;
	program->settings = settings;
	program->cwd = settings->cwd ? path_join(m->arena, m->links[side], settings->cwd) : m->links[side];
	program->env = measuring_env(m->arena, m, side, settings, 0);
	/* Of equal length on both sides: programs may run there. */
	program->scratch = path_join(m->arena, m->scratch,
				     arena_printf(m->arena, "%s-%zu", side == SIDE_BASE ? "base" : "head", index));
	own->set_up = settings->setup || settings->teardown;
	if (!dir_make(program->scratch, &err) ||
	    !measuring_shell(m->arena, m, side, settings, "setup", settings->setup, false, &err) ||
	    !list_names(m, side, program, &err)) {
		if (!proc_interrupted())
			suite->failure = arena_string(m->arena, err.text);
		return !proc_interrupted();
	}
	suite->program_version = program->version ? program->version : "";
	list = NEW_ARRAY(m->arena, struct listed, program->bench_count);
	for (size_t i = 0; i < program->bench_count; i++) {
		if (passes(m, f, side, settings->name, program->benches[i]))
			list[count++] = (struct listed){.name = program->benches[i],
							.occurrence = occurrences_before(program, i)};
	}
	place_all(m, first, side, program, list, count);
	return true;
}

static void add_table(struct measuring *m, const struct job *j, const struct bench *b, enum side side)
{
	struct run *run = m->sides[side]->run;
	const char *title = title_of(m->arena, j->settings->name, b->names[side], b->occurrence);
	struct slice_table *t = run_add(m->arena, run, j->settings->name, strchr(title, '/') + 1);

	t->clock = suite_clock_metric(j->settings, b->names[side]);
	t->reason = "";
	if (b->occurrence)
		run_warn(m->arena, run, "%s: the suite lists this name more than once", title);
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

				if (!b->names[side])
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

static bool same_names(const struct suite_settings *a, const struct suite_settings *b)
{
	for (size_t i = 0; i < a->param_count && i < b->param_count; i++) {
		if (!text_equal(a->params[i].name, b->params[i].name))
			return false;
	}
	return a->param_count == b->param_count;
}

/* With other parameters goes the command line that they fill.  Parameters make benchmarks: those that only the base has are gone, not forgotten. */
static void take_params(struct measuring *m, enum side side, size_t suite)
{
	const struct suite_settings *own = m->sides[side]->own ? m->sides[side]->own[suite] : NULL;
	struct suite_settings *s = &m->suites[side][suite].settings;

	if (!own || own->kind != s->kind)
		return;
	if (!same_names(s, own)) {
		s->run = own->run;
		s->run_count = own->run_count;
	}
	s->params = own->params;
	s->param_count = own->param_count;
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
			take_params(m, side, i);
			if (program && (!m->request->wanted || m->request->wanted[i]) &&
			    !link_program(m, side, &m->suites[side][i].settings, program, err))
				return false;
		}
	}
	return true;
}

static const char *filter_of(const struct measuring *m, enum side side, size_t suite)
{
	const struct suite_settings *own = m->sides[side]->own ? m->sides[side]->own[suite] : NULL;

	return own ? own->filter : m->request->config->suites[suite].filter;
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
