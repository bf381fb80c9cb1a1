/* Which function a change comes from. */
#include "made_orders.h"

static void a_function_that_became_dearer_is_named_with_callers_and_place(void **state)
{
	struct made_program p = orders;
	struct attribution at;
	const struct attribution_row *row;

	p.functions[MIX].head_ns += 50;
	at = attribute_made(*state, &p, &steady);
	assert_int_equal(at.method, ATTRIBUTION_PAIRED_T);
	assert_false(at.indicative);
	assert_true(at.resolved);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "mix");
	assert_near(at.causes[0].change, 50, 1);
	assert_near(at.causes[0].part, 1, 0.02);
	assert_true(at.causes[0].low < 50 && at.causes[0].high > 49 && at.causes[0].low > 40);
	row = row_of(&at, "mix");
	assert_int_equal(row->state, CHANGE_SLOWER);
	assert_string_equal(row->file, "mix.c");
	assert_int_equal(row->line, 10 * (MIX + 1));
	assert_int_equal(row->hot_line, 10 * (MIX + 1) + 3);
	assert_int_equal(row->caller_count, 2);
	assert_string_equal(at.rows[row->callers[0]].name, "loop");
	assert_string_equal(at.rows[row->callers[1]].name, "BM_orders");
	assert_near(row->base_share, 0.25, 0.001);
	assert_near(row->total.base, 400, 1);
}

static void what_did_not_change_is_the_same_though_its_share_fell(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[MIX].head_ns *= 4;
	at = attribute_made(*state, &p, &steady);
	assert_true(row_of(&at, "parse")->head_share < 0.7 * row_of(&at, "parse")->base_share);
	for (size_t i = 0; i < at.row_count; i++)
		if (!text_equal(at.rows[i].name, "mix"))
			assert_int_equal(at.rows[i].state, CHANGE_SAME);
}

static void own_costs_add_up_to_the_benchmark(void **state)
{
	struct made_program p = orders;
	struct made_measurement m = steady;
	struct attribution at;
	double base = 0, head = 0, change = 0;

	m.overdispersion = 4;
	m.own_noise = 0.1;
	p.functions[PARSE].head_ns += 90;
	at = attribute_made(*state, &p, &m);
	for (size_t i = 0; i < at.row_count; i++) {
		base += at.rows[i].own.base;
		head += at.rows[i].own.head;
		change += at.rows[i].own.change;
	}
	assert_near(base + at.unattributed.base, at.benchmark.base, 1e-6);
	assert_near(head + at.unattributed.head, at.benchmark.head, 1e-6);
	assert_near(change + at.unattributed.change, at.benchmark.change, 1e-6);
	assert_near(row_of(&at, "BM_orders")->total.change, at.benchmark.change, 1e-6);
}

static void an_inlined_function_is_named_itself_and_its_caller_is_not(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[HASH].head_ns += 50;
	at = attribute_made(*state, &p, &steady);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "hash");
	assert_state(&at, "mix", CHANGE_SAME);
	assert_string_equal(at.rows[row_of(&at, "hash")->callers[0]].name, "mix");
}

static void a_function_is_named_for_inlined_ones_that_are_too_small_alone(void **state)
{
	struct made_program p = orders;
	struct made_measurement m = steady;
	struct attribution at;

	/* 24 ns on one function are seen; a third of that on each of three are not. */
	m.samples = 400;
	p.functions[FORMAT].base_ns = p.functions[FORMAT].head_ns = 20;
	for (int i = SMALL_A; i <= SMALL_C; i++)
		p.functions[i].head_ns += 8;
	at = attribute_made(*state, &p, &m);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "format");
	assert_false(at.causes[0].with_callees);
	assert_near(at.causes[0].change, 24, 3);
}

static void the_caller_of_many_small_changes_is_named_with_its_callees(void **state)
{
	struct made_program p = orders;
	struct made_measurement m = steady;
	struct attribution at;
	static char names[20][24];

	/* Twenty functions below format, of 1.5 ns each, then 5 ns: none of them is a tenth of the change. */
	for (int i = 0; i < 20; i++) {
		snprintf(names[i], sizeof names[i], "tiny_%d", i);
		p.functions[p.count++] = made_added(names[i], "tiny.c", FORMAT, 1.5, 5);
	}
	at = attribute_made(*state, &p, &m);
	assert_true(at.resolved);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "format");
	assert_true(at.causes[0].with_callees);
	assert_near(at.causes[0].change, 70, 5);
	assert_state(&at, "format", CHANGE_SAME);
	assert_string_equal(at.rows[row_of(&at, "format")->callers[0]].name, "loop");
}

