/* Rows that need no test, and the exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"

static void new_and_gone_benchmarks_are_rows(void **state)
{
	struct made *m = *state;

	add(m, "BM", 1, 1);
	made_values(m->a, made_bench(m->a, &m->head, "BM_new"), "cpu_time", 20, 1000, 0.01, 1);
	made_bench(m->a, &m->base, "BM_gone");
	assert_int_equal(judged(m, "BM_new")->state, STATE_NEW);
	assert_true(find(m, "BM_new", "cpu_time")->current.known);
	assert_int_equal(find(m, "BM_gone", "cpu_time")->state, STATE_GONE);
	assert_int_equal(m->verdict.status, 0);
	m->request.missing_fails = true;
	assert_int_equal(judged(m, "BM_gone")->effect, EFFECT_FAIL);
	assert_int_equal(m->verdict.status, 1);
	m->request.missing_fails = false;
	m->request.require_baseline = true;
	assert_int_equal(judged(m, "BM_new")->effect, EFFECT_ERROR);
	assert_int_equal(m->verdict.status, 3);
}

static void a_pull_request_that_brings_the_first_benchmarks_is_green(void **state)
{
	struct made *m = *state;

	run_find_suite(&m->base, "s")->absent = true;
	made_values(m->a, made_bench(m->a, &m->head, "BM_new"), "cpu_time", 20, 1000, 0.01, 1);
	assert_int_equal(judged(m, "BM_new")->state, STATE_NEW);
	assert_string_equal(find(m, "BM_new", "cpu_time")->reason, "the base has no such suite");
	assert_int_equal(m->verdict.status, 0);
}

static void mark_failed(struct slice_table *t, const char *reason)
{
	t->status = BENCH_FAILED;
	t->reason = reason;
}

static void a_failure_on_the_head_alone_is_status_3(void **state)
{
	struct made *m = *state;

	add(m, "BM_good", 1, 1);
	add(m, "BM", 1, 1);
	mark_failed(&m->head.tables[1], "signal 11");
	assert_int_equal(judged(m, "BM")->state, STATE_FAILED);
	assert_int_equal(find(m, "BM", "cpu_time")->effect, EFFECT_ERROR);
	assert_string_equal(find(m, "BM", "cpu_time")->reason, "signal 11");
	assert_int_equal(m->verdict.status, 3);
	/* A regression is the stronger news. */
	add_exact(m, "BM_slow", 1.5);
	judged(m, "BM");
	assert_int_equal(m->verdict.status, 1);
}

static void a_failure_on_both_sides_or_on_the_base_is_shown_and_does_not_fail(void **state)
{
	struct made *m = *state;

	add(m, "BM_good", 1, 1);
	add(m, "BM_both", 1, 1);
	add(m, "BM_base", 1, 1);
	mark_failed(&m->base.tables[1], "signal 11");
	mark_failed(&m->head.tables[1], "signal 11");
	mark_failed(&m->base.tables[2], "signal 11");
	assert_int_equal(judged(m, "BM_both")->effect, EFFECT_PASS);
	assert_int_equal(find(m, "BM_both", "cpu_time")->state, STATE_FAILED);
	assert_int_equal(find(m, "BM_base", "cpu_time")->state, STATE_FAILED);
	assert_int_equal(m->verdict.status, 0);
}

static void a_suite_that_cannot_be_listed_is_one_row(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	run_find_suite(&m->head, "s")->failure = "build/s: no such file";
	made_bench(m->a, &m->base, "BM_a");
	made_bench(m->a, &m->base, "BM_b");
	f = judged(m, "*");
	assert_int_equal(f->state, STATE_FAILED);
	assert_int_equal(m->verdict.finding_count, 1);
	assert_int_equal(m->verdict.status, 3);
	run_find_suite(&m->base, "s")->failure = "the same";
	assert_int_equal(judged(m, "*")->effect, EFFECT_PASS);
	assert_int_equal(m->verdict.status, 3); /* nothing was checked */
}

static void too_few_pairs_are_said_and_nothing_checked_is_status_3(void **state)
{
	struct made *m = *state;

	made_values(m->a, made_bench(m->a, &m->base, "BM"), "cpu_time", 4, 1000, 0.01, 1);
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 4, 2000, 0.01, 2);
	assert_int_equal(judged(m, "BM")->state, STATE_TOO_FEW);
	assert_non_null(strstr(find(m, "BM", "cpu_time")->reason, "at least 5"));
	assert_int_equal(m->verdict.status, 3);
	add(m, "BM_good", 1, 1);
	judged(m, "BM");
	assert_int_equal(m->verdict.status, 0);
}

static void nothing_measured_is_status_3(void **state)
{
	struct made *m = *state;

	judge(m->a, &m->request, &m->verdict);
	assert_int_equal(m->verdict.status, 3);
	assert_string_equal(m->verdict.status_reason, "nothing was measured");
}

static void zero_values_are_not_guessed_at(void **state)
{
	struct made *m = *state;

	add(m, "BM_good", 1, 1);
	made_values(m->a, made_bench(m->a, &m->base, "BM"), "cpu_time", 20, 1000, 0.01, 1);
	for (int i = 0; i < 20; i++)
		made_value(m->a, i ? &m->head.tables[1] : made_bench(m->a, &m->head, "BM"), "cpu_time", 0);
	assert_int_equal(judged(m, "BM")->state, STATE_INCOMPARABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(new_and_gone_benchmarks_are_rows),
		MADE_TEST(a_pull_request_that_brings_the_first_benchmarks_is_green),
		MADE_TEST(a_failure_on_the_head_alone_is_status_3),
		MADE_TEST(a_failure_on_both_sides_or_on_the_base_is_shown_and_does_not_fail),
		MADE_TEST(a_suite_that_cannot_be_listed_is_one_row),
		MADE_TEST(too_few_pairs_are_said_and_nothing_checked_is_status_3),
		MADE_TEST(nothing_measured_is_status_3),
		MADE_TEST(zero_values_are_not_guessed_at),
	};

	return cmocka_run_group_tests_name("judge_states", tests, NULL, NULL);
}
