/*
 * CSV: one line a series, for spreadsheets and for scripts that keep it as an artifact.
 *
 * RFC 4180 with LF; columns are only ever appended; an empty cell is not known.  A line is always a row: control
 * characters in names are written as \n, \t and \xNN, as are bytes that are no UTF-8 (verdict.json keeps names whole).
 * A text that a spreadsheet would run as a formula gets a leading "'".
 */
#include "report/report.h"

#include "report/report_words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CSV_SCHEMA = 1 };

/* One cell's surroundings. */
struct cell_place {
	struct buf *out;
	const struct verdict *verdict;
	const struct finding *finding;
	bool raw;
};

/* What makes a spreadsheet take a text for a formula, the full-width forms of = + - @ (U+FF1D, U+FF0B, U+FF0D, U+FF20)
 * included. */
static bool is_formula(const char *text)
{
	static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

	if (*text && strchr("=+-@\t\r\n", *text))
		return true;
	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
		if (text_starts(text, wide[i]))
			return true;
	}
	return false;
}

/* Semicolons and spaces at the edges need no quotes by RFC 4180, but some readers split or trim there. */
static bool needs_quotes(const char *text)
{
	size_t size = strlen(text);

	return strpbrk(text, ",\";") || (size > 0 && (text[0] == ' ' || text[size - 1] == ' '));
}

static void cell_text(const struct cell_place *c, const char *text)
{
	bool guarded = false;
	const char *shown = NULL;

	text = words_or_empty(text);
	guarded = !c->raw && is_formula(text);
	shown = text_printable_copy(c->out->arena, text);
	if (!guarded && !needs_quotes(shown)) {
		buf_text(c->out, shown);
		return;
	}
	buf_text(c->out, guarded ? "\"'" : "\"");
	for (; *shown; shown++) {
		if (*shown == '"')
			buf_char(c->out, '"');
		buf_char(c->out, *shown);
	}
	buf_char(c->out, '"');
}

static void cell_double(const struct cell_place *c, double value)
{
	char text[TEXT_DOUBLE_SIZE];

	if (!isfinite(value))
		return;
	buf_text(c->out, text_double(text, value + 0.0)); /* -0 becomes 0 */
}

static void cell_number(const struct cell_place *c, struct number n)
{
	if (n.known)
		cell_double(c, n.value);
}

/* Percent to six places: 0.232 * 100 is 23.200000000000003, and no measurement has more places than that. */
static void cell_percent(const struct cell_place *c, struct number ratio)
{
	double percent = ratio.value * 100;

	if (!ratio.known)
		return;
	/* Too large for rounding to change anything. */
	if (fabs(percent) < 1e9)
		percent = round(percent * 1e6) / 1e6;
	cell_double(c, percent);
}

static void cell_count(const struct cell_place *c, uint64_t count)
{
	buf_printf(c->out, "%" PRIu64, count);
}

/* The difference as somebody finds it who subtracts the two cells on paper: without the binary remainder of, say,
 * 4.91 - 3.98 = 0.9300000000000002.  15 decimal digits of the larger value are what every double carries. */
static void cell_difference(const struct cell_place *c, struct number from, struct number to)
{
	double largest = fmax(fabs(from.value), fabs(to.value));
	double difference = to.value - from.value;
	int decimals = 0;
	char text[64];

	if (!words_known(from) || !words_known(to))
		return;
	decimals = largest > 0 ? 14 - (int)floor(log10(largest)) : 0;
	if (decimals >= 0 && decimals < 40) {
		snprintf(text, sizeof text, "%.*f", decimals, difference);
		difference = strtod(text, NULL);
	}
	cell_double(c, difference);
}

/* In the file's order; a new column goes to the end. */
#define COLUMN_LIST(COLUMN)                                                                                            \
	COLUMN(schema, cell_count(c, CSV_SCHEMA))                                                                      \
	COLUMN(suite, cell_text(c, c->finding->suite))                                                                 \
	COLUMN(benchmark, cell_text(c, c->finding->bench))                                                             \
	COLUMN(metric, cell_text(c, c->finding->metric))                                                               \
	COLUMN(unit, cell_text(c, c->finding->unit))                                                                   \
	COLUMN(category, cell_text(c, category_name(c->finding->category)))                                            \
	COLUMN(state, cell_text(c, state_name(c->finding->state)))                                                     \
	COLUMN(verdict, cell_text(c, outcome_name(c->finding->outcome)))                                               \
	COLUMN(baseline, cell_number(c, c->finding->baseline))                                                         \
	COLUMN(current, cell_number(c, c->finding->current))                                                           \
	COLUMN(change, cell_difference(c, c->finding->baseline, c->finding->current))                                  \
	COLUMN(change_percent, cell_percent(c, c->finding->change_ratio))                                              \
	COLUMN(ci_low_percent, cell_percent(c, c->finding->low_ratio))                                                 \
	COLUMN(ci_high_percent, cell_percent(c, c->finding->high_ratio))                                               \
	COLUMN(p_value, cell_number(c, c->finding->p))                                                                 \
	COLUMN(q_value, cell_number(c, c->finding->q))                                                                 \
	COLUMN(threshold_percent, cell_percent(c, (struct number){c->finding->threshold_ratio, true}))                 \
	COLUMN(severity, cell_text(c, severity_name(c->finding->severity)))                                            \
	COLUMN(mde_percent, cell_percent(c, c->finding->mde_ratio))                                                    \
	COLUMN(samples_base, cell_count(c, c->finding->samples_base))                                                  \
	COLUMN(samples_head, cell_count(c, c->finding->samples_head))                                                  \
	COLUMN(method, cell_text(c, c->finding->method))                                                               \
	COLUMN(function, cell_text(c, c->finding->function))                                                           \
	COLUMN(function_change_percent, cell_percent(c, c->finding->function_change_ratio))                            \
	COLUMN(source, cell_text(c, c->finding->place))                                                                \
	COLUMN(baseline_id, cell_text(c, c->finding->baseline_id))                                                     \
	COLUMN(commit, cell_text(c, c->finding->commit))                                                               \
	COLUMN(machine, cell_text(c, c->finding->machine))                                                             \
	COLUMN(seed, cell_count(c, c->verdict->seed))

#define COLUMN(name, write)                                                                                            \
	static void write_##name(const struct cell_place *c)                                                           \
	{                                                                                                              \
		write;                                                                                                 \
	}
COLUMN_LIST(COLUMN)
#undef COLUMN

static const struct column {
	const char *name;
	void (*write)(const struct cell_place *c);
} columns[] = {
#define COLUMN(name, write) {#name, write_##name},
	COLUMN_LIST(COLUMN)
#undef COLUMN
};

enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

static void write_csv(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	for (size_t k = 0; k < COLUMN_COUNT; k++)
		buf_printf(out, "%s%s", k ? "," : "", columns[k].name);
	buf_char(out, '\n');
	for (size_t i = 0; i < v->finding_count; i++) {
		struct cell_place c = {out, v, &v->findings[i], options->csv_raw};

		for (size_t k = 0; k < COLUMN_COUNT; k++) {
			if (k > 0)
				buf_char(out, ',');
			columns[k].write(&c);
		}
		buf_char(out, '\n');
	}
}

const struct report_format report_csv = {
	.name = "csv",
	.help = "one line a series (RFC 4180), for spreadsheets and scripts",
	.file = "regression_report.csv",
	.write = write_csv,
};
