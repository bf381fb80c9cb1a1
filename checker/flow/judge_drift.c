/* Estimating the common drift, and taking it off. */
#include "flow/judge_drift.h"

#include "base/text.h"
#include "stats/sample.h"

#include <math.h>

enum {
	LEAST_BENCHMARKS = 15, /* fewer cannot tell what they have in common from what is their own */
	SWEEPS = 4,            /* of the median polish; it settles in two or three */
	LEAST_RUNS = 5,        /* of a history that tells how much runs differ */
};

/* A drift is known as well as the median of so many benchmarks: its variance is this over their number, in units of one
 * benchmark's (asymptotic variance of the median, pi / 2). */
static const double MEDIAN_VARIANCE = 1.5707963267948966;

/* Runs that never differ by less, however short a history says they do: half a percent. */
static const double LEAST_PRIOR_SD = 0.005;

/* What is swept: benchmarks down, runs across, costs in cells. */
struct sheet {
	struct arena *arena;
	struct series **rows;
	size_t row_count, run_count;
	double *level; /* by row */
	double *drift; /* by run */
	double head;
};

static bool counts(const struct series_run *run)
{
	return run->known && (!run->slower || run->agreed);
}

static double cost(const struct series *s, double value)
{
	return s->sign * log(value);
}

static bool is_clock_row(const struct series *s)
{
	return s->mode == JUDGE_STORED && s->f->state == STATE_JUDGED && s->is_clock && s->f->gated &&
	       !s->differences && !s->summarised;
}

/* Rows that drift is taken off: whatever is a time or made of one. */
static bool is_timed(const struct series *s)
{
	return s->mode == JUDGE_STORED && s->f->state == STATE_JUDGED && !s->differences && !s->summarised &&
	       !s->counted && (s->f->category == CATEGORY_LATENCY || s->f->category == CATEGORY_THROUGHPUT);
}

/* Every benchmark's level is the mean of its runs, drift taken off. */
static void set_levels(struct sheet *t)
{
	for (size_t i = 0; i < t->row_count; i++) {
		const struct series *s = t->rows[i];
		double sum = 0;
		size_t n = 0;

		for (size_t r = 0; r < t->run_count; r++) {
			if (!counts(&s->runs[r]))
				continue;
			sum += cost(s, s->runs[r].median) - t->drift[r];
			n++;
		}
		t->level[i] = n ? sum / (double)n : 0;
	}
}

/* Every run's drift is the median over its benchmarks of what is left; the mean drift is 0. */
static void set_drifts(struct sheet *t)
{
	double *left = NEW_ARRAY(t->arena, double, t->row_count), mean = 0;

	for (size_t r = 0; r < t->run_count; r++) {
		size_t n = 0;

		for (size_t i = 0; i < t->row_count; i++) {
			const struct series *s = t->rows[i];

			if (counts(&s->runs[r]))
				left[n++] = cost(s, s->runs[r].median) - t->level[i];
		}
		/* A run of a few benchmarks says nothing of the machine. */
		t->drift[r] = n >= LEAST_BENCHMARKS ? sample_median(t->arena, left, n) : 0;
		mean += t->drift[r] / (double)t->run_count;
	}
	for (size_t r = 0; r < t->run_count; r++)
		t->drift[r] -= mean;
}

static void set_head(struct sheet *t)
{
	double *left = NEW_ARRAY(t->arena, double, t->row_count);

	for (size_t i = 0; i < t->row_count; i++)
		left[i] = t->rows[i]->y[0] - t->level[i];
	t->head = sample_median(t->arena, left, t->row_count);
}

/* Tukey's median polish (Exploratory Data Analysis, 1977), with means for the benchmarks, whose runs are the window's data
 * anyway. */
static void polish(struct sheet *t)
{
	for (int sweep = 0; sweep < SWEEPS; sweep++) {
		set_levels(t);
		set_drifts(t);
	}
	set_levels(t);
	set_head(t);
}

static void correct(struct arena *a, struct series *s, const struct sheet *t)
{
	size_t count;
	double *medians = series_window(a, s, t->drift, &count);

	/* A change point that was the drift's is none now, so there may be more of them than before. */
	s->x = NEW_ARRAY(a, double, count);
	for (size_t i = 0; i < count; i++)
		s->x[i] = cost(s, medians[i]);
	s->x_count = count;
	s->y[0] -= t->head;
	s->drift_share = MEDIAN_VARIANCE / (double)t->row_count;
	s->f->samples_base = count;
	s->f->baseline.value = sample_median(a, medians, count);
}

