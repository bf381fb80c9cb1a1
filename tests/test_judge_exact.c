/* Counts are judged by their difference, where they repeat and where what they were counted with is the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "made_runs.h"

static void add_count(struct made *m, struct slice_table *t, double value)
{
	struct metric metric = metric_of("instructions");
	struct slice *s = table_add_slice(m->a, t);

	s->phase = PHASE_COUNT;
	table_set(m->a, t, s, &metric, value);
}

/* A table with two measurements. */
static struct slice_table *counted(struct made *m, struct run *run, const char *name, double one, double two)
{
	struct slice_table *t = run_find(run, "s", name);

	t = t ? t : made_bench(m->a, run, name);
	add_count(m, t, one);
	add_count(m, t, two);
	return t;
}

static void note_facts(struct run *run, const char *counter, const char *libc, const char *compiler, const char *isa)
{
	run->suites[0].counter = counter;
	run->suites[0].compiler = compiler;
	run->suites[0].isa = isa;
	run->host.libc = libc;
	run->host.arch = "x86_64";
}

static const struct finding *instructions(struct made *m, const char *bench)
{
	static const char *const metrics[] = {"time", "instructions"};
	static const struct judge_suite suite = {.name = "s", .metrics = metrics, .metric_count = 2, .place = ""};

	m->request.suites = &suite;
	m->request.suite_count = 1;
	judge(m->a, &m->request, &m->verdict);
	return find(m, bench, "instructions");
}

static void half_a_percent_more_is_slower_and_a_fifth_is_not(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	counted(m, &m->base, "BM", 1000000, 1000010);
	counted(m, &m->head, "BM", 1005000, 1005010);
	f = instructions(m, "BM");
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_int_equal(f->severity, SEVERITY_LOW);
	assert_string_equal(f->method, "exact");
	assert_true(fabs(f->change_ratio.value - 0.005) < 1e-7);
	assert_true(f->low_ratio.value > 0.00498 && f->high_ratio.value < 0.00502);
	assert_true(f->p.value <= 0 && f->q.value <= 0);
	assert_true(fabs(f->mde_ratio.value - 0.002) < 1e-12);
	m->head.tables[0].slice_count = 0;
	counted(m, &m->head, "BM", 1001900, 1001910);
	f = instructions(m, "BM");
	assert_int_equal(f->outcome, OUTCOME_SAME);
	assert_true(f->p.value >= 1 && f->q.value >= 1);
}

static void fewer_instructions_are_faster(void **state)
{
	struct made *m = *state;

	counted(m, &m->base, "BM", 1000000, 1000000);
	counted(m, &m->head, "BM", 990000, 990000);
	assert_int_equal(instructions(m, "BM")->outcome, OUTCOME_FASTER);
}

static void two_percent_is_the_threshold_of_severity(void **state)
{
	struct made *m = *state;

	counted(m, &m->base, "BM_2", 1000, 1000);
	counted(m, &m->head, "BM_2", 1020, 1020);
	counted(m, &m->base, "BM_3", 1000, 1000);
	counted(m, &m->head, "BM_3", 1030, 1030);
	assert_int_equal(instructions(m, "BM_2")->severity, SEVERITY_LOW);
	assert_int_equal(find(m, "BM_3", "instructions")->severity, SEVERITY_MEDIUM);
	assert_int_equal(m->verdict.status, 1);
}

/* Between min_effect (set to nothing) and the spread nothing is called. */
static void what_the_measurements_spread_is_no_difference(void **state)
{
	const struct rule rule = {.match = "**:instructions", .has_min_effect = true};
	struct made *m = *state;

	m->request.rules = &rule;
	m->request.rule_count = 1;
	counted(m, &m->base, "BM", 1000000, 1000900);
	counted(m, &m->head, "BM", 1001200, 1001200);
	assert_int_equal(instructions(m, "BM")->outcome, OUTCOME_SAME);
	m->head.tables[0].slice_count = 0;
	counted(m, &m->head, "BM", 1001500, 1001500);
	assert_int_equal(instructions(m, "BM")->outcome, OUTCOME_SLOWER);
}

