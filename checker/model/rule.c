/* The rules that every project starts with, and what all rules together say about one series. */
#include "model/rule.h"

#include "base/text.h"

static const char *const severity_names[] = {"NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"};

const char *severity_name(enum severity s)
{
	return severity_names[s];
}

bool severity_find(const char *name, enum severity *s)
{
	for (size_t i = 0; i < sizeof severity_names / sizeof severity_names[0]; i++) {
		if (text_equal(name, severity_names[i])) {
			*s = (enum severity)i;
			return true;
		}
	}
	return false;
}

/* For metrics that no rule names, rates and counters: as for time, without its absolute floor. */
static const struct limits fallback = {
	.threshold_ratio = 0.10,
	.min_effect = {.value = 0.01},
	.confidence = 0.95,
	.fail_on = SEVERITY_MEDIUM,
};

static const struct rule defaults[] = {
	{
		.match = "**:time",
		.has_threshold = true,
		.threshold_ratio = 0.10,
		.has_min_effect = true,
		.min_effect = {.value = 0.01},
		.has_min_change = true,
		.min_change = 0.3, /* ns: about one cycle, what moving code by a few bytes can do to any loop */
	},
	{
		.match = "**:instructions",
		.has_threshold = true,
		.threshold_ratio = 0.02,
		.has_min_effect = true,
		.min_effect = {.value = 0.002},
	},
	{
		.match = "**:max_rss",
		.has_threshold = true,
		.threshold_ratio = 0.10,
		.has_min_effect = true,
		.min_effect = {.value = 1e6, .absolute = true}, /* bytes */
	},
	{
		.match = "**",
		.has_confidence = true,
		.confidence = 0.95,
		.has_fail_on = true,
		.fail_on = SEVERITY_MEDIUM,
	},
};

const struct rule *rule_defaults(size_t *count)
{
	*count = sizeof defaults / sizeof defaults[0];
	return defaults;
}

static void apply(const struct rule *r, struct limits *limits)
{
	if (r->has_threshold)
		limits->threshold_ratio = r->threshold_ratio;
	if (r->has_min_effect)
		limits->min_effect = r->min_effect;
	if (r->has_min_change)
		limits->min_change = r->min_change;
	if (r->has_confidence)
		limits->confidence = r->confidence;
	if (r->has_fail_on)
		limits->fail_on = r->fail_on;
	if (r->has_category) {
		limits->has_category = true;
		limits->category = r->category;
	}
	if (r->unit)
		limits->unit = r->unit;
}

/* The names by which globs may mean a series.  Names of any length are matched whole: a cut one would lose its metric. */
struct series_names {
	const char *own, *as_time;
};

static struct series_names names_of(struct arena *a, const char *suite, const char *bench, const char *metric,
				    bool gated_clock)
{
	return (struct series_names){
		.own = arena_printf(a, "%s/%s:%s", suite, bench, metric),
		.as_time = gated_clock ? arena_printf(a, "%s/%s:time", suite, bench) : NULL,
	};
}

static bool glob_means(const char *match, const struct series_names *names)
{
	return text_glob(match, names->own) || (names->as_time && text_glob(match, names->as_time));
}

bool rule_matches(const char *match, const char *suite, const char *bench, const char *metric, bool gated_clock)
{
	struct arena *scratch = arena_open();
	struct series_names names = names_of(scratch, suite, bench, metric, gated_clock);
	bool matches = glob_means(match, &names);

	arena_close(scratch);
	return matches;
}

struct limits rule_limits(const struct rule *rules, size_t count, const char *suite, const char *bench,
			  const char *metric, bool gated_clock)
{
	struct arena *scratch = arena_open();
	struct series_names names = names_of(scratch, suite, bench, metric, gated_clock);
	struct limits limits = fallback;
	size_t default_count;
	const struct rule *first = rule_defaults(&default_count);

	for (size_t i = 0; i < default_count + count; i++) {
		const struct rule *r = i < default_count ? &first[i] : &rules[i - default_count];

		if (glob_means(r->match, &names))
			apply(r, &limits);
	}
	arena_close(scratch);
	return limits;
}
