/* From the profile slices of two tables to the groups that attribution compares. */
#include "flow/cause.h"

#include "made_tables.h"

static const struct number unknown;

static struct attribution found(struct arena *a, const struct slice_table *base, const struct slice_table *head,
				const struct cause_code *code)
{
	struct attribution out = {0};

	assert_true(cause_find(a, base, head, unknown, 0.01, code, &out));
	return out;
}

static void profile_slices_are_groups_and_others_are_not(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	struct attribution at;

	p.functions[MIX].head_ns += 50;
	at = found(a, made_table(a, &p, false, 12, 10000), made_table(a, &p, true, 12, 10000), NULL);
	assert_int_equal(at.base_groups, 12);
	assert_int_equal(at.head_groups, 12);
	assert_int_equal(at.pairs, 12);
	assert_int_equal(at.method, ATTRIBUTION_PAIRED_T);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "mix");
	assert_near(at.causes[0].change, 50, 1);
	/* The times of the other slices, 1 ms each, are not its cost. */
	assert_near(at.benchmark.base, 1000, 1);
	assert_near(at.benchmark.head, 1050, 1);
}

static void pairs_stand_in_one_half_of_a_block(void **state)
{
	struct arena *a = *state;
	struct slice_table *base = made_table(a, &orders, false, 12, 1000);
	struct slice_table *head = made_table(a, &orders, true, 12, 1000);

	/* ABBA: the head's slices are the second and the third. */
	for (size_t i = 0; i < head->slice_count; i++)
		head->slices[i].position += 1;
	assert_int_equal(found(a, base, head, NULL).pairs, 12);
	/* Of other blocks there is none to hold them against. */
	for (size_t i = 0; i < head->slice_count; i++)
		head->slices[i].block += 100;
	assert_int_equal(found(a, base, head, NULL).pairs, 0);
}

static void stacks_of_different_engines_are_not_compared(void **state)
{
	struct arena *a = *state;
	struct slice_table *base = made_table(a, &orders, false, 12, 1000);
	struct slice_table *head = made_table(a, &orders, true, 12, 1000);
	struct attribution out;

	head->profile.engine = "timer";
	assert_false(cause_find(a, base, head, unknown, 0.01, NULL, &out));
	head->profile.engine = "perf";
	head->profile.unwind = "dwarf";
	assert_false(cause_find(a, base, head, unknown, 0.01, NULL, &out));
	head->profile.unwind = "frames";
	assert_true(cause_find(a, base, head, unknown, 0.01, NULL, &out));
	base->profile.stacks = NULL;
	assert_false(cause_find(a, base, head, unknown, 0.01, NULL, &out));
}

static void against_a_side_without_samples_nothing_is_new(void **state)
{
	struct arena *a = *state;
	struct slice_table *base = made_table(a, &orders, false, 12, 1000);
	struct slice_table *head = made_table(a, &orders, true, 12, 1000);
	struct attribution at;

	base->profile.stacks->sample_count = 0;
	at = found(a, base, head, NULL);
	assert_int_equal(at.cause_count, 0);
	assert_false(at.resolved);
	assert_string_equal(at.reason, "one side has no samples");
	base->profile.trouble = "no samples: it sleeps";
	assert_string_equal(found(a, base, head, NULL).reason, "no samples: it sleeps");
}

/* What the benchmark's own thread does not do: a pool's function below no benchmark. */
static struct slice_table *with_pool(struct arena *a, bool head, double own_ns)
{
	struct made_program p = orders;
	struct slice_table *t;

	p.functions[SETUP] = made_added("pool_work", "pool.c", MADE_TOP, 4000, 5000);
	t = made_table(a, &p, head, 12, 2000);
	for (size_t i = 0; i < t->slice_count; i++) {
		if (t->slices[i].phase == PHASE_PROFILE)
			t->slices[i].user_ns += (int64_t)(own_ns * (double)t->slices[i].iterations);
	}
	return t;
}

static void where_other_threads_do_the_work_all_stacks_count(void **state)
{
	struct arena *a = *state;
	struct attribution at = found(a, with_pool(a, false, 4000), with_pool(a, true, 5000), NULL);

	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "pool_work");
	assert_near(at.benchmark.base, 5000, 10);
	assert_near(at.benchmark.head, 6000, 10);
}

