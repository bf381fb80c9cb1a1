/* Screening first, then what asks for more, interleaved round by round, within a budget. */
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

	for (size_t i = 0; i < job_count; i++) {
		size_t left = left_of(&jobs[i]);

		if (left && jobs[i].phase == PHASE_SCREEN)
			left += CONFIRM_EXPECTED_PAIRS;
		ns += (int64_t)left * pair_ns(&jobs[i]);
	}
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

/* What a job wants before anything is known about it. */
static size_t wanted_of(const struct schedule_job *j, const struct schedule_wish *wish)
{
	if (j->one_side)
		return wish->slices;
	return wish->pairs ? wish->pairs : CONFIRM_SCREEN_PAIRS;
}

int64_t schedule_plan(struct schedule_job *jobs, size_t job_count, const struct schedule_wish *wish)
{
	int64_t round_ns = 0, spent = 0;
	size_t few = SCHEDULE_LEAST_PAIRS, even = SIZE_MAX;

	if (wish->pairs && wish->pairs < few)
		few = wish->pairs;
	for (size_t i = 0; i < job_count; i++)
		round_ns += jobs[i].stopped ? 0 : pair_ns(&jobs[i]);
	if (wish->budget_ns && round_ns)
		even = (size_t)(wish->budget_ns / round_ns);
	for (size_t i = 0; i < job_count; i++) {
		bool screens = !jobs[i].one_side && !wish->pairs;

		jobs[i].phase = screens ? PHASE_SCREEN : PHASE_MEASURE;
		jobs[i].promise = 1;
		jobs[i].pairs = jobs[i].stopped || even < few ? 0 : least(wanted_of(&jobs[i], wish), even);
	}
	/* Not enough for all: as many jobs as possible get what decides something. */
	while (even < few) {
		size_t i = cheapest(jobs, job_count);

		if (i == job_count || spent + (int64_t)few * pair_ns(&jobs[i]) > wish->budget_ns)
			break;
		jobs[i].pairs = few;
		spent += (int64_t)few * pair_ns(&jobs[i]);
	}
	return (int64_t)few * round_ns;
}

bool schedule_wants_look(const struct schedule_job *job)
{
	return !job->stopped && job->phase != PHASE_MEASURE && job->pairs && job->pair_count >= job->pairs;
}

void schedule_learn(struct schedule_job *job, const struct outlook *outlook)
{
	if (job->phase == PHASE_SCREEN)
		job->screen_count = job->pair_count;
	job->phase = PHASE_CONFIRM;
	job->promise = outlook->promise;
	/* Nothing more, or a value of its pairs is missing and the look would never come. */
	if (job->screen_count + outlook->pairs > job->pairs)
		job->pairs = job->screen_count + outlook->pairs;
}

/* What decides between two jobs that both want something. */
struct rank {
	bool confirms;  /* screening comes first: nothing is known about the others yet */
	double promise; /* where the budget will not do for all, the clearest first */
	size_t blocks;  /* else the one that is furthest behind */
	uint64_t order; /* every round has an order of its own */
};

static bool comes_before(const struct rank *one, const struct rank *two)
{
	if (one->confirms != two->confirms)
		return two->confirms;
	if (one->promise < two->promise || two->promise < one->promise)
		return one->promise < two->promise;
	if (one->blocks != two->blocks)
		return one->blocks < two->blocks;
	return one->order < two->order;
}

static bool pick(const struct schedule_state *state, size_t *job)
{
	bool found = false;
	bool scarce = state->budget_ns &&
		      state->spent_ns + schedule_left_ns(state->jobs, state->job_count) > state->budget_ns;
	struct rank best = {0};

	for (size_t i = 0; i < state->job_count; i++) {
		const struct schedule_job *j = &state->jobs[i];
		struct rank rank = {.confirms = j->phase == PHASE_CONFIRM,
				    .promise = scarce && j->phase == PHASE_CONFIRM ? j->promise : 1,
				    .blocks = j->block_count,
				    .order = draw(state, i, DRAW_ORDER)};

		if (!left_of(j) || (found && !comes_before(&rank, &best)))
			continue;
		found = true;
		*job = i;
		best = rank;
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
		.phase = j->phase,
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
