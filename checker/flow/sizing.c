/* How one benchmark is run: iterations, repetitions, pinning. */
#include "flow/measuring.h"

#include <math.h>

enum {
	AUTO_SLICE_NS =
		20000000, /* 20 ms: alternating slices of this length differed by 2-6 %, whole suites by 12-40 % */
	TRIAL_NS = 10000000,
	START_UP_SLICES = 5, /* a process may cost this many slices before it must measure several times */
	MOST_REPETITIONS = 20,
};

static const double MOST_ITERATIONS = 1e9; /* google-benchmark's own limit */

static const struct slice *last_slice(const struct slice_table *t)
{
	return &t->slices[t->slice_count - 1];
}

static double value_of(const struct slice_table *t, const char *metric)
{
	int column = table_metric(t, metric);
	const struct slice *s = last_slice(t);

	return column >= 0 && s->cells[column].present ? s->cells[column].value : 0;
}

/* Wall time that the timed loop of the last slice took. */
static double loop_ns(const struct slice_table *t)
{
	const struct slice *s = last_slice(t);
	double ns = value_of(t, "real_time");

	if (ns <= 0)
		ns = value_of(t, "cpu_time");
	return ns * (double)s->iterations * (double)s->repetitions;
}

static int64_t slice_target_ns(const struct bench *b, enum side side)
{
	int64_t ns = b->programs[side]->settings->slice_ns;

	return ns ? ns : AUTO_SLICE_NS;
}

static void set_iterations(struct bench *b, enum side side)
{
	const struct slice *s = last_slice(b->tables[side]);
	double loop = loop_ns(b->tables[side]);
	double target = (double)slice_target_ns(b, side);
	double iterations = loop > 0 ? (double)s->iterations * target / loop : 1;

	b->how.min_time_ns = slice_target_ns(b, side);
	b->how.iterations = (int64_t)fmin(fmax(round(iterations), 1), MOST_ITERATIONS);
}

static void set_repetitions(struct bench *b, enum side side)
{
	double target = (double)slice_target_ns(b, side);
	double start_up = (double)last_slice(b->tables[side])->setup_ns;

	if (start_up <= START_UP_SLICES * target || bench_name_has_part(b->name, "/repeats:"))
		return;
	b->how.repetitions = (int64_t)fmin(ceil(start_up / (START_UP_SLICES * target)), MOST_REPETITIONS);
}

static enum slice_end trial(struct measuring *m, struct bench *b, enum side side, int *threads)
{
	struct slice_place place = {
		.side = side, .phase = PHASE_TRIAL, .cpu = -1, .watch_threads = threads != NULL, .how = b->how};

	return measuring_slice(m, b, &place, threads);
}

static bool is_there(const struct bench *b, enum side side)
{
	return b->tables[side] && b->tables[side]->status == BENCH_MEASURED;
}

/* The first trial lets the program find its own iteration count, on the base if it can. */
static bool find_iterations(struct measuring *m, struct bench *b)
{
	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		enum slice_end end;

		if (!is_there(b, side))
			continue;
		end = trial(m, b, side, NULL);
		if (end == SLICE_INTERRUPTED)
			return false;
		if (end == SLICE_OK) {
			set_iterations(b, side);
			return true;
		}
	}
	return false;
}

void measuring_size(struct measuring *m, size_t index)
{
	struct bench *b = &m->benches[index];
	struct schedule_bench *known = &m->known[index];
	int most_threads = 0;

	b->how = (struct suite_slice){
		.bench = b->name, .occurrence = b->occurrence, .repetitions = 1, .min_time_ns = TRIAL_NS};
	known->stopped = true;
	if (!find_iterations(m, b))
		return;
	/* The second, as the slices will be, on both sides: it warms them, and tells what a process costs. */
	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		int threads = 0;

		if (!is_there(b, side))
			continue;
		if (trial(m, b, side, &threads) != SLICE_OK)
			continue;
		most_threads = threads > most_threads ? threads : most_threads;
		set_repetitions(b, side);
		b->slice_cost_ns = last_slice(b->tables[side])->wall_ns;
	}
	if (b->how.repetitions > 1)
		b->slice_cost_ns += (b->how.repetitions - 1) * slice_target_ns(b, SIDE_HEAD);
	b->pinned = most_threads == 1;
	known->one_side = !b->tables[SIDE_BASE];
	known->stopped = !is_there(b, SIDE_HEAD) || (b->tables[SIDE_BASE] && !is_there(b, SIDE_BASE));
}