static void what_does_not_repeat_is_incomparable_and_says_what_would_help(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	counted(m, &m->base, "BM", 1000000, 1000000);
	counted(m, &m->head, "BM", 1500000, 1501600);
	f = instructions(m, "BM");
	assert_int_equal(f->state, STATE_INCOMPARABLE);
	assert_non_null(strstr(f->reason, "two measurements of the head differ by 0.107 %"));
	assert_non_null(strstr(f->reason, "fixed seed"));
	assert_int_equal(m->verdict.status, 3);
	m->head.tables[0].slice_count = 0;
	counted(m, &m->head, "BM", 1000000, 1000999);
	assert_int_equal(instructions(m, "BM")->state, STATE_JUDGED);
}

static void counts_neither_help_nor_hinder_the_times(void **state)
{
	struct made *m = *state;
	double alone, beside;

	add(m, "BM_a", 1.02, 1);
	add(m, "BM_b", 1, 2);
	judge(m->a, &m->request, &m->verdict);
	alone = find(m, "BM_a", "cpu_time")->q.value;
	for (int i = 0; i < 2; i++) {
		counted(m, &m->base, i ? "BM_a" : "BM_b", 1000, 1000);
		counted(m, &m->head, i ? "BM_a" : "BM_b", i ? 2000 : 1000, i ? 2000 : 1000);
	}
	assert_int_equal(instructions(m, "BM_a")->outcome, OUTCOME_SLOWER);
	beside = find(m, "BM_a", "cpu_time")->q.value;
	assert_true(alone <= beside && alone >= beside);
	assert_int_equal(find(m, "BM_a", "cpu_time")->samples_base, 20);
}

static void what_could_not_be_counted_is_a_row_with_the_reason(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	add(m, "BM", 1, 1);
	m->head.tables[0].uncounted = "valgrind is missing";
	f = instructions(m, "BM");
	assert_int_equal(f->state, STATE_INCOMPARABLE);
	assert_true(f->gated);
	assert_string_equal(f->reason, "valgrind is missing");
	assert_int_equal(m->verdict.status, 0); /* the times were judged */
	counted(m, &m->base, "BM", 1000, 1000);
	f = instructions(m, "BM");
	assert_int_equal(f->state, STATE_FAILED);
	assert_int_equal(m->verdict.status, 3);
}

static void a_base_that_could_not_be_counted_says_why(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	made_value(m->a, made_bench(m->a, &m->base, "BM"), "cpu_time", 1000);
	m->base.tables[0].uncounted = "too old";
	counted(m, &m->head, "BM", 1000, 1000);
	f = instructions(m, "BM");
	assert_int_not_equal(f->state, STATE_JUDGED);
	assert_string_equal(f->reason, "too old");
}

/* ---- against stored runs ---- */

static struct judge_stored *stored(struct made *m, size_t count, double first)
{
	struct judge_stored *w = NEW_ARRAY(m->a, struct judge_stored, count);

	for (size_t i = 0; i < count; i++) {
		struct run *run = NEW(m->a, struct run);

		*run = made_run(m->a);
		run->id = arena_printf(m->a, "run%zu", i);
		note_facts(run, "callgrind 3.19.0", "glibc 2.36", "GCC 12", "x86-64-v2");
		counted(m, run, "BM", first + (double)i, first + (double)i);
		w[i].run = run;
	}
	m->request.mode = JUDGE_STORED;
	m->request.window = w;
	m->request.window_count = count;
	note_facts(&m->head, "callgrind 3.19.0", "glibc 2.36", "GCC 12", "x86-64-v2");
	return w;
}

static void the_newest_stored_run_is_the_baseline(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	stored(m, 3, 1000);
	counted(m, &m->head, "BM", 1002, 1002);
	f = instructions(m, "BM");
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SAME);
	assert_true(f->baseline.value >= 1002 && f->baseline.value <= 1002);
	assert_string_equal(f->baseline_id, "run2");
}

static void a_stored_run_that_was_called_slower_is_passed_over(void **state)
{
	static const char *const slower[] = {"s/BM:instructions"};
	struct made *m = *state;
	struct judge_stored *w = stored(m, 2, 1000);

	w[1].slower = slower;
	w[1].slower_count = 1;
	counted(m, &m->head, "BM", 1001, 1001);
	assert_string_equal(instructions(m, "BM")->baseline_id, "run0");
	w[0].slower = slower;
	w[0].slower_count = 1;
	assert_int_equal(instructions(m, "BM")->state, STATE_INCOMPARABLE);
}

