/* The keys of the file itself, of `baseline` and of `reports`. */
#include "flow/config_keys.h"

#include "base/text.h"
#include "report/report.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

static void read_version(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	(void)field;
	if (value->type != TREE_TEXT || !str_equal(value->text, "1"))
		config_expect(p, key, value);
}

struct named {
	const char *name;
	const struct tree_node *node;
};

static int by_name(const void *x, const void *y)
{
	const struct named *a = x, *b = y;
	int order = strcmp(a->name, b->name);

	if (order)
		return order;
	if (a->node->line != b->node->line)
		return a->node->line < b->node->line ? -1 : 1;
	return (a->node->column > b->node->column) - (a->node->column < b->node->column);
}

static void refuse_same_names(struct problems *p, const struct tree_node *list, const struct config *c)
{
	struct named *all = NEW_ARRAY(p->arena, struct named, c->suite_count);
	size_t count = 0;

	for (size_t i = 0; i < c->suite_count; i++) {
		if (c->suites[i].name)
			all[count++] = (struct named){.name = c->suites[i].name, .node = list->items[i]};
	}
	qsort(all, count, sizeof *all, by_name);
	for (size_t i = 1; i < count; i++) {
		if (text_equal(all[i].name, all[i - 1].name))
			problem_add(p, all[i].node, "the suite name `%s` is given twice; it stands in line %zu already",
				    all[i].name, all[i - 1].node->line);
	}
}

static void read_suites(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	struct config *c = into;

	if (value->type != TREE_LIST || value->item_count == 0) {
		if (value->type == TREE_LIST)
			problem_add(p, value, "`suites`: the list is empty; expected %s", key->expected);
		else
			config_expect(p, key, value);
		return;
	}
	c->suites = NEW_ARRAY(p->arena, struct suite_settings, value->item_count);
	c->suite_count = value->item_count;
	for (size_t i = 0; i < c->suite_count; i++)
		config_suite_read(p, value->items[i], &c->suites[i]);
	refuse_same_names(p, value, c);
}

static void read_rules(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	enum { RULE_COUNT = 1000 }; /* every series is held against every rule */
	struct config *c = into;

	if (value->type != TREE_LIST) {
		config_expect(p, key, value);
		return;
	}
	if (value->item_count > RULE_COUNT) {
		problem_add(p, value, "`rules`: %zu rules; expected %d at most", value->item_count, RULE_COUNT);
		return;
	}
	c->rules = NEW_ARRAY(p->arena, struct rule, value->item_count);
	c->rule_count = value->item_count;
	for (size_t i = 0; i < c->rule_count; i++)
		config_rule_read(p, value->items[i], &c->rules[i]);
}

/* False, with a problem noted, when the value is no list or too long a one. */
static bool list_is_good(struct problems *p, const struct config_key *key, const struct tree_node *value)
{
	enum { ITEM_COUNT = 1000 }; /* every series is held against each */

	if (value->type != TREE_LIST)
		config_expect(p, key, value);
	else if (value->item_count > ITEM_COUNT)
		problem_add(p, value, "`%s`: %zu entries; expected %d at most", key->name, value->item_count,
			    ITEM_COUNT);
	else
		return true;
	return false;
}

static void read_budgets(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	struct config *c = into;

	if (!list_is_good(p, key, value))
		return;
	c->budgets = NEW_ARRAY(p->arena, struct budget, value->item_count);
	c->budget_count = value->item_count;
	for (size_t i = 0; i < c->budget_count; i++)
		config_budget_read(p, value->items[i], &c->budgets[i]);
}

static void read_renames(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	struct config *c = into;

	if (!list_is_good(p, key, value))
		return;
	c->renames = NEW_ARRAY(p->arena, struct rename, value->item_count);
	c->rename_count = value->item_count;
	for (size_t i = 0; i < c->rename_count; i++)
		config_rename_read(p, value->items[i], &c->renames[i]);
}

static void read_store(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	const char *address;
	struct store store;
	struct err err;

	if (!config_word(p, key, value, &address))
		return;
	if (store_open(p->arena, address, ".", &store, &err))
		*(const char **)field = address;
	else
		problem_add(p, value, "`store`: %s", err.text);
}

