/* The common drift against stored runs, and windows that begin anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/judge_drift.h"
#include "made_runs.h"

enum { RUNS = 12 };

static double host_of(size_t run)
{
	/* Hosts that differ by up to 9 %. */
	return 1 + 0.03 * (double)(run * 7 % 4);
}

static void fill(struct made *m, struct run *run, size_t benches, double host, uint64_t seed, const char *slow,
		 double ratio)
{
	for (size_t i = 0; i < benches; i++) {
		const char *name = arena_printf(m->a, "BM_%02zu", i);
		double median = (1000 + 10 * (double)i) * host * (text_equal(name, slow) ? ratio : 1);

		made_values(m->a, made_bench(m->a, run, name), "cpu_time", 10, median, 0.01, seed * 1000 + i);
	}
}

/* RUNS stored runs of that many benchmarks, and a head on a host of that speed, one benchmark `ratio` times as slow. */
static void store(struct made *m, size_t benches, double host, double ratio)
{
	struct judge_stored *w = NEW_ARRAY(m->a, struct judge_stored, RUNS);

	for (size_t r = 0; r < RUNS; r++) {
		struct run *run = NEW(m->a, struct run);

		*run = made_run(m->a);
		fill(m, run, benches, host_of(r), r + 1, "", 1);
		w[r] = (struct judge_stored){.run = run};
	}
	fill(m, &m->head, benches, host, 99, "BM_03", ratio);
	m->request.mode = JUDGE_STORED;
	m->request.base = NULL;
	m->request.window = w;
	m->request.window_count = RUNS;
	judge(m->a, &m->request, &m->verdict);
}

static const struct finding *drift_of(struct made *m)
{
	for (size_t i = 0; i < m->verdict.finding_count; i++) {
		if (drift_is_row(&m->verdict.findings[i]))
			return &m->verdict.findings[i];
	}
	return NULL;
}

static void fifteen_benchmarks_tell_a_slower_host_from_a_slower_benchmark(void **state)
{
	struct made *m = *state;

	store(m, 15, 1.12, 1.08);
	assert_non_null(drift_of(m));
	assert_int_equal(find(m, "BM_03", "cpu_time")->outcome, OUTCOME_SLOWER);
	assert_true(fabs(find(m, "BM_03", "cpu_time")->change_ratio.value - 0.08) < 0.02);
	assert_int_equal(find(m, "BM_05", "cpu_time")->outcome, OUTCOME_SAME);
	assert_true(find(m, "BM_05", "cpu_time")->mde_ratio.value < 0.06);
}

static void fourteen_do_not(void **state)
{
	struct made *m = *state;

	store(m, 14, 1.12, 1.08);
	assert_null(drift_of(m));
	assert_true(find(m, "BM_05", "cpu_time")->mde_ratio.value > 0.1);
}

/* What makes everything slower is taken off every row, so it must fail in its own. */
static void a_change_that_slows_everything_is_not_lost(void **state)
{
	struct made *m = *state;

	store(m, 20, 1.6, 1);
	assert_int_equal(drift_of(m)->outcome, OUTCOME_SLOWER);
	assert_int_equal(drift_of(m)->effect, EFFECT_FAIL);
	assert_true(fabs(drift_of(m)->change_ratio.value - 0.53) < 0.05);
	assert_int_equal(m->verdict.status, 1);
	assert_int_equal(find(m, "BM_05", "cpu_time")->outcome, OUTCOME_SAME);
}

static void a_host_like_those_before_is_no_drift(void **state)
{
	struct made *m = *state;

	store(m, 20, 1.09, 1);
	assert_int_equal(drift_of(m)->outcome, OUTCOME_SAME);
	assert_int_equal(m->verdict.status, 0);
}

static void memory_does_not_drift(void **state)
{
	struct made *m = *state;
	struct metric rss = metric_of("max_rss");

	store(m, 20, 1.6, 1);
	for (size_t r = 0; r < RUNS + 1; r++) {
		const struct run *run = r < RUNS ? m->request.window[r].run : &m->head;
		struct slice_table *t = run_find(run, "s", "BM_05");

		for (size_t i = 0; i < t->slice_count; i++)
			table_set(m->a, t, &t->slices[i], &rss, 4e6);
	}
	judge(m->a, &m->request, &m->verdict);
	assert_true(fabs(find(m, "BM_05", "max_rss")->change_ratio.value) < 1e-9);
}

static void one_benchmark_in_the_window(struct made *m, size_t old, double level)
{
	struct judge_stored *w = NEW_ARRAY(m->a, struct judge_stored, RUNS);

	for (size_t r = 0; r < RUNS; r++) {
		struct run *run = NEW(m->a, struct run);

		*run = made_run(m->a);
		made_values(m->a, made_bench(m->a, run, "BM"), "cpu_time", 20, r < old ? 1000 : level, 0.01, r + 1);
		w[r] = (struct judge_stored){.run = run};
	}
	m->request.mode = JUDGE_STORED;
	m->request.window = w;
	m->request.window_count = RUNS;
	made_values(m->a, made_bench(m->a, &m->head, "BM"), "cpu_time", 20, 1000, 0.01, 77);
}

static void a_window_begins_anew_at_a_change_point(void **state)
{
	struct made *m = *state;
	const struct finding *f;

	one_benchmark_in_the_window(m, 7, 700);
	f = judged(m, "BM");
	assert_int_equal(f->samples_base, 5);
	assert_true(fabs(f->baseline.value - 700) < 10);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
}

static void without_one_it_goes_all_the_way_back(void **state)
{
	struct made *m = *state;

	one_benchmark_in_the_window(m, 7, 1000);
	assert_int_equal(judged(m, "BM")->samples_base, RUNS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE_TEST(fifteen_benchmarks_tell_a_slower_host_from_a_slower_benchmark),
		MADE_TEST(fourteen_do_not),
		MADE_TEST(a_change_that_slows_everything_is_not_lost),
		MADE_TEST(a_host_like_those_before_is_no_drift),
		MADE_TEST(memory_does_not_drift),
		MADE_TEST(a_window_begins_anew_at_a_change_point),
		MADE_TEST(without_one_it_goes_all_the_way_back),
	};

	return cmocka_run_group_tests_name("judge_drift", tests, NULL, NULL);
}
