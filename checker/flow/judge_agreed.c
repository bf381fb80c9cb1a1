/* Accepted regressions and budgets, applied to rows. */
#include "flow/judge_agreed.h"

#include "base/quantity.h"

#include <math.h>
#include <stdlib.h>

static const char *percent(struct arena *a, double ratio)
{
	return arena_printf(a, "%+.3g %%", 100 * ratio);
}

/* "104 ms", "12.4 MB", "17 widgets"; with all digits where three would hide a difference. */
static const char *amount(struct arena *a, double value, const char *unit, bool whole)
{
	static const struct {
		const char *name;
		double ns;
	} times[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
	char digits[TEXT_DOUBLE_SIZE];

	for (size_t i = 0; !whole && i < sizeof times / sizeof times[0]; i++) {
		if (text_equal(unit, times[i].name))
			return quantity_duration(a, value * times[i].ns);
	}
	if (!whole && text_equal(unit, "bytes"))
		return quantity_size(a, value);
	if (!whole)
		return arena_printf(a, "%.4g%s%s", value, *unit ? " " : "", unit);
	return arena_printf(a, "%s%s%s", text_double(digits, value), *unit ? " " : "", unit);
}

/* The end of the row's interval that is nearer to the baseline: what the slowdown is at least. */
static struct number least_ratio(const struct series *s)
{
	const struct finding *f = s->f;
	struct number end = s->sign > 0 ? f->low_ratio : f->high_ratio;

	return end.known ? end : f->change_ratio;
}

static struct number least_amount(const struct series *s)
{
	const struct finding *f = s->f;
	struct number end = s->sign > 0 ? f->low : f->high, ratio = least_ratio(s);

	if (!end.known)
		end = f->change;
	if (end.known)
		end.value += f->baseline.value;
	else if (ratio.known)
		end = (struct number){.value = f->baseline.value * (1 + ratio.value), .known = true};
	return end;
}

static bool exceeds(const struct series *s, struct number least, struct number bound)
{
	return least.known && bound.known && s->sign * least.value > s->sign * bound.value;
}

/*
 * Measured side by side, the change is held against the accepted change.  A stored baseline moves while the agreed runs
 * enter it, so there the amount is what was agreed to, as long as it was measured on such a machine.
 */
static bool is_beyond(const struct series *s, const struct accepted *entry)
{
	bool same_machine = *entry->machine && text_equal(entry->machine, s->f->machine);
	struct number least = least_amount(s);

	if (s->mode == JUDGE_STORED && same_machine && entry->bound.known)
		return exceeds(s, least, entry->bound);
	if (entry->bound_ratio.known && least_ratio(s).known)
		return exceeds(s, least_ratio(s), entry->bound_ratio);
	/* A baseline of 0 has no ratio; how much was added still can be told. */
	if (least.known && entry->baseline.known && entry->bound.known) {
		least.value += entry->baseline.value - s->f->baseline.value;
		return exceeds(s, least, entry->bound);
	}
	return false;
}

static const char *bound_words(struct arena *a, const struct series *s, const struct accepted *entry)
{
	if (entry->bound_ratio.known)
		return percent(a, entry->bound_ratio.value);
	return entry->bound.known ? amount(a, entry->bound.value, s->f->unit, false) : "any change";
}

static const char *change_words(struct arena *a, const struct series *s)
{
	const struct finding *f = s->f;

	if (f->change_ratio.known)
		return percent(a, f->change_ratio.value);
	return amount(a, f->change.value, f->unit, false);
}

void agreed_accept(struct arena *a, const struct judge_request *r, struct series *s)
{
	const struct accepted *entry = s->accepted;
	struct finding *f = s->f;
	int64_t until;

	if (!entry || !f->gated || f->state != STATE_JUDGED || f->outcome != OUTCOME_SLOWER)
		return;
	if (*entry->until && date_parse(entry->until, &until) && r->today > until) {
		f->reason =
			arena_printf(a, "it was accepted until %s, which has passed: %s", entry->until, entry->reason);
		return;
	}
	if (!s->accepted_applies) {
		f->reason = arena_printf(a, "what was accepted on %s is in the baseline already; this is more: %s",
					 entry->date, entry->reason);
		return;
	}
	if (is_beyond(s, entry)) {
		f->reason = arena_printf(a, "it grew beyond what was accepted on %s (up to %s): %s", entry->date,
					 bound_words(a, s, entry), entry->reason);
		return;
	}
	f->state = STATE_ACCEPTED;
	f->effect = EFFECT_PASS;
	f->until = entry->until;
	f->reason = arena_printf(a, "%s, accepted on %s up to %s%s%s: %s", change_words(a, s), entry->date,
				 bound_words(a, s, entry), *entry->until ? " until " : "", entry->until, entry->reason);
}

static const char *budget_words(struct arena *a, const struct finding *f, const struct budget *b, double limit)
{
	const char *side = b->has_max && f->current.value > b->max ? "above" : "below";
	const char *value = amount(a, f->current.value, f->unit, false), *bound = amount(a, limit, f->unit, false);

	if (text_equal(value, bound)) {
		value = amount(a, f->current.value, f->unit, true);
		bound = amount(a, limit, f->unit, true);
	}
	return arena_printf(a, "budget: %s is %s %s", value, side, bound);
}

/*
 * A broken budget fails the check by itself, so the row is gated from here on, whatever else was said about its metric.
 * Below fail_on it is a warning.
 */
static void break_budget(struct arena *a, const struct judge_request *r, struct series *s, const struct budget *b,
			 enum severity severity, double limit)
{
	enum severity fail_on = r->has_fail_on ? r->fail_on : s->limits.fail_on;
	const char *words = budget_words(a, s->f, b, limit);
	struct finding *f = s->f;

	if (severity < fail_on) {
		f->warning = *f->warning ? arena_printf(a, "%s; %s", f->warning, words) : words;
		return;
	}
	f->severity = severity > f->severity ? severity : f->severity;
	f->reason = *f->reason ? arena_printf(a, "%s; %s", words, f->reason) : words;
	s->over_budget = f->effect != EFFECT_FAIL;
	f->effect = EFFECT_FAIL;
	f->gated = true;
}

/* Several budgets may name a row: the one that is broken most counts. */
static void hold(struct arena *a, const struct judge_request *r, struct series *s, bool *used)
{
	struct finding *f = s->f;
	const struct budget *worst = NULL;
	enum severity severity = SEVERITY_NONE;
	double limit = 0;

	for (size_t i = 0; i < r->budget_count; i++) {
		const struct budget *b = &r->budgets[i];
		enum severity own;
		double own_limit;

		if (!rule_matches(b->match, f->suite, f->bench, f->metric, s->is_clock))
			continue;
		used[i] = true;
		if (!f->current.known)
			continue;
		s->budgeted = true;
		own = budget_severity(b, f->current.value, &own_limit);
		if (own > severity) {
			severity = own;
			limit = own_limit;
			worst = b;
		}
	}
	if (worst)
		break_budget(a, r, s, worst, severity, limit);
}

const char **agreed_budgets(struct arena *a, const struct judge_request *r, struct row_list *rows,
			    size_t *warning_count)
{
	const char **warnings = NEW_ARRAY(a, const char *, r->budget_count);
	bool *used = NEW_ARRAY(a, bool, r->budget_count);

	for (size_t i = 0; r->budget_count && i < rows->count; i++)
		hold(a, r, &rows->items[i], used);
	*warning_count = 0;
	for (size_t i = 0; i < r->budget_count && !r->partial; i++) {
		if (!used[i])
			warnings[(*warning_count)++] =
				arena_printf(a, "%s: the budget for %s names no series that was measured",
					     r->budgets[i].place, r->budgets[i].match);
	}
	return warnings;
}
