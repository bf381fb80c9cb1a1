/* The keys of one budget, and of one benchmark that has another name now. */
#include "flow/config_keys.h"

#include "base/text.h"
#include "flow/config_amount.h"

#include <string.h>

/* The limits are read when the match is known: it says which unit they may have. */
struct budget_entry {
	const char *match;
	const struct tree_node *max, *min;
};

static void read_match(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	(void)config_match(p, key, value, field);
}

static void keep_node(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	(void)p;
	(void)key;
	*(const struct tree_node **)field = value;
}

static const struct config_key budget_keys[] = {
	{.name = "match",
	 .read = read_match,
	 .offset = offsetof(struct budget_entry, match),
	 .required = true,
	 .expected = "suite/benchmark:metric with * and **, e.g. \"web/*:p95_ms\"",
	 .help = "Which series the budget is about."},
	{.name = "max",
	 .read = keep_node,
	 .offset = offsetof(struct budget_entry, max),
	 .expected = "an amount, e.g. 2us, 12MB, or 100 for a counter",
	 .help = "The most that is allowed; from there MEDIUM, from 1.1 times HIGH, from 1.2 times CRITICAL."},
	{.name = "min",
	 .read = keep_node,
	 .offset = offsetof(struct budget_entry, min),
	 .expected = "an amount, e.g. 5000 for a rate",
	 .help = "The least that is allowed, of a rate."},
};

enum { KEY_MAX = 1, KEY_MIN = 2 };

const struct config_table config_budget_table = {
	.what = "a budget", .keys = budget_keys, .count = sizeof budget_keys / sizeof budget_keys[0]};

void config_budget_read(struct problems *p, const struct tree_node *node, struct budget *out)
{
	struct budget_entry entry = {0};
	struct amount max = {0}, min = {0};

	*out = (struct budget){.match = "", .place = arena_printf(p->arena, "%s:%zu", p->path, node->line)};
	if (!config_read_map(p, &config_budget_table, node, &entry, NULL))
		return;
	if (!entry.max && !entry.min)
		problem_add(p, node, "the budget has no limit; give it a `max` or, for a rate, a `min`");
	if (!entry.match)
		return;
	out->match = entry.match;
	if (entry.max)
		out->has_max = config_amount(p, &budget_keys[KEY_MAX], entry.max, entry.match, false, &max);
	if (entry.min)
		out->has_min = config_amount(p, &budget_keys[KEY_MIN], entry.min, entry.match, false, &min);
	out->max = max.value;
	out->min = min.value;
	if (out->has_max && out->has_min && out->min > out->max)
		problem_add(p, node, "`min` is above `max`: no value can keep that budget");
}

static void read_name(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	const char *name;

	if (!config_word(p, key, value, &name))
		return;
	/* A name without its suite would be taken for another benchmark's arguments. */
	if (!strchr(name, '/') || name[0] == '/')
		config_expect(p, key, value);
	else
		*(const char **)field = name;
}

static const struct config_key rename_keys[] = {
	{.name = "from",
	 .read = read_name,
	 .offset = offsetof(struct rename, from),
	 .required = true,
	 .expected = "its old name, suite/benchmark, e.g. orders/BM_old",
	 .help = "What the benchmark was called."},
	{.name = "to",
	 .read = read_name,
	 .offset = offsetof(struct rename, to),
	 .required = true,
	 .expected = "its new name, suite/benchmark, e.g. orders/BM_new",
	 .help = "What it is called now."},
};

const struct config_table config_rename_table = {
	.what = "a rename", .keys = rename_keys, .count = sizeof rename_keys / sizeof rename_keys[0]};

void config_rename_read(struct problems *p, const struct tree_node *node, struct rename *out)
{
	*out = (struct rename){.from = "", .to = ""};
	if (config_read_map(p, &config_rename_table, node, out, NULL) && *out->from && text_equal(out->from, out->to))
		problem_add(p, node, "`from` and `to` are the same name");
}
