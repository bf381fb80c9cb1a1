/* The keys of one rule. */
#include "flow/config_keys.h"

#include "base/text.h"
#include "flow/config_amount.h"
#include "model/metric.h"

#include <string.h>

/* min_effect and min_change are read when the match is known: it says which unit they may have. */
struct rule_entry {
	struct rule rule;
	const struct tree_node *min_effect, *min_change;
};

static void read_match(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	(void)config_match(p, key, value, field);
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

static const char *const *severities(struct arena *a)
{
	const char **names = NEW_ARRAY(a, const char *, SEVERITY_CRITICAL + 1);

	for (int s = SEVERITY_LOW; s <= SEVERITY_CRITICAL; s++)
		names[s - SEVERITY_LOW] = severity_name((enum severity)s);
	return names;
}

static const char *const *categories(struct arena *a)
{
	const char **names = NEW_ARRAY(a, const char *, CATEGORY_RESOURCE + 2);

	for (int c = CATEGORY_UNKNOWN; c <= CATEGORY_RESOURCE; c++)
		names[c] = category_name((enum category)c);
	return names;
}

static void read_fail_on(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	struct rule *r = into;
	size_t index;

	if (!config_choice(p, key, value, &index))
		return;
	r->has_fail_on = true;
	r->fail_on = (enum severity)(SEVERITY_LOW + index);
}

static void read_category(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	struct rule *r = into;
	size_t index;

	if (!config_choice(p, key, value, &index))
		return;
	r->has_category = true;
	r->category = (enum category)index;
}

static void read_unit(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	(void)config_word(p, key, value, field);
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
	 .expected = "suite/benchmark:metric with * and **, e.g. \"**:time\"",
	 .help = "Which series the rule is about; * stops at a slash, ** does not."},
	{.name = "threshold",
	 .read = read_threshold,
	 .expected = "a ratio, e.g. 10%",
	 .help = "The change that is worth failing for, and the measure of severity: LOW up to 1x, MEDIUM above 1x, "
		 "HIGH above 2x, CRITICAL above 3x."},
	{.name = "min_effect",
	 .read = keep_node,
	 .offset = offsetof(struct rule_entry, min_effect),
	 .expected = "a ratio, e.g. 1%, or an amount, e.g. 5ns or 1MB",
	 .help = "A change up to this is nothing, however certain it is."},
	{.name = "min_change",
	 .read = keep_node,
	 .offset = offsetof(struct rule_entry, min_change),
	 .expected = "an amount, e.g. 0.3ns or 1MB",
	 .help = "The same as an amount, beside a ratio; whichever of the two is larger counts."},
	{.name = "confidence",
	 .read = read_confidence,
	 .expected = "a ratio, e.g. 95%",
	 .help = "1 minus the part of false alarms among what is called slower."},
	{.name = "fail_on",
	 .read = read_fail_on,
	 .expected = "the lowest severity that fails, e.g. MEDIUM",
	 .choices = severities,
	 .help = "The lowest severity that makes the exit status 1."},
	{.name = "category",
	 .read = read_category,
	 .expected = "what the counter is, e.g. latency",
	 .choices = categories,
	 .help = "Which direction is worse: of latency and resource more is, of throughput less; unknown is reported "
		 "only."},
	{.name = "unit",
	 .read = read_unit,
	 .offset = offsetof(struct rule_entry, rule.unit),
	 .expected = "the counter's unit for the reports, e.g. us",
	 .help = "The unit of a counter in reports."},
};

enum { KEY_MIN_EFFECT = 2, KEY_MIN_CHANGE = 3, KEY_CATEGORY = 6, KEY_COUNT = sizeof keys / sizeof keys[0] };

const struct config_table config_rule_table = {.what = "a rule", .keys = keys, .count = KEY_COUNT};

/* What is known of the times and the peak of memory cannot be said otherwise, and a wide glob must not do it by accident. */
static void check_category(struct problems *p, const struct tree_node *place, const char *match)
{
	static const char *const fixed[] = {"time", "cpu_time", "real_time", "max_rss"};
	const char *colon = strrchr(match, ':');
	const char *metric = colon ? colon + 1 : "**";

	for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
		if (!text_glob(metric, fixed[i]))
			continue;
		problem_add(p, place,
			    "`category`: the match means `%s` too, whose direction is known; name the counter, e.g. "
			    "\"**:p95_us\"",
			    fixed[i]);
		return;
	}
}

void config_rule_read(struct problems *p, const struct tree_node *node, struct rule *out)
{
	const struct tree_node *places[CONFIG_KEYS] = {0};
	struct rule_entry entry = {.rule.match = NULL};
	struct amount change = {0};
	size_t set = 0;

	*out = (struct rule){.match = ""};
	if (!config_read_map(p, &config_rule_table, node, &entry, places))
		return;
	for (size_t i = 1; i < KEY_COUNT; i++)
		set += places[i] != NULL;
	if (!set)
		problem_add(p, node,
			    "the rule sets nothing; give it a threshold, min_effect, min_change, confidence, "
			    "fail_on, category or unit");
	/* Without a match the amounts have no unit, and one problem is enough. */
	if (!entry.rule.match)
		return;
	*out = entry.rule;
	if (entry.min_effect)
		out->has_min_effect =
			config_amount(p, &keys[KEY_MIN_EFFECT], entry.min_effect, out->match, true, &out->min_effect);
	if (entry.min_change)
		out->has_min_change =
			config_amount(p, &keys[KEY_MIN_CHANGE], entry.min_change, out->match, false, &change);
	out->min_change = change.value;
	if (out->has_category)
		check_category(p, places[KEY_CATEGORY], out->match);
}
