/*
 * Reading histories: from stored runs, from tables, from what github-action-benchmark keeps.
 *
 * What a source has and a history cannot hold becomes a note, never silence.  Errors say path and line.
 */
#ifndef PAWL_FLOW_HISTORY_READ_H
#define PAWL_FLOW_HISTORY_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/history.h"
#include "model/run.h"
#include "store/store.h"

/*
 * A table (RFC 4180; "-" is standard input): first a line of names, then one line a moment, oldest first.  The first
 * column is a time if its name says so (time, date, timestamp, started), else a commit.  Every other column is a series:
 * "suite/benchmark:metric", or any name, which is then a time in an unknown unit unless it says otherwise; "(ms)" or
 * "[ms]" behind it is the unit.  An empty cell is a moment without a value.
 */
bool history_read_csv(struct arena *a, const char *path, struct history *out, struct err *err) MUST_CHECK;
bool history_parse_csv(struct arena *a, const char *path, struct str text, struct history *out,
		       struct err *err) MUST_CHECK;

/* The data.js of github-action-benchmark: "window.BENCHMARK_DATA = {…}". */
bool history_read_js(struct arena *a, const char *path, struct history *out, struct err *err) MUST_CHECK;
bool history_parse_js(struct arena *a, const char *path, struct str text, struct history *out,
		      struct err *err) MUST_CHECK;

/* Either, by what the text looks like; `format` is "csv" or "js". */
bool history_read_any(struct arena *a, const char *path, struct history *out, const char **format,
		      struct err *err) MUST_CHECK;

/* A part of a baseline's runs: the newest. */
struct history_span {
	size_t most_runs;
	size_t most_values; /* fewer runs where so many would have more single values than that, as the newest has them */
	const char *until;    /* runs that began later are left out; "" takes all */
	const char *check_id; /* and so are the runs of this check, which began then; "" for none */
};

/* The medians of all series of a baseline's runs, in the order of their dates; of one machine class, or of all when it is
 * NULL; of a span, or of all runs when that is NULL. */
bool history_read_store(struct arena *a, const struct store *store, const char *baseline, const char *machine_class,
			const struct history_span *span, struct history *out, struct err *err) MUST_CHECK;

/*
 * Each moment as a run, in order: one table a benchmark, one slice with the moment's value.  Times are taken to
 * nanoseconds, and a time without a unit is held to be in `unit` ("ns", "us", "ms", "s").  `*left_out` says how many
 * moments have no value.
 */
struct run *history_to_runs(struct arena *a, const struct history *h, const char *unit, const char *machine_class,
			    size_t *count, size_t *left_out);

#endif
