/*
 * The text report: what a terminal and a CI log show.
 *
 * Counts first; then every slower row, worst first; then what became faster, what was not judged and why, warnings, and
 * how to go on.  Names and messages come from the measured programs: all of them pass words_inert, and lines of a
 * benchmark's own output begin with "| ", so that no line is a command to a terminal or a CI runner.
 */
#include "report/report.h"

#include "model/geomean.h"
#include "report/report_repeat.h"
#include "report/report_table.h"
#include "report/report_words.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How much of long lists a person still reads; CSV and verdict.json have everything. */
enum {
	FASTER_ROWS = 10,
	NAMES = 10,
	NOISY_ROWS = 5,
	GROUPS = 10,
	WARNINGS = 10,
	GEOMEANS = 10,
	GEOMEAN_COLUMNS = 60,
	REASON_LINES = 12,
	LINE_COLUMNS = 200,
};

/* What was not judged, the most urgent first. */
static const enum state listed_states[] = {STATE_FAILED, STATE_UNDECIDED, STATE_TOO_FEW,  STATE_INCOMPARABLE,
					   STATE_GONE,   STATE_NEW,       STATE_ACCEPTED, STATE_SAME_CODE};

enum { LISTED_COUNT = sizeof listed_states / sizeof listed_states[0] };

/* Every state but `judged`: a new one must find its place above. */
_Static_assert(LISTED_COUNT == STATE_COUNT - 1, "a state is not listed");

/* ---- the first line ---- */

static bool is_row(const struct finding *f)
{
	return f->gated && f->state == STATE_JUDGED;
}

/* The one threshold of all such rows, unknown when they differ. */
static struct number threshold_of(const struct verdict *v, bool (*is_such)(const struct finding *f))
{
	struct number one = {0};

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (!is_such(f))
			continue;
		if (one.known && (f->threshold_ratio < one.value || f->threshold_ratio > one.value))
			return (struct number){0};
		one = (struct number){f->threshold_ratio, true};
	}
	return one;
}

static size_t gated_count(const struct verdict_counts *c)
{
	size_t sum = 0;

	for (size_t i = 0; i < STATE_COUNT; i++)
		sum += c->by_state[i];
	return sum;
}

static void print_unseen(struct buf *out, size_t count, const char *why, struct number threshold)
{
	if (count > 0)
		buf_printf(out, ", %zu %s to see %s", count, why,
			   threshold.known ? words_limit(out->arena, threshold.value, 3) : "their threshold");
}

/* What is compared, for readers who have nothing else before them. */
static void print_titles(struct buf *out, const struct verdict *v)
{
	const char *base = words_or_empty(v->base_title), *head = words_or_empty(v->head_title);

	if (*base || *head)
		buf_printf(out, "base: %s\nhead: %s\n",
			   words_clip(out->arena, words_inert(out->arena, base), LINE_COLUMNS),
			   words_clip(out->arena, words_inert(out->arena, head), LINE_COLUMNS));
}

static void print_counts(struct buf *out, const struct verdict *v)
{
	struct verdict_counts c = verdict_count(v);
	size_t gated = gated_count(&c), same = c.same - c.too_noisy - c.too_small;

	buf_printf(out, "%zu benchmark%s", c.benchmarks, c.benchmarks == 1 ? "" : "s");
	if (gated != c.benchmarks)
		buf_printf(out, ", %zu gated series", gated);
	buf_printf(out, ": %zu slower, %zu faster, %zu same", c.slower, c.faster, same);
	if (same > 0 && words_known(c.largest_mde_ratio))
		buf_printf(out, " (would have seen %s or more)", words_limit(out->arena, c.largest_mde_ratio.value, 2));
	print_unseen(out, c.too_noisy, "too noisy", threshold_of(v, finding_is_noisy));
	print_unseen(out, c.too_small, "too small", threshold_of(v, finding_is_small));
	for (size_t i = 0; i < LISTED_COUNT; i++) {
		if (c.by_state[listed_states[i]] > 0)
			buf_printf(out, ", %zu %s", c.by_state[listed_states[i]],
				   words_state(out->arena, listed_states[i]));
	}
	buf_char(out, '\n');
}

/* ---- the table ---- */

/* How many times slower or faster: halving a rate counts like doubling a time. */
static double size_of(const struct finding *f)
{
	if (!words_known(f->change_ratio))
		return 0;
	return f->change_ratio.value > -1 ? fabs(log1p(f->change_ratio.value)) : INFINITY;
}

/* Slower ones and those that fail for another cause (a budget), then faster ones, then the rest. */
static int rank_of(const struct finding *f)
{
	if (f->outcome == OUTCOME_SLOWER || f->effect != EFFECT_PASS)
		return 0;
	return f->outcome == OUTCOME_FASTER ? 1 : 2;
}

/* By rank, then by severity, then by size, then in the verdict's order; rows that are the same in the verdict's order. */
static int compare_rows(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;

	if (rank_of(a) != rank_of(b))
		return rank_of(a) - rank_of(b);
	if (rank_of(a) == 2)
		return a < b ? -1 : a > b;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (size_of(a) > size_of(b) || size_of(a) < size_of(b))
		return size_of(a) > size_of(b) ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* The rows of the table, sorted; `*changed` of them are slower or faster, `*slower` of those are not faster. */
static const struct finding **rows_of(struct arena *a, const struct verdict *v, bool all, size_t *count, size_t *slower,
				      size_t *changed)
{
	const struct finding **rows = NEW_ARRAY(a, const struct finding *, v->finding_count);

	*count = *slower = *changed = 0;
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (!is_row(f) || (rank_of(f) == 2 && !all))
			continue;
		rows[(*count)++] = f;
		*slower += rank_of(f) == 0;
		*changed += rank_of(f) < 2;
	}
	if (*count > 0)
		qsort(rows, *count, sizeof *rows, compare_rows);
	return rows;
}

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