static void an_improvement_is_the_mirror_of_a_regression(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[MIX].head_ns -= 60;
	p.functions[PARSE].head_ns += 25;
	at = attribute_made(*state, &p, &steady);
	assert_true(at.benchmark.change < 0);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "mix");
	assert_state(&at, "mix", CHANGE_FASTER);
	assert_state(&at, "parse", CHANGE_SLOWER);
	assert_near(at.causes[0].part, 60.0 / 35, 0.1);
}

static void set_up_stays_out(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[SETUP].base_ns = 100;
	p.functions[SETUP].head_ns = 500;
	at = attribute_made(*state, &p, &steady);
	assert_int_equal(at.cause_count, 0);
	assert_near(at.base_left_out, 100 / 1100.0, 0.001);
	assert_near(at.head_left_out, 500 / 1500.0, 0.001);
	assert_near(row_of(&at, "set_up")->own.base, 0, 0);
	assert_near(at.unattributed.base, 0, 0);
}

static void the_scope_may_be_what_stands_below_a_runner(void **state)
{
	static const char *const runners[] = {"harness::run"};
	struct made_program p = orders;
	struct attribute_request request = {0};
	struct attribution at;

	p.functions[SETUP] = made_added("harness::run(int)", "run.c", MADE_TOP, 30, 300);
	p.functions[BENCH].parent = SETUP;
	/* made_stack wants callers only to exist, not to stand before. */
	made_check(*state, &p, &steady, &request);
	request.scope = (struct attribute_scope){.runners = runners, .runner_count = 1};
	attribute(*state, &request, &at);
	assert_int_equal(at.cause_count, 0);
	assert_near(row_of(&at, "harness::run(int)")->own.base, 0, 0);
	assert_near(row_of(&at, "BM_orders")->total.base, at.benchmark.base, 1e-6);
	assert_near(at.base_left_out, 30 / 1030.0, 0.001);
}

/* Adds to every head group a stack of one function without a caller. */
static void add_broken(struct arena *a, struct attribute_request *r, int64_t samples)
{
	for (size_t i = 0; i < r->head.group_count; i++) {
		struct profile *p = (struct profile *)r->head.groups[i].profile;
		int64_t values[2] = {samples, samples * 1000};
		struct profile_function f = {.name = profile_string_of(p, "memcpy")};
		struct profile_line line = {.function = profile_add_function(p, &f)};
		struct profile_location l = {.mapping = PROFILE_NONE};
		uint32_t location = profile_add_location(p, &l, &line, 1);

		profile_add_sample(p, profile_stack(p, &location, 1), 0, values);
	}
	(void)a;
}

static void a_stack_that_reaches_neither_benchmark_nor_start_is_unattributed(void **state)
{
	struct attribute_request request = {0};
	struct attribution at;

	made_check(*state, &orders, &steady, &request);
	add_broken(*state, &request, 1000);
	attribute(*state, &request, &at);
	assert_near(at.unattributed.base, 0, 0);
	assert_near(at.unattributed.head, 1000.0 / 11, 0.1);
	assert_near(at.benchmark.head, 1000, 1e-6);
}

static void counts_are_compared_exactly(void **state)
{
	struct made_program p = orders;
	struct made_measurement m = {.groups = 1, .samples = 1e6};
	struct attribute_request request = {
		.method = ATTRIBUTION_EXACT, .noise_ratio = 0.001, .min_effect_ratio = 0.002};
	struct attribution at;

	p.functions[HASH].head_ns += 5;
	p.functions[PARSE].head_ns += 0.2;
	made_check(*state, &p, &m, &request);
	attribute(*state, &request, &at);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "hash");
	assert_near(at.causes[0].change, 5, 1e-9);
	assert_near(at.causes[0].p, 0, 0);
	assert_near(at.causes[0].low, 5, 1e-9);
	assert_state(&at, "parse", CHANGE_SAME);
}

static void one_profile_a_side_is_indicative_with_four_times_poisson_variance(void **state)
{
	struct made_program p = orders;
	struct made_measurement m = {.groups = 1, .samples = 1000};
	struct attribution at;
	const struct attribution_row *row;

	p.functions[MIX].head_ns *= 2;
	at = attribute_made(*state, &p, &m);
	assert_true(at.indicative);
	assert_int_equal(at.method, ATTRIBUTION_POISSON);
	row = row_of(&at, "mix");
	/* 250 samples of 1 ns an operation each, then 500: the variances are 250 and 500, times four. */
	assert_near(row->own.error, sqrt(4 * 750), 1e-9);
	assert_string_equal(cause_of(&at, 0), "mix");
	p.functions[MIX].head_ns = 290;
	at = attribute_made(*state, &p, &m);
	assert_int_equal(at.cause_count, 0);
}

