/*
 * pawl profile diff: what its files share, and what it shows: attributions or growth, as text, CSV or JSON.
 */
#ifndef PAWL_CMD_PROFILE_DIFF_H
#define PAWL_CMD_PROFILE_DIFF_H

#include "base/regex.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/profile_file.h"
#include "flow/leak.h"
#include "model/attribution.h"

#include <stdbool.h>
#include <stddef.h>

struct diff_options {
	const char *ops, *base_ops, *sample_index, *scope, *method, *filter;
	struct option_texts suites;
	int64_t rows;
	bool leak, paired, all, json, csv;
};

enum { DIFF_WARNINGS = 3 };

struct diff_show {
	const char *suite, *bench; /* of run files; else NULL */
	const char *type, *unit;   /* of the sample type */
	const char *group;         /* what a replicate is: "profile", "run" */
	const char *operation;     /* "operation", or "profile" where nobody told operations */
	size_t row_limit;          /* functions that did not change beyond so many rows are summed up */
	const char *warnings[DIFF_WARNINGS];
	size_t warning_count;
};

/* A difference, and what is said of it. */
struct diff_section {
	struct attribution at;
	struct diff_show show;
};

/* A benchmark that is not compared. */
struct diff_left_out {
	const char *suite, *bench, *reason;
};

/* One section for profiles, one a benchmark for run files. */
struct diff_report {
	bool of_runs;
	struct diff_section *sections;
	size_t section_count;
	struct diff_left_out *left_out;
	size_t left_out_count;
	const char *const *notes; /* on all of it */
	size_t note_count;
};

/* Compares run files; the first `base_count` files are the base's. */
bool diff_runs(struct arena *a, const struct diff_options *o, const struct profile_file *files, size_t count,
	       size_t base_count, struct diff_report *out, struct err *err) MUST_CHECK;

/* What both kinds of files take: the test of --method, the pattern of --scope, the limit of rows. */
bool diff_method(struct arena *a, const struct diff_options *o, enum attribution_method *method,
		 struct err *err) MUST_CHECK;
bool diff_scope(struct arena *a, const struct diff_options *o, const struct regex **scope, struct err *err) MUST_CHECK;
size_t diff_row_limit(const struct diff_options *o, size_t section_count);

void diff_text(struct buf *out, const struct diff_report *report);
void diff_csv(struct buf *out, const struct diff_report *report);
void diff_json(struct buf *out, const struct diff_report *report);

/* Snapshots are named by their files. */
void leak_text(struct buf *out, const struct leak_report *report, const char *const *names,
	       const struct diff_show *show);
void leak_csv(struct buf *out, const struct leak_report *report, const char *const *names,
	      const struct diff_show *show);
void leak_json(struct buf *out, const struct leak_report *report, const char *const *names,
	       const struct diff_show *show);

/* "3.98 us", "12.4 MB", "17": a value of a sample type. */
const char *diff_amount(struct arena *a, double value, const char *unit);

/* The same with its sign. */
const char *diff_change(struct arena *a, double value, const char *unit);

#endif
