/* From a request to two filled runs. */
#include "flow/measuring.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/quantity.h"
#include "base/random.h"
#include "flow/counting.h"
#include "flow/profiling.h"
#include "flow/profiling_slice.h"
#include "flow/side_same.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

enum { MOST_PADDING = 4096 }; /* a page: moves the stack through every alignment that matters */

static void tell(struct measuring *m, const char *stage, const char *what)
{
	struct measure_progress p = {.what = what, .stage = stage, .done = m->slices_done, .total = m->slices_total};

	if (!m->request->progress)
		return;
	if (m->slices_total)
		p.left_ns = schedule_left_ns(m->known, m->job_count);
	m->request->progress(m->request->to, &p);
}

/* Links of equal length: PWD and everything made of it is as long on one side as on the other. */
static bool make_links(struct measuring *m, struct err *err)
{
	static const char *const names[SIDE_COUNT] = {"base", "head"};

	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		const char *folder;

		if (!m->sides[side])
			continue;
		folder = path_real(m->arena, m->sides[side]->folder);
		/* A base without that folder has none of the suites: nobody will follow the link. */
		if (!folder && m->sides[side]->absent)
			folder = m->sides[side]->folder;
		if (!folder)
			return err_set(err, "%s: %s", m->sides[side]->folder, strerror(errno));
		m->links[side] = path_join(m->arena, m->scratch, names[side]);
		if (symlink(folder, m->links[side]) != 0)
			return err_set(err, "%s: cannot make a link: %s", m->links[side], strerror(errno));
	}
	return true;
}

static struct outlook_request outlook_request(const struct measuring *m)
{
	return (struct outlook_request){
		.judge = m->request->judge, .family = m->family, .improvements = m->request->improvements};
}

static bool has_both(const struct bench *b)
{
	return b->tables[SIDE_BASE] && b->tables[SIDE_HEAD];
}

/* What the pairs of a job ask for: as many as the greediest of its benchmarks does. */
static void look(struct measuring *m, const struct job *j, struct schedule_job *known)
{
	struct outlook_request request = outlook_request(m);
	struct outlook all = {.promise = 1};

	for (size_t i = 0; i < j->bench_count; i++) {
		const struct bench *b = &j->benches[i];
		struct outlook one;

		if (!has_both(b))
			continue;
		one = outlook_of(m->arena, &request, b->tables[SIDE_BASE], b->tables[SIDE_HEAD]);
		all.pairs = one.pairs > all.pairs ? one.pairs : all.pairs;
		all.promise = one.promise < all.promise ? one.promise : all.promise;
	}
	schedule_learn(known, &all);
	m->slices_total = m->slices_done + schedule_left(m->known, m->job_count);
}

/* The gated series of the check, as far as the trials tell. */
static size_t count_family(struct measuring *m)
{
	struct outlook_request request = outlook_request(m);
	size_t count = 0;

	for (size_t i = 0; i < m->job_count; i++) {
		for (size_t k = 0; k < m->jobs[i].bench_count; k++) {
			const struct bench *b = &m->jobs[i].benches[k];

			if (has_both(b))
				count += outlook_gated(m->arena, &request, b->tables[SIDE_BASE], b->tables[SIDE_HEAD]);
		}
	}
	return count;
}

/* All slices of a block, until one fails or an interrupt breaks it off. */
/* Under the sampler, where that is what is measured; a job that cannot be sampled runs clean. */
static void sample(struct measuring *m, struct job *j, struct profiling_job *p, struct slice_place *place)
{
	struct err err;

	place->sampler = NULL;
	if (!m->request->samples_head || place->side != SIDE_HEAD)
		return;
	if (!p->sampler && !profiling_begin(m, j, 0, false, p))
		return;
	if (!dir_make(p->spec.scratch, &err))
		return;
	place->sampler = p->sampler;
	place->sampling = &p->spec;
}

