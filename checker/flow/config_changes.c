/* What differs between the rules of two configurations. */
#include "flow/config.h"

#include "base/text.h"
#include "flow/config_amount.h"
#include "model/metric.h"

#include <string.h>

struct lines {
	struct arena *arena;
	const char **items;
	size_t count, capacity;
};

static void add(struct lines *l, const char *line)
{
	l->items = arena_reserve(l->arena, l->items, l->count, &l->capacity, sizeof *l->items);
	l->items[l->count++] = line;
}

static void add_switch(struct lines *l, const char *name, bool base_fails, bool head_fails, const char *mild)
{
	if (base_fails != head_fails)
		add(l, arena_printf(l->arena, "`%s` is `%s` here and `%s` in the base", name,
				    head_fails ? "fail" : mild, base_fails ? "fail" : mild));
}

/* With the unit of the metric that the match names, "" for a counter.  All digits that matter, so that what differs looks
 * different. */
static void add_amount(struct buf *b, const char *name, double value, const char *match)
{
	const char *unit = config_match_unit(match) ? config_match_unit(match) : "";

	buf_printf(b, ", %s %.10g%s%s", name, value, *unit ? " " : "", unit);
}

static void add_limit(struct buf *b, const char *name, bool has, double value, const char *match)
{
	if (has)
		add_amount(b, name, value, match);
}

/* What all budgets with that match say, in order. */
static const char *budgets_of(struct arena *a, const struct config *c, const char *match)
{
	struct buf b = {.arena = a};

	for (size_t i = 0; i < c->budget_count; i++) {
		const struct budget *one = &c->budgets[i];

		if (!text_equal(one->match, match))
			continue;
		add_limit(&b, "max", one->has_max, one->max, match);
		add_limit(&b, "min", one->has_min, one->min, match);
	}
	return b.size ? buf_string(&b) + strlen(", ") : "no such budget";
}

static bool has_budget(const struct config *c, size_t end, const char *match)
{
	for (size_t i = 0; i < end; i++) {
		if (text_equal(c->budgets[i].match, match))
			return true;
	}
	return false;
}

static void compare_budget(struct lines *l, const struct config *base, const struct config *head, const char *match)
{
	const char *before = budgets_of(l->arena, base, match), *now = budgets_of(l->arena, head, match);

	if (!text_equal(before, now))
		add(l, arena_printf(l->arena, "budget %s: base: %s; head: %s", text_printable_copy(l->arena, match),
				    before, now));
}

/* Their order changes nothing: all that match hold. */
static void compare_budgets(struct lines *l, const struct config *base, const struct config *head)
{
	for (size_t i = 0; i < head->budget_count; i++) {
		if (!has_budget(head, i, head->budgets[i].match))
			compare_budget(l, base, head, head->budgets[i].match);
	}
	for (size_t i = 0; i < base->budget_count; i++) {
		const char *match = base->budgets[i].match;

		if (!has_budget(head, head->budget_count, match) && !has_budget(base, i, match))
			compare_budget(l, base, head, match);
	}
}

static void add_settings(struct buf *b, const struct rule *r)
{
	if (r->has_threshold)
		buf_printf(b, ", threshold %.10g %%", r->threshold_ratio * 100);
	if (r->has_min_effect && r->min_effect.absolute)
		add_amount(b, "min_effect", r->min_effect.value, r->match);
	else if (r->has_min_effect)
		buf_printf(b, ", min_effect %.10g %%", r->min_effect.value * 100);
	if (r->has_min_change)
		add_amount(b, "min_change", r->min_change, r->match);
	if (r->has_confidence)
		buf_printf(b, ", confidence %.10g %%", r->confidence * 100);
	if (r->has_fail_on)
		buf_printf(b, ", fail_on %s", severity_name(r->fail_on));
	if (r->has_category)
		buf_printf(b, ", category %s", category_name(r->category));
	if (r->unit)
		buf_printf(b, ", unit %s", text_printable_copy(b->arena, r->unit));
}

/* What all rules with that match set, in order; "no such rule" when there is none. */
static const char *settings_of(struct arena *a, const struct config *c, const char *match)
{
	struct buf b = {.arena = a};

	for (size_t i = 0; i < c->rule_count; i++) {
		if (text_equal(c->rules[i].match, match))
			add_settings(&b, &c->rules[i]);
	}
	return b.size ? buf_string(&b) + strlen(", ") : "no such rule";
}

static bool stands_before(const struct config *c, size_t end, const char *match)
{
	for (size_t i = 0; i < end; i++) {
		if (text_equal(c->rules[i].match, match))
			return true;
	}
	return false;
}

static void compare_match(struct lines *l, const struct config *base, const struct config *head, const char *match)
{
	const char *before = settings_of(l->arena, base, match), *now = settings_of(l->arena, head, match);

	if (!text_equal(before, now))
		add(l, arena_printf(l->arena, "rule %s: base: %s; head: %s", text_printable_copy(l->arena, match),
				    before, now));
}

static bool same_order(struct arena *a, const struct config *base, const struct config *head)
{
	if (base->rule_count != head->rule_count)
		return false;
	for (size_t i = 0; i < base->rule_count; i++) {
		struct buf before = {.arena = a}, now = {.arena = a};

		add_settings(&before, &base->rules[i]);
		add_settings(&now, &head->rules[i]);
		if (!text_equal(base->rules[i].match, head->rules[i].match) ||
		    !text_equal(buf_string(&before), buf_string(&now)))
			return false;
	}
	return true;
}

void config_rule_changes(struct arena *a, const struct config *base, const struct config *head, const char ***lines,
			 size_t *count)
{
	struct lines l = {.arena = a};

	for (size_t i = 0; i < head->rule_count; i++) {
		if (!stands_before(head, i, head->rules[i].match))
			compare_match(&l, base, head, head->rules[i].match);
	}
	for (size_t i = 0; i < base->rule_count; i++) {
		const char *match = base->rules[i].match;

		if (!stands_before(head, head->rule_count, match) && !stands_before(base, i, match))
			compare_match(&l, base, head, match);
	}
	/* The later of two rules that match wins, so the order alone can change what counts. */
	if (l.count == 0 && !same_order(a, base, head))
		add(&l, "rules: base and head have the same rules in another order");
	compare_budgets(&l, base, head);
	add_switch(&l, "missing", base->missing_fails, head->missing_fails, "warn");
	add_switch(&l, "undecided", base->undecided_fails, head->undecided_fails, "pass");
	add_switch(&l, "layout", base->layout_fails, head->layout_fails, "warn");
	*lines = l.items;
	*count = l.count;
}
