/* Where the time of a suite goes: shares of functions over groups and benchmarks. */
#include "flow/hot.h"

#include "made_tables.h"

/* Adds a table of the suite; `bench` is its name there. */
static struct slice_table *add(struct arena *a, struct run *run, const char *suite, const char *bench,
			       const struct made_program *p, size_t groups)
{
	struct slice_table *t = run_add(a, run, suite, bench), *made = made_table(a, p, false, groups, 10000);

	t->clock = made->clock;
	t->metrics = made->metrics;
	t->metric_count = made->metric_count;
	t->slices = made->slices;
	t->slice_count = made->slice_count;
	t->profile = made->profile;
	return t;
}

static const struct hot_row *row_named(const struct hot_rows *rows, const char *name)
{
	for (size_t i = 0; i < rows->count; i++)
		if (text_equal(rows->rows[i].name, name))
			return &rows->rows[i];
	fail_msg("there is no row '%s'", name);
	return NULL;
}

static void shares_are_of_own_cost_and_add_up_to_one(void **state)
{
	struct arena *a = *state;
	struct run run = {0};
	struct hot_rows rows;
	double sum = 0;

	add(a, &run, "s", "BM_orders/64", &orders, 5);
	rows = hot_functions(a, &run, "s");
	assert_int_equal(rows.bench_count, 1);
	assert_int_equal(rows.group_count, 5);
	for (size_t i = 0; i < rows.count; i++) {
		sum += rows.rows[i].share;
		assert_true(i == 0 || rows.rows[i].share <= rows.rows[i - 1].share);
		assert_true(rows.rows[i].total_share >= rows.rows[i].share);
	}
	assert_near(sum, 1, 1e-9);
	assert_string_equal(rows.rows[0].name, "parse");
	assert_near(rows.rows[0].share, 0.28, 1e-9);
	assert_string_equal(rows.rows[0].file, "parse.c");
	assert_int_equal(rows.rows[0].line, 10 * (PARSE + 1));
	/* An inlined function has its own part, and its caller the rest; what calls it has both. */
	assert_near(row_named(&rows, "mix")->share, 0.25, 1e-9);
	assert_near(row_named(&rows, "mix")->total_share, 0.40, 1e-9);
	assert_near(row_named(&rows, "hash")->share, 0.15, 1e-9);
	assert_near(row_named(&rows, "BM_orders")->total_share, 1, 1e-9);
}

static void set_up_is_no_part_of_a_benchmark(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	struct run run = {0};
	struct hot_rows rows;

	p.functions[SETUP].base_ns = 9000;
	add(a, &run, "s", "BM_orders", &p, 5);
	rows = hot_functions(a, &run, "s");
	assert_near(row_named(&rows, "parse")->share, 0.28, 1e-3);
	for (size_t i = 0; i < rows.count; i++)
		assert_string_not_equal(rows.rows[i].name, "set_up");
}

static void a_benchmark_whose_function_is_not_found_counts_whole(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	struct run run = {0};
	struct hot_rows rows;

	p.functions[SETUP].base_ns = 1000;
	add(a, &run, "s", "whatever", &p, 5);
	rows = hot_functions(a, &run, "s");
	assert_near(row_named(&rows, "set_up")->share, 0.5, 1e-3);
	assert_near(row_named(&rows, "main")->total_share, 1, 1e-9);
}

/* A second benchmark, twice as long, where parse is all. */
static void every_benchmark_counts_alike(void **state)
{
	struct made_program p = orders;
	struct arena *a = *state;
	struct run run = {0};
	const struct hot_row *row;
	struct hot_rows rows;

	for (int i = 0; i < p.count; i++)
		p.functions[i].base_ns = i == PARSE ? 2000 : 0;
	p.functions[BENCH].name = p.benchmark = "BM_parse";
	add(a, &run, "s", "BM_orders", &orders, 5);
	add(a, &run, "s", "BM_parse", &p, 5);
	add(a, &run, "other", "BM_orders", &orders, 5);
	run_add(a, &run, "s", "BM_not_sampled");
	rows = hot_functions(a, &run, "s");
	assert_int_equal(rows.bench_count, 2);
	assert_int_equal(rows.group_count, 10);
	row = row_named(&rows, "parse");
	assert_near(row->share, (1 + 0.28) / 2, 1e-6);
	assert_int_equal(row->bench_count, 2);
	assert_string_equal(row->benches[0].bench, "BM_parse");
	assert_near(row->benches[0].share, 1, 1e-6);
	assert_string_equal(row->benches[1].bench, "BM_orders");
	assert_near(row->benches[1].share, 0.28, 1e-6);
	row = row_named(&rows, "mix");
	assert_int_equal(row->bench_count, 1);
	assert_near(row->share, 0.125, 1e-6);
	assert_int_equal(hot_functions(a, &run, "none").count, 0);
}

