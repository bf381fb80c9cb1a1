/* Cycles and misses are counted beside instructions, and do not repeat as those do: they are judged as times are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"

/* One measurement of a benchmark, as counting takes it: pairs join by their places. */
static void add_counts(struct made *m, struct slice_table *t, double instructions, double cycles)
{
	struct metric exact = metric_of("instructions"), noisy = metric_of("cycles");
	struct slice *s = table_add_slice(m->a, t);
	size_t before = 0;

	for (size_t i = 0; i + 1 < t->slice_count; i++)
		before += t->slices[i].phase == PHASE_COUNT;
	s->phase = PHASE_COUNT;
	s->position = (int64_t)before * 2;
	table_set(m->a, t, s, &exact, instructions);
	if (cycles > 0)
		table_set(m->a, t, s, &noisy, cycles);
}

static struct slice_table *table_of(struct made *m, struct run *run, const char *name)
{
	struct slice_table *t = run_find(run, "s", name);

	return t ? t : made_bench(m->a, run, name);
}

/* `n` measurements a side; the head takes `factor` times the cycles, both with noise of 1 %. */
static void count_both(struct made *m, const char *name, size_t n, double factor)
{
	struct random r = {.state = 7};

	for (size_t i = 0; i < n; i++) {
		add_counts(m, table_of(m, &m->base, name), 1000, 400 * exp(0.01 * made_normal(&r)));
		add_counts(m, table_of(m, &m->head, name), 1000, 400 * factor * exp(0.01 * made_normal(&r)));
	}
}

static const struct finding *concluded(struct made *m, const char *const *metrics, size_t count, const char *metric)
{
	struct judge_suite *suite = NEW(m->a, struct judge_suite);

	*suite = (struct judge_suite){.name = "s", .metrics = metrics, .metric_count = count, .place = ""};
	m->request.suites = suite;
	m->request.suite_count = 1;
	judge(m->a, &m->request, &m->verdict);
	return find(m, "BM", metric);
}

static const char *const plain[] = {"time", "instructions"}, *const gated[] = {"time", "cycles"};

static void cycles_are_reported_and_fail_nothing_unless_they_are_named(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	add(m, "BM", 1, 1);
	count_both(m, "BM", 12, 2);
	f = concluded(m, plain, 2, "cycles");
	assert_false(f->gated);
	assert_int_equal(f->effect, EFFECT_PASS);
	assert_int_equal(f->category, CATEGORY_RESOURCE);
	assert_true(f->baseline.value > 390 && f->baseline.value < 410);
	assert_true(f->current.value > 780 && f->current.value < 820);
	assert_int_equal(m->verdict.status, 0);
	assert_int_equal(find(m, "BM", "instructions")->outcome, OUTCOME_SAME);
}

static void named_cycles_are_judged_by_pairs(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	add(m, "BM", 1, 1);
	count_both(m, "BM", 12, 1.3);
	f = concluded(m, gated, 2, "cycles");
	assert_true(f->gated);
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_string_not_equal(f->method, "exact");
	assert_int_equal(m->verdict.status, 1);
}

static void noise_of_cycles_is_no_difference(void **state)
{
	struct made *m = *state;

	add(m, "BM", 1, 1);
	count_both(m, "BM", 12, 1);
	assert_int_equal(concluded(m, gated, 2, "cycles")->outcome, OUTCOME_SAME);
	assert_int_equal(m->verdict.status, 0);
}

/* What was screened are the times: counts have as many pairs as there are, all of them fresh. */
static void screening_of_times_leaves_counts_alone(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	add(m, "BM", 1, 1);
	for (size_t i = 0; i < m->base.tables[0].slice_count; i++) {
		enum phase phase = i < 6 ? PHASE_SCREEN : PHASE_CONFIRM;

		m->base.tables[0].slices[i].phase = m->head.tables[0].slices[i].phase = phase;
	}
	count_both(m, "BM", 12, 1.3);
	f = concluded(m, gated, 2, "cycles");
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
}

static void two_measurements_are_too_few(void **state)
{
	struct made *m = *state;

	add(m, "BM", 1, 1);
	count_both(m, "BM", 2, 3);
	assert_int_equal(concluded(m, plain, 2, "cycles")->state, STATE_TOO_FEW);
	assert_int_equal(m->verdict.status, 0);
}

static void named_cycles_that_the_cpu_does_not_tell_are_a_row_with_the_reason(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	add(m, "BM", 1, 1);
	for (int i = 0; i < 2; i++) {
		add_counts(m, table_of(m, &m->base, "BM"), 1000, 0);
		add_counts(m, table_of(m, &m->head, "BM"), 1000, 0);
	}
	f = concluded(m, gated, 2, "cycles");
	assert_int_equal(f->state, STATE_INCOMPARABLE);
	assert_non_null(strstr(f->reason, "callgrind counts instructions alone"));
	assert_int_equal(m->verdict.status, 0);
	/* And on the base alone: no fault of the head. */
	m->base.tables[0].slice_count -= 2;
	add_counts(m, &m->base.tables[0], 1000, 400);
	add_counts(m, &m->base.tables[0], 1000, 400);
	assert_int_equal(concluded(m, gated, 2, "cycles")->state, STATE_INCOMPARABLE);
	assert_int_equal(m->verdict.status, 0);
}

/* A user's counter may have any name. */
static void a_program_that_is_not_counted_may_have_such_counters_itself(void **state)
{
	struct made *m = *state;

	add(m, "BM", 1, 1);
	concluded(m, gated, 2, "cpu_time");
	for (size_t i = 0; i < m->verdict.finding_count; i++)
		assert_string_not_equal(m->verdict.findings[i].metric, "cycles");
}

static void cycles_of_other_machines_are_not_compared(void **state)
{
	struct made *m = *state;

	add(m, "BM", 1, 1);
	count_both(m, "BM", 12, 1.3);
	m->request.mode = JUDGE_TWO_FILES;
	m->request.other_class = true;
	assert_int_equal(concluded(m, gated, 2, "cycles")->state, STATE_INCOMPARABLE);
	assert_int_equal(find(m, "BM", "instructions")->state, STATE_JUDGED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cycles_are_reported_and_fail_nothing_unless_they_are_named, setup,
						teardown),
		cmocka_unit_test_setup_teardown(named_cycles_are_judged_by_pairs, setup, teardown),
		cmocka_unit_test_setup_teardown(noise_of_cycles_is_no_difference, setup, teardown),
		cmocka_unit_test_setup_teardown(screening_of_times_leaves_counts_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(two_measurements_are_too_few, setup, teardown),
		cmocka_unit_test_setup_teardown(named_cycles_that_the_cpu_does_not_tell_are_a_row_with_the_reason,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_program_that_is_not_counted_may_have_such_counters_itself, setup,
						teardown),
		cmocka_unit_test_setup_teardown(cycles_of_other_machines_are_not_compared, setup, teardown),
	};

	return cmocka_run_group_tests_name("judge_counts", tests, NULL, NULL);
}
