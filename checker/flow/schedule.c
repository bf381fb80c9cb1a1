/* The same number of pairs for every benchmark, interleaved round by round. */
#include "flow/schedule.h"

#include "base/random.h"

/* What a number drawn from the seed is for: the same arguments never give two of them the same bits. */
enum { DRAW_ORDER = 1, DRAW_SIDES, DRAW_PADDING };

static uint64_t draw(const struct schedule_state *state, size_t bench, int what)
{
	uint64_t place = random_mix(bench, state->benches[bench].block_count);

	return random_mix(random_mix(state->seed, (uint64_t)what), place);
}

static size_t left_of(const struct schedule_state *state, size_t bench)
{
	const struct schedule_bench *b = &state->benches[bench];

	return b->stopped || b->pair_count >= state->pairs ? 0 : state->pairs - b->pair_count;
}

/* The benchmark that is furthest behind; among equals the seed decides, so that every round has an order of its own. */
static bool pick(const struct schedule_state *state, size_t *bench)
{
	bool found = false;
	uint64_t best = 0;

	for (size_t i = 0; i < state->bench_count; i++) {
		size_t blocks = state->benches[i].block_count;
		uint64_t order;

		if (!left_of(state, i))
			continue;
		order = draw(state, i, DRAW_ORDER);
		if (found && (blocks > state->benches[*bench].block_count ||
			      (blocks == state->benches[*bench].block_count && order >= best)))
			continue;
		found = true;
		*bench = i;
		best = order;
	}
	return found;
}

bool schedule_next(const struct schedule_state *state, struct schedule_block *block)
{
	size_t bench = 0, pairs;
	enum side first;

	if (!pick(state, &bench))
		return false;
	*block = (struct schedule_block){
		.bench = bench,
		.seed = draw(state, bench, DRAW_PADDING),
		.phase = PHASE_MEASURE,
		.slice_count = 1,
	};
	if (state->benches[bench].one_side) {
		block->sides[0] = SIDE_HEAD;
		return true;
	}
	/* ABBA or BAAB: whatever drifts evenly during a block cancels between its two pairs. */
	pairs = left_of(state, bench) > 1 ? 2 : 1;
	first = draw(state, bench, DRAW_SIDES) & 1 ? SIDE_HEAD : SIDE_BASE;
	block->slice_count = 2 * pairs;
	for (size_t i = 0; i < block->slice_count; i++)
		block->sides[i] = i == 0 || i == 3 ? first : first == SIDE_BASE ? SIDE_HEAD : SIDE_BASE;
	return true;
}

size_t schedule_left(const struct schedule_state *state)
{
	size_t slices = 0;

	for (size_t i = 0; i < state->bench_count; i++)
		slices += left_of(state, i) * (state->benches[i].one_side ? 1 : 2);
	return slices;
}
