/*
 * CSV: one line a series, for spreadsheets and for scripts that keep it as an artifact.
 *
 * Columns are only ever appended; an empty cell is not known.  Names are made printable (verdict.json keeps them whole).
 */
#include "report/report.h"

#include "draw/cells.h"
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
	COLUMN(schema, cell_count(c, CSV_SCHEMA),                                                                      \
	       "The version of this table: 1. Columns are appended within it, never moved or removed.")                \
	COLUMN(suite, cell_text(c, c->finding->suite), "The suite, as pawl.yml names it.")                             \
	COLUMN(benchmark, cell_text(c, c->finding->bench), "The benchmark.")                                           \
	COLUMN(metric, cell_text(c, c->finding->metric),                                                               \
	       "What was measured: cpu_time, real_time, max_rss, instructions, a counter.")                            \
	COLUMN(unit, cell_text(c, c->finding->unit), "The unit of baseline, current and change.")                      \
	COLUMN(category, cell_text(c, category_name(c->finding->category)),                                            \
	       "latency, throughput, resource or unknown.")                                                            \
	COLUMN(state, cell_text(c, state_name(c->finding->state)),                                                     \
	       "What became of the series; the states are listed below.")                                              \
	COLUMN(verdict, cell_text(c, outcome_name(c->finding->outcome)),                                               \
	       "slower, faster or same; empty where nothing was judged.")                                              \
	COLUMN(baseline, cell_number(c, c->finding->baseline), "The median of the base.")                              \
	COLUMN(current, cell_number(c, c->finding->current), "The median of the head.")                                \
	COLUMN(change, cell_difference(c, c->finding->baseline, c->finding->current), "current minus baseline.")       \
	COLUMN(change_percent, cell_percent(c, c->finding->change_ratio),                                              \
	       "The estimate of the change. It need not agree with the two medians to the last digit.")                \
	COLUMN(ci_low_percent, cell_percent(c, c->finding->low_ratio),                                                 \
	       "The lower end of the interval that goes with the verdict.")                                            \
	COLUMN(ci_high_percent, cell_percent(c, c->finding->high_ratio), "The upper end of it.")                       \
	COLUMN(p_value, cell_number(c, c->finding->p),                                                                 \
	       "One-sided, for the question whether the change is at most min_effect. This one decided.")              \
	COLUMN(q_value, cell_number(c, c->finding->q),                                                                 \
	       "p_value after Benjamini and Hochberg over all gated series of the check.")                             \
	COLUMN(threshold_percent, cell_percent(c, (struct number){c->finding->threshold_ratio, true}),                 \
	       "The threshold of the rule.")                                                                           \
	COLUMN(severity, cell_text(c, severity_name(c->finding->severity)), "NONE, LOW, MEDIUM, HIGH or CRITICAL.")    \
	COLUMN(mde_percent, cell_percent(c, c->finding->mde_ratio),                                                    \
	       "The smallest change that would have been seen in 4 of 5 checks.")                                      \
	COLUMN(samples_base, cell_count(c, c->finding->samples_base), "How many values the base has.")                 \
	COLUMN(samples_head, cell_count(c, c->finding->samples_head), "How many values the head has.")                 \
	COLUMN(method, cell_text(c, c->finding->method), "How the two sides were compared.")                           \
	COLUMN(function, cell_text(c, c->finding->function),                                                           \
	       "The function that the change is in; empty where it is not known.")                                     \
	COLUMN(function_change_percent, cell_percent(c, c->finding->function_change_ratio),                            \
	       "The change of that function; empty where it is not known.")                                            \
	COLUMN(source, cell_text(c, c->finding->place), "FILE:LINE of it; empty where it is not known.")               \
	COLUMN(baseline_id, cell_text(c, c->finding->baseline_id),                                                     \
	       "The stored run or the revision that the head was held against.")                                       \
	COLUMN(commit, cell_text(c, c->finding->commit), "The commit of the head.")                                    \
	COLUMN(machine, cell_text(c, c->finding->machine), "The machine class.")                                       \
	COLUMN(seed, cell_count(c, c->verdict->seed), "The seed of the random order; pawl check --seed repeats it.")

#define COLUMN(name, write, help)                                                                                      \
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
#define COLUMN(name, write, help) {#name, write_##name},
	COLUMN_LIST(COLUMN)
#undef COLUMN
};

enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

const struct report_column report_csv_columns[] = {
#define COLUMN(name, write, help) {#name, help},
	COLUMN_LIST(COLUMN)
#undef COLUMN
};

const size_t report_csv_column_count = COLUMN_COUNT;

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