/* Two groups in which mix is 0.2 and 0.3: mean 0.25, its variance 0.0025, t(0.975, 1) = 12.7062 (Abramowitz and Stegun,
 * table 26.10). */
static void the_interval_is_students_over_the_groups(void **state)
{
	struct arena *a = *state;
	struct run run = {0};
	struct slice_table *t = run_add(a, &run, "s", "BM_orders");
	struct hot_rows rows;

	made_sampled(a, &t->profile, 40);
	for (size_t i = 0; i < 2; i++) {
		struct made_program p = orders;

		p.functions[MIX].base_ns = i ? 300 : 200;
		p.functions[PARSE].base_ns = i ? 230 : 330;
		made_slice(a, t, PHASE_PROFILE, i, 1000);
		made_samples(t->profile.stacks, &p, false, 1000, i);
	}
	rows = hot_functions(a, &run, "s");
	assert_near(row_named(&rows, "mix")->share, 0.25, 1e-9);
	assert_near(row_named(&rows, "mix")->low_share, 0, 1e-9); /* 0.25 - 12.7062 * 0.05 is below 0 */
	assert_near(row_named(&rows, "mix")->high_share, 0.25 + 12.7062 * 0.05, 1e-4);
	/* What is the same in all groups has no width. */
	assert_near(row_named(&rows, "loop")->low_share, 0.1, 1e-9);
	assert_near(row_named(&rows, "loop")->high_share, 0.1, 1e-9);
}

static void without_groups_to_compare_the_interval_is_everything(void **state)
{
	struct arena *a = *state;
	struct run run = {0};
	struct hot_rows rows;

	add(a, &run, "s", "BM_orders", &orders, 1);
	rows = hot_functions(a, &run, "s");
	assert_near(row_named(&rows, "mix")->share, 0.25, 1e-9);
	assert_near(row_named(&rows, "mix")->low_share, 0, 0);
	assert_near(row_named(&rows, "mix")->high_share, 1, 0);
}

/* A label that no slice has: of a file that was cut, or made by hand. */
static void samples_of_groups_that_are_not_there_are_passed_over(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	struct run run = {0};
	struct slice_table *t = add(a, &run, "s", "BM_orders", &orders, 3);
	struct hot_rows rows;

	p.functions[MIX].base_ns = 1e6;
	made_samples(t->profile.stacks, &p, false, 100000, 3);
	made_samples(t->profile.stacks, &p, false, 100000, SIZE_MAX);
	rows = hot_functions(a, &run, "s");
	assert_near(row_named(&rows, "mix")->share, 0.25, 1e-9);
}

static void functions_without_a_name_are_one_unknown(void **state)
{
	struct arena *a = *state;
	struct run run = {0};
	struct slice_table *t = run_add(a, &run, "s", "BM_orders");
	int64_t values[] = {10, 10000};
	struct profile_location bare = {.address = 1, .mapping = PROFILE_NONE};
	struct profile_line lines[] = {{.function = PROFILE_NONE}};
	struct hot_rows rows;
	uint32_t at;

	made_sampled(a, &t->profile, 10);
	made_slice(a, t, PHASE_PROFILE, 0, 1000);
	at = profile_add_location(t->profile.stacks, &bare, lines, 1);
	profile_add_sample(t->profile.stacks, profile_stack(t->profile.stacks, &at, 1), 0, values);
	/* No lines at all, and a stack without frames. */
	at = profile_add_location(t->profile.stacks, &bare, NULL, 0);
	profile_add_sample(t->profile.stacks, profile_stack(t->profile.stacks, &at, 1), 0, values);
	profile_add_sample(t->profile.stacks, profile_stack(t->profile.stacks, NULL, 0), 0, values);
	rows = hot_functions(a, &run, "s");
	assert_int_equal(rows.count, 1);
	assert_string_equal(rows.rows[0].name, "[unknown]");
	assert_string_equal(rows.rows[0].file, "");
	assert_near(rows.rows[0].share, 0.5, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ORDERS_TEST(shares_are_of_own_cost_and_add_up_to_one),
		ORDERS_TEST(set_up_is_no_part_of_a_benchmark),
		ORDERS_TEST(a_benchmark_whose_function_is_not_found_counts_whole),
		ORDERS_TEST(every_benchmark_counts_alike),
		ORDERS_TEST(the_interval_is_students_over_the_groups),
		ORDERS_TEST(without_groups_to_compare_the_interval_is_everything),
		ORDERS_TEST(samples_of_groups_that_are_not_there_are_passed_over),
		ORDERS_TEST(functions_without_a_name_are_one_unknown),
	};

	return cmocka_run_group_tests_name("hot", tests, NULL, NULL);
}
