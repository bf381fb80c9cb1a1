/*
 * Reports: a verdict in a form that somebody or something reads.
 *
 * Adding one is one new file with its row and one line in REPORT_LIST.  A report is a pure function from a verdict to
 * bytes; writing them is done by report_write_all.  A word, a column and a number are the same in all of them.
 */
#ifndef PAWL_REPORT_REPORT_H
#define PAWL_REPORT_REPORT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/name.h"
#include "model/run.h"
#include "model/trend.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

/* Readers of JUnit differ in what they allow. */
#define JUNIT_DIALECT_LIST(ROW)                                                                                        \
	ROW(RICH, "rich")     /* file, line and properties of a case: what most readers show */                        \
	ROW(STRICT, "strict") /* valid against the schemas of Jenkins' xUnit plug-in and of Ant */

enum junit_dialect {
#define ROW(name, text) JUNIT_##name,
	JUNIT_DIALECT_LIST(ROW)
#undef ROW
		JUNIT_DIALECT_COUNT
};

/* A run of the stored baseline, and the series (suite/benchmark:metric) that it was called slower in. */
struct report_stored {
	const struct run *run;
	const char *const *slower;
	size_t slower_count;
};

/* Both sides of what settled suspects of a stored baseline. */
struct report_pair {
	const struct run *base, *head;
};

/* One stored value of a series. */
struct report_point {
	const char *name; /* what a reader knows the run by: a short commit, a date */
	double value;     /* the run's median, in the finding's unit */
	bool slower;      /* it was called slower there */
	bool shift;       /* a change point: a new level begins here */
};

/* What came before the head, oldest first. */
struct report_history {
	const char *suite, *bench, *metric;
	const struct report_point *points;
	size_t point_count;
};

/* A function of a suite of the head: where its benchmarks' time goes. */
struct report_hot {
	const char *suite, *name, *place;    /* place "": not known */
	double share, low_share, high_share; /* own cost, of the suite's time, with its 95 % interval */
	double total_share;                  /* with all it calls */
	const char *benches;                 /* "BM_parse 94 %, BM_process 16 %" */
};

/* Titles and headings alone may take that much. */
enum { REPORT_LEAST_LIMIT = 16384 };

struct report_options {
	enum junit_dialect junit_dialect;
	bool csv_raw;       /* do not guard cells that a spreadsheet would run */
	bool all_rows;      /* the text shows judged rows that did not change, too */
	size_t limit;       /* bytes, from REPORT_LEAST_LIMIT to the format's own; 0: the format's own */
	const char *config; /* path of pawl.yml, for the file of a JUnit case; "" */
	const char *dir;    /* where the reports go, for the text that says so; "" */
	const char *folder; /* "sub/": where relative places begin, as the repository names it; "" for its root */

	/* Measured values, for reports that draw them.  What is not there is not drawn; `base` and `window` exclude each
	 * other.  A series without a history of its own has that of the window. */
	const struct run *base, *head;
	const struct report_stored *window; /* newest last */
	size_t window_count;
	const struct report_pair *confirmations; /* drawn instead of base and window where they have the series */
	size_t confirmation_count;
	const struct report_history *histories;
	size_t history_count;
	const struct rename *renames; /* benchmarks that the base has under another name */
	size_t rename_count;
	const struct report_hot *hot; /* suite by suite, the hottest first */
	size_t hot_count;
};

struct report_format {
	const char *name, *help;
	const char *file; /* its name in the report folder, or NULL: goes to standard output */
	bool always;      /* written whatever `formats` says */
	bool draws;       /* wants the measured values of the options */
	size_t limit;     /* bytes that it keeps below by leaving rows out, counted; 0: it leaves none out */
	void (*write)(struct buf *out, const struct verdict *v, const struct report_options *options);
};

#define REPORT_LIST(ROW)                                                                                               \
	ROW(text)                                                                                                      \
	ROW(csv)                                                                                                       \
	ROW(junit)                                                                                                     \
	ROW(json)                                                                                                      \
	ROW(markdown)                                                                                                  \
	ROW(github)                                                                                                    \
	ROW(openmetrics)                                                                                               \
	ROW(html)

#define ROW(name) extern const struct report_format report_##name;
REPORT_LIST(ROW)
#undef ROW

extern const struct report_format *const report_formats[];
extern const size_t report_format_count;

const struct report_format *report_find(const char *name);

/* The columns of the CSV, in the file's order, for the manual. */
struct report_column {
	const char *name, *help;
};

extern const struct report_column report_csv_columns[];
extern const size_t report_csv_column_count;

/* Trends have formats of their own. */
struct trend_options {
	size_t columns; /* of the terminal */
	bool colour;
	bool all_rows;      /* the text shows series without any change, too */
	bool csv_raw;       /* as for reports */
	const char *source; /* what the history is, for the text that says so */
};

struct trend_format {
	const char *name, *help;
	void (*write)(struct buf *out, const struct trend *t, const struct trend_options *options);
};

#define TREND_FORMAT_LIST(ROW)                                                                                         \
	ROW(text)                                                                                                      \
	ROW(json)                                                                                                      \
	ROW(csv)

#define ROW(name) extern const struct trend_format trend_format_##name;
TREND_FORMAT_LIST(ROW)
#undef ROW

extern const struct trend_format *const trend_formats[];
extern const size_t trend_format_count;

/* The error names the formats that there are. */
const struct trend_format *trend_format_find(struct arena *a, const char *name, struct err *err) MUST_CHECK;

/* "rich", "strict" */
const char *junit_dialect_name(enum junit_dialect d);
/* The error names the dialects that there are. */
bool junit_dialect_find(const char *name, enum junit_dialect *out, struct err *err) MUST_CHECK;

/* A format by a name that a user gave; the error has those that there are. */
bool report_choose(const char *name, const struct report_format **out, struct err *err) MUST_CHECK;

/* Writes every format that has a file and is always written or named in `formats`, into `dir`, which is made.  The error
 * names the file that could not be written. */
bool report_write_all(struct arena *a, const struct verdict *v, const struct report_options *options, const char *dir,
		      const char *const *formats, size_t format_count, struct err *err) MUST_CHECK;

#endif