static void set_up_that_is_not_the_benchmarks_stays_out(void **state)
{
	struct arena *a = *state;
	struct attribution at = found(a, with_pool(a, false, 0), with_pool(a, true, 0), NULL);

	assert_int_equal(at.cause_count, 0);
	assert_near(at.base_left_out, 0.8, 0.01);
	for (size_t i = 0; i < at.row_count; i++) {
		if (text_equal(at.rows[i].name, "pool_work"))
			assert_true(at.rows[i].total.base <= 0 && at.rows[i].total.head <= 0);
	}
}

static void a_benchmark_that_no_frame_is_named_by_is_judged_whole(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	struct slice_table *base, *head;
	struct attribution at;

	p.functions[PARSE].head_ns += 100;
	base = made_table(a, &p, false, 12, 10000);
	head = made_table(a, &p, true, 12, 10000);
	base->bench = head->bench = "another/name";
	at = found(a, base, head, NULL);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "parse");
}

/* Stacks that end before the start of the thread. */
static void cut_short(struct profile *p)
{
	for (size_t i = 0; i < p->function_count; i++)
		if (text_equal(profile_text(p, p->functions[i].name), "main"))
			p->functions[i].name = p->functions[i].system_name = profile_string_of(p, "impl_of_it");
}

static void a_benchmark_under_another_name_whose_stacks_end_in_a_library_is_judged_whole(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	struct slice_table *base, *head;
	struct attribution at;

	p.functions[PARSE].head_ns += 100;
	base = made_table(a, &p, false, 12, 10000);
	head = made_table(a, &p, true, 12, 10000);
	base->bench = head->bench = "a nice name";
	cut_short(base->profile.stacks);
	cut_short(head->profile.stacks);
	at = found(a, base, head, NULL);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "parse");
}

/* The process takes that many times as long as its timed loop. */
static void stretch(struct slice_table *t, int64_t times)
{
	for (size_t i = 0; i < t->slice_count; i++) {
		t->slices[i].user_ns *= times;
		t->slices[i].wall_ns *= times;
	}
}

static void iterations_that_a_process_tried_first_are_no_cost_of_the_others(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	struct slice_table *base, *head;
	struct attribution at;

	p.functions[PARSE].head_ns += 100;
	base = made_table(a, &p, false, 12, 10000);
	head = made_table(a, &p, true, 12, 10000);
	base->bench = head->bench = "another/name";
	stretch(base, 3);
	stretch(head, 2);
	at = found(a, base, head, NULL);
	assert_near(at.benchmark.base, 1000, 50);
	assert_near(at.benchmark.head, 1100, 50);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "parse");
}

/* What the program's functions are called where it has no symbols. */
static void strip(struct profile *p)
{
	for (size_t i = 0; i < p->location_count; i++) {
		p->locations[i].mapping = 0;
		for (uint32_t k = 0; k < p->locations[i].line_count; k++) {
			struct profile_function *f = p->functions + p->lines[p->locations[i].first_line + k].function;

			f->name = f->system_name = profile_string_of(p, "[made+0x12]");
			f->file = 0;
		}
	}
}

static void a_side_without_symbols_is_said_to_be_one(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	struct slice_table *base, *head;
	struct attribution at;

	p.functions[PARSE].head_ns += 200;
	base = made_table(a, &p, false, 12, 10000);
	head = made_table(a, &p, true, 12, 10000);
	for (size_t i = 0; i < base->profile.stacks->location_count; i++)
		base->profile.stacks->locations[i].mapping = 0;
	profile_add_mapping(base->profile.stacks,
			    &(struct profile_mapping){.file = profile_string_of(base->profile.stacks, "/bin/made")});
	profile_add_mapping(head->profile.stacks,
			    &(struct profile_mapping){.file = profile_string_of(head->profile.stacks, "/bin/made")});
	strip(head->profile.stacks);
	at = found(a, base, head, NULL);
	assert_int_equal(at.cause_count, 0);
	assert_true(at.resolved);
	assert_string_equal(at.reason,
			    "[made] has no symbols in the head and has some in the base: strip neither side");
	/* Where neither side has any, the file is what can be named. */
	strip(base->profile.stacks);
	at = found(a, base, head, NULL);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "[made]");
}

