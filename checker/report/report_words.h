/*
 * How a finding is said in words: the same value, change and name in every report that people read.
 *
 * Everything returned is safe to print (see words_inert) and lives in the arena.  Not for CSV and JSON, which keep
 * numbers whole.
 */
#ifndef PAWL_REPORT_REPORT_WORDS_H
#define PAWL_REPORT_REPORT_WORDS_H

#include "base/arena.h"
#include "base/text.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

/* `text`, or "" for NULL. */
const char *words_or_empty(const char *text);

/* The number is there and finite. */
bool words_known(struct number n);

/* "3.98 us", "12.4 MB", "1.23 M/s": three significant digits with a unit that fits; "-" when it is not known. */
const char *words_value(struct arena *a, struct number n, const char *unit);

/* "+23.2 %"; "-" when it is not known. */
const char *words_change(struct arena *a, struct number ratio);

/* "[+21.6, +24.9]" in percent, "?" for an end that is not known; "" when neither end is known. */
const char *words_interval(struct arena *a, struct number low, struct number high);

/* "10 %", "3.4 %": a limit, without sign; `digits` significant ones. */
const char *words_limit(struct arena *a, double ratio, int digits);

/* "+23.2 % [+21.6, +24.9]", and the interval as it was measured where that is another one; a difference in the metric's
 * unit where values of 0 allow no ratio. */
const char *words_change_cell(struct arena *a, const struct finding *f);

/* "suite/benchmark", with " [metric]" behind it unless the metric is the benchmark's gated time. */
const char *words_series(struct arena *a, const struct finding *f);

/* "compute_discount +0.91 us  orders.c:214 (changed in this branch)", or why no cause is known; "" when there is nothing to
 * say. */
const char *words_cause(struct arena *a, const struct finding *f);

/* A function's name as inert text of so many columns at most: a long one of C++ loses its arguments, then those of templates,
 * before it is cut. */
const char *words_function(struct arena *a, const char *name, size_t columns);

/* The place of the row's function; "" where only that of the suite is known. */
const char *words_source(const struct finding *f);

/* " (changed in this branch)", " (its file changed in this branch)", "" */
const char *words_touched(const char *touched);

/* "  orders.c:214 (changed in this branch)", or by whom the cause is called; "" where nothing is known. */
const char *words_whereabouts(struct arena *a, const struct finding *f);

/* "+0.88 us to +0.94 us an operation, 92 % of the change"; "" when it is not known. */
const char *words_cause_range(struct arena *a, const struct finding *f);

/* One line about a row that changed, failed or was not judged: "3.98 us -> 4.91 us, +23.2 %, threshold 10 %, severity
 * HIGH, p 9.5e-07; budget broken", "failed: signal 11".  Of a reason of several lines the first one; not made inert. */
const char *words_message(struct arena *a, const struct finding *f);

/* Where a row stands, as the file has it; "" for what is not known.  Not made inert. */
struct place {
	const char *file, *line;
};

/* "orders.c:214 (changed in this branch)" is file orders.c, line 214.  Where a caller is to be looked at, it is its place. */
struct place words_place(struct arena *a, const struct finding *f);

/* A state for people: "too few". */
const char *words_state(struct arena *a, enum state s);

/* text_inert_copy; NULL is "". */
const char *words_inert(struct arena *a, const char *text);

/* Printable text in at most `columns` columns: its start and its end with "..." between them. */
const char *words_clip(struct arena *a, const char *text, size_t columns);

#endif
