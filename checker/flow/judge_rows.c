/* From two runs to one row a series. */
#include "flow/judge_rows.h"

#include "base/text.h"

#include <string.h>

/* One benchmark on both sides. */
struct bench {
	const struct judge_request *r;
	const struct judge_suite *suite; /* NULL: the default, time alone */
	const struct slice_table *base, *head;
	const char *suite_name, *name;
	const char *clock;
};

static const struct judge_suite *suite_of(const struct judge_request *r, const char *name)
{
	for (size_t i = 0; i < r->suite_count; i++) {
		if (text_equal(r->suites[i].name, name))
			return &r->suites[i];
	}
	return NULL;
}

static bool is_wanted(const struct bench *b, const char *metric)
{
	bool clock = text_equal(metric, b->clock);

	if (!b->suite)
		return clock;
	for (size_t i = 0; i < b->suite->metric_count; i++) {
		const char *wanted = b->suite->metrics[i];

		if (text_equal(wanted, metric) || (clock && text_equal(wanted, "time")))
			return true;
	}
	return false;
}

/* What the head is held against has a name: the base's run, or the newest of the window. */
static const struct run *base_run(const struct judge_request *r)
{
	if (r->mode != JUDGE_STORED)
		return r->base;
	return r->window_count ? r->window[r->window_count - 1].run : NULL;
}

static double seconds_measured(const struct slice_table *t)
{
	double ns = 0;

	for (size_t i = 0; t && i < t->slice_count; i++)
		ns += (double)t->slices[i].wall_ns;
	return ns / 1e9;
}

static struct series *add_row(struct arena *a, struct row_list *rows, const struct bench *b, const struct metric *m)
{
	const struct judge_request *r = b->r;
	const struct run *base = base_run(r);
	bool clock = text_equal(m->name, b->clock);
	struct series *s;
	struct finding *f = NEW(a, struct finding);

	rows->items = arena_reserve(a, rows->items, rows->count, &rows->capacity, sizeof *rows->items);
	s = &rows->items[rows->count++];
	*s = (struct series){.f = f, .mode = r->mode, .same_session = r->same_session};
	s->limits = rule_limits(r->rules, r->rule_count, b->suite_name, b->name, m->name, clock);
	*f = (struct finding){
		.suite = b->suite_name,
		.bench = b->name,
		.metric = m->name,
		.unit = m->unit,
		.category = m->category,
		.gated = is_wanted(b, m->name) && m->category != CATEGORY_UNKNOWN,
		.reason = "",
		.threshold_ratio = s->limits.threshold_ratio,
		.method = "",
		.function = "",
		.place = b->suite ? b->suite->place : "",
		.baseline_id = base && base->id ? base->id : "",
		.commit = r->head->revision ? r->head->revision : "",
		.machine = r->head->host.machine_class ? r->head->host.machine_class : "",
		.warning = "",
		.measured_s =
			clock ? seconds_measured(b->head) + (r->mode == JUDGE_STORED ? 0 : seconds_measured(b->base))
			      : 0,
	};
	return s;
}

/* A row for the benchmark as a whole, in its gated clock. */
static struct finding *settle(struct arena *a, struct row_list *rows, const struct bench *b, enum state state,
			      const char *reason)
{
	struct metric m = metric_of(b->clock);
	struct series *s = add_row(a, rows, b, &m);

	s->f->gated = true;
	s->f->state = state;
	s->f->reason = reason ? reason : "";
	return s->f;
}

static void settle_gone(struct arena *a, struct row_list *rows, const struct bench *b, const char *reason)
{
	struct finding *f = settle(a, rows, b, STATE_GONE, reason);

	f->effect = b->r->missing_fails ? EFFECT_FAIL : EFFECT_PASS;
}

/* A new benchmark: its values, and nothing to hold them against. */
static void collect_new(struct arena *a, struct row_list *rows, const struct bench *b, enum state state,
			const char *reason)
{
	for (size_t i = 0; i < b->head->metric_count; i++) {
		struct series_source source = {.head = b->head};
		struct series *s = add_row(a, rows, b, &b->head->metrics[i]);

		series_take(a, s, &source);
		s->f->state = state;
		s->f->reason = reason;
		if (state == STATE_NEW && s->f->gated && b->r->require_baseline)
			s->f->effect = EFFECT_ERROR;
	}
	if (!b->head->metric_count)
		settle(a, rows, b, state, reason);
}

static void collect_both(struct arena *a, struct row_list *rows, const struct bench *b)
{
	const struct judge_request *r = b->r;
	struct series_source source = {
		.base = b->base, .head = b->head, .window = r->window, .window_count = r->window_count};

	for (size_t i = 0; i < b->head->metric_count; i++) {
		struct series *s = add_row(a, rows, b, &b->head->metrics[i]);

		s->f->state = STATE_JUDGED;
		if (series_take(a, s, &source))
			continue;
		/* A metric that only the head gives is new; anything else cannot be compared. */
		s->f->state = s->f->samples_base || !s->f->samples_head ? STATE_INCOMPARABLE : STATE_NEW;
		if (s->f->state == STATE_NEW && r->mode == JUDGE_STORED && r->other_class) {
			s->f->state = STATE_INCOMPARABLE;
			s->f->reason = "baselines were measured on another machine class only";
		}
		if (s->f->state == STATE_NEW && s->f->gated && r->require_baseline)
			s->f->effect = EFFECT_ERROR;
	}
	if (!b->head->metric_count)
		settle(a, rows, b, STATE_INCOMPARABLE, "the head gave no value");
}