/* With `all` the table also says from how many values a row comes. */
static struct table_line line_of(struct arena *a, const struct verdict *v, const struct finding *f, bool all)
{
	struct buf below = {.arena = a};
	const char *first = rank_of(f) == 0 ? severity_name(f->severity) : outcome_name(f->outcome);

	print_reason(&below, words_or_empty(f->reason));
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
	size_t count = 0, slower = 0, changed = 0, shown = 0;
	const struct finding **rows = rows_of(out->arena, v, all, &count, &slower, &changed);
	struct table_line *lines = NULL;

	if (count == 0)
		return;
	shown = !all && changed - slower > FASTER_ROWS ? slower + FASTER_ROWS : count;
	lines = NEW_ARRAY(out->arena, struct table_line, shown + 1 + GEOMEANS);
	lines[0] = (struct table_line){
		.cells = {"SEVERITY", "BENCHMARK", "N", "BASE", "HEAD", "CHANGE", "SEES", "P", "CAUSE"},
	};
	for (size_t i = 0; i < shown; i++)
		lines[i + 1] = line_of(out->arena, v, rows[i], all);
	table_print(out, lines, shown + 1 + (all ? add_geomeans(out->arena, v, lines + shown + 1) : 0));
	if (shown < count)
		buf_printf(out, "  and %zu more that became faster\n", count - shown);
}

/* ---- what was not judged ---- */

static bool same_bench(const struct finding *a, const struct finding *b)
{
	return text_equal(a->suite, b->suite) && text_equal(a->bench, b->bench);
}

/* A series that is reported only stays out, unless nothing else speaks for its benchmark. */
static bool is_listed(const struct verdict *v, size_t at)
{
	const struct finding *f = &v->findings[at];
	size_t start = at;

	if (f->gated || f->effect != EFFECT_PASS)
		return true;
	while (start > 0 && same_bench(&v->findings[start - 1], f))
		start--;
	if (start < at)
		return false;
	for (size_t i = start; i < v->finding_count && same_bench(&v->findings[i], f); i++) {
		if (v->findings[i].gated)
			return false;
	}
	return true;
}

struct group {
	const struct finding **rows;
	size_t count;
};

/* The listed rows of `state` from `at` on that give the same reason as that one; marks them as done. */
static struct group group_of(struct arena *a, const struct verdict *v, size_t at, bool *done)
{
	const struct finding *first = &v->findings[at];
	struct group g = {NEW_ARRAY(a, const struct finding *, v->finding_count - at), 0};

	for (size_t i = at; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (done[i] || f->state != first->state || f->effect != first->effect ||
		    !text_equal(words_or_empty(f->reason), words_or_empty(first->reason)) || !is_listed(v, i))
			continue;
		done[i] = true;
		/* One name for all series of a benchmark: they stand side by side. */
		if (!g.count || !same_bench(g.rows[g.count - 1], f))
			g.rows[g.count++] = f;
		else if (metric_is_clock(f->metric))
			g.rows[g.count - 1] = f;
	}
	return g;
}

static void print_group(struct buf *out, const struct verdict *v, const struct group *g)
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
	bool *done = NEW_ARRAY(out->arena, bool, v->finding_count);
	size_t groups = 0, left_out = 0;

	for (size_t i = 0; i < v->finding_count; i++) {
		struct group g = {0};

		if (v->findings[i].state != state || done[i] || !is_listed(v, i))
			continue;
		/* After enough groups only the number of rows matters, and looking for their like would cost. */
		if (groups == GROUPS) {
			left_out++;
			continue;
		}
		g = group_of(out->arena, v, i, done);
		print_group(out, v, &g);
		groups++;
	}
	if (left_out > 0)
		buf_printf(out, "  and %zu more rows that are %s\n", left_out, words_state(out->arena, state));
}

/* ---- what could not have been seen ---- */

/* The noisiest first. */
static int compare_noise(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;
	double one = words_known(a->mde_ratio) ? a->mde_ratio.value : INFINITY;
	double two = words_known(b->mde_ratio) ? b->mde_ratio.value : INFINITY;

	if (one > two || one < two)
		return one > two ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* Rows that passed though their threshold lies below their noise: with all rows shown the table has them. */
static void print_noisy(struct buf *out, const struct verdict *v)
{
	const struct finding **rows = NEW_ARRAY(out->arena, const struct finding *, v->finding_count);
	size_t count = 0;

	for (size_t i = 0; i < v->finding_count; i++) {
		if (finding_is_noisy(&v->findings[i]))
			rows[count++] = &v->findings[i];
	}
	if (count > 0)
		qsort(rows, count, sizeof *rows, compare_noise);
	for (size_t i = 0; i < count && i < NOISY_ROWS; i++) {
		buf_printf(out, "  too noisy: %s\n", words_series(out->arena, rows[i]));
		print_reason(out, words_or_empty(rows[i]->reason));
	}
	if (count > NOISY_ROWS)
		buf_printf(out, "  and %zu more that are too noisy; -v lists them\n", count - NOISY_ROWS);
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

static void write_text(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	if (options->all_rows)
		print_titles(out, v);
	print_counts(out, v);
	print_rows(out, v, options->all_rows);
	for (size_t i = 0; i < LISTED_COUNT; i++)
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
