/* A benchmark program with everything that a result can hold: errors, skips, odd numbers, odd text, every name part. */
#include "harness/bench.h"

#include <math.h>
#include <string.h>

static void BM_plain(struct bench_state *state)
{
	while (bench_next(state))
		bench_clobber();
}
BENCHMARK(BM_plain);

static void BM_args(struct bench_state *state)
{
	while (bench_next(state))
		bench_keep(bench_state_arg(state, 0) * bench_state_arg(state, 1));
	bench_state_items(state, bench_state_iterations(state) * bench_state_arg(state, 0));
	bench_state_bytes(state, bench_state_iterations(state) * bench_state_arg(state, 0) * 8);
	bench_state_label(state, "say \"hi\" back\\slash tab\there \xc3\xa9t\xc3\xa9");
}
BENCHMARK_WITH(BM_args, BENCH_ARGS(bench, 64, 2); BENCH_ARGS(bench, -512, 2); BENCH_ARG_NAMES(bench, "n", "");
	       bench_unit(bench, BENCH_US));

static void BM_range(struct bench_state *state)
{
	BM_plain(state);
}
BENCHMARK_WITH(BM_range, bench_range(bench, 0, 100));
BENCHMARK_WITH(BM_range, bench_range_multiplier(bench, 4); bench_range(bench, -20, 20));
BENCHMARK_WITH(BM_range, bench_dense_range(bench, 3, 9, 3));

static void BM_product(struct bench_state *state)
{
	BM_plain(state);
}
static const int64_t product_a[] = {1, 2}, product_b[] = {5, 6};
static const struct bench_values product[] = {{product_a, 2}, {product_b, 2}};
BENCHMARK_WITH(BM_product, bench_args_product(bench, product, 2); BENCH_ARG_NAMES(bench, "x", "y"));

/* Every name part at once. */
static void BM_parts(struct bench_state *state)
{
	while (bench_next(state))
		bench_state_iteration_time(state, 0.00025);
}
BENCHMARK_WITH(BM_parts, bench_arg(bench, 7); bench_iterations(bench, 100); bench_repetitions(bench, 2);
	       bench_process_time(bench); bench_manual_time(bench); bench_threads(bench, 1));

static void BM_times(struct bench_state *state)
{
	BM_plain(state);
}
BENCHMARK_WITH(BM_times, bench_min_time(bench, 0.01); bench_min_warmup_time(bench, 0.001); bench_real_time(bench));

/* Values that can be checked: the number of iterations and threads is known, and manual time makes seconds known. */
static void BM_counters(struct bench_state *state)
{
	while (bench_next(state))
		bench_state_iteration_time(state, 0.5);
	bench_state_counter(state, "plain", 3, 0);
	bench_state_counter(state, "rate", 10, BENCH_RATE);
	bench_state_counter(state, "rate_inverted", 10, BENCH_RATE | BENCH_INVERT);
	bench_state_counter(state, "per_thread", 10, BENCH_AVG_THREADS);
	bench_state_counter(state, "per_iteration", 10, BENCH_AVG_ITERATIONS);
	bench_state_counter(state, "each", 10, BENCH_ITERATION_INVARIANT);
	bench_state_counter(state, "each_rate", 10, BENCH_ITERATION_INVARIANT | BENCH_RATE);
}
BENCHMARK_WITH(BM_counters, bench_iterations(bench, 10); bench_manual_time(bench); bench_thread_range(bench, 1, 2));

/* Each repetition reports its number, so that the statistics over them are known. */
static void BM_statistics(struct bench_state *state)
{
	static int repetition;
	static const double values[] = {1, 2, 3, 6};

	while (bench_next(state))
		bench_state_iteration_time(state, values[repetition]);
	bench_state_counter(state, "value", values[repetition], 0);
	bench_state_label(state, "same");
	repetition = (repetition + 1) % 4;
}
BENCHMARK_WITH(BM_statistics, bench_iterations(bench, 1); bench_repetitions(bench, 4); bench_manual_time(bench);
	       bench_unit(bench, BENCH_S));