static void measure_block(struct measuring *m, const struct schedule_block *block, int64_t number)
{
	struct job *j = &m->jobs[block->job];
	struct schedule_job *known = &m->known[block->job];
	struct profiling_job profiling = {0};
	struct slice_place place = {
		.phase = block->phase,
		.block = number,
		.padding = block->seed % MOST_PADDING,
		/* Where this process runs now is where the system has room. */
		.cpu = j->pinned ? sched_getcpu() : -1,
		.how = j->how,
	};

	for (size_t i = 0; i < block->slice_count; i++) {
		place.side = block->sides[i];
		place.position = (int64_t)i;
		sample(m, j, &profiling, &place);
		if (measuring_slice(m, j, &place, NULL) != SLICE_OK) {
			known->stopped = true;
			return;
		}
		m->slices_done++;
		tell(m, "measuring", j->title);
	}
	known->block_count++;
	known->pair_count += known->one_side ? block->slice_count : block->slice_count / 2;
	if (schedule_wants_look(known))
		look(m, j, known);
}

static int64_t elapsed_ns(const struct measuring *m)
{
	return clock_ns() - m->started_ns;
}

/* Says at the tables of a job why it has too few slices. */
static void note_budget(struct measuring *m, const struct job *j, int64_t would_do_ns)
{
	const char *reason =
		arena_printf(m->arena, "no time for %d pairs within the budget of %s; %s would do",
			     SCHEDULE_LEAST_PAIRS, quantity_duration(m->arena, (double)m->request->budget_ns),
			     quantity_duration(m->arena, (double)would_do_ns));

	for (size_t i = 0; i < j->bench_count; i++) {
		struct slice_table *t = j->benches[i].tables[SIDE_HEAD];

		if (t && t->status == BENCH_MEASURED)
			t->reason = reason;
	}
}

static int64_t least_ns_of(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Divides what is left of the budget; counting gets what it needs, up to a half.  Returns it, 0 for no limit. */
static int64_t plan(struct measuring *m)
{
	int64_t before_ns = elapsed_ns(m) + m->request->spent_ns;
	int64_t left_ns = m->request->budget_ns - before_ns;
	struct schedule_wish wish = {.pairs = m->request->pairs, .slices = m->request->slices};
	int64_t least_ns;

	if (!m->request->budget_ns)
		left_ns = 0;
	else if (left_ns >= 1)
		left_ns -= least_ns_of(counting_expected_ns(m), left_ns / 2);
	else
		left_ns = 1;
	wish.budget_ns = left_ns;
	least_ns = schedule_plan(m->known, m->job_count, &wish);
	for (size_t i = 0; left_ns && i < m->job_count; i++) {
		if (m->jobs[i].left_out || (!m->known[i].stopped && !m->known[i].pairs))
			note_budget(m, &m->jobs[i], before_ns + least_ns + m->left_out_ns);
	}
	return left_ns;
}

static bool runs_same_code(const struct measuring *m, const struct job *j)
{
	const struct run_suite *suite = run_find_suite(m->sides[SIDE_HEAD]->run, j->settings->name);

	return suite && suite->same_code && j->programs[SIDE_BASE];
}

static void tell_plan(struct measuring *m)
{
	struct measure_plan p = {.job_count = m->job_count, .expected_ns = schedule_left_ns(m->known, m->job_count)};

	p.expected_ns += counting_expected_ns(m) + profiling_expected_ns(m);

	p.jobs = NEW_ARRAY(m->arena, struct measure_job, m->job_count);
	for (size_t i = 0; i < m->job_count; i++) {
		const struct job *j = &m->jobs[i];
		const struct schedule_job *known = &m->known[i];

		p.bench_count += j->bench_count;
		p.jobs[i] = (struct measure_job){
			.title = j->title,
			.bench_count = j->bench_count,
			.iterations = j->how.iterations,
			.repetitions = j->how.repetitions,
			.slice_ns = known->slice_ns,
			.counting_ns = counting_job_ns(m, i),
			.pairs = known->pairs,
			.screens = known->phase == PHASE_SCREEN,
			.one_side = known->one_side,
			.stopped = known->stopped,
			.left_out = j->left_out,
			.same_code = known->stopped && runs_same_code(m, j),
		};
	}
	if (m->request->plan && !proc_interrupted())
		m->request->plan(m->request->to, &p);
}

static void measure_slices(struct measuring *m)
{
	struct schedule_state state = {.seed = m->request->seed, .jobs = m->known, .job_count = m->job_count};
	struct schedule_block block;
	int64_t begun_ns;

	if (m->sides[SIDE_BASE] && !m->request->pairs)
		m->family = m->request->family ? m->request->family : count_family(m);
	state.budget_ns = plan(m);
	tell_plan(m);
	if (m->request->plan_only)
		return;
	m->slices_total = schedule_left(m->known, m->job_count);
	begun_ns = clock_ns();
	for (int64_t number = 0; !proc_interrupted() && schedule_next(&state, &block); number++) {
		measure_block(m, &block, number);
		state.spent_ns = clock_ns() - begun_ns;
	}
}

/* The place of a suite in the configuration. */
static size_t suite_at(const struct measuring *m, const char *name)
{
	size_t i = 0;

	while (i < m->request->config->suite_count && !text_equal(m->request->config->suites[i].name, name))
		i++;
	return i;
}

/* Whether the programs that listing made for the suite are the same code; looked at once. */
static bool built_same(struct measuring *m, size_t at, const struct job *j)
{
	const struct suite_program *base = j->programs[SIDE_BASE], *head = j->programs[SIDE_HEAD];
	struct suite_side *own = &m->suites[SIDE_HEAD][at];
	struct side_built one = {.program = base->built, .folder = base->cwd, .tree = m->links[SIDE_BASE]};
	struct side_built two = {.program = head->built, .folder = head->cwd, .tree = m->links[SIDE_HEAD]};

	if (!own->compared && base->built && head->built)
		own->same_code = side_same_built(m->arena, j->settings, &one, &two);
	own->compared = true;
	return own->same_code;
}

/* Both sides of the job run the same code: said in the runs, and not measured. */
static bool is_same_code(struct measuring *m, const struct job *j)
{
	size_t at = suite_at(m, j->settings->name);

	if (!m->request->same_code || at == m->request->config->suite_count || !j->programs[SIDE_BASE] ||
	    !j->programs[SIDE_HEAD] || (!m->request->same_code[at] && !built_same(m, at, j)))
		return false;
	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++)
		run_find_suite(m->sides[side]->run, j->settings->name)->same_code = true;
	return true;
}

