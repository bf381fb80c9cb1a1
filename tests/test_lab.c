/* The laboratory in small: fixed seeds, few checks, bounds that chance does not reach. */
#include "lab/tally.h"
#include "stats/sample.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/file.h"

enum { BENCHES = 100, SEED = 4 };

static int setup(void **state)
{
	*state = arena_open();
	return 0;
}

static int teardown(void **state)
{
	arena_close(*state);
	return 0;
}

/* What a detector does in `checks` checks, of which `planted` benchmarks each are slower. */
static struct tally tally_of(struct arena *a, size_t detector, size_t checks, size_t planted, double effect_ratio)
{
	struct workload w = {.bench_count = BENCHES, .planted_count = planted, .effect_ratio = effect_ratio};
	struct call calls[BENCHES];
	struct tally t = {0};

	for (size_t i = 0; i < checks; i++) {
		struct arena_mark mark = arena_mark(a);
		struct workload_check check;

		workload_draw(a, &w, random_mix(SEED, i), &check);
		detectors[detector].apply(a, &check, random_mix(SEED + 1, i), calls);
		tally_add(&t, &check, calls);
		arena_reset(a, mark);
	}
	return t;
}

static double power_of(const struct tally *t)
{
	return (double)t->called / (double)t->planted;
}

/* At one alarm in a thousand checks two in 100 have a chance of half a per cent. */
static void unchanged_checks_are_left_alone(void **state)
{
	struct tally t = tally_of(*state, DETECTOR_pawl, 100, 0, 0);

	assert_int_equal(t.unchanged, 100 * BENCHES);
	assert_true(t.alarmed < 2);
}

/* The bounds are four and more standard deviations below what 2,000 benchmarks gave: 55, 94 and 100 %. */
static void small_changes_are_seen(void **state)
{
	struct tally three = tally_of(*state, DETECTOR_pawl, 30, 10, 0.03);
	struct tally five = tally_of(*state, DETECTOR_pawl, 30, 10, 0.05);
	struct tally ten = tally_of(*state, DETECTOR_pawl, 30, 10, 0.10);

	assert_int_equal(three.planted, 300);
	assert_true(power_of(&three) > 0.42);
	assert_true(power_of(&five) > 0.88);
	assert_true(power_of(&ten) > 0.98);
	assert_true(ten.effect_sum / (double)ten.planted > 0.095 && ten.effect_sum / (double)ten.planted < 0.105);
	assert_true(five.wrong < five.called / 20);
}

static void few_pairs_are_spent_on_what_did_not_change(void **state)
{
	struct tally t = tally_of(*state, DETECTOR_pawl, 30, 0, 0);

	assert_true(t.pairs < 13 * t.unchanged);
	assert_in_range(t.confirm_most, 1, 60);
}

static void a_test_of_two_jobs_cannot_tell_hosts_from_code(void **state)
{
	struct tally jobs = tally_of(*state, DETECTOR_mw_jobs, 50, 0, 0);
	struct tally pairs = tally_of(*state, DETECTOR_mw_pairs, 50, 0, 0);

	assert_true(jobs.wrong > jobs.unchanged / 10);
	assert_true(pairs.wrong < pairs.unchanged / 25);
}

/* The fixed recipe has nearly the power with which it was reported: 50, 85 and 99.9 %. */
static void the_noise_is_as_hard_as_that_of_published_results(void **state)
{
	struct tally three = tally_of(*state, DETECTOR_hl_20, 100, 10, 0.03);
	struct tally five = tally_of(*state, DETECTOR_hl_20, 100, 10, 0.05);
	struct tally ten = tally_of(*state, DETECTOR_hl_20, 100, 10, 0.10);

	assert_true(power_of(&three) > 0.42 && power_of(&three) < 0.54);
	assert_true(power_of(&five) > 0.79 && power_of(&five) < 0.88);
	assert_true(power_of(&ten) > 0.985);
	assert_true(three.wrong < three.unchanged / 100);
}

static void the_same_seed_makes_the_same_checks(void **state)
{
	struct tally one = tally_of(*state, DETECTOR_pawl, 5, 10, 0.03),
		     two = tally_of(*state, DETECTOR_pawl, 5, 10, 0.03);

	assert_memory_equal(&one, &two, sizeof one);
}

static void base_and_head_are_alike_but_for_the_effect(void **state)
{
	struct random r = {.state = 1};
	double base[2000], head[2000], d[2000];

	for (size_t k = 0; k < 20; k++) {
		struct noise_bench b = noise_bench_draw(&r);
		struct noise_stream s = noise_stream_open(&b, random_next(&r), 0);

		noise_pairs(&s, 2000, 0.05, base, head);
		for (size_t i = 0; i < 2000; i++)
			d[i] = log(head[i] / base[i]);
		/* The median of 2,000 differences: its standard error is at most 0.0025. */
		assert_true(fabs(sample_median(*state, d, 2000) - log1p(0.05)) < 0.01);
	}
}