static void what_waits_longer_is_said_to_wait(void **state)
{
	struct arena *a = *state;
	struct slice_table *base = made_table(a, &orders, false, 12, 10000);
	struct slice_table *head = made_table(a, &orders, true, 12, 10000);
	struct number longer = {5000, true};
	struct attribution at;

	base->clock = head->clock = "real_time";
	assert_true(cause_find(a, base, head, longer, 0, NULL, &at));
	assert_int_equal(at.cause_count, 0);
	assert_true(at.resolved);
	assert_true(text_starts(at.reason, "the change is waiting, outside of the program"));
	/* CPU time that did not come again does not wait. */
	base->clock = head->clock = "cpu_time";
	assert_true(cause_find(a, base, head, longer, 0, NULL, &at));
	assert_false(text_starts(at.reason, "the change is waiting"));
}

static void the_same_code_that_takes_another_time_is_layout(void **state)
{
	static const char *const alike[] = {"mix"};
	struct cause_code code = {.alike = alike, .count = 1, .as_often = true};
	struct arena *a = *state;
	struct made_program p = orders;
	struct slice_table *base, *head;
	struct attribution at;

	p.functions[MIX].head_ns += 50;
	base = made_table(a, &p, false, 12, 10000);
	head = made_table(a, &p, true, 12, 10000);
	at = found(a, base, head, &code);
	assert_state(&at, "mix", CHANGE_LAYOUT);
	/* The same bytes that are executed more often are no matter of layout. */
	code.as_often = false;
	at = found(a, base, head, &code);
	assert_state(&at, "mix", CHANGE_SLOWER);
}

static void the_scope_of_a_name(void **state)
{
	static const struct {
		const char *bench, *names[CAUSE_SCOPE_NAMES];
	} cases[] = {
		{"BM_parse", {"BM_parse"}},
		{"BM_parse/64", {"BM_parse", "BM_parse_64_Benchmark::BenchmarkCase"}},
		{"BM_parse/64/threads:2", {"BM_parse", "BM_parse_64_Benchmark::BenchmarkCase"}},
		{"BM_parse<int>/64", {"BM_parse<int>", "BM_parse", "BM_parse<int>_64_Benchmark::BenchmarkCase"}},
		{"Fixture/Case", {"Fixture", "Fixture_Case_Benchmark::BenchmarkCase"}},
		{"", {""}},
		{"/", {""}},
		{"<", {"<", ""}},
	};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *names[CAUSE_SCOPE_NAMES];
		size_t count = cause_scope_names(a, cases[i].bench, names);

		for (size_t k = 0; k < CAUSE_SCOPE_NAMES; k++) {
			if (k < count && cases[i].names[k])
				assert_string_equal(names[k], cases[i].names[k]);
			else
				assert_true(k >= count && !cases[i].names[k]);
		}
	}
}

static void slices_without_operations_are_no_groups(void **state)
{
	struct arena *a = *state;
	struct slice_table *base = made_table(a, &orders, false, 13, 1000);
	struct slice_table *head = made_table(a, &orders, true, 13, 1000);
	struct attribution at;

	/* The third profile slice of the head; the labels of those behind it stay theirs. */
	for (size_t i = 0, seen = 0; i < head->slice_count; i++) {
		if (head->slices[i].phase == PHASE_PROFILE && ++seen == 3)
			head->slices[i].iterations = 0;
	}
	at = found(a, base, head, NULL);
	assert_int_equal(at.base_groups, 13);
	assert_int_equal(at.head_groups, 12);
	assert_int_equal(at.pairs, 12);
	assert_int_equal(at.cause_count, 0);
	assert_true(isfinite(at.benchmark.head));
	assert_near(at.head_samples, 12 * 1000, 12);
}

static void a_slice_that_took_longer_than_there_was_time_is_no_group(void **state)
{
	struct arena *a = *state;
	struct slice_table *base = made_table(a, &orders, false, 13, 1000);
	struct slice_table *head = made_table(a, &orders, true, 13, 1000);
	struct attribution at;

	for (size_t i = 0, seen = 0; i < head->slice_count; i++) {
		if (head->slices[i].phase == PHASE_PROFILE && ++seen == 3)
			head->slices[i].cells[table_metric(head, "cpu_time")].value = 1e308;
	}
	at = found(a, base, head, NULL);
	assert_int_equal(at.head_groups, 12);
	assert_true(isfinite(at.benchmark.head));
}

/* ---- of counts ---- */

/* What a process executed that ran so many iterations, with a start-up of its own. */
static struct profile *executed(struct arena *a, bool head, int64_t iterations, int64_t mix)
{
	struct made_program p = orders;
	struct profile *out = NEW(a, struct profile);

