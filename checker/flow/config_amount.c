/* Globs over series, and amounts with the unit that their metric has. */
#include "flow/config_amount.h"

#include "base/text.h"
#include "model/metric.h"

#include <string.h>

bool config_match(struct problems *p, const struct config_key *key, const struct tree_node *value, const char **out)
{
	const char *match;
	bool crosses;

	if (!config_word(p, key, value, &match))
		return false;
	crosses = strstr(match, "**") != NULL;
	if (!crosses && !strchr(match, '/'))
		problem_add(p, value,
			    "`match`: %s matches nothing, a series is called suite/benchmark:metric; expected %s",
			    tree_describe(p->arena, value), key->expected);
	else if (!strchr(match, ':') && !text_ends(match, "*"))
		problem_add(p, value, "`match`: %s names no metric; expected %s", tree_describe(p->arena, value),
			    key->expected);
	else {
		*out = match;
		return true;
	}
	return false;
}

/* The metric that a match names, or NULL when it may be several. */
static const char *metric_of_match(const char *match)
{
	const char *colon = strrchr(match, ':');

	return colon && !strpbrk(colon, "*?") ? colon + 1 : NULL;
}

const char *config_match_unit(const char *match)
{
	const char *metric = metric_of_match(match);

	if (!metric)
		return NULL;
	return text_equal(metric, "time") ? "ns" : metric_of(metric).unit;
}

/* Units that a quantity can be given in: the kind, and how much of it the unit is. */
static const struct unit {
	const char *name;
	enum quantity_kind kind;
	double size;
} units[] = {
	{"ns", QUANTITY_DURATION, 1},  {"us", QUANTITY_DURATION, 1e3}, {"ms", QUANTITY_DURATION, 1e6},
	{"s", QUANTITY_DURATION, 1e9}, {"bytes", QUANTITY_SIZE, 1},    {"B", QUANTITY_SIZE, 1},
	{"kB", QUANTITY_SIZE, 1e3},    {"MB", QUANTITY_SIZE, 1e6},     {"GB", QUANTITY_SIZE, 1e9},
};

static const struct unit *find_unit(const char *name)
{
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (text_equal(units[i].name, name))
			return &units[i];
	}
	return NULL;
}

static bool plain_amount(struct problems *p, const struct config_key *key, const struct tree_node *value,
			 const char *metric, bool ratio_too, struct amount *out)
{
	double number;

	if (!text_parse_double(value->text, &number) || number < 0) {
		problem_add(p, value, "`%s`: expected %sa number in the unit of `%s`, not %s", key->name,
			    ratio_too ? "a ratio, e.g. 1%, or " : "", text_printable_copy(p->arena, metric),
			    tree_describe(p->arena, value));
		return false;
	}
	*out = (struct amount){.value = number, .absolute = true};
	return true;
}

bool config_amount(struct problems *p, const struct config_key *key, const struct tree_node *value, const char *match,
		   bool ratio_too, struct amount *out)
{
	const char *metric = metric_of_match(match), *text;
	const struct unit *unit = metric ? find_unit(config_match_unit(match)) : NULL;
	struct quantity q = {0};
	double number;
	bool is_ratio, standard;

	if (!config_word(p, key, value, &text))
		return false;
	is_ratio = ratio_too && text_ends(text, "%");
	if (!metric && !is_ratio) {
		problem_add(p, value,
			    "`%s`: an amount needs a match that names its metric, e.g. \"**:max_rss\", not `%s`",
			    key->name, text_printable_copy(p->arena, match));
		return false;
	}
	standard = metric && (text_equal(metric, "time") || metric_is_standard(metric));
	if (!is_ratio && (!unit || (!standard && text_parse_double(value->text, &number))))
		return plain_amount(p, key, value, metric, ratio_too, out);
	if (!config_quantity(p, key, value, (ratio_too ? 1U << QUANTITY_RATIO : 0) | (unit ? 1U << unit->kind : 0), &q))
		return false;
	*out = (struct amount){.value = q.value, .absolute = q.kind != QUANTITY_RATIO};
	if (out->absolute)
		out->value /= unit->size;
	return true;
}