static const char TRACE_HEAD[] = "# aa\nbenchmark,block,pair,first,base_ns,head_ns\n";

static void write_trace(const char *path, const char *lines)
{
	gzFile f = gzopen(path, "wb");

	assert_non_null(f);
	gzputs(f, TRACE_HEAD);
	gzputs(f, lines);
	assert_int_equal(gzclose(f), Z_OK);
}

static void a_trace_is_read_in_its_order(void **state)
{
	struct arena *a = *state;
	struct trace_set set = {0};
	struct err err = {0};
	const char *folder;

	assert_true(dir_make_scratch(a, &folder, &err));
	write_trace(path_join(a, folder, "aa.csv.gz"),
		    "BM_a,0,0,base,10,11\nBM_b,1,0,head,5,6.5\nBM_a,2,0,head,12,13\n");
	assert_true(trace_set_read(a, folder, &set, &err));
	assert_int_equal(set.count, 2);
	assert_string_equal(set.rows[0].bench, "BM_a");
	assert_true(set.rows[0].same_code);
	assert_int_equal(set.rows[0].count, 2);
	assert_true(set.rows[0].pairs[1].base_ns == 12 && set.rows[0].pairs[1].head_ns == 13);
	assert_true(set.rows[1].pairs[0].head_ns == 6.5);
	dir_remove(folder);
}

static void a_damaged_trace_is_refused_with_its_line(void **state)
{
	static const char *const bad[] = {"BM_a,0,0,base,10\n",     "BM_a,0,0,base,10,x\n",   "BM_a,0,0,base,10,-1\n",
					  "BM_a,0,0,base,10,nan\n", "BM_a,0,0,base,10,1,1\n", "\n"};
	struct arena *a = *state;
	struct err err = {0};
	const char *folder;

	assert_true(dir_make_scratch(a, &folder, &err));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct trace_set set = {0};

		write_trace(path_join(a, folder, "aa.csv.gz"), bad[i]);
		assert_false(trace_set_read(a, folder, &set, &err));
		assert_non_null(strstr(err.text, "aa.csv.gz:3:"));
	}
	dir_remove(folder);
}

/* A record of one difference that is nothing but chance: the sides change places, so it counts for neither. */
static void what_ran_the_same_code_has_no_effect_in_a_trace(void **state)
{
	struct arena *a = *state;
	struct trace_pair pairs[20];
	struct trace_row row = {.bench = "BM_a", .arm = "aa", .same_code = true, .pairs = pairs, .count = 20};
	struct trace_set set = {.rows = &row, .count = 1};
	struct workload w = {.bench_count = 1, .set = &set};
	struct workload_check check;
	struct workload_job job;
	size_t above = 0;
	struct err err = {0};

	for (size_t i = 0; i < 20; i++)
		pairs[i] = (struct trace_pair){.base_ns = 100, .head_ns = 110};
	assert_true(workload_check_ready(&w, &err));
	workload_draw(a, &w, 1, &check);
	workload_open(a, &check, 1, 0, &job);
	for (size_t i = 0; i < 4000; i++) {
		double base, head;

		workload_pair(&job, 0, SIDE_BASE, &base, &head);
		above += head > base;
	}
	/* 400 stretches, half of them: five standard deviations are 500 pairs. */
	assert_true(above > 1500 && above < 2500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(unchanged_checks_are_left_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(small_changes_are_seen, setup, teardown),
		cmocka_unit_test_setup_teardown(few_pairs_are_spent_on_what_did_not_change, setup, teardown),
		cmocka_unit_test_setup_teardown(a_test_of_two_jobs_cannot_tell_hosts_from_code, setup, teardown),
		cmocka_unit_test_setup_teardown(the_noise_is_as_hard_as_that_of_published_results, setup, teardown),
		cmocka_unit_test_setup_teardown(the_same_seed_makes_the_same_checks, setup, teardown),
		cmocka_unit_test_setup_teardown(base_and_head_are_alike_but_for_the_effect, setup, teardown),
		cmocka_unit_test_setup_teardown(a_trace_is_read_in_its_order, setup, teardown),
		cmocka_unit_test_setup_teardown(a_damaged_trace_is_refused_with_its_line, setup, teardown),
		cmocka_unit_test_setup_teardown(what_ran_the_same_code_has_no_effect_in_a_trace, setup, teardown),
	};

	return cmocka_run_group_tests_name("lab", tests, NULL, NULL);
}
