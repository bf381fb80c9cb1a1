/* From two runs to one row a series. */
#include "flow/judge_rows.h"

#include "base/text.h"
#include "flow/judge_exact.h"
#include "flow/judge_match.h"

#include <string.h>

/* One benchmark on both sides. */
struct bench {
	const struct judge_request *r;
	const struct judge_suite *suite; /* NULL: the default, time alone */
	const struct slice_table *base, *head;
	const struct slice_table **stored; /* in each run of the window, or NULL there */
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

	/* Whoever counted instructions wanted to gate them. */
	if (!b->suite)
		return clock || (exact_applies(b->head, metric) && exact_applies(b->base, metric));
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
	/* `time` in rules and budgets is an amount of nanoseconds, whatever else is gated where there is no time. */
	bool time = clock && metric_is_clock(m->name);
	const struct run_suite *suite = r->head ? run_find_suite(r->head, b->suite_name) : NULL;
	struct finding *f = NEW(a, struct finding);
	enum category category;
	struct series *s;

	rows->items = arena_reserve(a, rows->items, rows->count, &rows->capacity, sizeof *rows->items);
	s = &rows->items[rows->count++];
	*s = (struct series){.f = f, .mode = r->mode, .same_session = r->same_session, .is_clock = time};
	s->countable = suite && text_equal(suite->kind, "gbench");
	s->limits = rule_limits(r->rules, r->rule_count, b->suite_name, b->name, m->name, time);
	s->accepted = accepted_find(r->accepted, b->suite_name, b->name, m->name);
	category = s->limits.has_category ? s->limits.category : m->category;
	*f = (struct finding){
		.suite = b->suite_name,
		.bench = b->name,
		.metric = m->name,
		.unit = s->limits.unit ? s->limits.unit : m->unit,
		.category = category,
		.gated = is_wanted(b, m->name) && category != CATEGORY_UNKNOWN,
		.reason = "",
		.threshold_ratio = s->limits.threshold_ratio,
		.method = "",
		.function = "",
		.place = b->suite ? b->suite->place : "",
		.baseline_id = base && base->id ? base->id : "",
		.commit = r->head->revision ? r->head->revision : "",
		.machine = r->head->host.machine_class ? r->head->host.machine_class : "",
		.until = "",
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

static struct series_source source_of(const struct bench *b)
{
	const struct judge_request *r = b->r;

	return (struct series_source){
		.base = b->base,
		.head = b->head,
		.window = r->window,
		.tables = b->stored,
		.window_count = b->stored ? r->window_count : 0,
		.window_size = r->window_size,
		.base_run = r->base,
		.head_run = r->head,
		.foreign = r->foreign,
		.foreign_count = r->foreign_count,
	};
}

/* What is gated and could not be counted is a row all the same. */
static void settle_uncounted(struct arena *a, struct row_list *rows, const struct bench *b, const char *metric)
{
	const struct metric m = metric_of(metric);
	bool base_counted = exact_applies(b->base, m.name);
	const char *reason = b->head->uncounted;
	struct series *s;

	if (!is_wanted(b, m.name) || table_metric(b->head, m.name) >= 0 || b->head->values || b->head->aggregates ||
	    b->head->status != BENCH_MEASURED || !b->head->metric_count || (b->base && b->base->status == BENCH_FAILED))
		return;
	/* Of a program that is not counted, such names are counters of its own. */
	if (!metric_is_exact(m.name) && !(reason && *reason) && !exact_is_counted(b->head, metrics_counted[0]))
		return;
	s = add_row(a, rows, b, &m);
	if (!reason || !*reason)
		reason = metric_is_exact(m.name)
				 ? "its instructions were not counted"
				 : "the CPU's counter of it is not there or was in use; callgrind counts instructions "
				   "alone";
	s->f->reason = reason;
	/* What cannot be counted on this machine is no fault of the head. */
	s->f->state = base_counted && b->r->mode == JUDGE_INTERLEAVED ? STATE_FAILED : STATE_INCOMPARABLE;
	if (s->f->state == STATE_FAILED)
		s->f->effect = EFFECT_ERROR;
}

/* Some metrics have columns and no values: those of benchmarks that were sized, and then not timed. */
static bool is_silent(const struct bench *b, const struct metric *m)
{
	struct arena *scratch = arena_open();
	size_t base = 0, head;

	table_series(scratch, b->head, m->name, &head);
	if (b->base)
		table_series(scratch, b->base, m->name, &base);
	arena_close(scratch);
	return !head && !base && !b->head->aggregates && !(b->base && b->base->aggregates) &&
	       (!is_wanted(b, m->name) || (!b->suite && exact_applies(b->head, "instructions")));
}

/* A new benchmark: its values, and nothing to hold them against. */
static void collect_new(struct arena *a, struct row_list *rows, const struct bench *b, enum state state,
			const char *reason)
{
	for (size_t i = 0; i < b->head->metric_count; i++) {
		/* Counts may be there where times are too few, and find their baseline on another machine class. */
		bool counted = exact_applies(b->head, b->head->metrics[i].name);
		struct series_source source = counted ? source_of(b) : (struct series_source){.head = b->head};
		struct series *s;
		bool taken;

		if (is_silent(b, &b->head->metrics[i]))
			continue;
		s = add_row(a, rows, b, &b->head->metrics[i]);
		taken = series_take(a, s, &source);
		s->f->state = s->unusable ? STATE_INCOMPARABLE : taken && counted ? STATE_JUDGED : state;
		if (s->f->state != state || s->unusable)
			continue;
		s->f->reason = reason;
		if (state == STATE_NEW && s->f->gated && b->r->require_baseline)
			s->f->effect = EFFECT_ERROR;
	}
	if (!b->head->metric_count)
		settle(a, rows, b, state, reason);
}

/* Why two runs have no such metric in common though both give it, or NULL.  Counts of instructions and bytes mean the same
 * on every machine; times, cycles and misses do not. */
static const char *other_measure(const struct bench *b, const struct finding *f, const struct metric *head)
{
	int at = b->r->mode != JUDGE_STORED && b->base ? table_metric(b->base, head->name) : -1;

	if (at < 0)
		return NULL;
	if (!text_equal(b->base->metrics[at].unit, head->unit))
		return "the base gives it in another unit";
	if (b->r->other_class && (f->category == CATEGORY_LATENCY || f->category == CATEGORY_THROUGHPUT ||
				  (exact_is_counted(b->head, head->name) && !metric_is_exact(head->name))))
		return "measured on machines of different classes";
	return NULL;
}

static void collect_both(struct arena *a, struct row_list *rows, const struct bench *b)
{
	const struct judge_request *r = b->r;
	struct series_source source = source_of(b);

	/* measure says why it has no slices of a benchmark that works. */
	if (*b->head->reason) {
		collect_new(a, rows, b, STATE_TOO_FEW, b->head->reason);
		return;
	}
	for (size_t i = 0; i < b->head->metric_count; i++) {
		struct series *s;
		const char *other;
		bool taken;

		if (is_silent(b, &b->head->metrics[i]))
			continue;
		s = add_row(a, rows, b, &b->head->metrics[i]);
		other = other_measure(b, s->f, &b->head->metrics[i]);
		taken = series_take(a, s, &source);
		s->f->state = other ? STATE_INCOMPARABLE : STATE_JUDGED;
		if (other)
			s->f->reason = other;
		if (taken || other)
			continue;
		/* A metric that only the head gives is new; anything else cannot be compared. */
		s->f->state = s->f->samples_base || !s->f->samples_head || s->left_out || s->unusable
				      ? STATE_INCOMPARABLE
				      : STATE_NEW;
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
	return r->other_class ? "there are baselines, but of other machine classes only"
			      : "no baseline yet; --save stores this run as the first, --base REV needs none";
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

static bool runs_same_code(const struct bench *b)
{
	const struct run_suite *suite = run_find_suite(b->r->head, b->suite_name);

	return suite && suite->same_code && !b->head->slice_count;
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
	} else if (b->base && runs_same_code(b)) {
		settle(a, rows, b, STATE_SAME_CODE, "");
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

/* A suite that could not even be listed on the head takes all its benchmarks with it. */
static void collect_dead_suites(struct arena *a, struct row_list *rows, const struct judge_request *r)
{
	const struct run *base = base_run(r);

	for (size_t i = 0; i < r->head->suite_count; i++) {
		const struct run_suite *suite = &r->head->suites[i];
		const struct run_suite *other = base ? run_find_suite(base, suite->name) : NULL;
		struct bench b = {.r = r, .suite = suite_of(r, suite->name), .suite_name = suite->name};
		bool base_failed = other && other->failure && *other->failure;
		struct finding *f;

		b.clock = "cpu_time";
		b.name = "*";
		if (*suite->failure) {
			f = settle(a, rows, &b, STATE_FAILED, suite->failure);
			if (base_failed)
				f->reason = arena_printf(a, "fails on both sides: %s", f->reason);
			else
				f->effect = EFFECT_ERROR;
		} else if (base_failed && r->mode != JUDGE_STORED) {
			settle(a, rows, &b, STATE_FAILED,
			       arena_printf(a, "fails on the base only: %s", other->failure));
		}
	}
}

/* The tables of `base` that the head has not, and the head's that nothing was found for. */
struct loose {
	const struct slice_table **gone, **fresh;
	size_t gone_count, fresh_count;
};

static bool is_gone(const struct judge_request *r, const struct slice_table *t)
{
	const struct run_suite *suite = run_find_suite(r->head, t->suite);

	/* What a suite took with it that could not be listed is told once, for the suite. */
	return t->status == BENCH_MEASURED && !(suite && *suite->failure);
}

static void settle_loose(struct arena *a, struct row_list *rows, const struct judge_request *r,
			 const struct loose *loose)
{
	const struct slice_table **likely =
		match_suggest(a, loose->gone, loose->gone_count, loose->fresh, loose->fresh_count);

	for (size_t i = 0; i < loose->gone_count; i++) {
		const struct slice_table *t = loose->gone[i];
		struct bench b = {.r = r, .suite = suite_of(r, t->suite), .suite_name = t->suite, .name = t->bench};
		const char *reason = run_find_suite(r->head, t->suite) || r->mode == JUDGE_TWO_FILES
					     ? "the head no longer lists it"
					     : "the head no longer has the suite";

		b.base = t;
		b.clock = t->clock;
		if (likely[i])
			reason = arena_printf(a,
					      "%s; perhaps renamed to %s: `renamed: [{from: '%s/%s', to: '%s/%s'}]` "
					      "in pawl.yml keeps its history",
					      reason, likely[i]->bench, t->suite, t->bench, likely[i]->suite,
					      likely[i]->bench);
		settle_gone(a, rows, &b, reason);
	}
}

/* The matches of the head with each run of the window, or with the base alone. */
static struct match *match_all(struct arena *a, const struct judge_request *r, size_t *count)
{
	bool stored = r->mode == JUDGE_STORED;
	struct match *all;

	*count = stored ? r->window_count : 1;
	all = NEW_ARRAY(a, struct match, *count);
	for (size_t i = 0; i < *count; i++)
		all[i] = match_runs(a, stored ? r->window[i].run : r->base, r->head, r->renames, r->rename_count);
	return all;
}

/* Fills the base of the head's table `at`: of stored runs that of the newest that has it. */
static void find_base(struct arena *a, struct bench *b, const struct match *all, size_t count, size_t at)
{
	if (b->r->mode != JUDGE_STORED) {
		b->base = all[0].base_of[at];
		return;
	}
	b->stored = NEW_ARRAY(a, const struct slice_table *, count);
	for (size_t i = 0; i < count; i++) {
		b->stored[i] = all[i].base_of[at];
		if (b->stored[i] && (b->stored[i]->status == BENCH_MEASURED || b->head->status == BENCH_FAILED))
			b->base = b->stored[i];
	}
}

static bool is_loose(const struct loose *l, const struct slice_table *t)
{
	for (size_t i = 0; i < l->gone_count; i++) {
		if (text_equal(l->gone[i]->bench, t->bench) && text_equal(l->gone[i]->suite, t->suite))
			return true;
	}
	return false;
}

/* What any run of the window has and the head has not, the newest run first. */
static void find_gone(const struct judge_request *r, const struct match *all, size_t count, struct loose *loose)
{
	for (size_t k = count; k > 0; k--) {
		const struct run *base = r->mode == JUDGE_STORED ? r->window[k - 1].run : r->base;

		for (size_t i = 0; i < base->table_count; i++) {
			const struct slice_table *t = &base->tables[i];

			if (!all[k - 1].taken[i] && is_gone(r, t) && !is_loose(loose, t))
				loose->gone[loose->gone_count++] = t;
		}
	}
}

void rows_collect(struct arena *a, const struct judge_request *r, struct row_list *rows)
{
	size_t count, base_count = 0;
	const struct match *all = match_all(a, r, &count);
	struct loose loose = {.fresh = NEW_ARRAY(a, const struct slice_table *, r->head->table_count)};

	for (size_t k = 0; k < count; k++)
		base_count += (r->mode == JUDGE_STORED ? r->window[k].run : r->base)->table_count;
	loose.gone = NEW_ARRAY(a, const struct slice_table *, base_count);
	for (size_t i = 0; i < r->head->table_count; i++) {
		const struct slice_table *head = &r->head->tables[i];
		struct bench b = {.r = r, .suite = suite_of(r, head->suite), .head = head, .suite_name = head->suite};

		b.name = head->bench;
		b.clock = head->clock;
		find_base(a, &b, all, count, i);
		if (!b.base && head->status == BENCH_MEASURED)
			loose.fresh[loose.fresh_count++] = head;
		collect_bench(a, rows, &b);
		for (size_t k = 0; k < metrics_counted_count; k++)
			settle_uncounted(a, rows, &b, metrics_counted[k]);
	}
	collect_dead_suites(a, rows, r);
	find_gone(r, all, count, &loose);
	settle_loose(a, rows, r, &loose);
}

void rows_collect_pair(struct arena *a, const struct judge_request *r, const struct slice_table *base,
		       const struct slice_table *head, struct row_list *rows)
{
	struct bench b = {
		.r = r,
		.suite = suite_of(r, head->suite),
		.base = base,
		.head = head,
		.suite_name = head->suite,
		.name = head->bench,
		.clock = head->clock,
	};

	collect_bench(a, rows, &b);
}
