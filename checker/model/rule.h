/*
 * Rules: which change of which series counts.
 */
#ifndef PAWL_MODEL_RULE_H
#define PAWL_MODEL_RULE_H

#include "base/arena.h"
#include "model/metric.h"

#include <stdbool.h>
#include <stddef.h>

enum severity { SEVERITY_NONE, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };

/* "NONE", "LOW", … */
const char *severity_name(enum severity s);
bool severity_find(const char *name, enum severity *s);

/* A number that is a ratio (0.01 is 1 %) or an absolute amount in the metric's unit (ns, bytes). */
struct amount {
	double value;
	bool absolute;
};

/* One entry of `rules:`; what it does not set is left as it was. */
struct rule {
	const char *match; /* suite/benchmark:metric with * and **; metric `time` is the gated clock */
	bool has_threshold, has_min_effect, has_min_change, has_confidence, has_fail_on;
	double threshold_ratio;
	struct amount min_effect;
	double min_change; /* in the metric's unit */
	double confidence; /* 0.95 */
	enum severity fail_on;
	bool has_category;
	enum category category; /* which direction of the metric is worse, whatever its name says */
	const char *unit;       /* of the metric, for the reports; NULL: not set */
};

/* What holds for one series after all rules. */
struct limits {
	double threshold_ratio;
	struct amount min_effect;
	double min_change;
	double confidence;
	enum severity fail_on;
	bool has_category;
	enum category category;
	const char *unit; /* NULL: that of the metric */
};

/* The rules that every project starts with; a project's own follow them. */
const struct rule *rule_defaults(size_t *count);

/* Defaults, then `rules` in order, a later match overriding key by key.  `gated_clock`: the metric is the benchmark's
 * gated time, so that `time` means it. */
struct limits rule_limits(const struct rule *rules, size_t count, const char *suite, const char *bench,
			  const char *metric, bool gated_clock);

/* The glob means that series. */
bool rule_matches(const char *match, const char *suite, const char *bench, const char *metric, bool gated_clock);

#endif
