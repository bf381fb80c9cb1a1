/* Suspects of the window before their commit. */
#include "flow/judge_confirm.h"

#include "flow/judge_drift.h"

#include <math.h>

bool series_confirm(struct arena *a, struct series *s, const struct slice_table *base, const struct slice_table *head,
		    const char *title)
{
	struct series_source source = {.base = base, .head = head};
	struct finding before = *s->f;
	struct series fresh = *s;

	fresh.mode = JUDGE_INTERLEAVED;
	fresh.standard_error = 0;
	fresh.x_count = fresh.y_count = 0;
	if (!series_take(a, &fresh, &source) || fresh.smallest_p > 0) {
		*s->f = before;
		return false;
	}
	fresh.accepted_applies = s->accepted_applies;
	fresh.stored_p = s->p_slower;
	fresh.stored_estimate = s->estimate;
	fresh.confirmed_at = title;
	*s = fresh;
	series_test(a, s);
	s->f->method = arena_printf(a, "%s at %s", s->f->method, title);
	return true;
}

/* The benchmark of that row in a confirmation. */
static const struct slice_table *table_in(const struct run *run, const struct series *s)
{
	const struct slice_table *t = run_find(run, s->f->suite, s->f->bench);

	return t && t->status == BENCH_MEASURED && t->slice_count ? t : NULL;
}

/* The commit's program was built, and is the code that the head runs: what differs from the stored runs is no code. */
static bool runs_same_code(const struct judge_confirmation *c, const struct series *s)
{
	const struct run_suite *suite = run_find_suite(c->head, s->f->suite);
	const struct slice_table *head = run_find(c->head, s->f->suite, s->f->bench);

	return suite && suite->same_code && head && !head->slice_count && run_find(c->base, s->f->suite, s->f->bench);
}

static void settle_same_code(struct arena *a, struct series *s, const char *title)
{
	struct finding *f = s->f;
	const char *change = f->change_ratio.known ? arena_printf(a, " by %+.1f %%", 100 * f->change_ratio.value) : "";

	f->state = STATE_SAME_CODE;
	f->reason = arena_printf(a, "differs from the stored runs%s, and runs the same code as %s", change, title);
	f->method = "";
	f->p = f->change = f->change_ratio = (struct number){0};
}

static bool settle(struct arena *a, const struct judge_request *r, struct series *s)
{
	for (size_t i = 0; i < r->confirmation_count; i++) {
		const struct judge_confirmation *c = &r->confirmations[i];
		const struct slice_table *base = table_in(c->base, s), *head = table_in(c->head, s);

		if (runs_same_code(c, s)) {
			settle_same_code(a, s, c->title);
			return true;
		}
		if (base && head && series_confirm(a, s, base, head, c->title))
			return true;
	}
	return false;
}

static void clear(struct series *s)
{
	s->p_slower = 1;
	s->f->p = (struct number){.value = 1, .known = true};
}

void confirm_rows(struct arena *a, const struct judge_request *r, struct row_list *rows)
{
	bool drifted = false;

	for (size_t i = 0; i < rows->count; i++)
		drifted = drifted ||
			  (drift_is_row(rows->items[i].f) && rows->items[i].p_slower < JUDGE_DRIFT_SUSPECT_BELOW);
	for (size_t i = 0; r->confirmation_count && i < rows->count; i++) {
		struct series *s = &rows->items[i];

		if (s->f->state != STATE_JUDGED || !s->f->gated || s->mode != JUDGE_STORED || s->counted)
			continue;
		/* One that could not be measured keeps the window's word; the drift is settled with the benchmarks. */
		if (drift_is_row(s->f) || (!drifted && s->p_slower >= JUDGE_SUSPECT_BELOW))
			clear(s);
		else
			(void)settle(a, r, s);
	}
}

void confirm_explain(struct arena *a, struct row_list *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct series *s = &rows->items[i];

		if (!s->confirmed_at || s->f->state != STATE_JUDGED || s->f->outcome == OUTCOME_SLOWER ||
		    s->stored_p > 1 - s->limits.confidence || s->differences)
			continue;
		s->f->reason = arena_printf(
			a, "looks worse than the stored runs (%+.1f %%), but not measured side by side with %s",
			100 * s->sign * expm1(s->stored_estimate), s->confirmed_at);
	}
}
