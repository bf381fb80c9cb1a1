/* How one job is run: iterations, repetitions, pinning. */
#include "flow/measuring.h"

#include "base/proc.h"

#include <math.h>

enum {
	AUTO_SLICE_NS =
		20000000, /* 20 ms: alternating slices of this length differed by 2-6 %, whole suites by 12-40 % */
	TRIAL_NS = 10000000,
	LONG_TRIAL_NS = 1000000000, /* a process of a second is sized by its first trial alone */
	START_UP_SLICES = 5,        /* a process may cost this many slices before it must measure several times */
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

static int64_t slice_target_ns(const struct job *j)
{
	return j->settings->slice_ns ? j->settings->slice_ns : AUTO_SLICE_NS;
}

/* Iteration counts and repetitions are for programs that can be told. */
static bool can_be_told(const struct job *j)
{
	return suite_can_be_told(j->settings->kind);
}

static void set_iterations(struct job *j, enum side side)
{
	const struct slice *s = last_slice(j->benches[0].tables[side]);
	double loop = loop_ns(j->benches[0].tables[side]), target = (double)slice_target_ns(j);
	/* A result counts the iterations of all threads, the command line those of each. */
	double each = (double)s->iterations / (double)(s->threads > 1 ? s->threads : 1);
	double iterations = loop > 0 ? each * target / loop : 1;

	j->how.min_time_ns = slice_target_ns(j);
	j->how.iterations = (int64_t)fmin(fmax(round(iterations), 1), MOST_ITERATIONS);
}

static void set_repetitions(struct job *j, enum side side)
{
	double target = (double)slice_target_ns(j);
	double start_up = (double)last_slice(j->benches[0].tables[side])->setup_ns;

	if (start_up <= START_UP_SLICES * target || bench_name_has_part(j->benches[0].names[side], "/repeats:"))
		return;
	j->how.repetitions = (int64_t)fmin(ceil(start_up / (START_UP_SLICES * target)), MOST_REPETITIONS);
}

static bool is_measured(const struct bench *b, enum side side)
{
	return b->tables[side] && b->tables[side]->status == BENCH_MEASURED;
}

/* A benchmark of the job that gives values on that side, or NULL. */
static const struct bench *living(const struct job *j, enum side side)
{
	for (size_t i = 0; i < j->bench_count; i++) {
		if (is_measured(&j->benches[i], side))
			return &j->benches[i];
	}
	return NULL;
}

static int64_t last_wall_ns(const struct job *j, enum side side)
{
	const struct bench *b = living(j, side);

	return b && b->tables[side]->slice_count ? last_slice(b->tables[side])->wall_ns : 0;
}

static enum slice_end trial(struct measuring *m, struct job *j, enum side side, int *most_threads)
{
	struct slice_place place = {
		.side = side, .phase = PHASE_TRIAL, .cpu = -1, .watch_threads = true, .how = j->how};
	int threads = 0;
	enum slice_end end = measuring_slice(m, j, &place, &threads);

	*most_threads = threads > *most_threads ? threads : *most_threads;
	return end;
}

/* The first trial, on the base if it can be, lets the program find its own iteration count. */
static bool first_trial(struct measuring *m, struct job *j, int *most_threads, int64_t *wall_ns)
{
	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		enum slice_end end;

		if (!living(j, side))
			continue;
		end = trial(m, j, side, most_threads);
		if (end == SLICE_INTERRUPTED)
			return false;
		if (end != SLICE_OK)
			continue;
		*wall_ns = last_wall_ns(j, side);
		if (can_be_told(j)) {
			set_iterations(j, side);
			set_repetitions(j, side);
		}
		return true;
	}
	return false;
}

/* The second, as the slices will be, on both sides: it warms them, and tells what a process costs. */
static int64_t second_trials(struct measuring *m, struct job *j, int *most_threads)
{
	int64_t cost_ns = 0;

	j->how.repetitions = 1;
	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		if (!living(j, side) || trial(m, j, side, most_threads) != SLICE_OK)
			continue;
		if (can_be_told(j))
			set_repetitions(j, side);
		if (last_wall_ns(j, side) > cost_ns)
			cost_ns = last_wall_ns(j, side);
	}
	return cost_ns + (j->how.repetitions - 1) * slice_target_ns(j);
}

static void warm_up(struct measuring *m, struct job *j, int *most_threads)
{
	for (int64_t i = 0; i < j->settings->warmup; i++) {
		for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
			if (living(j, side) && trial(m, j, side, most_threads) == SLICE_INTERRUPTED)
				return;
		}
	}
}

void measuring_size(struct measuring *m, size_t index)
{
	struct job *j = &m->jobs[index];
	struct schedule_job *known = &m->known[index];
	int most_threads = 0;
	int64_t wall_ns = 0;

	j->how =
		(struct suite_slice){.occurrence = j->benches[0].occurrence, .repetitions = 1, .min_time_ns = TRIAL_NS};
	known->stopped = true;
	known->one_side = !j->programs[SIDE_BASE];
	warm_up(m, j, &most_threads);
	if (!first_trial(m, j, &most_threads, &wall_ns))
		return;
	known->slice_ns = wall_ns;
	if (wall_ns < LONG_TRIAL_NS || j->how.repetitions > 1)
		known->slice_ns = second_trials(m, j, &most_threads);
	/* What a command starts must be free to use every CPU. */
	j->pinned = most_threads == 1 && can_be_told(j);
	known->stopped = !living(j, SIDE_HEAD) || (j->programs[SIDE_BASE] && !living(j, SIDE_BASE));
}