/* The name of a folder: a part of a path that is neither hidden nor leads elsewhere. */
static void read_baseline_name(struct problems *p, const struct config_key *key, const struct tree_node *value,
			       void *field)
{
	enum { NAME_SIZE = 100 };
	const char *name;

	if (!config_word(p, key, value, &name))
		return;
	if (strchr(name, '/') || name[0] == '.' || name[0] == '-' || strlen(name) > NAME_SIZE)
		config_expect(p, key, value);
	else
		*(const char **)field = name;
}

static void read_window(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	enum { WINDOW_COUNT = 1000 };
	int64_t window;

	if (value->type != TREE_TEXT || !text_parse_int64(value->text, &window) || window < 1 || window > WINDOW_COUNT)
		config_expect(p, key, value);
	else
		*(int64_t *)field = window;
}

static void read_report_dir(struct problems *p, const struct config_key *key, const struct tree_node *value,
			    void *field)
{
	(void)config_word(p, key, value, field);
}

static const char *const *formats(struct arena *a)
{
	const char **names = NEW_ARRAY(a, const char *, report_format_count + 1);

	for (size_t i = 0; i < report_format_count; i++)
		names[i] = report_formats[i]->name;
	return names;
}

static void read_formats(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	const char *const *names = key->choices(p->arena);
	const char **chosen = NEW_ARRAY(p->arena, const char *, report_format_count);
	struct config *c = into;
	size_t count = 0;

	if (value->type != TREE_LIST) {
		config_expect(p, key, value);
		return;
	}
	for (size_t i = 0; i < value->item_count; i++) {
		size_t index;
		bool twice = false;

		if (!config_choice(p, key, value->items[i], &index))
			continue;
		for (size_t j = 0; j < count; j++)
			twice = twice || text_equal(chosen[j], names[index]);
		if (twice)
			problem_add(p, value->items[i], "`formats`: `%s` is given twice", names[index]);
		else
			chosen[count++] = names[index];
	}
	c->formats = chosen;
	c->format_count = count;
}

static const struct config_key baseline_keys[] = {
	{.name = "store",
	 .read = read_store,
	 .offset = offsetof(struct config, store),
	 .expected = "a store, e.g. \"dir:baselines\"",
	 .help = "Where stored runs are: dir: and a folder beside pawl.yml."},
	{.name = "name",
	 .read = read_baseline_name,
	 .offset = offsetof(struct config, baseline_name),
	 .expected = "a folder's name of at most 100 bytes without / and . or - at its beginning, e.g. main",
	 .help = "Which of the baselines in the store."},
	{.name = "window",
	 .read = read_window,
	 .offset = offsetof(struct config, window),
	 .expected = "a number of runs from 1 to 1000, e.g. 20",
	 .shape = CONFIG_COUNT,
	 .help = "How many of the newest stored runs count."},
};

static const struct config_table baseline_table = {
	.what = "`baseline`", .keys = baseline_keys, .count = sizeof baseline_keys / sizeof baseline_keys[0]};

static const struct config_key report_keys[] = {
	{.name = "dir",
	 .read = read_report_dir,
	 .offset = offsetof(struct config, report_dir),
	 .expected = "a folder, e.g. pawl-report",
	 .help = "The folder of the reports."},
	{.name = "formats",
	 .read = read_formats,
	 .expected = "a list of report formats, e.g. [text, csv, junit]",
	 .shape = CONFIG_SCALARS,
	 .choices = formats,
	 .help = "Which reports a check writes; verdict.json and the run files are always written."},
};

static const struct config_table report_table = {
	.what = "`reports`", .keys = report_keys, .count = sizeof report_keys / sizeof report_keys[0]};

static void read_baseline(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	(void)key;
	(void)config_read_map(p, &baseline_table, value, into, NULL);
}

static void read_reports(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	(void)key;
	(void)config_read_map(p, &report_table, value, into, NULL);
}

static const char *const *warn_or_fail(struct arena *a)
{
	static const char *const names[] = {"warn", "fail", NULL};

	(void)a;
	return names;
}

static const char *const *pass_or_fail(struct arena *a)
{
	static const char *const names[] = {"pass", "fail", NULL};

	(void)a;
	return names;
}

static void read_missing(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	size_t index;

	if (config_choice(p, key, value, &index))
		*(bool *)field = index == 1;
}

static void read_undecided(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	size_t index;

	if (config_choice(p, key, value, &index))
		*(bool *)field = index == 1;
}

static void read_layout(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	size_t index;

	if (config_choice(p, key, value, &index))
		*(bool *)field = index == 1;
}

static void read_budget(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	enum { DAY_S = 24 * 3600 };

	(void)config_duration(p, key, value, (int64_t)DAY_S * 1000000000, field);
}

