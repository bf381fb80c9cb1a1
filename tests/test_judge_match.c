/* Which benchmark of the base is which of the head, and what a lost one was probably renamed to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/judge_match.h"
#include "made_runs.h"

static void base_only(struct made *m, const char *name)
{
	made_values(m->a, made_bench(m->a, &m->base, name), "cpu_time", 20, 1000, 0.005, 1);
}

static void head_only(struct made *m, const char *name, double ratio)
{
	made_values(m->a, made_bench(m->a, &m->head, name), "cpu_time", 20, 1000 * ratio, 0.005, 2);
}

static void history_survives_another_number_of_iterations(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	base_only(m, "BM/64/iterations:100/repeats:3");
	head_only(m, "BM/64/iterations:900/min_time:0.500", 1.25);
	f = judged(m, "BM/64/iterations:900/min_time:0.500");
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_int_equal(m->verdict.finding_count, 1);
}

static void names_that_are_there_on_both_sides_are_never_crossed(void **state)
{
	struct made *m = *state;

	base_only(m, "BM/iterations:1");
	base_only(m, "BM/iterations:2");
	head_only(m, "BM/iterations:2", 1);
	head_only(m, "BM/iterations:3", 1);
	judged(m, "BM/iterations:2");
	/* The one that is left on either side is the same benchmark. */
	assert_int_equal(find(m, "BM/iterations:3", "cpu_time")->state, STATE_JUDGED);
	assert_int_equal(m->verdict.finding_count, 2);
}

static void two_that_would_both_fit_are_left_alone(void **state)
{
	struct made *m = *state;

	base_only(m, "BM/iterations:1");
	base_only(m, "BM/iterations:2");
	head_only(m, "BM/iterations:3", 1);
	assert_int_equal(judged(m, "BM/iterations:3")->state, STATE_NEW);
	assert_int_equal(find(m, "BM/iterations:1", "cpu_time")->state, STATE_GONE);
	assert_int_equal(find(m, "BM/iterations:2", "cpu_time")->state, STATE_GONE);
}

static void history_follows_a_rename_that_is_told(void **state)
{
	static const struct rename renames[] = {{"s/BM_first", "s/BM_second"}, {"s/BM_second", "s/BM_third"}};
	struct made *m = *state;

	base_only(m, "BM_first/iterations:5");
	head_only(m, "BM_third", 1.25);
	assert_int_equal(judged(m, "BM_third")->state, STATE_NEW);
	m->request.renames = renames;
	m->request.rename_count = 2;
	assert_int_equal(judged(m, "BM_third")->outcome, OUTCOME_SLOWER);
	assert_int_equal(m->verdict.finding_count, 1);
	/* While the old name is still there, it is that benchmark. */
	head_only(m, "BM_first/iterations:5", 1);
	assert_int_equal(judged(m, "BM_third")->state, STATE_NEW);
}

static void stored_runs_under_several_names_are_one_history(void **state)
{
	static const char *const names[] = {"BM_old", "BM_new/iterations:5", "BM_new"};
	static const struct rename renames[] = {{"s/BM_old", "s/BM_new"}};
	static const char *const slower[] = {"s/BM_new/iterations:5:cpu_time"};
	struct made *m = *state;
	struct judge_stored *w = NEW_ARRAY(m->a, struct judge_stored, 3);

	for (size_t i = 0; i < 3; i++) {
		struct run *run = NEW(m->a, struct run);

		*run = made_run(m->a);
		made_values(m->a, made_bench(m->a, run, names[i]), "cpu_time", 20, 1000, 0.01, i);
		w[i].run = run;
	}
	m->request.mode = JUDGE_STORED;
	m->request.window = w;
	m->request.window_count = 3;
	m->request.renames = renames;
	m->request.rename_count = 1;
	head_only(m, "BM_new/iterations:77", 1);
	assert_int_equal(judged(m, "BM_new/iterations:77")->samples_base, 3);
	assert_int_equal(m->verdict.finding_count, 1);
	w[1].slower = slower;
	w[1].slower_count = 1;
	assert_int_equal(judged(m, "BM_new/iterations:77")->samples_base, 2);
}