static void each_fact_must_agree_with_a_stored_run(void **state)
{
	static const struct {
		const char *counter, *libc, *compiler, *isa, *reason;
	} cases[] = {
		{"perf", "glibc 2.36", "GCC 12", "x86-64-v2",
		 "counted with different engines: callgrind 3.19.0 and perf"},
		{"callgrind 3.19.0", "glibc 2.39", "GCC 12", "x86-64-v2",
		 "counted with different C libraries: glibc 2.36 and glibc 2.39"},
		{"callgrind 3.19.0", "glibc 2.36", "GCC 13", "x86-64-v2",
		 "counted with different compilers: GCC 12 and GCC 13"},
		{"callgrind 3.19.0", "glibc 2.36", "GCC 12", "x86-64-v3",
		 "counted with different instruction sets: x86-64-v2 and x86-64-v3"},
		{"callgrind 3.19.0", "", "GCC 12", "x86-64-v2",
		 "counted with different C libraries: glibc 2.36 and unknown"},
	};
	struct made *m = *state;

	stored(m, 1, 1000);
	counted(m, &m->head, "BM", 1500, 1500);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct finding *f;

		note_facts(&m->head, cases[i].counter, cases[i].libc, cases[i].compiler, cases[i].isa);
		f = instructions(m, "BM");
		assert_int_equal(f->state, STATE_INCOMPARABLE);
		assert_non_null(strstr(f->reason, cases[i].reason));
		assert_int_equal(m->verdict.status, 3);
	}
	note_facts(&m->head, "callgrind 3.19.0", "glibc 2.36", "GCC 12", "x86-64-v2");
	assert_int_equal(instructions(m, "BM")->outcome, OUTCOME_SLOWER);
}

static void a_run_of_another_machine_class_serves_counts_and_not_times(void **state)
{
	struct made *m = *state;

	m->request.foreign = stored(m, 1, 1000);
	m->request.foreign_count = 1;
	m->request.window_count = 0;
	m->request.other_class = true;
	counted(m, &m->head, "BM", 1010, 1010);
	made_value(m->a, &m->head.tables[0], "cpu_time", 1000);
	assert_int_equal(instructions(m, "BM")->outcome, OUTCOME_SLOWER);
	assert_int_equal(find(m, "BM", "cpu_time")->state, STATE_INCOMPARABLE);
}

static void two_files_must_agree_too(void **state)
{
	struct made *m = *state;

	m->request.mode = JUDGE_TWO_FILES;
	counted(m, &m->base, "BM", 1000, 1000);
	counted(m, &m->head, "BM", 1010, 1010);
	assert_int_equal(instructions(m, "BM")->outcome, OUTCOME_SLOWER);
	note_facts(&m->base, "callgrind 3.19.0", "glibc 2.36", "GCC 12", "x86-64-v2");
	note_facts(&m->head, "callgrind 3.22.0", "glibc 2.36", "GCC 12", "x86-64-v2");
	assert_int_equal(instructions(m, "BM")->state, STATE_INCOMPARABLE);
}

static void sides_of_one_check_may_be_built_differently(void **state)
{
	struct made *m = *state;

	note_facts(&m->base, "callgrind 3.19.0", "glibc 2.36", "GCC 12", "x86-64-v2");
	note_facts(&m->head, "callgrind 3.19.0", "glibc 2.36", "GCC 13", "x86-64-v2");
	counted(m, &m->base, "BM", 1000, 1000);
	counted(m, &m->head, "BM", 1010, 1010);
	assert_int_equal(instructions(m, "BM")->outcome, OUTCOME_SLOWER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(half_a_percent_more_is_slower_and_a_fifth_is_not),
		MADE_TEST(fewer_instructions_are_faster),
		MADE_TEST(two_percent_is_the_threshold_of_severity),
		MADE_TEST(what_the_measurements_spread_is_no_difference),
		MADE_TEST(what_does_not_repeat_is_incomparable_and_says_what_would_help),
		MADE_TEST(counts_neither_help_nor_hinder_the_times),
		MADE_TEST(what_could_not_be_counted_is_a_row_with_the_reason),
		MADE_TEST(a_base_that_could_not_be_counted_says_why),
		MADE_TEST(the_newest_stored_run_is_the_baseline),
		MADE_TEST(a_stored_run_that_was_called_slower_is_passed_over),
		MADE_TEST(each_fact_must_agree_with_a_stored_run),
		MADE_TEST(a_run_of_another_machine_class_serves_counts_and_not_times),
		MADE_TEST(two_files_must_agree_too),
		MADE_TEST(sides_of_one_check_may_be_built_differently),
	};

	return cmocka_run_group_tests_name("judge_exact", tests, NULL, NULL);
}
