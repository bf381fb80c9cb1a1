/* Measurements: how many iterations are enough, warm-up, repetitions and their order. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Stops the search when the time that decides does not grow, as with a manual time of zero. */
static const int64_t iterations_limit = 1000000000;

/* One instance on its way. */
struct runner {
	const struct bench_instance *instance;
	int64_t iterations, repetitions;
	bool fixed; /* the iterations are given, not to be found */
	double min_time_s, min_warmup_time_s;
	struct bench_rows rows;
};

const char *bench_unit_name(enum bench_unit unit)
{
	static const char *const names[] = {"ns", "us", "ms", "s"};

	return names[unit];
}

double bench_unit_per_second(enum bench_unit unit)
{
	static const double factors[] = {1e9, 1e6, 1e3, 1};

	return factors[unit];
}

struct bench_row *bench_rows_add(struct bench_rows *rows)
{
	rows->all = bench_alloc(rows->all, rows->count + 1, sizeof *rows->all);
	rows->all[rows->count] = (struct bench_row){0};
	return &rows->all[rows->count++];
}

void bench_rows_release(struct bench_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		bench_counters_release(&rows->all[i].counters);
		free(rows->all[i].message);
		free(rows->all[i].label);
	}
	free(rows->all);
	*rows = (struct bench_rows){0};
}

char *bench_row_name(const struct bench_row *row)
{
	return bench_format("%s%s%s", row->instance->name, row->aggregate ? "_" : "",
			    row->aggregate ? row->aggregate : "");
}

static struct runner runner_make(const struct bench_instance *instance, const struct bench_flags *flags)
{
	const struct bench *family = instance->family;
	struct runner r = {.instance = instance, .iterations = 1, .repetitions = 1, .fixed = true};

	if (flags->dry_run)
		return r;
	r.repetitions = family->repetitions ? family->repetitions : flags->repetitions;
	r.fixed = family->iterations > 0 || flags->iterations > 0;
	if (r.fixed)
		r.iterations = family->iterations > 0 ? family->iterations : flags->iterations;
	r.min_time_s = family->min_time_s > 0 ? family->min_time_s : flags->min_time_s;
	r.min_warmup_time_s = family->min_warmup_time_s > 0 ? family->min_warmup_time_s : flags->min_warmup_time_s;
	return r;
}

/* The time that decides, summed over the threads. */
static double time_decisive(const struct bench_instance *instance, const struct bench_sum *sum)
{
	if (instance->family->manual_time)
		return sum->manual_s;
	return instance->family->real_time ? sum->real_s : sum->cpu_s;
}

static bool measured_enough(const struct bench_instance *instance, const struct bench_sum *sum, int64_t iterations,
			    double min_time_s)
{
	/* A loop that mostly waits need not fill min_time with CPU time. */
	bool waits = !instance->family->manual_time && sum->real_s >= 5 * min_time_s;

	return sum->skip != BENCH_RAN || iterations >= iterations_limit || waits ||
	       time_decisive(instance, sum) >= min_time_s;
}

/* Aims at 1.4 times the wanted time, so that one more round is nearly always enough; while too little was measured for
 * a prediction, tenfold. */
static int64_t iterations_predict(double measured_s, double min_time_s, int64_t iterations)
{
	double factor = 10;

	if (measured_s > 0.1 * min_time_s)
		factor = fmin(10, 1.4 * min_time_s / fmax(measured_s, 1e-9));
	double next = fmax(factor * (double)iterations, (double)iterations + 1);
	return next < (double)iterations_limit ? llround(next) : iterations_limit;
}

static void measure(const struct runner *r, int64_t iterations, struct bench_sum *sum)
{
	bench_hook_call(r->instance, r->instance->family->setup);
	bench_measure(r->instance, iterations, sum);
	bench_hook_call(r->instance, r->instance->family->teardown);
}

/* Measures with more and more iterations until `min_time_s` is filled; returns how many that were. */
static int64_t measure_search(const struct runner *r, double min_time_s, struct bench_sum *sum)
{
	for (int64_t iterations = 1;;) {
		measure(r, iterations, sum);
		if (measured_enough(r->instance, sum, iterations, min_time_s))
			return iterations;
		iterations = iterations_predict(time_decisive(r->instance, sum), min_time_s, iterations);
		bench_sum_release(sum);
	}
}

static double counter_finish(const struct bench_counter *counter, int64_t iterations, double seconds, int threads)
{
	double value = counter->value;

	if (counter->flags & BENCH_RATE)
		value /= seconds;
	if (counter->flags & BENCH_AVG_THREADS)
		value /= threads;
	if (counter->flags & BENCH_ITERATION_INVARIANT)
		value *= (double)iterations;
	if (counter->flags & BENCH_AVG_ITERATIONS)
		value /= (double)iterations;
	return counter->flags & BENCH_INVERT ? 1 / value : value;
}

