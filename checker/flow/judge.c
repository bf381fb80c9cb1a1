/* Which series there are, what each comes to, and the exit status of the check. */
#include "flow/judge.h"

#include "flow/judge_agreed.h"
#include "flow/judge_confirm.h"
#include "flow/judge_drift.h"
#include "flow/judge_exact.h"
#include "flow/judge_rows.h"
#include "flow/judge_series.h"
#include "stats/multiple.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Float noise must not push a change of exactly one threshold over it. */
static const double SEVERITY_TOLERANCE = 1e-9;

static bool is_judged(const struct series *s)
{
	return s->f->state == STATE_JUDGED;
}

static double level_of(const struct series *s)
{
	return 1 - s->limits.confidence;
}

/* The rows of one family: gated ones answer for each other, so do those that are only reported.  Counted ones have no
 * chance to answer for. */
struct family {
	struct series **rows;
	size_t count, slower, faster;
};

static struct family family_of(struct arena *a, struct row_list *rows, bool gated)
{
	struct family f = {.rows = NEW_ARRAY(a, struct series *, rows->count)};

	for (size_t i = 0; i < rows->count; i++) {
		struct series *s = &rows->items[i];

		if (is_judged(s) && !s->counted && s->f->gated == gated)
			f.rows[f.count++] = s;
	}
	return f;
}

/* Rows whose values could not reach a verdict whatever they were: said, not guessed. */
static void find_too_few(struct arena *a, const struct family *f)
{
	for (size_t i = 0; i < f->count; i++) {
		struct series *s = f->rows[i];
		double needed = level_of(s) / (double)f->count;

		if (s->smallest_p <= needed)
			continue;
		s->f->state = STATE_TOO_FEW;
		if (s->screened)
			s->f->reason = arena_printf(a, "the budget ended after %zu of %d pairs that screen it",
						    s->screen_count, CONFIRM_SCREEN_PAIRS);
		else if (s->mode == JUDGE_INTERLEAVED)
			s->f->reason =
				arena_printf(a, "%zu pairs cannot decide among %zu series; measure at least %.0f",
					     s->d_count, f->count, ceil(-log2(needed)));
		else
			s->f->reason =
				arena_printf(a, "%zu and %zu values cannot decide among %zu series; repeat more often",
					     s->f->samples_base, s->f->samples_head, f->count);
	}
}

/*
 * One false-discovery step for slower and one for faster (Benjamini and Hochberg, J. R. Stat. Soc. B 57, 1995).  Rows of
 * too few values stay in the family with p = 1: leaving them out would make the others look better.
 */
static void call(struct arena *a, struct family *f)
{
	double *p = NEW_ARRAY(a, double, f->count), *q = NEW_ARRAY(a, double, f->count);

	for (size_t i = 0; i < f->count; i++)
		p[i] = is_judged(f->rows[i]) ? f->rows[i]->p_faster : 1;
	benjamini_hochberg(a, p, f->count, q);
	for (size_t i = 0; i < f->count; i++) {
		struct series *s = f->rows[i];

		if (!is_judged(s))
			continue;
		s->f->outcome = q[i] <= level_of(s) ? OUTCOME_FASTER : OUTCOME_SAME;
		f->faster += s->f->outcome == OUTCOME_FASTER;
	}
	for (size_t i = 0; i < f->count; i++)
		p[i] = is_judged(f->rows[i]) ? f->rows[i]->p_slower : 1;
	benjamini_hochberg(a, p, f->count, q);
	for (size_t i = 0; i < f->count; i++) {
		struct series *s = f->rows[i];

		if (!is_judged(s))
			continue;
		s->f->q = (struct number){.value = q[i], .known = true};
		if (q[i] <= level_of(s)) {
			s->f->outcome = OUTCOME_SLOWER;
			f->slower++;
		}
	}
}

/*
 * Intervals that agree with the verdicts: with R of m rows called, the false-discovery step called those with
 * p <= level R / m, so each end of the interval leaves that much of its own family outside (Benjamini and Yekutieli,
 * JASA 100, 2005).
 */
static void add_intervals(struct arena *a, const struct family *f)
{
	for (size_t i = 0; i < f->count; i++) {
		struct series *s = f->rows[i];
		double m = (double)f->count;

		if (!is_judged(s))
			continue;
		series_interval(a, s, level_of(s) * fmax((double)f->slower, 1) / m,
				level_of(s) * fmax((double)f->faster, 1) / m);
		series_mde(a, s, level_of(s) / m);
		/* A direction that nobody told cannot be better or worse. */
		if (s->f->category == CATEGORY_UNKNOWN)
			s->f->outcome = OUTCOME_NONE;
	}
}

