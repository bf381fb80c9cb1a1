/* The keys of one rule. */
#include "flow/config_keys.h"

#include "base/text.h"
#include "model/metric.h"

#include <string.h>

/* min_effect and min_change are read when the match is known: it says which unit they may have. */
struct rule_entry {
	struct rule rule;
	const struct tree_node *min_effect, *min_change;
};

static void read_match(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	const char *match;
	bool crosses;

	if (!config_word(p, key, value, &match))
		return;
	crosses = strstr(match, "**") != NULL;
	if (!crosses && !strchr(match, '/'))
		problem_add(p, value,
			    "`match`: %s matches nothing, a series is called suite/benchmark:metric; expected %s",
			    tree_describe(p->arena, value), key->expected);
	else if (!strchr(match, ':') && !text_ends(match, "*"))
		problem_add(p, value, "`match`: %s names no metric; expected %s", tree_describe(p->arena, value),
			    key->expected);
	else
		*(const char **)field = match;
}

static void read_threshold(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	struct rule *r = into;
	struct quantity q;

	if (!config_quantity(p, key, value, 1U << QUANTITY_RATIO, &q))
		return;
	if (!(q.value > 0)) {
		problem_add(p, value, "`threshold`: must be more than 0%%, it is what severity is measured in");
		return;
	}
	r->has_threshold = true;
	r->threshold_ratio = q.value;
}

static void read_confidence(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	struct rule *r = into;
	struct quantity q;

	if (!config_quantity(p, key, value, 1U << QUANTITY_RATIO, &q))
		return;
	if (!(q.value > 0.5 && q.value < 1)) {
		problem_add(p, value, "`confidence`: must be more than 50%% and less than 100%%");
		return;
	}
	r->has_confidence = true;
	r->confidence = q.value;
}

static void read_fail_on(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	const char *names[SEVERITY_CRITICAL];
	struct rule *r = into;
	size_t index;

	for (int s = SEVERITY_LOW; s <= SEVERITY_CRITICAL; s++)
		names[s - SEVERITY_LOW] = severity_name((enum severity)s);
	if (!config_choice(p, key, value, names, sizeof names / sizeof names[0], &index))
		return;
	r->has_fail_on = true;
	r->fail_on = (enum severity)(SEVERITY_LOW + index);
}

static void keep_node(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	(void)p;
	(void)key;
	*(const struct tree_node **)field = value;
}

static const struct config_key keys[] = {
	{.name = "match",
	 .read = read_match,
	 .offset = offsetof(struct rule_entry, rule.match),
	 .required = true,
	 .expected = "suite/benchmark:metric with * and **, e.g. \"**:time\""},
	{.name = "threshold", .read = read_threshold, .expected = "a ratio, e.g. 10%"},
	{.name = "min_effect",
	 .read = keep_node,
	 .offset = offsetof(struct rule_entry, min_effect),
	 .expected = "a ratio, e.g. 1%, or an amount, e.g. 5ns or 1MB"},
	{.name = "min_change",
	 .read = keep_node,
	 .offset = offsetof(struct rule_entry, min_change),
	 .expected = "an amount, e.g. 0.3ns or 1MB"},
	{.name = "confidence", .read = read_confidence, .expected = "a ratio, e.g. 95%"},
	{.name = "fail_on", .read = read_fail_on, .expected = "the lowest severity that fails, e.g. MEDIUM"},
};

enum { KEY_MIN_EFFECT = 2, KEY_MIN_CHANGE = 3, KEY_COUNT = sizeof keys / sizeof keys[0] };

static const struct config_table table = {.what = "a rule", .keys = keys, .count = KEY_COUNT};

/* The unit of the metric that a match names: "ns", "bytes", "" for a counter; NULL when it may be several metrics. */
static const char *unit_of_match(const char *match)
{
	const char *metric = strrchr(match, ':');

	if (!metric || strpbrk(metric, "*?"))
		return NULL;
	return text_equal(metric + 1, "time") ? "ns" : metric_of(metric + 1).unit;
}

/* An absolute amount in the unit of the metric.  A plain number would hide which unit was meant where pawl knows one, and
 * a unit would be a guess where it knows none. */
static bool read_amount(struct problems *p, const struct config_key *key, const struct tree_node *value,
			const char *match, bool ratio_too, struct amount *out)
{
	unsigned kinds = ratio_too ? 1U << QUANTITY_RATIO : 0;
	const char *unit = unit_of_match(match);
	struct quantity q = {0};
	const char *text;

	if (!config_word(p, key, value, &text))
		return false;
	if (!unit && !(ratio_too && text_ends(text, "%"))) {
		problem_add(p, value,
			    "`%s`: an amount needs a match that names its metric, e.g. \"**:max_rss\", not `%s`",
			    key->name, text_printable_copy(p->arena, match));
		return false;
	}
	if (unit && text_equal(unit, "ns")) {
		kinds |= 1U << QUANTITY_DURATION;
	} else if (unit && text_equal(unit, "bytes")) {
		kinds |= 1U << QUANTITY_SIZE;
	} else if (unit && !(ratio_too && text_ends(text, "%"))) {
		double number;

		if (!text_parse_double(value->text, &number) || number < 0) {
			problem_add(p, value, "`%s`: expected %sa number in the unit of `%s`, not %s", key->name,
				    ratio_too ? "a ratio, e.g. 1%, or " : "", strrchr(match, ':') + 1,
				    tree_describe(p->arena, value));
			return false;
		}
		*out = (struct amount){.value = number, .absolute = true};
		return true;
	}
	if (!config_quantity(p, key, value, kinds, &q))
		return false;
	*out = (struct amount){.value = q.value, .absolute = q.kind != QUANTITY_RATIO};
	return true;
}

void config_rule_read(struct problems *p, const struct tree_node *node, struct rule *out)
{
	const struct tree_node *places[CONFIG_KEYS] = {0};
	struct rule_entry entry = {.rule.match = NULL};
	struct amount change = {0};
	size_t set = 0;

	*out = (struct rule){.match = ""};
	if (!config_read_map(p, &table, node, &entry, places))
		return;
	for (size_t i = 1; i < KEY_COUNT; i++)
		set += places[i] != NULL;
	if (!set)
		problem_add(p, node,
			    "the rule sets nothing; give it a threshold, min_effect, min_change, confidence or "
			    "fail_on");
	/* Without a match the amounts have no unit, and one problem is enough. */
	if (!entry.rule.match)
		return;
	*out = entry.rule;
	if (entry.min_effect)
		out->has_min_effect =
			read_amount(p, &keys[KEY_MIN_EFFECT], entry.min_effect, out->match, true, &out->min_effect);
	if (entry.min_change)
		out->has_min_change =
			read_amount(p, &keys[KEY_MIN_CHANGE], entry.min_change, out->match, false, &change);
	out->min_change = change.value;
}