static void a_likely_rename_is_suggested(void **state)
{
	struct made *m = *state;

	base_only(m, "BM_discont/64");
	base_only(m, "BM_discont/512");
	base_only(m, "BM_tax");
	head_only(m, "BM_discount/512", 1);
	head_only(m, "BM_discount/64", 1);
	head_only(m, "BM_something_else", 1);
	assert_string_equal(
		judged(m, "BM_discont/64")->reason,
		"the head no longer lists it; perhaps renamed to BM_discount/64: `renamed: [{from: 's/BM_discont/64', "
		"to: 's/BM_discount/64'}]` in pawl.yml keeps its history");
	assert_non_null(strstr(find(m, "BM_discont/512", "cpu_time")->reason, "renamed to BM_discount/512"));
	assert_string_equal(find(m, "BM_tax", "cpu_time")->reason, "the head no longer lists it");
}

static void the_same_arguments_speak_for_a_rename_when_they_are_the_only_ones(void **state)
{
	struct made *m = *state;

	base_only(m, "BM_a/rows:64");
	base_only(m, "BM_b/8");
	base_only(m, "BM_c/8");
	head_only(m, "BM_entirely_new/rows:64", 1);
	head_only(m, "BM_also_quite_new/8", 1);
	assert_non_null(strstr(judged(m, "BM_a/rows:64")->reason, "renamed to BM_entirely_new/rows:64"));
	assert_null(strstr(find(m, "BM_b/8", "cpu_time")->reason, "renamed"));
	assert_null(strstr(find(m, "BM_c/8", "cpu_time")->reason, "renamed"));
}

static void nothing_is_suggested_across_suites_or_twice(void **state)
{
	struct slice_table tables[] = {{.suite = "s", .bench = "BM_x1"},
				       {.suite = "s", .bench = "BM_x2"},
				       {.suite = "t", .bench = "BM_x3"},
				       {.suite = "s", .bench = "BM_x4"}};
	const struct slice_table *gone[] = {&tables[0], &tables[1]}, *fresh[] = {&tables[2], &tables[3]};
	struct made *m = *state;
	const struct slice_table **likely = match_suggest(m->a, gone, 2, fresh, 2);

	assert_ptr_equal(likely[0], &tables[3]);
	assert_null(likely[1]);
}

static void thousands_of_names_are_matched_at_once(void **state)
{
	enum { COUNT = 20000 };
	struct made *m = *state;
	struct match match;

	for (int i = 0; i < COUNT; i++) {
		made_bench(m->a, &m->base, arena_printf(m->a, "BM/%d", i));
		made_bench(m->a, &m->head, arena_printf(m->a, "BM/%d", COUNT - 1 - i));
	}
	match = match_runs(m->a, &m->base, &m->head, NULL, 0);
	for (int i = 0; i < COUNT; i++) {
		assert_true(match.taken[i]);
		assert_ptr_equal(match.base_of[i], &m->base.tables[COUNT - 1 - i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(history_survives_another_number_of_iterations),
		MADE_TEST(names_that_are_there_on_both_sides_are_never_crossed),
		MADE_TEST(two_that_would_both_fit_are_left_alone),
		MADE_TEST(history_follows_a_rename_that_is_told),
		MADE_TEST(stored_runs_under_several_names_are_one_history),
		MADE_TEST(a_likely_rename_is_suggested),
		MADE_TEST(the_same_arguments_speak_for_a_rename_when_they_are_the_only_ones),
		MADE_TEST(nothing_is_suggested_across_suites_or_twice),
		MADE_TEST(thousands_of_names_are_matched_at_once),
	};

	return cmocka_run_group_tests_name("judge_match", tests, NULL, NULL);
}
