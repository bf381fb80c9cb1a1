/*
 * The measured values behind a finding, for reports that draw them.
 */
#ifndef PAWL_REPORT_HTML_VALUES_H
#define PAWL_REPORT_HTML_VALUES_H

#include "report/report.h"

/* Where values are looked up: the runs of the options, indexed. */
struct html_source {
	const struct report_options *options;
	/* By the tables of the base and of every stored run, base first: "suite/benchmark" as it is called now. */
	const char *const **names;
};

struct html_values {
	const double *base, *head; /* in measured order */
	size_t base_count, head_count;
	bool base_is_stored; /* one value of `base` a stored run: its median */
	const struct report_point *points;
	size_t point_count;
};

struct html_source html_source_of(struct arena *a, const struct report_options *options);

/* Values and names in the arena or in the runs.  Empty lists where nothing is known. */
struct html_values html_values_find(struct arena *a, const struct html_source *source, const struct finding *f);

#endif
