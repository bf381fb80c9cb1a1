/* What to measure next. */
#include "flow/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 8 };

struct drive {
	struct schedule_job benches[MOST];
	struct schedule_state state;
	size_t slices, most_ahead, head_first, blocks;
};

static struct drive drive_init(size_t benches, size_t pairs, uint64_t seed)
{
	struct drive d = {.state = {.seed = seed, .job_count = benches}};

	for (size_t i = 0; i < benches; i++)
		d.benches[i] = (struct schedule_job){.pairs = pairs, .slice_ns = 10, .phase = PHASE_MEASURE};

	return d;
}

/* Measures everything, as measure does, and looks at what was asked for. */
static void drive_to_the_end(struct drive *d)
{
	struct schedule_block block;

	d->state.jobs = d->benches;
	while (schedule_next(&d->state, &block)) {
		struct schedule_job *b = &d->benches[block.job];

		assert_in_range(block.slice_count, 1, SCHEDULE_BLOCK_SLICES);
		if (!b->one_side) {
			assert_int_equal(block.slice_count % 2, 0);
			for (size_t i = 0; i < block.slice_count; i += 2)
				assert_int_not_equal(block.sides[i], block.sides[i + 1]);
			if (block.slice_count == 4)
				assert_int_equal(block.sides[0], block.sides[3]);
			d->head_first += block.sides[0] == SIDE_HEAD;
			b->pair_count += block.slice_count / 2;
		} else {
			assert_int_equal(block.sides[0], SIDE_HEAD);
			b->pair_count += block.slice_count;
		}
		b->block_count++;
		d->blocks++;
		d->slices += block.slice_count;
		for (size_t i = 0; i < d->state.job_count; i++) {
			if (!d->benches[i].stopped && b->block_count > d->benches[i].block_count + d->most_ahead)
				d->most_ahead = b->block_count - d->benches[i].block_count;
		}
	}
}

static void every_benchmark_gets_its_pairs_round_by_round(void **state)
{
	struct drive d = drive_init(5, 20, 1);

	(void)state;
	d.state.jobs = d.benches;
	assert_int_equal(schedule_left(d.benches, d.state.job_count), 5 * 40);
	drive_to_the_end(&d);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(d.benches[i].pair_count, 20);
	assert_int_equal(d.slices, 5 * 40);
	assert_int_equal(d.most_ahead, 1);
	assert_int_equal(schedule_left(d.benches, d.state.job_count), 0);
}

static void an_odd_number_of_pairs_ends_with_a_block_of_one(void **state)
{
	struct drive d = drive_init(1, 5, 1);

	(void)state;
	drive_to_the_end(&d);
	assert_int_equal(d.benches[0].pair_count, 5);
	assert_int_equal(d.benches[0].block_count, 3);
}

static void either_side_comes_first_about_as_often(void **state)
{
	struct drive d = drive_init(8, 500, 7);

	(void)state;
	drive_to_the_end(&d);
	assert_int_equal(d.blocks, 8 * 250);
	/* Binomial, 2000 draws: 6 standard deviations are 134. */
	assert_in_range(d.head_first, 1000 - 134, 1000 + 134);
}

static void stopped_benchmarks_are_left_alone_and_new_ones_measured_on_the_head(void **state)
{
	struct drive d = drive_init(3, 4, 3);

	(void)state;
	d.benches[0].stopped = true;
	d.benches[1].one_side = true;
	drive_to_the_end(&d);
	assert_int_equal(d.benches[0].pair_count, 0);
	assert_int_equal(d.benches[1].pair_count, 4);
	assert_int_equal(d.benches[2].pair_count, 4);
	assert_int_equal(d.slices, 4 + 8);
}

static void the_same_state_asks_for_the_same_block_and_another_seed_for_another_order(void **state)
{
	struct drive one = drive_init(8, 2, 1), two = drive_init(8, 2, 2);
	struct schedule_block a, b;
	bool differs = false;

	(void)state;
	one.state.jobs = one.benches;
	two.state.jobs = two.benches;
	for (int i = 0; i < 8; i++) {
		assert_true(schedule_next(&one.state, &a));
		assert_true(schedule_next(&one.state, &b));
		assert_memory_equal(&a, &b, sizeof a);
		assert_true(schedule_next(&two.state, &b));
		differs = differs || a.job != b.job || a.sides[0] != b.sides[0];
		one.benches[a.job].block_count++;
		one.benches[a.job].pair_count += 2;
		two.benches[b.job].block_count++;
		two.benches[b.job].pair_count += 2;
	}
	assert_true(differs);
}

static int64_t plan(struct drive *d, size_t pairs, int64_t budget_ns)
{
	struct schedule_wish wish = {.pairs = pairs, .slices = 20, .budget_ns = budget_ns};

	return schedule_plan(d->benches, d->state.job_count, &wish);
}

static void a_budget_is_divided_evenly_and_kept(void **state)
{
	struct drive d = drive_init(4, 0, 1);
	struct schedule_block block;

	(void)state;
	/* 4 jobs of 2 slices of 10: a pair of all costs 80. */
	assert_int_equal(plan(&d, 20, 10 * 80), 6 * 80);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(d.benches[i].pairs, 10);
	assert_int_equal(schedule_left_ns(d.benches, 4), 800);
	d.state.jobs = d.benches;
	d.state.budget_ns = 800;
	d.state.spent_ns = 800 - 39;
	assert_false(schedule_next(&d.state, &block));
	d.state.spent_ns = 800 - 40;
	assert_true(schedule_next(&d.state, &block));
	assert_int_equal(plan(&d, 20, 0), 6 * 80);
	assert_int_equal(d.benches[0].pairs, 20);
}

