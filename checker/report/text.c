/*
 * The text report: what a terminal and a CI log show.
 *
 * Counts first; then every slower row, worst first; then what became faster, what was not judged and why, warnings, and
 * how to go on.  Names and messages come from the measured programs: all of them pass words_inert, and lines of a
 * benchmark's own output begin with "| ", so that no line is a command to a terminal or a CI runner.
 */
#include "report/report.h"

#include "model/geomean.h"
#include "report/report_causes.h"
#include "report/report_repeat.h"
#include "report/report_rows.h"
#include "report/report_table.h"
#include "report/report_words.h"

#include <inttypes.h>
#include <string.h>

/* How much of long lists a person still reads; CSV and verdict.json have everything. */
enum {
	FASTER_ROWS = 10,
	NAMES = 10,
	NOISY_ROWS = 5,
	GROUPS = 10,
	WARNINGS = 10,
	GEOMEANS = 10,
	CAUSES = 5,
	FUNCTION_COLUMNS = 80,
	GEOMEAN_COLUMNS = 60,
	REASON_LINES = 12,
	LINE_COLUMNS = 200,
};

/* What is compared, for readers who have nothing else before them. */
static void print_titles(struct buf *out, const struct verdict *v)
{
	const char *base = words_or_empty(v->base_title), *head = words_or_empty(v->head_title);

	if (*base || *head)
		buf_printf(out, "base: %s\nhead: %s\n",
			   words_clip(out->arena, words_inert(out->arena, base), LINE_COLUMNS),
			   words_clip(out->arena, words_inert(out->arena, head), LINE_COLUMNS));
}

/* ---- the table ---- */

static const char *p_cell(struct arena *a, const struct finding *f)
{
	if (!words_known(f->p_two_sided))
		return "";
	/* The one-sided p asks for a slowdown: beside an improvement it says nothing. */
	if (!words_known(f->p) || f->outcome == OUTCOME_FASTER)
		return arena_printf(a, "%.2g two-sided", f->p_two_sided.value);
	return arena_printf(a, "%.2g (%.2g two-sided)", f->p.value, f->p_two_sided.value);
}

/* The smallest change that this row's test would call in 4 of 5 checks. */
static const char *sees_cell(struct arena *a, const struct finding *f)
{
	return words_known(f->mde_ratio) ? words_limit(a, f->mde_ratio.value, 2) : "";
}

/* Of aggregates it may not be known how many values they sum up. */
static const char *samples_of(struct arena *a, size_t samples, struct number value)
{
	return samples == 0 && value.known ? "?" : arena_printf(a, "%zu", samples);
}

/* "20", or "20+5" where the sides differ. */
static const char *samples_cell(struct arena *a, const struct finding *f)
{
	if (f->samples_base == f->samples_head)
		return samples_of(a, f->samples_head, f->current);
	return arena_printf(a, "%s+%s", samples_of(a, f->samples_base, f->baseline),
			    samples_of(a, f->samples_head, f->current));
}

static const char *one_line(struct arena *a, const char *text)
{
	return words_clip(a, words_inert(a, text), LINE_COLUMNS);
}

static void print_reason_line(struct buf *out, const char *mark, const char *at, size_t size)
{
	if (size > 0 && at[size - 1] == '\r')
		size--;
	if (size > 0)
		buf_printf(out, "    %s%s\n", mark, one_line(out->arena, arena_copy(out->arena, at, size)));
}

/* The first line is pawl's word; the others, of which the last REASON_LINES are shown, are a program's output. */
static void print_reason(struct buf *out, const char *text)
{
	size_t first = strcspn(text, "\n");
	struct str last = {0};

	print_reason_line(out, "", text, first);
	if (text[first] == '\0')
		return;
	last = text_last_lines(str_of(text + first + 1), REASON_LINES);
	text = arena_copy(out->arena, last.at, last.size);
	while (*text) {
		size_t size = strcspn(text, "\n");

		print_reason_line(out, "| ", text, size);
		text += size + (text[size] == '\n');
	}
}

