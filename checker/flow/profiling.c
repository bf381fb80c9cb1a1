/* Which benchmarks are profiled, and for how long. */
#include "flow/profiling.h"

#include "base/clock.h"
#include "flow/counting.h"
#include "flow/layout.h"
#include "flow/profiling_slice.h"

#include <string.h>

enum {
	STORED_SLICES = 5, /* a run that is stored is one replicate, whatever it is made of */
	FIRST_BLOCKS = 14, /* of four slices: 28 pairs; many short slices bear one that something else made slow */
	MORE_BLOCKS = 14,  /* of a further round, at least */
	PAIRS_A_BLOCK = 2,
	MOST_SIDE_NS_S = 15, /* of profile slices a benchmark and side */
	BLOCK_SLICES = SCHEDULE_BLOCK_SLICES,
};

static const int64_t stored_slice_ns = 100000000, cause_slice_ns = 125000000, second_ns = 1000000000;

static bool has_time(const struct measuring *m, int64_t wanted_ns)
{
	int64_t spent_ns = clock_ns() - m->started_ns + m->request->spent_ns;

	return !m->request->budget_ns || spent_ns + wanted_ns <= m->request->budget_ns;
}

static void tell(struct measuring *m, const struct job *j, size_t done, size_t total)
{
	struct measure_progress p = {.stage = "profiling", .what = j->title, .done = done, .total = total};

	p.left_ns = (int64_t)(total - done) * cause_slice_ns;
	if (m->request->progress)
		m->request->progress(m->request->to, &p);
}

static bool can_be_profiled(const struct measuring *m, size_t index)
{
	const struct job *j = &m->jobs[index];

	return !j->left_out && !j->settings->profile.off && j->bench_count == 1 && !j->settings->kind->whole_suite &&
	       j->benches[0].tables[SIDE_HEAD] && j->benches[0].tables[SIDE_HEAD]->status == BENCH_MEASURED;
}

int64_t profiling_expected_ns(const struct measuring *m)
{
	int64_t ns = 0;

	if (m->request->profiles == MEASURE_NO_PROFILES || m->sides[SIDE_BASE])
		return 0;
	for (size_t i = 0; i < m->job_count; i++) {
		/* Beside its loop a slice costs about what a timing slice does. */
		if (can_be_profiled(m, i) && !m->known[i].stopped)
			ns += STORED_SLICES * (stored_slice_ns + m->known[i].slice_ns);
	}
	return ns;
}

static void profile_head(struct measuring *m, size_t index)
{
	struct job *j = &m->jobs[index];
	struct profiling_job p;

	if (!profiling_begin(m, j, stored_slice_ns, false, &p))
		return;
	for (int64_t i = 0; i < STORED_SLICES && !proc_interrupted(); i++) {
		if (!profiling_slice(&p, SIDE_HEAD, i, 0))
			break;
	}
	profiling_end(&p);
}

/* ABBA and BAAB in turn. */
static bool run_blocks(struct profiling_job *p, int64_t first, int64_t count)
{
	for (int64_t block = first; block < first + count; block++) {
		for (int64_t i = 0; i < BLOCK_SLICES; i++) {
			bool outer = i == 0 || i == BLOCK_SLICES - 1;
			enum side side = outer == (block % 2 == 0) ? SIDE_BASE : SIDE_HEAD;

			if (proc_interrupted() || !profiling_slice(p, side, block, i))
				return false;
		}
	}
	return true;
}

/* Further blocks that attribution asks for; 0: it has enough, or there is no time for more. */
static int64_t more_blocks(const struct measuring *m, const struct attribution *found, int64_t done, int64_t spent_ns)
{
	int64_t each_ns = spent_ns / done, left_ns = 2 * MOST_SIDE_NS_S * second_ns - spent_ns;
	int64_t wanted = ((int64_t)found->groups_wanted + PAIRS_A_BLOCK - 1) / PAIRS_A_BLOCK - done;

	if (found->resolved)
		return 0;
	wanted = wanted < MORE_BLOCKS ? MORE_BLOCKS : wanted;
	wanted = wanted * each_ns > left_ns ? left_ns / each_ns : wanted;
	return wanted >= 1 && has_time(m, wanted * each_ns) ? wanted : 0;
}

/* The same code that takes another time may be executed more often: that, only a count can tell. */
static void count_suspect(struct measuring *m, size_t index, const struct attribution *found)
{
	const struct bench *b = &m->jobs[index].benches[0];
	size_t alike = 0;

	if (found->cause_count)
		(void)layout_moved(m->arena, b->tables[SIDE_BASE], b->tables[SIDE_HEAD], found, &alike);
	if (alike && !proc_interrupted())
		counting_suspect(m, index);
}