static void what_does_not_fit_the_budget_is_left_out_the_dearest_first(void **state)
{
	struct drive d = drive_init(3, 0, 1);

	(void)state;
	d.benches[1].slice_ns = 1000;
	assert_int_equal(plan(&d, 20, 1000), 6 * 2 * (10 + 1000 + 10));
	assert_int_equal(d.benches[0].pairs, 6);
	assert_int_equal(d.benches[1].pairs, 0);
	assert_int_equal(d.benches[2].pairs, 6);
	/* Asked for fewer than decide anything, everybody gets those. */
	plan(&d, 2, 5000);
	assert_int_equal(d.benches[1].pairs, 2);
}

static void all_are_screened_and_what_has_one_side_is_measured(void **state)
{
	struct drive d = drive_init(3, 0, 1);

	(void)state;
	d.benches[1].one_side = true;
	d.benches[2].stopped = true;
	plan(&d, 0, 0);
	assert_int_equal(d.benches[0].phase, PHASE_SCREEN);
	assert_int_equal(d.benches[0].pairs, CONFIRM_SCREEN_PAIRS);
	assert_int_equal(d.benches[1].phase, PHASE_MEASURE);
	assert_int_equal(d.benches[1].pairs, 20);
	assert_int_equal(d.benches[2].pairs, 0);
	/* What usually follows is part of the expected time. */
	assert_int_equal(schedule_left_ns(d.benches, 3), 20 * (CONFIRM_SCREEN_PAIRS + CONFIRM_EXPECTED_PAIRS) + 200);
	drive_to_the_end(&d);
	assert_true(schedule_wants_look(&d.benches[0]));
	assert_false(schedule_wants_look(&d.benches[1]));
	assert_false(schedule_wants_look(&d.benches[2]));
}

static void only_what_asks_for_it_gets_fresh_pairs_up_to_the_next_look(void **state)
{
	struct drive d = drive_init(2, 0, 1);
	const struct outlook more = {.pairs = 10, .promise = 0.1}, nothing = {.promise = 1};
	struct schedule_block block;

	(void)state;
	plan(&d, 0, 0);
	drive_to_the_end(&d);
	schedule_learn(&d.benches[0], &nothing);
	schedule_learn(&d.benches[1], &more);
	assert_int_equal(schedule_left(d.benches, 2), 20);
	assert_true(schedule_next(&d.state, &block));
	assert_int_equal(block.job, 1);
	assert_int_equal(block.phase, PHASE_CONFIRM);
	drive_to_the_end(&d);
	assert_int_equal(d.benches[0].pair_count, CONFIRM_SCREEN_PAIRS);
	assert_int_equal(d.benches[1].pair_count, CONFIRM_SCREEN_PAIRS + 10);
	assert_true(schedule_wants_look(&d.benches[1]));
	schedule_learn(&d.benches[1], &nothing);
	assert_false(schedule_next(&d.state, &block));
}

static void screening_comes_before_confirming(void **state)
{
	struct drive d = drive_init(2, 0, 1);
	const struct outlook more = {.pairs = 10, .promise = 0.1};
	struct schedule_block block;

	(void)state;
	plan(&d, 0, 0);
	d.state.jobs = d.benches;
	d.benches[0].pair_count = CONFIRM_SCREEN_PAIRS;
	schedule_learn(&d.benches[0], &more);
	d.benches[1].block_count = 100;
	assert_true(schedule_next(&d.state, &block));
	assert_int_equal(block.job, 1);
	assert_int_equal(block.phase, PHASE_SCREEN);
}

static void a_scarce_budget_goes_to_the_clearest(void **state)
{
	struct drive d = drive_init(3, 0, 1);
	const double promise[] = {0.3, 0.01, 0.2};
	struct schedule_block block;

	(void)state;
	plan(&d, 0, 0);
	d.state.jobs = d.benches;
	for (size_t i = 0; i < 3; i++) {
		struct outlook more = {.pairs = 10, .promise = promise[i]};

		d.benches[i].pair_count = CONFIRM_SCREEN_PAIRS;
		schedule_learn(&d.benches[i], &more);
	}
	d.benches[1].block_count = 100;
	/* 3 jobs want 10 pairs of 20 each. */
	d.state.budget_ns = 400;
	assert_true(schedule_next(&d.state, &block));
	assert_int_equal(block.job, 1);
	d.state.budget_ns = 600;
	assert_true(schedule_next(&d.state, &block));
	assert_int_not_equal(block.job, 1);
}

static void nothing_to_measure_is_an_answer(void **state)
{
	struct schedule_state none = {.seed = 1};
	struct schedule_block block;

	(void)state;
	assert_false(schedule_next(&none, &block));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_benchmark_gets_its_pairs_round_by_round),
		cmocka_unit_test(an_odd_number_of_pairs_ends_with_a_block_of_one),
		cmocka_unit_test(either_side_comes_first_about_as_often),
		cmocka_unit_test(stopped_benchmarks_are_left_alone_and_new_ones_measured_on_the_head),
		cmocka_unit_test(the_same_state_asks_for_the_same_block_and_another_seed_for_another_order),
		cmocka_unit_test(a_budget_is_divided_evenly_and_kept),
		cmocka_unit_test(what_does_not_fit_the_budget_is_left_out_the_dearest_first),
		cmocka_unit_test(all_are_screened_and_what_has_one_side_is_measured),
		cmocka_unit_test(only_what_asks_for_it_gets_fresh_pairs_up_to_the_next_look),
		cmocka_unit_test(screening_comes_before_confirming),
		cmocka_unit_test(a_scarce_budget_goes_to_the_clearest),
		cmocka_unit_test(nothing_to_measure_is_an_answer),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
