/*
 * CSV: one line a series, for spreadsheets and for scripts that keep it as an artifact.
 *
 * Columns are only ever appended; an empty cell is not known.  Names are made printable (verdict.json keeps them whole).
 */
#include "report/report.h"

#include "report/report_cells.h"
#include "report/report_words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CSV_SCHEMA = 1 };

/* One cell's surroundings. */
struct cell_place {
	struct buf *out;
	const struct verdict *verdict;
	const struct finding *finding;
	bool raw;
};

static void cell_text(const struct cell_place *c, const char *text)
{
	cells_text(c->out, text, c->raw);
}

static void cell_double(const struct cell_place *c, double value)
{
	cells_double(c->out, value);
}

static void cell_number(const struct cell_place *c, struct number n)
{
	if (n.known)
		cell_double(c, n.value);
}

static void cell_percent(const struct cell_place *c, struct number ratio)
{
	if (ratio.known)
		cells_percent(c->out, ratio.value);
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
