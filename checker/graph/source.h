/*
 * From profiles to what a view shows: merged, compared and filtered in pprof's order.
 *
 * The order (facts of google/pprof, driver.go): merge -> drop_frames -> tag root and leaf -> total -> focus, ignore, hide, show
 * -> show_from -> tag focus, ignore -> tag show, hide -> prune_from -> granularity.  Pure: profiles in, profile out.
 */
#ifndef PAWL_GRAPH_SOURCE_H
#define PAWL_GRAPH_SOURCE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>

enum granularity {
	GRANULARITY_FUNCTIONS,
	GRANULARITY_FILEFUNCTIONS,
	GRANULARITY_FILES,
	GRANULARITY_LINES,
	GRANULARITY_ADDRESSES
};

enum comparison { COMPARE_NONE, COMPARE_BASE, COMPARE_DIFF_BASE };

struct source_options {
	enum comparison comparison;
	bool normalize, drop_negative, relative, no_inlines, mean;
	bool keep_lines;          /* fill `lined` */
	const char *sample_index; /* number, name or old flag's name; NULL: the default type */
	/* Regular expressions; NULL: none. */
	const char *focus, *ignore, *show, *hide, *show_from, *prune_from;
	const char *tag_focus, *tag_ignore, *tag_show, *tag_hide; /* as pprof writes them: key=regex, ranges 1kb:2mb */
	const char *tag_root, *tag_leaf;                          /* keys, parted by commas */
	const char *unit; /* of numbers in frames of labels; NULL: each its own */
	enum granularity granularity;
	double divide_by; /* 0 or 1: as is */
};

/* What views are made of. */
struct source {
	struct profile *profile;     /* merged and filtered; locations already have the granularity's lines only */
	size_t type;                 /* the sample type that is shown */
	size_t mean_type;            /* with `mean`: the type that values are divided by; else PROFILE_NONE */
	int64_t total;               /* 100 % */
	const int64_t *totals;       /* the same for every sample type, without mean */
	const struct profile *lined; /* with `keep_lines`: the profile by lines, whatever the granularity; else NULL */
	enum granularity granularity;
	double divide_by;
	bool drop_negative;         /* nodes below 0 are not shown */
	const char *unit;           /* as the sample type has it */
	const char *const *filters; /* "focus=main.*", …, as pprof's header lists them */
	size_t filter_count;
	const char *const *warnings; /* a filter that matched nothing or dropped more than half, … */
	size_t warning_count;
};

/* Several heads are merged, several bases too.  Fails for profiles that cannot be compared and for expressions that are
 * none. */
bool source_prepare(struct arena *a, const struct profile *const *heads, size_t head_count,
		    const struct profile *const *bases, size_t base_count, const struct source_options *options,
		    struct source *out, struct err *err) MUST_CHECK;

#endif