	p.functions[SETUP] = made_added("start_up", "start.c", MADE_TOP, 1, 1);
	profile_init(out, a);
	profile_add_type(out, "instructions", "count");
	for (int i = 0; i < p.count; i++) {
		int64_t each = i == MIX ? mix : (int64_t)p.functions[i].base_ns;
		int64_t value = i == SETUP ? 123456 : each * iterations;

		profile_add_sample(out, made_stack(out, &p, i, head), 0, &value);
	}
	return out;
}

static struct slice_table *table_of_counts(struct arena *a, bool head, int64_t mix)
{
	struct slice_table *t = NEW(a, struct slice_table);

	t->bench = "BM_orders";
	t->counts = (struct run_counts){executed(a, head, 16, mix), executed(a, head, 64, mix), 16, 64};
	return t;
}

static void a_half_percent_more_instructions_are_named_exactly(void **state)
{
	struct arena *a = *state;
	struct slice_table *base = table_of_counts(a, false, 250), *head = table_of_counts(a, true, 255);
	struct attribution at = {0};

	assert_true(cause_of_counts(a, base, head, unknown, 0.002, &at));
	assert_int_equal(at.method, ATTRIBUTION_EXACT);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "mix");
	assert_near(at.causes[0].change, 5, 1e-9);
	/* Start-up is in both processes of a side. */
	assert_near(at.benchmark.base, 1000, 1e-9);
	assert_near(at.benchmark.head, 1005, 1e-9);
}

static void counts_that_cannot_be_divided_have_no_cause(void **state)
{
	struct arena *a = *state;
	struct slice_table *base = table_of_counts(a, false, 250), *head = table_of_counts(a, true, 255);
	struct attribution at;

	head->counts.many_iterations = head->counts.few_iterations;
	assert_false(cause_of_counts(a, base, head, unknown, 0.002, &at));
	head->counts.many_iterations = 64;
	assert_true(cause_of_counts(a, base, head, unknown, 0.002, &at));
	base->counts.few = NULL;
	assert_false(cause_of_counts(a, base, head, unknown, 0.002, &at));
}

static void more_than_a_hundredth_of_the_samples_lost_is_not_judged(void **state)
{
	struct run_profile p = {.engine = "perf", .sample_count = 9900, .lost_count = 100};
	struct arena *a = *state;

	assert_null(cause_obstacle(a, &p));
	p.lost_count = 102;
	assert_non_null(strstr(cause_obstacle(a, &p), "lower `rate`"));
	assert_null(cause_obstacle(a, &(struct run_profile){.engine = "perf"}));
	assert_null(cause_obstacle(a, &(struct run_profile){0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ORDERS_TEST(profile_slices_are_groups_and_others_are_not),
		ORDERS_TEST(pairs_stand_in_one_half_of_a_block),
		ORDERS_TEST(stacks_of_different_engines_are_not_compared),
		ORDERS_TEST(against_a_side_without_samples_nothing_is_new),
		ORDERS_TEST(where_other_threads_do_the_work_all_stacks_count),
		ORDERS_TEST(set_up_that_is_not_the_benchmarks_stays_out),
		ORDERS_TEST(a_benchmark_that_no_frame_is_named_by_is_judged_whole),
		ORDERS_TEST(iterations_that_a_process_tried_first_are_no_cost_of_the_others),
		ORDERS_TEST(a_side_without_symbols_is_said_to_be_one),
		ORDERS_TEST(what_waits_longer_is_said_to_wait),
		ORDERS_TEST(a_benchmark_under_another_name_whose_stacks_end_in_a_library_is_judged_whole),
		ORDERS_TEST(the_same_code_that_takes_another_time_is_layout),
		ORDERS_TEST(the_scope_of_a_name),
		ORDERS_TEST(slices_without_operations_are_no_groups),
		ORDERS_TEST(a_slice_that_took_longer_than_there_was_time_is_no_group),
		ORDERS_TEST(a_half_percent_more_instructions_are_named_exactly),
		ORDERS_TEST(counts_that_cannot_be_divided_have_no_cause),
		ORDERS_TEST(more_than_a_hundredth_of_the_samples_lost_is_not_judged),
	};

	return cmocka_run_group_tests_name("cause", tests, NULL, NULL);
}
