/* Rows whose threshold lies below their noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"

static void add_noisy(struct made *m, const char *metric, double sd)
{
	made_values(m->a, made_bench(m->a, &m->base, "BM_x"), metric, 20, 1000, sd, 1);
	made_values(m->a, made_bench(m->a, &m->head, "BM_x"), metric, 20, 1000, sd, 2);
}

static void a_noisy_row_says_how_many_pairs_would_see_its_threshold(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	add_noisy(m, "cpu_time", 0.15);
	f = judged(m, "BM_x");
	assert_int_equal(f->outcome, OUTCOME_SAME);
	assert_non_null(strstr(f->reason, "to see 10 %, --pairs "));
	assert_non_null(strstr(f->reason, "sees changes from "));
}

static void where_pairs_are_no_help_another_metric_is_named(void **state)
{
	struct made *m = *state;

	add_noisy(m, "cpu_time", 2);
	assert_non_null(strstr(judged(m, "BM_x")->reason, "metrics: [instructions]"));
}

static void what_cannot_be_counted_is_not_advised_to_be(void **state)
{
	struct made *m = *state;
	const char *reason;

	m->head.suites[0].kind = "gotest";
	add_noisy(m, "cpu_time", 2);
	reason = judged(m, "BM_x")->reason;
	assert_non_null(strstr(reason, "or a quieter machine"));
	assert_null(strstr(reason, "instructions"));
}

static void advice_fits_into_a_line_of_every_report(void **state)
{
	struct made *m = *state;

	add_noisy(m, "cpu_time", 2);
	assert_in_range(strlen(judged(m, "BM_x")->reason), 1, 200);
}

static void as_many_pairs_as_advised_do_see_it(void **state)
{
	struct made *m = *state;
	const struct finding *f;
	const char *pairs;
	size_t advised;

	add_noisy(m, "cpu_time", 0.15);
	pairs = strstr(judged(m, "BM_x")->reason, "--pairs ");
	assert_non_null(pairs);
	advised = (size_t)strtoul(pairs + 8, NULL, 10);
	assert_true(advised > 20);
	m->base = made_run(m->a);
	m->head = made_run(m->a);
	made_values(m->a, made_bench(m->a, &m->base, "BM_x"), "cpu_time", advised, 1000, 0.15, 1);
	made_values(m->a, made_bench(m->a, &m->head, "BM_x"), "cpu_time", advised, 1000, 0.15, 2);
	f = judged(m, "BM_x");
	/* The spread is estimated from either sample. */
	assert_true(f->mde_ratio.value < 0.13);
}

static void a_quiet_row_says_nothing(void **state)
{
	struct made *m = *state;

	add_noisy(m, "cpu_time", 0.01);
	assert_string_equal(judged(m, "BM_x")->reason, "");
}

static void stored_runs_are_advised_to_measure_side_by_side(void **state)
{
	struct made *m = *state;
	struct judge_stored window = {.run = &m->base};

	add_noisy(m, "cpu_time", 0.01);
	m->request.mode = JUDGE_STORED;
	m->request.base = NULL;
	m->request.window = &window;
	m->request.window_count = 1;
	assert_non_null(strstr(judged(m, "BM_x")->reason, "check --base"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(what_cannot_be_counted_is_not_advised_to_be),
		MADE_TEST(advice_fits_into_a_line_of_every_report),
		MADE_TEST(a_noisy_row_says_how_many_pairs_would_see_its_threshold),
		MADE_TEST(where_pairs_are_no_help_another_metric_is_named),
		MADE_TEST(as_many_pairs_as_advised_do_see_it),
		MADE_TEST(a_quiet_row_says_nothing),
		MADE_TEST(stored_runs_are_advised_to_measure_side_by_side),
	};

	return cmocka_run_group_tests_name("judge_noise", tests, NULL, NULL);
}
