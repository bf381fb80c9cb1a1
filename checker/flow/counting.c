/* Which jobs are counted, with what, and how often. */
#include "flow/counting.h"

#include "base/clock.h"
#include "base/quantity.h"
#include "counter/counter.h"
#include "flow/counting_process.h"

/* An engine as it was found on this machine. */
struct found {
	bool probed;
	const char *version, *problem; /* one of them */
};

struct counting_job {
	const struct counter_engine *engine; /* NULL: nothing is counted */
	const char *version;
	int64_t counts[2];
	bool sides[SIDE_COUNT];
	int64_t measurements; /* of each side */
	int64_t process_ns;   /* expected of one process */
};

struct counting {
	struct found *engines; /* as in the list */
	struct counting_job *jobs;
	bool probed_pin, pins;
};

enum {
	MEASUREMENTS = 2,        /* of each side: one says nothing of how it repeats */
	NOISY_MEASUREMENTS = 12, /* where something is gated that no two processes repeat: as many pairs */
	PROCESSES = 2,           /* of each measurement */
	GROWTH = 4,              /* of the second count over the first: three quarters of its work are not start-up's */
};

void counting_counts(int64_t iterations, int64_t counts[2])
{
	int64_t most = 2;

	while (most <= iterations / 2)
		most *= 2;
	counts[1] = most;
	counts[0] = most / GROWTH > 0 ? most / GROWTH : 1;
}

bool counting_divide(const struct counted *one, const struct counted *two, int64_t told_1, int64_t told_2,
		     struct counted_each *each, struct err *err)
{
	/* Threads and repetitions run as many each. */
	double growth = one->iterations > 0 ? (double)two->iterations / (double)one->iterations : 0;
	double told = (double)told_2 / (double)told_1;

	if (growth < 0.999 * told || growth > 1.001 * told)
		return err_set(err,
			       "it ran %lld iterations where %lld were asked for: its source fixes how long it runs "
			       "(Iterations, MinTime, MinWarmUpTime); take that out",
			       (long long)two->iterations, (long long)told_2);
	for (int i = 0; i < COUNTER_EVENT_COUNT; i++) {
		double more = (double)two->counts.values[i] - (double)one->counts.values[i];

		each->known[i] = one->counts.known[i] && two->counts.known[i];
		each->values[i] = each->known[i] && more > 0 ? more / (double)(two->iterations - one->iterations) : 0;
	}
	if (!(each->values[COUNTER_INSTRUCTIONS] > 0))
		return err_set(err,
			       "%lld iterations took no more instructions than %lld; does it start others that "
			       "do the work, or take a random seed?",
			       (long long)two->iterations, (long long)one->iterations);
	return true;
}

static void cannot(struct measuring *m, const struct job *j, enum side side, const char *reason)
{
	for (size_t i = 0; i < j->bench_count; i++) {
		struct slice_table *t = j->benches[i].tables[side];

		if (t && t->status == BENCH_MEASURED)
			t->uncounted = arena_string(m->arena, reason);
	}
}

static struct found *look_for(struct measuring *m, size_t index)
{
	struct found *f = &m->counting->engines[index];
	struct err err;

	if (!f->probed && !counter_engines[index]->probe(m->arena, &f->version, &err))
		f->problem = arena_string(m->arena, err.text);
	f->probed = true;
	return f;
}

/* The engine that pawl.yml names, or the first that works here, with `by_function` of those that count function by
 * function; false with why there is none. */
static bool find_engine(struct measuring *m, const struct suite_settings *s, bool by_function, struct counting_job *c,
			const char **problem)
{
	struct buf why = {.arena = m->arena};

	for (size_t i = 0; i < counter_engine_count; i++) {
		const struct found *f;

		if ((s->counter && !text_equal(s->counter, counter_engines[i]->name)) ||
		    (by_function && !counter_engines[i]->profile_format))
			continue;
		f = look_for(m, i);
		if (!f->problem) {
			c->engine = counter_engines[i];
			c->version = f->version;
			return true;
		}
		buf_printf(&why, "%s%s: %s", why.size ? "; " : "", counter_engines[i]->name, f->problem);
	}
	*problem = arena_printf(m->arena, "nothing here counts instructions: %s", buf_string(&why));
	return false;
}

static void warn_once(struct measuring *m, const char *suite, const char *problem)
{
	struct run *run = m->sides[SIDE_HEAD]->run;
	const char *text = arena_printf(m->arena, "suite %s: %s", suite, problem);

	for (size_t i = 0; i < run->warning_count; i++) {
		if (text_equal(run->warnings[i], text))
			return;
	}
	run_warn(m->arena, run, "%s", text);
}