/* Takes what `sum` owns. */
static void row_add(struct runner *r, struct bench_sum *sum)
{
	const struct bench_instance *instance = r->instance;
	struct bench_row *row = bench_rows_add(&r->rows);
	double scale = bench_unit_per_second(instance->unit) / (double)(sum->iterations > 0 ? sum->iterations : 1);

	row->instance = instance;
	row->repetitions = r->repetitions;
	row->repetition_index = (int64_t)r->rows.count - 1;
	row->iterations = sum->iterations;
	row->skip = sum->skip;
	row->message = sum->message;
	row->label = sum->label;
	sum->message = sum->label = NULL;
	if (row->skip == BENCH_RAN) {
		/* Times and iterations are sums over the threads; rates are those of all threads together. */
		double seconds = time_decisive(instance, sum) / instance->threads;
		row->real = scale * (instance->family->manual_time ? sum->manual_s : sum->real_s);
		row->cpu = scale * sum->cpu_s;
		row->counters = sum->counters;
		sum->counters = (struct bench_counters){0};
		for (size_t i = 0; i < row->counters.count; i++)
			row->counters.all[i].value =
				counter_finish(&row->counters.all[i], sum->iterations, seconds, instance->threads);
	}
	bench_sum_release(sum);
}

static void repetition_run(struct runner *r, const struct bench_flags *flags)
{
	struct bench_sum sum = {0};

	if (r->rows.count == 0 && r->min_warmup_time_s > 0) {
		measure_search(r, r->min_warmup_time_s, &sum);
		bench_sum_release(&sum);
	}
	/* The first repetition finds the iterations for all. */
	if (r->rows.count == 0 && !r->fixed)
		r->iterations = measure_search(r, r->min_time_s, &sum);
	else
		measure(r, r->iterations, &sum);
	if (flags->verbosity > 1)
		fprintf(stderr, "%s: %lld iterations in %.6f s\n", r->instance->name, (long long)r->iterations,
			time_decisive(r->instance, &sum));
	row_add(r, &sum);
}

static void rows_report(struct bench_report *report, const struct bench_rows *rows, bool only_failures)
{
	for (size_t i = 0; i < rows->count; i++) {
		if (only_failures && rows->all[i].skip == BENCH_RAN)
			continue;
		report->format->row(report, &rows->all[i]);
		report->row_count++;
	}
	/* What is known must be readable even if the next benchmark crashes. */
	fflush(report->out);
}

static void runner_report(const struct runner *r, struct bench_report *display, struct bench_report *file)
{
	struct bench_rows aggregates = {0};
	struct bench_report *const reports[] = {display, file};

	bench_aggregate(&r->rows, &aggregates);
	for (size_t i = 0; i < 2 && reports[i]; i++) {
		bool only = reports[i]->aggregates_only || r->instance->family->aggregates_only;
		/* Without aggregates the row is all there is to show, and a failure is never hidden. */
		rows_report(reports[i], &r->rows, only && aggregates.count > 0);
		rows_report(reports[i], &aggregates, false);
	}
	bench_rows_release(&aggregates);
}

static size_t random_below(size_t limit)
{
	uint64_t bits = 0;

	/* Without entropy the order is the registered one, which is no error. */
	if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
		return limit - 1;
	return (size_t)(bits % limit);
}

void bench_run(const struct bench_instances *instances, const struct bench_flags *flags, struct bench_report *display,
	       struct bench_report *file)
{
	struct runner *runners = bench_alloc(NULL, instances->count, sizeof *runners);
	size_t *order = NULL, order_count = 0;

	for (size_t i = 0; i < instances->count; i++) {
		runners[i] = runner_make(&instances->all[i], flags);
		order = bench_alloc(order, order_count + (size_t)runners[i].repetitions, sizeof *order);
		for (int64_t n = 0; n < runners[i].repetitions; n++)
			order[order_count++] = i;
	}
	for (size_t i = order_count; flags->random_interleaving && i > 1; i--) {
		size_t other = random_below(i), kept = order[i - 1];
		order[i - 1] = order[other];
		order[other] = kept;
	}
	for (size_t i = 0; i < order_count; i++) {
		struct runner *r = &runners[order[i]];
		repetition_run(r, flags);
		if ((int64_t)r->rows.count < r->repetitions)
			continue;
		runner_report(r, display, file);
		bench_rows_release(&r->rows);
	}
	free(order);
	free(runners);
}