/* Rows that looked slower when their pairs ended. */
static void find_undecided(struct arena *a, const struct judge_request *r, const struct family *f)
{
	for (size_t i = 0; i < f->count; i++) {
		struct series *s = f->rows[i];

		if (!is_judged(s) || s->f->outcome != OUTCOME_SAME || !s->screened || s->slower.step != CONFIRM_GOES_ON)
			continue;
		s->f->state = STATE_UNDECIDED;
		s->f->outcome = OUTCOME_NONE;
		s->f->effect = s->f->gated && r->undecided_fails ? EFFECT_ERROR : EFFECT_PASS;
		if (s->f->gated)
			s->f->reason = arena_printf(a,
						    "looks slower after %zu pairs, and the budget ended before the %d "
						    "that may confirm it; a longer --budget would do",
						    s->d_count, CONFIRM_SCREEN_PAIRS + CONFIRM_MOST_PAIRS);
		else
			s->f->reason = arena_printf(
				a, "looks slower after %zu pairs; reported only, so that it was not confirmed",
				s->d_count);
	}
}

static enum severity severity_of(const struct series *s)
{
	double times = series_excess(s);

	if (times > 3 * (1 + SEVERITY_TOLERANCE))
		return SEVERITY_CRITICAL;
	if (times > 2 * (1 + SEVERITY_TOLERANCE))
		return SEVERITY_HIGH;
	if (times > 1 + SEVERITY_TOLERANCE)
		return SEVERITY_MEDIUM;
	return SEVERITY_LOW;
}

/* Rows that are the same and could not have seen their threshold say what would help. */
static void advise(struct arena *a, const struct family *f)
{
	for (size_t i = 0; i < f->count; i++)
		series_advise(a, f->rows[i], level_of(f->rows[i]) / (double)f->count);
}

static bool is_slower_clock(const struct series *s)
{
	return s->is_clock && s->f->gated && s->f->outcome == OUTCOME_SLOWER;
}

/* The gated clock of that benchmark was called slower: what its other clock says is no news.  Rows of one benchmark stand
 * side by side. */
static bool clock_is_slower(const struct row_list *rows, const struct series *s)
{
	const struct series *end = rows->items + rows->count;

	for (const struct series *at = s; at >= rows->items && at->f->bench == s->f->bench; at--) {
		if (is_slower_clock(at))
			return true;
	}
	for (const struct series *at = s; at < end && at->f->bench == s->f->bench; at++) {
		if (is_slower_clock(at))
			return true;
	}
	return false;
}

static const struct judge_excuse *excuse_of(const struct judge_request *r, const struct finding *f)
{
	for (size_t i = 0; i < r->excuse_count; i++) {
		const struct judge_excuse *e = &r->excuses[i];

		if (text_equal(e->suite, f->suite) && text_equal(e->bench, f->bench) &&
		    text_equal(e->metric, f->metric))
			return e;
	}
	return NULL;
}

static void weigh(struct arena *a, const struct judge_request *r, const struct row_list *rows, struct series *s)
{
	enum severity fail_on = r->has_fail_on ? r->fail_on : s->limits.fail_on;
	struct finding *f = s->f;

	if (f->outcome != OUTCOME_SLOWER)
		return;
	if (f->gated) {
		f->severity = severity_of(s);
		f->effect = f->severity >= fail_on && !excuse_of(r, f) ? EFFECT_FAIL : EFFECT_PASS;
		if (excuse_of(r, f))
			f->reason = excuse_of(r, f)->reason;
	} else if (metric_is_clock(f->metric) && f->change_ratio.value >= SERIES_WATCHDOG_RATIO &&
		   !clock_is_slower(rows, s)) {
		f->warning = arena_printf(a, "%s is %.3g %% slower, and it is not gated", f->metric,
					  100 * f->change_ratio.value);
	}
}

struct tally {
	size_t gated, judged, fresh, regressed, over_budget, budgeted, gone, broken, unanswered, missing_base, accepted;
	enum severity worst;
};

static void count(struct tally *t, const struct series *s)
{
	const struct finding *f = s->f;
	bool fails = f->effect == EFFECT_FAIL;

	t->budgeted += s->budgeted;
	if (!f->gated)
		return;
	t->gated++;
	t->judged += f->state == STATE_JUDGED || f->state == STATE_ACCEPTED || f->state == STATE_SAME_CODE;
	t->fresh += f->state == STATE_NEW;
	t->accepted += f->state == STATE_ACCEPTED;
	t->over_budget += s->over_budget;
	t->regressed += fails && f->state != STATE_GONE && !s->over_budget;
	t->gone += fails && f->state == STATE_GONE;
	t->worst = fails && f->severity > t->worst ? f->severity : t->worst;
	t->broken += f->effect == EFFECT_ERROR && f->state == STATE_FAILED;
	t->missing_base += f->effect == EFFECT_ERROR && f->state == STATE_NEW;
	t->unanswered += f->state == STATE_TOO_FEW || f->state == STATE_INCOMPARABLE || f->state == STATE_UNDECIDED ||
			 f->state == STATE_FAILED;
}