static void stored_runs_are_compared_by_welch_from_five_on(void **state)
{
	struct made_program p = orders;
	struct made_measurement m = {.groups = 5, .samples = 5000, .overdispersion = 2};
	struct attribution at;

	p.functions[MIX].head_ns *= 1.5;
	at = attribute_made(*state, &p, &m);
	assert_int_equal(at.method, ATTRIBUTION_WELCH);
	assert_string_equal(cause_of(&at, 0), "mix");
	m.groups = 4;
	at = attribute_made(*state, &p, &m);
	assert_int_equal(at.method, ATTRIBUTION_POISSON);
	assert_true(at.indicative);
}

static void groups_in_one_profile_are_told_apart_by_their_label(void **state)
{
	struct attribution_group groups[2][12];
	struct attribute_request request = {0};
	struct attribution at;
	struct profile *p = NEW(*state, struct profile);

	profile_init(p, *state);
	profile_add_type(p, "cpu", "nanoseconds");
	p->period = 1000;
	p->period_type = p->types[0];
	for (int side = 0; side < 2; side++) {
		for (int i = 0; i < 12; i++) {
			int64_t number = side * 12 + i;
			struct profile_label label = {
				.key = profile_string_of(p, "pawl_group"), .numeric = true, .number = number};

			for (int f = 0; f < BENCH + 3; f++) {
				int64_t ns =
					(int64_t)(1e5 * orders.functions[f].base_ns * (side && f == PARSE ? 1.3 : 1));

				profile_add_sample(p, made_stack(p, &orders, f, false), profile_label_set(p, &label, 1),
						   &ns);
			}
			groups[side][i] = (struct attribution_group){
				.profile = p, .labelled = true, .label = number, .block = i, .operations = 1e5};
		}
	}
	request.base = (struct attribution_side){groups[0], 12};
	request.head = (struct attribution_side){groups[1], 12};
	attribute(*state, &request, &at);
	assert_string_equal(cause_of(&at, 0), "parse");
	assert_near(at.causes[0].change, 84, 0.01);
	assert_near(at.benchmark.base, 400, 0.01);
	assert_near(at.base_samples, 12 * 40000, 0.5);
}

static void sides_without_samples_are_an_answer(void **state)
{
	struct attribute_request request = {0};
	struct attribution_group empty = {.block = -1, .operations = 1};
	struct profile *p = NEW(*state, struct profile);
	struct attribution at;

	attribute(*state, &request, &at);
	assert_false(at.resolved);
	assert_string_not_equal(at.reason, "");
	profile_init(p, *state);
	profile_add_type(p, "cpu", "nanoseconds");
	empty.profile = p;
	request.base = request.head = (struct attribution_side){&empty, 1};
	attribute(*state, &request, &at);
	assert_int_equal(at.cause_count, 0);
	request.change = (struct number){10, true};
	attribute(*state, &request, &at);
	assert_false(at.resolved);
	assert_string_not_equal(at.reason, "");
}

/* Facts: alpha 5 % two-sided, power 90 %, ideal Poisson. */
static void the_samples_needed_are_those_of_the_table(void **state)
{
	(void)state;
	assert_near(attribute_samples_needed(0.01, 0.05, 1), 861609, 1);
	assert_near(attribute_samples_needed(0.05, 0.10, 1), 44131, 1);
	assert_near(attribute_samples_needed(0.20, 0.50, 1), 525, 1);
	assert_near(attribute_samples_needed(0.50, 1.00, 1), 63, 1);
	assert_near(attribute_samples_needed(0.50, 1.00, 4), 4 * attribute_samples_needed(0.50, 1, 1), 1e-9);
}

static void what_samples_cannot_tell_they_tell_when_there_are_as_many_as_asked_for(void **state)
{
	struct made_program p = orders;
	struct made_measurement m = {
		.groups = 12, .samples = 40, .overdispersion = 1, .interleaved = true, .measured = true, .seed = 4};
	struct attribute_request request = {0};
	struct attribution at;

	p.functions[FORMAT].head_ns += 40;
	made_check(*state, &p, &m, &request);
	request.change = (struct number){40, true};
	attribute(*state, &request, &at);
	assert_int_equal(at.cause_count, 0);
	assert_false(at.resolved);
	assert_true(at.samples_needed > at.base_samples);
	assert_true(at.groups_wanted > 12 && at.groups_wanted < 5000);
	m.groups = at.groups_wanted;
	made_check(*state, &p, &m, &request);
	attribute(*state, &request, &at);
	assert_true(at.resolved);
	assert_string_equal(cause_of(&at, 0), "format");
}

