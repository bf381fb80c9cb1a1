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
	struct schedule_bench benches[MOST];
	struct schedule_state state;
	size_t slices, most_ahead, head_first, blocks;
};

static struct drive drive_init(size_t benches, size_t pairs, uint64_t seed)
{
	struct drive d = {.state = {.seed = seed, .pairs = pairs, .bench_count = benches}};

	return d;
}

/* Measures everything, as measure does, and looks at what was asked for. */
static void drive_to_the_end(struct drive *d)
{
	struct schedule_block block;

	d->state.benches = d->benches;
	while (schedule_next(&d->state, &block)) {
		struct schedule_bench *b = &d->benches[block.bench];

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
		for (size_t i = 0; i < d->state.bench_count; i++) {
			if (!d->benches[i].stopped && b->block_count > d->benches[i].block_count + d->most_ahead)
				d->most_ahead = b->block_count - d->benches[i].block_count;
		}
	}
}

static void every_benchmark_gets_its_pairs_round_by_round(void **state)
{
	struct drive d = drive_init(5, 20, 1);

	(void)state;
	d.state.benches = d.benches;
	assert_int_equal(schedule_left(&d.state), 5 * 40);
	drive_to_the_end(&d);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(d.benches[i].pair_count, 20);
	assert_int_equal(d.slices, 5 * 40);
	assert_int_equal(d.most_ahead, 1);
	assert_int_equal(schedule_left(&d.state), 0);
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
	one.state.benches = one.benches;
	two.state.benches = two.benches;
	for (int i = 0; i < 8; i++) {
		assert_true(schedule_next(&one.state, &a));
		assert_true(schedule_next(&one.state, &b));
		assert_memory_equal(&a, &b, sizeof a);
		assert_true(schedule_next(&two.state, &b));
		differs = differs || a.bench != b.bench || a.sides[0] != b.sides[0];
		one.benches[a.bench].block_count++;
		one.benches[a.bench].pair_count += 2;
		two.benches[b.bench].block_count++;
		two.benches[b.bench].pair_count += 2;
	}
	assert_true(differs);
}

static void nothing_to_measure_is_an_answer(void **state)
{
	struct schedule_state none = {.pairs = 20};
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
		cmocka_unit_test(nothing_to_measure_is_an_answer),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
