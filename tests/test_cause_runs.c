/* From the profile slices of whole runs to the groups that attribution compares. */
#include "flow/cause.h"

#include "made_tables.h"

static const struct number unknown;

/* ---- against stored runs ---- */

enum { RUNS = 5 };

/* Runs differ by some per mille. */
static void store(struct arena *a, const struct slice_table *runs[RUNS])
{
	for (size_t i = 0; i < RUNS; i++) {
		struct made_program p = orders;

		p.functions[PARSE].base_ns += (double)i;
		p.functions[MIX].base_ns += (double)((i * 2) % RUNS);
		runs[i] = made_table(a, &p, false, 5, 4000);
	}
}

static void a_head_is_held_against_five_stored_runs(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	const struct slice_table *runs[RUNS];
	struct attribution at = {0};

	store(a, runs);
	p.functions[MIX].head_ns += 80;
	assert_true(cause_against_runs(a, runs, RUNS, made_table(a, &p, true, 5, 4000), unknown, 0.01, &at));
	/* All slices of a run are one replicate. */
	assert_int_equal(at.base_groups, RUNS);
	assert_int_equal(at.head_groups, 1);
	assert_int_equal(at.method, ATTRIBUTION_PREDICTION);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "mix");
	assert_near(at.causes[0].change, 78, 4);
}

static void what_stored_runs_differ_by_is_no_cause(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	const struct slice_table *runs[RUNS];
	struct attribution at = {0};

	store(a, runs);
	p.functions[MIX].head_ns += 3;
	assert_true(cause_against_runs(a, runs, RUNS, made_table(a, &p, true, 5, 4000), unknown, 0.01, &at));
	assert_int_equal(at.cause_count, 0);
}

static void four_stored_runs_are_too_few(void **state)
{
	struct arena *a = *state;
	const struct slice_table *runs[RUNS];
	struct slice_table other, *head = made_table(a, &orders, true, 5, 4000);
	struct attribution at = {0};

	store(a, runs);
	assert_false(cause_against_runs(a, runs, RUNS - 1, head, unknown, 0.01, &at));
	/* One that was sampled otherwise, or whose stacks are lost, is none. */
	other = *runs[2];
	runs[2] = &other;
	other.profile.engine = "itimer";
	assert_false(cause_against_runs(a, runs, RUNS, head, unknown, 0.01, &at));
	other = *runs[1];
	other.profile.stacks = NULL;
	assert_false(cause_against_runs(a, runs, RUNS, head, unknown, 0.01, &at));
	runs[2] = runs[1];
	assert_true(cause_against_runs(a, runs, RUNS, head, unknown, 0.01, &at));
}

static void stored_runs_of_a_benchmark_without_a_frame_are_judged_whole(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	const struct slice_table *runs[RUNS];
	struct slice_table *head;
	struct attribution at = {0};

	store(a, runs);
	p.functions[MIX].head_ns += 80;
	head = made_table(a, &p, true, 5, 4000);
	head->bench = "another/name";
	assert_true(cause_against_runs(a, runs, RUNS, head, unknown, 0.01, &at));
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "mix");
}

/* ---- runs against runs ---- */

static struct attribution between(struct arena *a, struct cause_request *r, const struct slice_table *const *base,
				  const struct slice_table *const *head, size_t count)
{
	struct attribution at = {0};

	r->base = base;
	r->head = head;
	r->base_count = r->head_count = count;
	r->min_effect_ratio = 0.01;
	assert_true(cause_attribute(a, r, &at));
	return at;
}

static void fill_runs(struct arena *a, const struct slice_table **runs, size_t count, double mix_ns, bool head)
{
	for (size_t i = 0; i < count; i++) {
		struct made_program p = orders;
		double more = (double)(i * 3 % 5);

		p.functions[MIX].base_ns += mix_ns;
		p.functions[MIX].head_ns += mix_ns;
		*(head ? &p.functions[PARSE].head_ns : &p.functions[PARSE].base_ns) += more;
		runs[i] = made_table(a, &p, head, 5, 4000);
	}
}

static void five_runs_a_side_are_tested_by_welch(void **state)
{
	struct arena *a = *state;
	const struct slice_table *base[RUNS], *head[RUNS];
	struct cause_request r = {0};
	struct attribution at;

	fill_runs(a, base, RUNS, 0, false);
	fill_runs(a, head, RUNS, 50, true);
	at = between(a, &r, base, head, RUNS);
	assert_int_equal(at.method, ATTRIBUTION_WELCH);
	assert_int_equal(at.base_groups, RUNS);
	assert_int_equal(at.head_groups, RUNS);
	assert_int_equal(at.pairs, 0);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "mix");
}