static void print_repeat(struct buf *out, const struct verdict *v, const struct finding *f)
{
	const char *command = repeat_command(out->arena, v, f);

	if (*command)
		buf_printf(out, "    repeat: %s\n", command);
}

/* What to know about a cause, where nothing else is said of the row.  Of counts it is always the same. */
static void print_note(struct buf *out, const struct finding *f)
{
	if (*words_or_empty(f->function) && !*words_or_empty(f->reason) && !text_equal(f->metric, "instructions"))
		print_reason(out, words_or_empty(f->cause_note));
}

/* With `all` the table also says from how many values a row comes. */
static struct table_line line_of(struct arena *a, const struct verdict *v, const struct finding *f, bool all)
{
	struct buf below = {.arena = a};
	const char *first = row_rank_of(f) == ROW_SLOWER ? severity_name(f->severity) : outcome_name(f->outcome);

	print_reason(&below, words_or_empty(f->reason));
	print_note(&below, f);
	print_repeat(&below, v, f);
	return (struct table_line){
		.cells = {first, words_series(a, f), all ? samples_cell(a, f) : "",
			  words_value(a, f->baseline, f->unit), words_value(a, f->current, f->unit),
			  words_change_cell(a, f), sees_cell(a, f), p_cell(a, f), words_cause(a, f)},
		.below = buf_string(&below),
	};
}

/* Lines for all benchmarks together, behind those of single ones. */
static size_t add_geomeans(struct arena *a, const struct verdict *v, struct table_line *lines)
{
	size_t count = 0, shown = 0;
	const struct geomean *means = verdict_geomeans(a, v, &count);

	for (; shown < count && shown < GEOMEANS; shown++) {
		const struct geomean *m = &means[shown];
		const char *metric = words_clip(a, words_inert(a, m->metric), GEOMEAN_COLUMNS);

		lines[shown] = (struct table_line){
			.cells = {"geomean", arena_printf(a, "%zu benchmarks [%s]", m->count, metric), "",
				  words_value(a, (struct number){m->baseline, true}, m->unit),
				  words_value(a, (struct number){m->current, true}, m->unit),
				  words_change(a, (struct number){m->change_ratio, true})},
		};
	}
	return shown;
}

static void print_rows(struct buf *out, const struct verdict *v, bool all)
{
	struct row_list ranks[ROW_RANK_COUNT] = {0};
	struct table_line *lines = NULL;
	size_t left_out = 0, line_count = 1;

	for (enum row_rank r = ROW_SLOWER; r < (all ? ROW_RANK_COUNT : ROW_SAME); r++)
		ranks[r] = rows_judged(out->arena, v, r);
	if (!all && ranks[ROW_FASTER].count > FASTER_ROWS) {
		left_out = ranks[ROW_FASTER].count - FASTER_ROWS;
		ranks[ROW_FASTER].count = FASTER_ROWS;
	}
	lines = NEW_ARRAY(out->arena, struct table_line, v->finding_count + 1 + GEOMEANS);
	lines[0] = (struct table_line){
		.cells = {"SEVERITY", "BENCHMARK", "N", "BASE", "HEAD", "CHANGE", "SEES", "P", "CAUSE"},
	};
	for (size_t r = 0; r < ROW_RANK_COUNT; r++) {
		for (size_t i = 0; i < ranks[r].count; i++)
			lines[line_count++] = line_of(out->arena, v, ranks[r].rows[i], all);
	}
	if (line_count == 1)
		return;
	table_print(out, lines, line_count + (all ? add_geomeans(out->arena, v, lines + line_count) : 0));
	if (left_out > 0)
		buf_printf(out, "  and %zu more that became faster\n", left_out);
}

/* ---- what was not judged ---- */

