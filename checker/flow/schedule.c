/* The same number of pairs for every job, interleaved round by round, within a budget. */
#include "flow/schedule.h"

#include "base/random.h"

/* What a number drawn from the seed is for: the same arguments never give two of them the same bits. */
enum { DRAW_ORDER = 1, DRAW_SIDES, DRAW_PADDING };

static uint64_t draw(const struct schedule_state *state, size_t job, int what)
{
	uint64_t place = random_mix(job, state->jobs[job].block_count);

	return random_mix(random_mix(state->seed, (uint64_t)what), place);
}

static size_t left_of(const struct schedule_job *j)
{
	return j->stopped || j->pair_count >= j->pairs ? 0 : j->pairs - j->pair_count;
}

static int64_t pair_ns(const struct schedule_job *j)
{
	return j->slice_ns * (j->one_side ? 1 : 2);
}

int64_t schedule_left_ns(const struct schedule_job *jobs, size_t job_count)
{
	int64_t ns = 0;

	for (size_t i = 0; i < job_count; i++)
		ns += (int64_t)left_of(&jobs[i]) * pair_ns(&jobs[i]);
	return ns;
}

size_t schedule_left(const struct schedule_job *jobs, size_t job_count)
{
	size_t slices = 0;

	for (size_t i = 0; i < job_count; i++)
		slices += left_of(&jobs[i]) * (jobs[i].one_side ? 1 : 2);
	return slices;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The cheapest job that has no pairs yet, or job_count. */
static size_t cheapest(const struct schedule_job *jobs, size_t job_count)
{
	size_t found = job_count;

	for (size_t i = 0; i < job_count; i++) {
		if (jobs[i].stopped || jobs[i].pairs)
			continue;
		if (found == job_count || pair_ns(&jobs[i]) < pair_ns(&jobs[found]))
			found = i;
	}
	return found;
}

int64_t schedule_plan(struct schedule_job *jobs, size_t job_count, size_t wanted, int64_t budget_ns)
{
	int64_t round_ns = 0, spent = 0;
	size_t few = least(wanted, SCHEDULE_LEAST_PAIRS), even = wanted;

	for (size_t i = 0; i < job_count; i++)
		round_ns += jobs[i].stopped ? 0 : pair_ns(&jobs[i]);
	if (budget_ns && round_ns)
		even = least(wanted, (size_t)(budget_ns / round_ns));
	for (size_t i = 0; i < job_count; i++)
		jobs[i].pairs = jobs[i].stopped || even < few ? 0 : even;
	/* Not enough for all: as many jobs as possible get what decides something. */
	while (even < few) {
		size_t i = cheapest(jobs, job_count);

		if (i == job_count || spent + (int64_t)few * pair_ns(&jobs[i]) > budget_ns)
			break;
		jobs[i].pairs = few;
		spent += (int64_t)few * pair_ns(&jobs[i]);
	}
	return (int64_t)few * round_ns;
}

/* The job that is furthest behind; among equals the seed decides, so that every round has an order of its own. */
static bool pick(const struct schedule_state *state, size_t *job)
{
	bool found = false;
	uint64_t best = 0;

	for (size_t i = 0; i < state->job_count; i++) {
		size_t blocks = state->jobs[i].block_count;
		uint64_t order;

		if (!left_of(&state->jobs[i]))
			continue;
		if (found && blocks > state->jobs[*job].block_count)
			continue;
		order = draw(state, i, DRAW_ORDER);
		if (found && blocks == state->jobs[*job].block_count && order >= best)
			continue;
		found = true;
		*job = i;
		best = order;
	}
	return found;
}

bool schedule_next(const struct schedule_state *state, struct schedule_block *block)
{
	const struct schedule_job *j;
	size_t job = 0, pairs;
	enum side first;

	if (!pick(state, &job))
		return false;
	j = &state->jobs[job];
	/* ABBA or BAAB: whatever drifts evenly during a block cancels between its two pairs. */
	pairs = !j->one_side && left_of(j) > 1 ? 2 : 1;
	if (state->budget_ns && state->spent_ns + (int64_t)pairs * pair_ns(j) > state->budget_ns)
		return false;
	*block = (struct schedule_block){
		.job = job,
		.seed = draw(state, job, DRAW_PADDING),
		.phase = PHASE_MEASURE,
		.slice_count = 1,
	};
	if (j->one_side) {
		block->sides[0] = SIDE_HEAD;
		return true;
	}
	first = draw(state, job, DRAW_SIDES) & 1 ? SIDE_HEAD : SIDE_BASE;
	block->slice_count = 2 * pairs;
	for (size_t i = 0; i < block->slice_count; i++)
		block->sides[i] = i == 0 || i == 3 ? first : first == SIDE_BASE ? SIDE_HEAD : SIDE_BASE;
	return true;
}
