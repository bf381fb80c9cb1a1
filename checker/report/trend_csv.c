/* Trends as CSV: one line a change. */
#include "report/report.h"

#include "draw/cells.h"

#include <math.h>

/* What a line is about: a change point, or a creeping change over values up to `end`. */
struct line {
	struct buf *out;
	const struct trend_options *options;
	const struct trend_row *row;
	const char *kind;
	size_t index, end;
	const struct trend_size *size;
	const struct moment *good, *bad;
	double p, q;
	bool holds;
};

static void cell_text(const struct line *l, const char *text)
{
	cells_text(l->out, text, l->options->csv_raw);
}

static void cell_ratio(const struct line *l, double ratio)
{
	if (l->size->has_ratio)
		cells_percent(l->out, ratio);
}

/* In the file's order; a new column goes to the end. */
#define COLUMN_LIST(COLUMN)                                                                                            \
	COLUMN(schema, buf_text(l->out, "1"))                                                                          \
	COLUMN(series, cell_text(l, l->row->series->name))                                                             \
	COLUMN(suite, cell_text(l, l->row->series->suite))                                                             \
	COLUMN(benchmark, cell_text(l, l->row->series->bench))                                                         \
	COLUMN(metric, cell_text(l, l->row->series->metric.name))                                                      \
	COLUMN(unit, cell_text(l, l->row->unit))                                                                       \
	COLUMN(kind, cell_text(l, l->kind))                                                                            \
	COLUMN(direction, cell_text(l, trend_way_name(l->size->way)))                                                  \
	COLUMN(index, buf_printf(l->out, "%zu", l->index))                                                             \
	COLUMN(end, buf_printf(l->out, "%zu", l->end))                                                                 \
	COLUMN(before, cells_double(l->out, l->size->before))                                                          \
	COLUMN(after, cells_double(l->out, l->size->after))                                                            \
	COLUMN(change_percent, cell_ratio(l, l->size->ratio))                                                          \
	COLUMN(ci_low_percent, cell_ratio(l, l->size->low))                                                            \
	COLUMN(ci_high_percent, cell_ratio(l, l->size->high))                                                          \
	COLUMN(p_value, cells_double(l->out, l->p))                                                                    \
	COLUMN(q_value, cells_double(l->out, l->q))                                                                    \
	COLUMN(holds, buf_text(l->out, l->holds ? "yes" : "no"))                                                       \
	COLUMN(last_good_commit, cell_text(l, l->good->commit))                                                        \
	COLUMN(last_good_time, cell_text(l, l->good->time))                                                            \
	COLUMN(first_bad_commit, cell_text(l, l->bad->commit))                                                         \
	COLUMN(first_bad_time, cell_text(l, l->bad->time))

#define COLUMN(name, write)                                                                                            \
	static void write_##name(const struct line *l)                                                                 \
	{                                                                                                              \
		write;                                                                                                 \
	}
COLUMN_LIST(COLUMN)
#undef COLUMN

static const struct column {
	const char *name;
	void (*write)(const struct line *l);
} columns[] = {
#define COLUMN(name, write) {#name, write_##name},
	COLUMN_LIST(COLUMN)
#undef COLUMN
};

enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

static void write_line(const struct line *l)
{
	for (size_t k = 0; k < COLUMN_COUNT; k++) {
		if (k > 0)
			buf_char(l->out, ',');
		columns[k].write(l);
	}
	buf_char(l->out, '\n');
}

static void write_csv(struct buf *out, const struct trend *t, const struct trend_options *options)
{
	const struct moment *moments = t->history->moments;

	for (size_t k = 0; k < COLUMN_COUNT; k++)
		buf_printf(out, "%s%s", k ? "," : "", columns[k].name);
	buf_char(out, '\n');
	for (size_t i = 0; i < t->row_count; i++) {
		const struct trend_row *row = &t->rows[i];
		const struct trend_creep *creep = &row->creep;

		for (size_t k = 0; k < row->change_count; k++) {
			const struct trend_change *c = &row->changes[k];
			struct line l = {
				.out = out, .options = options, .row = row, .kind = "change", .index = c->index};

			l.end = k + 1 < row->change_count ? c[1].index : row->series->count;
			l.size = &c->size;
			l.good = &moments[c->good];
			l.bad = &moments[c->bad];
			l.p = c->p;
			l.q = c->q;
			l.holds = c->holds;
			write_line(&l);
		}
		if (creep->found) {
			struct line l = {.out = out, .options = options, .row = row, .kind = "creeping", .holds = true};

			l.index = creep->first;
			l.end = creep->end;
			l.size = &creep->size;
			l.good = &moments[creep->from];
			l.bad = &moments[creep->to];
			l.p = creep->p;
			l.q = creep->q;
			write_line(&l);
		}
	}
}

const struct trend_format trend_format_csv = {
	.name = "csv",
	.help = "one line a change (RFC 4180), for spreadsheets and scripts",
	.write = write_csv,
};