static void the_same_samples_give_the_same_answer(void **state)
{
	struct made_program p = orders;
	struct made_measurement m = {.groups = 12, .samples = 500, .overdispersion = 4, .interleaved = true, .seed = 9};
	struct attribution one, two;

	p.functions[PARSE].head_ns *= 1.5;
	one = attribute_made(*state, &p, &m);
	two = attribute_made(*state, &p, &m);
	assert_int_equal(one.row_count, two.row_count);
	for (size_t i = 0; i < one.row_count; i++) {
		assert_string_equal(one.rows[i].name, two.rows[i].name);
		assert_memory_equal(&one.rows[i].own, &two.rows[i].own, sizeof one.rows[i].own);
	}
}

static void callers_of_a_change_are_not_those_that_were_renamed(void **state)
{
	struct made_program p = orders;
	struct attribution at;
	const struct attribution_row *row;

	p.functions[p.count++] = made_added("spin", "spin.h", PARSE, 200, 0);
	p.functions[p.count++] = made_added("parse_order", "parse.c", BENCH, 0, 280);
	p.functions[p.count] = made_added("spin", "spin.h", p.count - 1, 0, 200);
	p.count++;
	p.functions[p.count++] = made_added("spin", "spin.h", FORMAT, 100, 220);
	p.functions[PARSE].head_ns = 0;
	at = attribute_made(*state, &p, &steady);
	assert_string_equal(cause_of(&at, 0), "spin");
	row = row_of(&at, "spin");
	assert_string_equal(at.rows[row->callers[0]].name, "format");
}

static void recursion_is_no_chain_of_callers(void **state)
{
	struct made_program p = orders;
	struct attribution at;
	const struct attribution_row *row;

	p.functions[p.count++] = made_added("ping", "ping.c", LOOP, 20, 50);
	for (int i = 0; i < 4; i++) {
		p.functions[p.count] = made_added("pong", "ping.c", p.count - 1, 20, 20);
		p.count++;
		p.functions[p.count] = made_added("ping", "ping.c", p.count - 1, 20, 50);
		p.count++;
	}
	at = attribute_made(*state, &p, &steady);
	assert_string_equal(cause_of(&at, 0), "ping");
	row = row_of(&at, "ping");
	assert_int_equal(row->caller_count, 3);
	assert_string_equal(at.rows[row->callers[0]].name, "pong");
	assert_string_equal(at.rows[row->callers[1]].name, "loop");
	assert_string_equal(at.rows[row->callers[2]].name, "BM_orders");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		ORDERS_TEST(a_function_that_became_dearer_is_named_with_callers_and_place),
		ORDERS_TEST(callers_of_a_change_are_not_those_that_were_renamed),
		ORDERS_TEST(recursion_is_no_chain_of_callers),
		ORDERS_TEST(what_did_not_change_is_the_same_though_its_share_fell),
		ORDERS_TEST(own_costs_add_up_to_the_benchmark),
		ORDERS_TEST(an_inlined_function_is_named_itself_and_its_caller_is_not),
		ORDERS_TEST(a_function_is_named_for_inlined_ones_that_are_too_small_alone),
		ORDERS_TEST(the_caller_of_many_small_changes_is_named_with_its_callees),
		ORDERS_TEST(an_improvement_is_the_mirror_of_a_regression),
		ORDERS_TEST(set_up_stays_out),
		ORDERS_TEST(the_scope_may_be_what_stands_below_a_runner),
		ORDERS_TEST(a_stack_that_reaches_neither_benchmark_nor_start_is_unattributed),
		ORDERS_TEST(counts_are_compared_exactly),
		ORDERS_TEST(one_profile_a_side_is_indicative_with_four_times_poisson_variance),
		ORDERS_TEST(stored_runs_are_compared_by_welch_from_five_on),
		ORDERS_TEST(groups_in_one_profile_are_told_apart_by_their_label),
		ORDERS_TEST(sides_without_samples_are_an_answer),
		ORDERS_TEST(the_samples_needed_are_those_of_the_table),
		ORDERS_TEST(what_samples_cannot_tell_they_tell_when_there_are_as_many_as_asked_for),
		ORDERS_TEST(the_same_samples_give_the_same_answer),
	};

	return cmocka_run_group_tests_name("test_attribute", tests, NULL, NULL);
}