static const char *other_class_reason(const struct judge_request *r)
{
	return r->other_class ? "there are baselines, but of other machine classes only" : "no baseline yet";
}

static bool base_is_absent(const struct bench *b)
{
	const struct run *base = base_run(b->r);
	const struct run_suite *suite = base ? run_find_suite(base, b->suite_name) : NULL;

	return suite && suite->absent;
}

static void collect_failed(struct arena *a, struct row_list *rows, const struct bench *b)
{
	bool base_failed = b->base && b->base->status == BENCH_FAILED;
	struct finding *f;

	if (b->head->status == BENCH_FAILED) {
		f = settle(a, rows, b, STATE_FAILED, b->head->reason);
		if (base_failed)
			f->reason = arena_printf(a, "fails on both sides: %s", f->reason);
		else
			f->effect = EFFECT_ERROR;
	} else {
		f = settle(a, rows, b, STATE_FAILED, arena_printf(a, "fails on the base only: %s", b->base->reason));
	}
}

static void collect_bench(struct arena *a, struct row_list *rows, const struct bench *b)
{
	if (b->head->status == BENCH_FAILED || (b->base && b->base->status == BENCH_FAILED)) {
		collect_failed(a, rows, b);
	} else if (b->head->status == BENCH_SKIPPED) {
		const char *reason = arena_printf(a, "skipped by the benchmark: %s", b->head->reason);

		if (b->base && b->base->status == BENCH_MEASURED)
			settle_gone(a, rows, b, reason);
		else
			settle(a, rows, b, STATE_INCOMPARABLE, reason);
	} else if (b->base && b->base->status == BENCH_SKIPPED) {
		collect_new(a, rows, b, STATE_NEW, "the base skips it");
	} else if (b->base) {
		collect_both(a, rows, b);
	} else if (b->r->mode == JUDGE_STORED) {
		collect_new(a, rows, b, b->r->other_class && !b->r->window_count ? STATE_INCOMPARABLE : STATE_NEW,
			    b->r->window_count ? "the baseline does not have it" : other_class_reason(b->r));
	} else {
		collect_new(a, rows, b, STATE_NEW,
			    base_is_absent(b) ? "the base has no such suite" : "the base does not have it");
	}
}

/* The stored table of a benchmark: that of the newest run that has it. */
static const struct slice_table *stored_table(const struct judge_request *r, const char *suite, const char *bench)
{
	for (size_t i = r->window_count; i > 0; i--) {
		const struct slice_table *t = run_find(r->window[i - 1].run, suite, bench);

		if (t && t->status == BENCH_MEASURED)
			return t;
	}
	return NULL;
}

/* A suite that could not even be listed on the head takes all its benchmarks with it. */
static void collect_dead_suites(struct arena *a, struct row_list *rows, const struct judge_request *r)
{
	const struct run *base = base_run(r);

	for (size_t i = 0; i < r->head->suite_count; i++) {
		const struct run_suite *suite = &r->head->suites[i];
		const struct run_suite *other =
			base && r->mode != JUDGE_STORED ? run_find_suite(base, suite->name) : NULL;
		struct bench b = {.r = r, .suite = suite_of(r, suite->name), .suite_name = suite->name};
		bool base_failed = other && *other->failure;
		struct finding *f;

		b.clock = "cpu_time";
		b.name = "*";
		if (*suite->failure) {
			f = settle(a, rows, &b, STATE_FAILED, suite->failure);
			if (base_failed)
				f->reason = arena_printf(a, "fails on both sides: %s", f->reason);
			else
				f->effect = EFFECT_ERROR;
		} else if (base_failed) {
			settle(a, rows, &b, STATE_FAILED,
			       arena_printf(a, "fails on the base only: %s", other->failure));
		}
	}
}

static void collect_gone(struct arena *a, struct row_list *rows, const struct judge_request *r)
{
	const struct run *base = base_run(r);

	for (size_t i = 0; base && i < base->table_count; i++) {
		const struct slice_table *t = &base->tables[i];
		const struct run_suite *suite = run_find_suite(r->head, t->suite);
		struct bench b = {.r = r, .suite = suite_of(r, t->suite), .suite_name = t->suite, .name = t->bench};

		b.base = t;
		b.clock = t->clock;
		if (run_find(r->head, t->suite, t->bench) || t->status != BENCH_MEASURED)
			continue;
		if (suite && *suite->failure)
			continue; /* told once, for the suite */
		settle_gone(a, rows, &b,
			    suite || r->mode == JUDGE_TWO_FILES ? "the head no longer lists it"
								: "the head no longer has the suite");
	}
}

void rows_collect(struct arena *a, const struct judge_request *r, struct row_list *rows)
{
	for (size_t i = 0; i < r->head->table_count; i++) {
		const struct slice_table *head = &r->head->tables[i];
		struct bench b = {.r = r, .suite = suite_of(r, head->suite), .head = head, .suite_name = head->suite};

		b.name = head->bench;
		b.clock = head->clock;
		b.base = r->mode == JUDGE_STORED ? stored_table(r, head->suite, head->bench)
						 : run_find(r->base, head->suite, head->bench);
		collect_bench(a, rows, &b);
	}
	collect_dead_suites(a, rows, r);
	collect_gone(a, rows, r);
}