/* Screening the job, and as much again for what it may then ask for. */
static int64_t likely_ns(const struct schedule_job *known)
{
	return known->stopped ? 0 : 2 * SCHEDULE_LEAST_PAIRS * (known->one_side ? 1 : 2) * known->slice_ns;
}

/*
 * Trials cost what slices cost, so that of slow benchmarks they alone could take more than the budget.  They end where
 * measuring what was sized takes the rest of it; at least one job is sized.
 */
static void size_jobs(struct measuring *m)
{
	int64_t begun_ns = elapsed_ns(m), later_ns = 0, spent_ns = 0;
	size_t sized = 0, left_out = 0;

	for (size_t i = 0; i < m->job_count && !proc_interrupted(); i++) {
		tell(m, "sizing", m->jobs[i].title);
		m->known[i].stopped = true;
		if (!m->jobs[i].programs[SIDE_HEAD] || is_same_code(m, &m->jobs[i]))
			continue;
		if (sized && m->request->budget_ns &&
		    begun_ns + spent_ns + later_ns + m->request->spent_ns > m->request->budget_ns) {
			m->jobs[i].left_out = true;
			left_out++;
			continue;
		}
		measuring_size(m, i);
		later_ns += likely_ns(&m->known[i]);
		spent_ns = elapsed_ns(m) - begun_ns;
		sized++;
	}
	if (left_out)
		m->left_out_ns = (spent_ns + later_ns) / (int64_t)sized * (int64_t)left_out;
}

bool measure(struct arena *a, const struct measure_request *request, struct err *err)
{
	struct measuring m = {.arena = a, .request = request, .started_ns = clock_ns()};
	bool ok;

	m.sides[SIDE_BASE] = request->base;
	m.sides[SIDE_HEAD] = request->head;
	if (!dir_make_scratch(a, &m.scratch, err))
		return false;
	m.out_path = path_join(a, m.scratch, "result.json");
	ok = make_links(&m, err);
	if (ok) {
		tell(&m, "listing", "");
		ok = measuring_list(&m, err);
	}
	if (ok) {
		size_jobs(&m);
		counting_plan(&m);
		measure_slices(&m);
		counting_run(&m);
		profiling_run(&m);
	}
	measuring_tear_down(&m);
	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		if (m.sides[side])
			m.sides[side]->run->partial = proc_interrupted();
	}
	dir_remove(m.scratch);
	return ok;
}