static void BM_aggregates_only(struct bench_state *state)
{
	BM_plain(state);
}
BENCHMARK_WITH(BM_aggregates_only, bench_repetitions(bench, 3); bench_report_aggregates_only(bench));

static void BM_numbers(struct bench_state *state)
{
	BM_plain(state);
	bench_state_counter(state, "nan", NAN, 0);
	bench_state_counter(state, "infinity", INFINITY, 0);
	bench_state_counter(state, "minus_infinity", -INFINITY, 0);
	bench_state_counter(state, "big", 1e300, 0);
	bench_state_counter(state, "tiny", 4.9e-324, 0);
	bench_state_counter(state, "a \"name\" with, all\n", 0.1, 0);
}
BENCHMARK(BM_numbers);

static void BM_text(struct bench_state *state)
{
	BM_plain(state);
	bench_state_label(state, "ctrl\x01\x1b[31mred\x7f \xff\xc3 surrogate \xed\xa0\x80 \xf0\x9f\x98\x80 end\r\n");
}
BENCHMARK(BM_text);

static void BM_error(struct bench_state *state)
{
	while (bench_next(state)) {
		bench_state_fail(state, "bad thing: \"x\"\nsecond line");
		bench_state_fail(state, "too late");
		break;
	}
}
BENCHMARK(BM_error);

static void BM_error_before(struct bench_state *state)
{
	if (bench_state_thread_index(state) == 0)
		bench_state_fail(state, "before the loop");
	while (bench_next(state))
		bench_clobber();
}
BENCHMARK_WITH(BM_error_before, bench_threads(bench, 2));

/* Fails in one of its repetitions. */
static void BM_error_once(struct bench_state *state)
{
	static int calls;

	if (calls++ == 1) {
		bench_state_fail(state, "flaky");
		return;
	}
	/* Long enough for clocks that tick every 100 ns. */
	while (bench_next(state))
		for (int i = 0; i < 1000; i++)
			bench_clobber();
}
BENCHMARK_WITH(BM_error_once, bench_iterations(bench, 10); bench_repetitions(bench, 3));

static void BM_no_loop(struct bench_state *state)
{
	(void)state;
}
BENCHMARK(BM_no_loop);

static void BM_left(struct bench_state *state)
{
	while (bench_next(state))
		break;
}
BENCHMARK_WITH(BM_left, bench_iterations(bench, 3); bench_threads(bench, 3));

static void BM_skip(struct bench_state *state)
{
	bench_state_skip(state, "no such unit here");
}
BENCHMARK(BM_skip);

static void BM_reserved(struct bench_state *state)
{
	BM_plain(state);
	bench_state_counter(state, "real_time", 42, 0);
}
BENCHMARK(BM_reserved);

static void BM_pauses(struct bench_state *state)
{
	int64_t sum = 0;

	while (bench_next(state)) {
		bench_state_pause(state);
		sum += bench_state_threads(state);
		bench_state_resume(state);
		bench_keep(sum);
	}
	bench_state_counter(state, "sum", (double)sum, 0);
}
BENCHMARK_WITH(BM_pauses, bench_thread_range(bench, 1, 3));

static void BM_twice(struct bench_state *state)
{
	BM_plain(state);
}
BENCHMARK(BM_twice);
BENCHMARK(BM_twice);

static int64_t hook_calls;

static void hook_setup(struct bench_state *state)
{
	hook_calls += bench_state_arg(state, 0);
}

static void hook_teardown(struct bench_state *state)
{
	hook_calls -= bench_state_arg(state, 0) - 1;
}

static void BM_hooks(struct bench_state *state)
{
	BM_plain(state);
	bench_state_counter(state, "calls", (double)hook_calls, 0);
}
BENCHMARK_WITH(BM_hooks, bench_arg(bench, 5); bench_iterations(bench, 1);
	       bench_hooks(bench, hook_setup, hook_teardown));

static void DISABLED_BM_never(struct bench_state *state)
{
	bench_state_fail(state, "disabled benchmarks are not run");
}
BENCHMARK(DISABLED_BM_never);

int main(int argc, char **argv)
{
	bench_context_add("made_by", "kitchen");
	bench_register("BM_<with, signs>", BM_plain);
	return bench_main(argc, argv);
}