/*
 * The prior of the spread between runs, once drift is taken off: what the benchmarks of this history have in common (Smyth,
 * Stat. Appl. Genet. Mol. Biol. 3, 2004, in its simplest form).  The median of variances with df degrees of freedom is about
 * (1 - 2 / (9 df))^3 of their mean (Wilson and Hilferty, PNAS 17, 1931).
 */
static double common_variance(const struct sheet *t)
{
	double *variances = NEW_ARRAY(t->arena, double, t->row_count), df = 0, least = LEAST_PRIOR_SD * LEAST_PRIOR_SD;
	size_t n = 0;

	for (size_t i = 0; i < t->row_count; i++) {
		const struct series *s = t->rows[i];

		if (s->x_count < LEAST_RUNS)
			continue;
		variances[n++] = sample_variance(s->x, s->x_count);
		df += (double)s->x_count - 1;
	}
	if (n < LEAST_BENCHMARKS)
		return 0;
	df /= (double)n;
	return fmax(least, sample_median(t->arena, variances, n) / pow(1 - 2 / (9 * df), 3));
}

static void add_row(struct arena *a, const struct judge_request *r, struct row_list *rows, const struct sheet *t)
{
	struct finding *f = NEW(a, struct finding);
	struct series *s;

	rows->items = arena_reserve(a, rows->items, rows->count, &rows->capacity, sizeof *rows->items);
	s = &rows->items[rows->count++];
	*s = (struct series){
		.f = f, .mode = JUDGE_STORED, .sign = 1, .is_clock = true, .x_count = t->run_count, .y_count = 1};
	s->limits = rule_limits(r->rules, r->rule_count, DRIFT_SUITE, DRIFT_BENCH, "time", true);
	s->shift = log1p(s->limits.min_effect.absolute ? 0 : s->limits.min_effect.value);
	s->x = t->drift;
	s->y = NEW_ARRAY(a, double, 1);
	s->y[0] = t->head;
	*f = *t->rows[0]->f;
	f->suite = DRIFT_SUITE;
	f->bench = DRIFT_BENCH;
	f->metric = "time";
	f->unit = "";
	f->category = CATEGORY_LATENCY;
	f->threshold_ratio = s->limits.threshold_ratio;
	f->min_effect_ratio = (struct number){.value = expm1(s->shift), .known = true};
	f->baseline = (struct number){.value = 1, .known = true};
	f->current = (struct number){.value = exp(t->head), .known = true};
	f->samples_base = t->run_count;
	f->samples_head = 1;
	f->measured_s = 0;
	f->reason = arena_printf(
		a, "%zu benchmarks together are %+.1f %% off the stored runs; this was taken off each of them",
		t->row_count, 100 * expm1(t->head));
}

void drift_remove(struct arena *a, const struct judge_request *r, struct row_list *rows)
{
	struct sheet t = {.arena = a, .rows = NEW_ARRAY(a, struct series *, rows->count), .run_count = r->window_count};
	double prior;

	if (r->mode != JUDGE_STORED)
		return;
	for (size_t i = 0; i < rows->count; i++) {
		if (is_clock_row(&rows->items[i]))
			t.rows[t.row_count++] = &rows->items[i];
	}
	if (t.row_count < LEAST_BENCHMARKS)
		return;
	t.level = NEW_ARRAY(a, double, t.row_count);
	t.drift = NEW_ARRAY(a, double, t.run_count);
	polish(&t);
	for (size_t i = 0; i < rows->count; i++) {
		if (is_timed(&rows->items[i]))
			correct(a, &rows->items[i], &t);
	}
	prior = common_variance(&t);
	for (size_t i = 0; i < rows->count; i++) {
		if (is_timed(&rows->items[i]))
			rows->items[i].prior_variance = prior;
	}
	add_row(a, r, rows, &t);
}

bool drift_is_row(const struct finding *f)
{
	return text_equal(f->suite, DRIFT_SUITE) && text_equal(f->bench, DRIFT_BENCH);
}