static void twelve_runs_in_turns_are_pairs(void **state)
{
	enum { MANY = 12 };
	struct arena *a = *state;
	const struct slice_table *base[MANY], *head[MANY];
	struct cause_request r = {.in_turns = true};
	struct attribution at;

	fill_runs(a, base, MANY, 0, false);
	fill_runs(a, head, MANY, 50, true);
	at = between(a, &r, base, head, MANY);
	assert_int_equal(at.pairs, MANY);
	assert_int_equal(at.method, ATTRIBUTION_PAIRED_T);
	assert_string_equal(cause_of(&at, 0), "mix");
}

static void one_run_a_side_is_indicative(void **state)
{
	struct arena *a = *state;
	const struct slice_table *base, *head;
	struct cause_request r = {0};
	struct attribution at;

	fill_runs(a, &base, 1, 0, false);
	fill_runs(a, &head, 1, 250, true);
	at = between(a, &r, &base, &head, 1);
	assert_true(at.indicative);
	assert_int_equal(at.method, ATTRIBUTION_POISSON);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "mix");
	assert_near(at.causes[0].change, 250, 2);
}

static void what_makes_all_of_a_run_slow_is_no_cause(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	const struct slice_table *base, *head;
	struct cause_request r = {0};
	struct attribution at;

	/* 20 % more of everything: however many samples there are, they do not tell it from a slower machine. */
	for (int i = 0; i < p.count; i++)
		p.functions[i].head_ns *= 1.2;
	base = made_table(a, &p, false, 5, 100000);
	head = made_table(a, &p, true, 5, 100000);
	at = between(a, &r, &base, &head, 1);
	assert_near(at.benchmark.change, 200, 1);
	assert_int_equal(at.cause_count, 0);
	for (size_t i = 0; i < at.row_count; i++)
		assert_int_equal(at.rows[i].state, CHANGE_SAME);
}

static void a_scope_that_is_asked_for_costs_what_its_samples_say(void **state)
{
	struct arena *a = *state;
	struct made_program p = orders;
	const struct slice_table *base, *head;
	struct regex *loop;
	struct cause_request r = {.one_check = true};
	struct attribution at;
	struct err err;

	assert_true(regex_compile(a, "^loop$", &loop, &err));
	r.scope = loop;
	p.functions[MIX].head_ns += 50;
	base = made_table(a, &p, false, 12, 100000);
	head = made_table(a, &p, true, 12, 100000);
	at = between(a, &r, &base, &head, 1);
	assert_string_equal(cause_of(&at, 0), "mix");
	assert_int_equal(row_of(&at, "mix")->callers[0], (size_t)(row_of(&at, "loop") - at.rows));
	/* 700 of the benchmark's 1000: 1000 ns a sample, 12 processes of 100000 samples and operations. */
	assert_near(at.benchmark.base, 700, 1);
	assert_near(at.benchmark.head, 750, 1);
}

static void runs_of_several_engines_are_not_compared(void **state)
{
	struct arena *a = *state;
	const struct slice_table *base[2], *head[2];
	struct slice_table other;
	struct cause_request r = {.base = base, .head = head, .base_count = 2, .head_count = 2};
	struct attribution at;

	fill_runs(a, base, 2, 0, false);
	fill_runs(a, head, 2, 50, true);
	assert_true(cause_attribute(a, &r, &at));
	other = *head[1];
	head[1] = &other;
	other.profile.engine = "timer";
	assert_false(cause_attribute(a, &r, &at));
	r.head_count = 0;
	assert_false(cause_attribute(a, &r, &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ORDERS_TEST(a_head_is_held_against_five_stored_runs),
		ORDERS_TEST(what_stored_runs_differ_by_is_no_cause),
		ORDERS_TEST(four_stored_runs_are_too_few),
		ORDERS_TEST(stored_runs_of_a_benchmark_without_a_frame_are_judged_whole),
		ORDERS_TEST(five_runs_a_side_are_tested_by_welch),
		ORDERS_TEST(twelve_runs_in_turns_are_pairs),
		ORDERS_TEST(one_run_a_side_is_indicative),
		ORDERS_TEST(what_makes_all_of_a_run_slow_is_no_cause),
		ORDERS_TEST(a_scope_that_is_asked_for_costs_what_its_samples_say),
		ORDERS_TEST(runs_of_several_engines_are_not_compared),
	};

	return cmocka_run_group_tests_name("cause_runs", tests, NULL, NULL);
}
