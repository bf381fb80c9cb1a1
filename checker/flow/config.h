/*
 * Configuration: pawl.yml, read and checked.
 *
 * An unknown key, a wrong type, a bad unit or a name given twice is an error "PATH:LINE:COL: …" with the nearest right
 * name.  Every error in the file is found in one reading, one line each, the first one first.
 */
#ifndef PAWL_FLOW_CONFIG_H
#define PAWL_FLOW_CONFIG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/budget.h"
#include "model/name.h"
#include "model/rule.h"
#include "suite/suite.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config {
	const char *path;   /* as it was found */
	const char *folder; /* that it lies in: builds and suites run there */
	struct suite_settings *suites;
	size_t suite_count;
	struct rule *rules; /* the project's own; the defaults come before them */
	size_t rule_count;
	struct budget *budgets;
	size_t budget_count;
	struct rename *renames; /* benchmarks that have another name now */
	size_t rename_count;
	const char *store; /* "dir:baselines" */
	const char *baseline_name;
	int64_t window;
	int64_t budget_ns; /* of the whole check; 0: no limit */
	bool missing_fails, undecided_fails, layout_fails;
	const char *report_dir;
	const char *const *formats;
	size_t format_count;
};

/* Reads `path`. */
bool config_read(struct arena *a, const char *path, struct config *out, struct err *err) MUST_CHECK;

/* The same from text; `path` is for messages and the folder. */
bool config_parse(struct arena *a, const char *path, struct str text, struct config *out, struct err *err) MUST_CHECK;

/* pawl.yml in `folder` or the nearest folder above it, at most up to the one that holds .git; NULL when there is none. */
const char *config_find(struct arena *a, const char *folder);

/* One line for every rule, budget or switch that differs between two configurations, "base: …; head: …". */
void config_rule_changes(struct arena *a, const struct config *base, const struct config *head, const char ***lines,
			 size_t *count);

#endif