static const struct config_key top_keys[] = {
	{.name = "version",
	 .read = read_version,
	 .required = true,
	 .expected = "1",
	 .shape = CONFIG_COUNT,
	 .help = "The version of this file."},
	{.name = "suites",
	 .read = read_suites,
	 .required = true,
	 .expected = "a list of suites, e.g. [{name: orders, run: [build/bench/orders]}]",
	 .shape = CONFIG_MAPS,
	 .table = &config_suite_table,
	 .help = "The benchmark programs."},
	{.name = "rules",
	 .read = read_rules,
	 .expected = "a list of rules, e.g. [{match: \"**:time\", threshold: 10%}]",
	 .shape = CONFIG_MAPS,
	 .table = &config_rule_table,
	 .help = "What counts as slower; read in order behind the defaults, a later rule overrides key by key where it "
		 "matches."},
	{.name = "budgets",
	 .read = read_budgets,
	 .expected = "a list of absolute limits, e.g. [{match: \"web/*:p95_ms\", max: 100}]",
	 .shape = CONFIG_MAPS,
	 .table = &config_budget_table,
	 .help = "Limits on the head's median alone, also without a baseline."},
	{.name = "renamed",
	 .read = read_renames,
	 .expected = "a list of new names, e.g. [{from: orders/BM_old, to: orders/BM_new}]",
	 .shape = CONFIG_MAPS,
	 .table = &config_rename_table,
	 .help = "Benchmarks that have another name now, so that their history goes on."},
	{.name = "budget",
	 .read = read_budget,
	 .offset = offsetof(struct config, budget_ns),
	 .expected = "the time for the whole check, e.g. 10m",
	 .help = "Ends the check in time; what is then not decided is undecided or too_few."},
	{.name = "baseline",
	 .read = read_baseline,
	 .expected = "where baselines live, e.g. {store: \"dir:baselines\", name: main, window: 20}",
	 .shape = CONFIG_MAP,
	 .table = &baseline_table,
	 .help = "Stored runs."},
	{.name = "missing",
	 .read = read_missing,
	 .offset = offsetof(struct config, missing_fails),
	 .expected = "warn or fail",
	 .choices = warn_or_fail,
	 .help = "What a benchmark does to the check that the base has and the head has not."},
	{.name = "undecided",
	 .read = read_undecided,
	 .offset = offsetof(struct config, undecided_fails),
	 .expected = "pass or fail",
	 .choices = pass_or_fail,
	 .help = "What a series does to the check that looked slower when the budget ended."},
	{.name = "layout",
	 .read = read_layout,
	 .offset = offsetof(struct config, layout_fails),
	 .expected = "warn or fail",
	 .choices = warn_or_fail,
	 .help = "What a benchmark does to the check that is slower because the same code lies at another address."},
	{.name = "reports",
	 .read = read_reports,
	 .expected = "what is written, e.g. {dir: pawl-report, formats: [csv]}",
	 .shape = CONFIG_MAP,
	 .table = &report_table,
	 .help = "Where reports go, and which."},
};

const struct config_table config_top_table = {
	.what = "pawl.yml", .keys = top_keys, .count = sizeof top_keys / sizeof top_keys[0]};

/* A file of another version is not read on: its other keys would all seem wrong. */
static bool is_other_version(struct problems *p, const struct tree_node *root)
{
	for (size_t i = 0; root->type == TREE_MAP && i < root->item_count; i += 2) {
		const struct tree_node *key = root->items[i], *value = root->items[i + 1];
		int64_t version;

		if (key->type != TREE_TEXT || !str_equal(key->text, "version") || value->type != TREE_TEXT)
			continue;
		if (!text_parse_int64(value->text, &version) || version == 1)
			return false;
		problem_add(p, value, "version %lld of pawl.yml is not known to pawl " PAWL_VERSION "; expected 1",
			    (long long)version);
		return true;
	}
	return false;
}

void config_keys_read(struct problems *p, const struct tree_node *root, struct config *out)
{
	static const char *const default_formats[] = {"text", "csv", "junit", "html"};

	out->store = "dir:baselines";
	out->baseline_name = "main";
	out->window = 20;
	out->report_dir = "pawl-report";
	out->formats = default_formats;
	out->format_count = sizeof default_formats / sizeof default_formats[0];
	if (!is_other_version(p, root))
		(void)config_read_map(p, &config_top_table, root, out, NULL);
}