static void print_group(struct buf *out, const struct verdict *v, const struct row_list *g)
{
	static const char *const effects[] = {"", " (fails the check)", " (the check cannot pass)"};
	const struct finding *first = g->rows[0];

	buf_printf(out, "  %s%s:", words_state(out->arena, first->state), effects[first->effect]);
	for (size_t i = 0; i < g->count && i < NAMES; i++)
		buf_printf(out, "%s %s", i ? "," : "", words_series(out->arena, g->rows[i]));
	if (g->count > NAMES)
		buf_printf(out, " and %zu more", g->count - NAMES);
	buf_char(out, '\n');
	print_reason(out, words_or_empty(first->reason));
	for (size_t i = 0; i < g->count && i < NAMES; i++)
		print_repeat(out, v, g->rows[i]);
}

static void print_state(struct buf *out, const struct verdict *v, enum state state)
{
	struct row_groups all = rows_grouped(out->arena, v, state, GROUPS);

	for (size_t i = 0; i < all.count; i++)
		print_group(out, v, &all.groups[i]);
	if (all.left_out > 0)
		buf_printf(out, "  and %zu more rows that are %s\n", all.left_out, words_state(out->arena, state));
}

/* ---- what could not have been seen ---- */

/* With all rows shown the table has them. */
static void print_noisy(struct buf *out, const struct verdict *v)
{
	struct row_list noisy = rows_noisy(out->arena, v);

	for (size_t i = 0; i < noisy.count && i < NOISY_ROWS; i++) {
		buf_printf(out, "  too noisy: %s\n", words_series(out->arena, noisy.rows[i]));
		print_reason(out, words_or_empty(noisy.rows[i]->reason));
	}
	if (noisy.count > NOISY_ROWS)
		buf_printf(out, "  and %zu more that are too noisy; -v lists them\n", noisy.count - NOISY_ROWS);
}

/* ---- warnings and what to do next ---- */

static void print_warnings(struct buf *out, const struct verdict *v)
{
	struct arena *a = out->arena;
	size_t of_rows = 0;

	for (size_t i = 0; i < v->warning_count; i++)
		buf_printf(out, "warning: %s\n", one_line(a, v->warnings[i]));
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (*words_or_empty(f->warning) && ++of_rows <= WARNINGS)
			buf_printf(out, "warning: %s: %s\n", words_series(a, f), one_line(a, f->warning));
	}
	if (of_rows > WARNINGS)
		buf_printf(out, "warning: and %zu more warnings\n", of_rows - WARNINGS);
}

static void print_end(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	struct arena *a = out->arena;
	const char *dir = words_or_empty(options->dir), *reason = words_or_empty(v->status_reason);

	if (*dir)
		buf_printf(out, "reports: %s%s\n", words_inert(a, dir), text_ends(dir, "/") ? "" : "/");
	/* Two result files have no seed. */
	if (*words_or_empty(v->check_id))
		buf_printf(out, "seed: %" PRIu64 "\n", v->seed);
	buf_printf(out, "exit status %d%s%s\n", v->status, *reason ? ": " : "", one_line(a, reason));
}

/* ---- causes ---- */

static void print_shared_causes(struct buf *out, const struct verdict *v)
{
	size_t count, slower;
	const struct shared_cause *causes = causes_shared(out->arena, v, &count, &slower);

	for (size_t i = 0; i < count && i < CAUSES; i++)
		buf_printf(out, "  %s %s\n",
			   words_clip(out->arena, words_inert(out->arena, causes[i].first->function), FUNCTION_COLUMNS),
			   causes_words(out->arena, &causes[i], slower));
}

static void write_text(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	if (options->all_rows)
		print_titles(out, v);
	buf_printf(out, "%s\n", rows_counted(out->arena, v));
	print_shared_causes(out, v);
	print_rows(out, v, options->all_rows);
	for (size_t i = 0; i < LISTED_STATES; i++)
		print_state(out, v, listed_states[i]);
	if (!options->all_rows)
		print_noisy(out, v);
	print_warnings(out, v);
	print_end(out, v, options);
}

const struct report_format report_text = {
	.name = "text",
	.help = "what the command prints: counts, slower rows, rows that were not judged and why",
	.file = NULL,
	.write = write_text,
};