static struct tally tally_of(const struct row_list *rows)
{
	struct tally t = {0};

	for (size_t i = 0; i < rows->count; i++)
		count(&t, &rows->items[i]);
	return t;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* "2 regressions and 1 broken budget that fail the check, the worst HIGH" */
static const char *failure_words(struct arena *a, const struct tally *t)
{
	const char *regressions = arena_printf(a, "%zu regression%s", t->regressed, plural(t->regressed));
	const char *budgets = arena_printf(a, "%zu broken budget%s", t->over_budget, plural(t->over_budget));
	bool both = t->regressed && t->over_budget;

	return arena_printf(a, "%s%s%s that fail%s the check, the worst %s", t->regressed ? regressions : "",
			    both ? " and " : "", t->over_budget ? budgets : "",
			    t->regressed + t->over_budget == 1 ? "s" : "", severity_name(t->worst));
}

/* DESIGN's order: a regression first, then what could not be checked. */
static void conclude(struct arena *a, const struct row_list *rows, struct verdict *v)
{
	struct tally t = tally_of(rows);

	v->status = t.regressed || t.over_budget || t.gone ? 1 : 3;
	if (t.regressed || t.over_budget)
		v->status_reason = failure_words(a, &t);
	else if (t.gone)
		v->status_reason =
			arena_printf(a, "%zu benchmark%s gone, and `missing` is `fail`", t.gone, plural(t.gone));
	else if (t.broken)
		v->status_reason =
			arena_printf(a, "%zu benchmark%s failed on the head alone", t.broken, plural(t.broken));
	else if (!t.gated && !t.budgeted)
		v->status_reason = v->finding_count ? "nothing that was measured is gated" : "nothing was measured";
	else if (t.missing_base)
		v->status_reason =
			arena_printf(a, "%zu series without a baseline, and one is required", t.missing_base);
	else if (!t.judged && t.unanswered)
		v->status_reason = "no series could be judged";
	else if (!t.judged && !t.fresh && !t.budgeted)
		v->status_reason = "nothing is left of what was measured before";
	else {
		v->status = 0;
		v->status_reason =
			t.accepted ? arena_printf(a, "no regression but %zu accepted", t.accepted) : "no regression";
	}
	/* Undecided rows fail only where the project says so. */
	for (size_t i = 0; v->status == 0 && i < v->finding_count; i++) {
		if (v->findings[i].effect == EFFECT_ERROR) {
			v->status = 3;
			v->status_reason = "a series stayed undecided, and `undecided` is `fail`";
		}
	}
}

static int by_name(const void *one, const void *two)
{
	const struct finding *a = one, *b = two;
	int order = strcmp(a->suite, b->suite);

	if (!order)
		order = strcmp(a->bench, b->bench);
	return order ? order : strcmp(a->metric, b->metric);
}

void judge(struct arena *a, const struct judge_request *request, struct verdict *out)
{
	/* Apart, since tests give back what they take from `a`. */
	struct mann_whitney_null null = {.arena = arena_open_child(a)};
	struct row_list rows = {0};
	struct family gated, reported;

	rows_collect(a, request, &rows);
	drift_remove(a, request, &rows);
	gated = family_of(a, &rows, true);
	reported = family_of(a, &rows, false);
	find_too_few(a, &gated);
	find_too_few(a, &reported);
	for (size_t i = 0; i < rows.count; i++) {
		rows.items[i].null = &null;
		rows.items[i].enough =
			level_of(&rows.items[i]) / (double)(rows.items[i].f->gated ? gated.count : reported.count);
		if (is_judged(&rows.items[i]) && rows.items[i].counted)
			exact_judge(&rows.items[i]);
		else if (is_judged(&rows.items[i]))
			series_test(a, &rows.items[i]);
	}
	confirm_rows(a, request, &rows);
	call(a, &gated);
	call(a, &reported);
	add_intervals(a, &gated);
	add_intervals(a, &reported);
	find_undecided(a, request, &gated);
	find_undecided(a, request, &reported);
	confirm_explain(a, &rows);
	advise(a, &gated);
	for (size_t i = 0; i < rows.count; i++) {
		if (is_judged(&rows.items[i]))
			weigh(a, request, &rows, &rows.items[i]);
	}
	for (size_t i = 0; i < rows.count; i++)
		agreed_accept(a, request, &rows.items[i]);
	out->warnings = agreed_budgets(a, request, &rows, &out->warning_count);
	out->findings = NEW_ARRAY(a, struct finding, rows.count);
	for (size_t i = 0; i < rows.count; i++)
		out->findings[i] = *rows.items[i].f;
	out->finding_count = rows.count;
	if (rows.count)
		qsort(out->findings, rows.count, sizeof *out->findings, by_name);
	conclude(a, &rows, out);
	arena_close(null.arena);
}