static bool gates_counts_alone(const struct suite_settings *s)
{
	for (size_t i = 0; i < s->metric_count; i++) {
		if (!metric_is_counted(s->metrics[i]))
			return false;
	}
	return suite_wants_counts(s);
}

/* Cycles and misses are gated, and this engine may know them. */
static bool gates_noisy_counts(const struct suite_settings *s, const struct counter_engine *engine)
{
	bool noisy = false;

	for (size_t i = 0; i < s->metric_count; i++)
		noisy = noisy || (metric_is_counted(s->metrics[i]) && !metric_is_exact(s->metrics[i]));
	return noisy && !engine->instructions_only;
}

/* What the suite's program and machine were; a baseline is held against it. */
static void note_facts(struct measuring *m, const struct job *j, enum side side, const struct counting_job *c)
{
	const struct suite_program *program = j->programs[side];
	struct run *run = m->sides[side]->run;
	struct run_suite *suite = run_find_suite(run, j->settings->name);

	if (!suite || *suite->counter)
		return;
	suite->counter = c->version;
	suite->isa = counter_isa(m->arena, run->host.arch ? run->host.arch : "",
				 run->host.cpu_flags ? run->host.cpu_flags : "", m->counting->pins, c->engine);
	suite->compiler = counting_compiler(m->arena, program);
}

static int64_t loop_and_start_ns(const struct job *j, enum side side)
{
	const struct slice_table *t = j->benches[0].tables[side];

	return t && t->slice_count ? t->slices[t->slice_count - 1].wall_ns : 0;
}

static void plan_side(struct measuring *m, struct job *j, enum side side, struct counting_job *c)
{
	const struct suite_program *program = j->programs[side];
	const struct slice_table *t = j->benches[0].tables[side];
	int64_t ns;

	if (!t || t->status != BENCH_MEASURED)
		return;
	if (!program->fixes_iterations) {
		cannot(m, j, side,
		       "its benchmark library cannot be told how many iterations to run; google-benchmark 1.8 and "
		       "later can");
		warn_once(m, j->settings->name,
			  "no instructions: its benchmark library cannot be told how many iterations to run; link "
			  "google-benchmark 1.8 or later");
		return;
	}
	c->sides[side] = true;
	note_facts(m, j, side, c);
	/* As if both processes ran the larger count and a quarter of it. */
	ns = c->engine->start_ns + (int64_t)(c->engine->slowdown * (double)loop_and_start_ns(j, side));
	c->process_ns = ns > c->process_ns ? ns : c->process_ns;
}

/* With its engine known. */
static void plan_counts(struct measuring *m, size_t index)
{
	struct job *j = &m->jobs[index];
	struct counting_job *c = &m->counting->jobs[index];

	if (!m->counting->probed_pin) {
		m->counting->pins = counting_can_pin(m);
		m->counting->probed_pin = true;
	}
	counting_counts(j->how.iterations, c->counts);
	c->measurements = gates_noisy_counts(j->settings, c->engine) ? NOISY_MEASUREMENTS : MEASUREMENTS;
	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++)
		plan_side(m, j, side, c);
}

static void plan_job(struct measuring *m, size_t index)
{
	struct job *j = &m->jobs[index];
	const char *problem;

	if (!suite_wants_counts(j->settings) || m->known[index].stopped)
		return;
	/* Its time is nobody's question. */
	m->known[index].stopped = gates_counts_alone(j->settings);
	if (find_engine(m, j->settings, false, &m->counting->jobs[index], &problem)) {
		plan_counts(m, index);
		return;
	}
	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++)
		cannot(m, j, side, problem);
	warn_once(m, j->settings->name, problem);
}

void counting_plan(struct measuring *m)
{
	m->counting = NEW(m->arena, struct counting);
	m->counting->engines = NEW_ARRAY(m->arena, struct found, counter_engine_count);
	m->counting->jobs = NEW_ARRAY(m->arena, struct counting_job, m->job_count);
	for (size_t i = 0; i < m->job_count && !proc_interrupted(); i++)
		plan_job(m, i);
}

int64_t counting_job_ns(const struct measuring *m, size_t job)
{
	const struct counting_job *c = &m->counting->jobs[job];

	return c->process_ns * (c->sides[SIDE_BASE] + c->sides[SIDE_HEAD]) * c->measurements * PROCESSES;
}