static void profile_pair(struct measuring *m, size_t index, const struct finding *f)
{
	struct job *j = &m->jobs[index];
	int64_t begun_ns = clock_ns(), blocks = FIRST_BLOCKS, done = 0;
	struct attribution found = {0};
	struct profiling_job p;

	if (!j->benches[0].tables[SIDE_BASE] || !profiling_begin(m, j, cause_slice_ns, true, &p))
		return;
	while (blocks > 0 && run_blocks(&p, done, blocks)) {
		done += blocks;
		profiling_end(&p);
		if (!profiling_explain(&p, f, &found))
			return;
		blocks = more_blocks(m, &found, done, clock_ns() - begun_ns);
	}
	if (blocks > 0)
		profiling_end(&p);
	else
		count_suspect(m, index, &found);
}

/* How much a row asks for its cause: 0 not at all. */
static double urgency(const struct finding *f)
{
	if (!f->gated || f->state != STATE_JUDGED || (f->outcome != OUTCOME_SLOWER && f->outcome != OUTCOME_FASTER) ||
	    f->category == CATEGORY_RESOURCE || !f->change_ratio.known)
		return 0;
	return (f->outcome == OUTCOME_SLOWER ? 1e6 : 0) +
	       (f->change_ratio.value < 0 ? -f->change_ratio.value : f->change_ratio.value);
}

static size_t job_of(const struct measuring *m, const struct finding *f)
{
	size_t i = 0;

	for (; i < m->job_count; i++) {
		const struct slice_table *t =
			m->jobs[i].bench_count == 1 ? m->jobs[i].benches[0].tables[SIDE_HEAD] : NULL;

		if (t && text_equal(t->suite, f->suite) && text_equal(t->bench, f->bench))
			break;
	}
	return i;
}

/* A job and the row that asks for its cause. */
struct chosen {
	size_t job;
	const struct finding *f;
};

/* The most urgent jobs that were called something, at most PROFILING_MOST_ROWS. */
static size_t choose(struct measuring *m, struct chosen chosen[PROFILING_MOST_ROWS])
{
	struct judge_request request = *m->request->judge;
	struct verdict verdict = {0};
	const struct finding **rows = NEW_ARRAY(m->arena, const struct finding *, m->job_count);
	double *wanted = NEW_ARRAY(m->arena, double, m->job_count);
	size_t count = 0;

	request.base = m->sides[SIDE_BASE]->run;
	request.head = m->sides[SIDE_HEAD]->run;
	judge(m->arena, &request, &verdict);
	for (size_t i = 0; i < verdict.finding_count; i++) {
		size_t job = job_of(m, &verdict.findings[i]);
		double u = urgency(&verdict.findings[i]);

		if (job == m->job_count || !can_be_profiled(m, job) || u <= wanted[job])
			continue;
		wanted[job] = u;
		rows[job] = &verdict.findings[i];
	}
	while (count < PROFILING_MOST_ROWS) {
		size_t best = 0;

		for (size_t i = 1; i < m->job_count; i++)
			best = wanted[i] > wanted[best] ? i : best;
		if (!m->job_count || wanted[best] <= 0)
			break;
		wanted[best] = 0;
		chosen[count++] = (struct chosen){best, rows[best]};
	}
	return count;
}

void profiling_run(struct measuring *m)
{
	struct chosen chosen[PROFILING_MOST_ROWS];
	size_t count = 0;

	if (m->request->plan_only || m->request->profiles == MEASURE_NO_PROFILES)
		return;
	if (m->sides[SIDE_BASE]) {
		count = m->request->judge ? choose(m, chosen) : 0;
		for (size_t i = 0; i < count && !proc_interrupted(); i++) {
			tell(m, &m->jobs[chosen[i].job], i, count);
			if (has_time(m, FIRST_BLOCKS * BLOCK_SLICES * cause_slice_ns))
				profile_pair(m, chosen[i].job, chosen[i].f);
		}
		return;
	}
	for (size_t i = 0; i < m->job_count && !proc_interrupted(); i++) {
		if (!can_be_profiled(m, i) || !has_time(m, STORED_SLICES * stored_slice_ns))
			continue;
		tell(m, &m->jobs[i], i, m->job_count);
		profile_head(m, i);
	}
}