int64_t counting_expected_ns(const struct measuring *m)
{
	int64_t ns = 0;

	for (size_t i = 0; i < m->job_count; i++)
		ns += counting_job_ns(m, i);
	return ns;
}

/* One measurement of one side. */
static bool measure_side(struct measuring *m, struct job *j, const struct counting_job *c, struct slice_place *place)
{
	struct arena *a = arena_open_child(m->arena);
	struct run_counts *kept = &j->benches[0].tables[place->side]->counts;
	struct counting_call call = {
		.m = m, .job = j, .engine = c->engine, .place = place, .pins = m->counting->pins, .keeps = !kept->many};
	struct counted counted[PROCESSES] = {0};
	struct proc_result process[PROCESSES] = {{0}};
	struct counted_each each = {0};
	struct err err;
	bool ok = true;

	for (int i = 0; i < PROCESSES && ok; i++) {
		call.iterations = c->counts[i];
		ok = counting_process(a, &call, &counted[i], &process[i], &err);
	}
	ok = ok && counting_divide(&counted[0], &counted[1], c->counts[0], c->counts[1], &each, &err);
	if (ok && call.keeps)
		*kept = (struct run_counts){counted[0].functions, counted[1].functions, counted[0].iterations,
					    counted[1].iterations};
	if (ok)
		counting_add_slice(m, j, place, process, counted, &each);
	else if (!proc_interrupted())
		cannot(m, j, place->side, err.text);
	arena_close(a);
	return ok;
}

/* ABBA: base, head, head, base; and so on. */
static void count_job(struct measuring *m, size_t index)
{
	struct job *j = &m->jobs[index];
	const struct counting_job *c = &m->counting->jobs[index];
	static const enum side order[] = {SIDE_BASE, SIDE_HEAD, SIDE_HEAD, SIDE_BASE};
	enum { ORDER = sizeof order / sizeof order[0] };
	bool failed[SIDE_COUNT] = {0};

	for (int64_t i = 0; i < SIDE_COUNT * c->measurements && !proc_interrupted(); i++) {
		struct slice_place place = {.side = order[i % ORDER],
					    .phase = PHASE_COUNT,
					    .block = (int64_t)index,
					    .position = i,
					    .cpu = -1};

		if (c->sides[place.side] && !failed[place.side])
			failed[place.side] = !measure_side(m, j, c, &place);
	}
}

static bool has_time(const struct measuring *m, size_t job)
{
	int64_t spent_ns = clock_ns() - m->started_ns + m->request->spent_ns;

	return !m->request->budget_ns || spent_ns + counting_job_ns(m, job) <= m->request->budget_ns;
}

static void note_budget(struct measuring *m, struct job *j)
{
	const char *reason = arena_printf(
		m->arena, "no time to count instructions within the budget of %s; %s for counting would do",
		quantity_duration(m->arena, (double)m->request->budget_ns),
		quantity_duration(m->arena, (double)counting_expected_ns(m)));

	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++)
		cannot(m, j, side, reason);
}

static void tell(struct measuring *m, size_t job, size_t done, size_t total)
{
	struct measure_progress p = {.stage = "counting", .what = m->jobs[job].title, .done = done, .total = total};

	for (size_t i = job; i < m->job_count; i++)
		p.left_ns += counting_job_ns(m, i);
	if (m->request->progress)
		m->request->progress(m->request->to, &p);
}

void counting_run(struct measuring *m)
{
	size_t done = 0, total = 0;

	if (m->request->plan_only)
		return;
	for (size_t i = 0; i < m->job_count; i++)
		total += counting_job_ns(m, i) > 0;
	for (size_t i = 0; i < m->job_count && !proc_interrupted(); i++) {
		if (counting_job_ns(m, i) == 0)
			continue;
		tell(m, i, done++, total);
		if (has_time(m, i))
			count_job(m, i);
		else
			note_budget(m, &m->jobs[i]);
	}
}

void counting_suspect(struct measuring *m, size_t index)
{
	struct job *j = &m->jobs[index];
	struct counting_job *c = &m->counting->jobs[index];
	const char *problem;

	if (c->engine || !suite_can_be_told(j->settings->kind) || !j->programs[SIDE_HEAD]->fixes_iterations ||
	    !j->programs[SIDE_BASE]->fixes_iterations)
		return;
	/* Sums alone do not tell a function that does more work from those that only moved beside it. */
	if (!find_engine(m, j->settings, true, c, &problem) && !find_engine(m, j->settings, false, c, &problem))
		return;
	plan_counts(m, index);
	if (has_time(m, index))
		count_job(m, index);
}
