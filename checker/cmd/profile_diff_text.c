/* Differences of profiles as text for a terminal. */
#include "cmd/profile_diff.h"

#include "base/file.h"
#include "base/quantity.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 9, CALLERS_SHOWN = 3, NAMES_SHOWN = 20 };

struct lines {
	struct arena *arena;
	const char *(*cells)[COLUMNS];
	size_t count, capacity;
};

const char *diff_amount(struct arena *a, double value, const char *unit)
{
	if (text_equal(unit, "nanoseconds"))
		return quantity_duration(a, value);
	if (text_equal(unit, "bytes"))
		return quantity_size(a, value);
	if (fabs(value) < 1e15 && fabs(value - nearbyint(value)) <= 0)
		return arena_printf(a, "%.0f", value);
	return arena_printf(a, "%.4g", value);
}

const char *diff_change(struct arena *a, double value, const char *unit)
{
	const char *text = diff_amount(a, fabs(value), unit);

	return arena_printf(a, "%s%s", value < 0 ? "-" : "+", text);
}

static const char *p_text(struct arena *a, double p)
{
	if (p < 1e-4)
		return p > 0 ? arena_printf(a, "%.0e", p) : "0";
	return arena_printf(a, p < 0.01 ? "%.4f" : "%.2f", p);
}

static const char *place_text(struct arena *a, const struct attribution_row *row)
{
	if (!*row->file)
		return "";
	if (row->line <= 0)
		return text_printable_copy(a, path_base(row->file));
	return arena_printf(a, "%s:%lld", text_printable_copy(a, path_base(row->file)), (long long)row->line);
}

static const char **add_line(struct lines *l)
{
	l->cells = arena_reserve(l->arena, l->cells, l->count, &l->capacity, sizeof *l->cells);
	for (size_t i = 0; i < COLUMNS; i++)
		l->cells[l->count][i] = "";
	return l->cells[l->count++];
}

/* Numbers to the right, texts to the left. */
static void print_lines(struct buf *out, const struct lines *l)
{
	size_t widths[COLUMNS] = {0};

	for (size_t i = 0; i < l->count; i++) {
		for (size_t k = 0; k < COLUMNS; k++) {
			size_t width = text_columns(l->cells[i][k]);

			widths[k] = width > widths[k] ? width : widths[k];
		}
	}
	for (size_t i = 0; i < l->count; i++) {
		size_t blanks = 0;

		for (size_t k = 0; k < COLUMNS; k++) {
			const char *cell = l->cells[i][k];
			size_t gap = widths[k] - text_columns(cell);
			bool left = k == 0 || k >= 7;

			if (!widths[k])
				continue;
			blanks += 2 + (left ? 0 : gap);
			if (*cell) {
				buf_repeat(out, ' ', blanks);
				buf_text(out, cell);
				blanks = left ? gap : 0;
			} else {
				blanks += left ? gap : 0;
			}
		}
		buf_char(out, '\n');
	}
}

static void fill_change(struct arena *a, const char **cells, const struct attribution_change *c, const char *unit)
{
	cells[1] = diff_amount(a, c->base, unit);
	cells[2] = diff_amount(a, c->head, unit);
	cells[3] = diff_change(a, c->change, unit);
	if (c->base > 0)
		cells[4] = arena_printf(a, "%+.1f %%", 100 * c->change / c->base);
}

static const char *interval_text(struct arena *a, const struct attribution_change *c, const char *unit)
{
	return arena_printf(a, "[%s, %s]", diff_change(a, c->low, unit), diff_change(a, c->high, unit));
}

static void add_row(struct lines *l, const struct attribution_row *row, const char *unit, bool exact)
{
	const char **cells = add_line(l);

	cells[0] = text_printable_copy(l->arena, row->name);
	fill_change(l->arena, cells, &row->own, unit);
	cells[5] = exact ? "" : interval_text(l->arena, &row->own, unit);
	cells[6] = row->own.q < 1 && !exact ? p_text(l->arena, row->own.q) : "";
	cells[7] = change_state_name(row->state);
	cells[8] = place_text(l->arena, row);
}

static void add_to(struct attribution_change *sum, const struct attribution_change *c)
{
	sum->base += c->base;
	sum->head += c->head;
	sum->change += c->change;
}

static void print_table(struct buf *out, const struct attribution *at, const struct diff_show *show)
{
	static const char *const heading[COLUMNS] = {"FUNCTION", "BASE", "HEAD",    "CHANGE", "",
						     "INTERVAL", "Q",    "VERDICT", "PLACE"};
	struct lines l = {.arena = out->arena};
	struct attribution_change others = {0};
	size_t other_count = 0, shown = 0;
	bool exact = at->method == ATTRIBUTION_EXACT;

	memcpy(add_line(&l), heading, sizeof heading);
	for (size_t i = 0; i < at->row_count; i++) {
		const struct attribution_row *row = at->rows + i;

		if (row->state == CHANGE_SAME && row->own.base <= 0 && row->own.head <= 0)
			continue;
		/* Of counts that are the same there is nothing to see. */
		if (row->state != CHANGE_SAME || (shown < show->row_limit && (!exact || fabs(row->own.change) > 0))) {
			add_row(&l, row, show->unit, exact);
			shown++;
		} else {
			add_to(&others, &row->own);
			other_count++;
		}
	}
	if (other_count) {
		const char **cells = add_line(&l);

		cells[0] = arena_printf(out->arena, "(%zu other functions)", other_count);
		fill_change(out->arena, cells, &others, show->unit);
	}
	if (at->unattributed.base > 0 || at->unattributed.head > 0) {
		const char **cells = add_line(&l);

		cells[0] = "(unattributed)";
		fill_change(out->arena, cells, &at->unattributed, show->unit);
	}
	const char **cells = add_line(&l);

	cells[0] = "(total)";
	fill_change(out->arena, cells, &at->benchmark, show->unit);
	if (!exact) {
		cells[5] = interval_text(out->arena, &at->benchmark, show->unit);
		cells[6] = p_text(out->arena, at->benchmark.p);
	} else {
		l.cells[0][5] = l.cells[0][6] = "";
	}
	print_lines(out, &l);
}

static void print_cause(struct buf *out, const struct attribution *at, const struct attribution_cause *c,
			const struct diff_show *show)
{
	struct arena *a = out->arena;
	const struct attribution_row *row = at->rows + c->row;
	const char *place = place_text(a, row);

	buf_printf(out, "%s", text_printable_copy(a, row->name));
	if (c->with_callees)
		buf_text(out, " and what it calls");
	buf_printf(out, ": %s per %s", diff_change(a, c->change, show->unit), show->operation);
	if (!c->with_callees && row->state != CHANGE_NEW && row->state != CHANGE_MOVED &&
	    row->total.base > row->own.base)
		buf_printf(out, " (with what it calls: %s, then %s)", diff_amount(a, row->total.base, show->unit),
			   diff_amount(a, row->total.head, show->unit));
	if (fabs(c->part) > 0)
		buf_printf(out, ", %.0f %% of the change", 100 * c->part);
	if (*place)
		buf_printf(out, "; %s", place);
	if (row->state == CHANGE_LAYOUT || row->state == CHANGE_OUTSIDE || row->state == CHANGE_NEW ||
	    row->state == CHANGE_GONE || row->state == CHANGE_MOVED)
		buf_printf(out, "; %s", change_state_name(row->state));
	for (size_t i = 0; i < row->caller_count && i < CALLERS_SHOWN; i++)
		buf_printf(out, "%s%s", i ? " < " : "; called by ",
			   text_printable_copy(a, at->rows[row->callers[i]].name));
	if (row->caller_count > CALLERS_SHOWN)
		buf_text(out, " < ...");
	buf_char(out, '\n');
}

static const char *groups_text(struct arena *a, size_t count, const char *group)
{
	return arena_printf(a, "%zu %s%s", count, group, count == 1 ? "" : "s");
}

static void print_section(struct buf *out, const struct attribution *at, const struct diff_show *show)
{
	struct arena *a = out->arena;

	buf_printf(out, "%s against %s; %s per %s; ", groups_text(a, at->base_groups, show->group),
		   groups_text(a, at->head_groups, show->group), text_printable_copy(a, show->type), show->operation);
	if (at->method != ATTRIBUTION_EXACT)
		buf_printf(out, "%.0f and %.0f samples; ", at->base_samples, at->head_samples);
	buf_printf(out, "test: %s%s\n", attribution_method_name(at->method), at->indicative ? ", indicative" : "");
	for (size_t i = 0; i < show->warning_count; i++)
		buf_printf(out, "note: %s\n", text_printable_copy(a, show->warnings[i]));
	if (at->base_left_out > 0 || at->head_left_out > 0)
		buf_printf(out, "note: %.1f %% of the base and %.1f %% of the head are outside of the scope\n",
			   100 * at->base_left_out, 100 * at->head_left_out);
	for (size_t i = 0; i < at->cause_count; i++)
		print_cause(out, at, at->causes + i, show);
	if (!at->cause_count && at->resolved)
		buf_text(out, "no function is shown to have changed\n");
	else if (!at->resolved)
		buf_printf(out, "no function is named: %s\n", text_printable_copy(a, at->reason));
	if (at->samples_needed > 0)
		buf_printf(out, "about %.0f samples a side would tell, in %zu groups as long as these\n",
			   at->samples_needed, at->groups_wanted);
	buf_char(out, '\n');
	print_table(out, at, show);
}

static const char *name_text(struct arena *a, const char *suite, const char *bench)
{
	return text_printable_copy(a, arena_printf(a, "%s/%s", suite, bench));
}

/* What is compared and what is not. */
static void print_contents(struct buf *out, const struct diff_report *report)
{
	struct arena *a = out->arena;

	if (report->section_count > 1) {
		buf_printf(out, "%zu benchmarks, each on its own; --filter RE or --suite S chooses: ",
			   report->section_count);
		for (size_t i = 0; i < report->section_count && i < NAMES_SHOWN; i++)
			buf_printf(out, "%s%s", i ? ", " : "",
				   name_text(a, report->sections[i].show.suite, report->sections[i].show.bench));
		if (report->section_count > NAMES_SHOWN)
			buf_printf(out, " and %zu more", report->section_count - NAMES_SHOWN);
		buf_char(out, '\n');
	}
	for (size_t i = 0; i < report->left_out_count; i++) {
		const struct diff_left_out *l = &report->left_out[i];

		buf_printf(out, "not compared: %s: %s\n", name_text(a, l->suite, l->bench),
			   text_printable_copy(a, l->reason));
	}
	for (size_t i = 0; i < report->note_count; i++)
		buf_printf(out, "note: %s\n", text_printable_copy(a, report->notes[i]));
	if (report->section_count > 1 || report->left_out_count || report->note_count)
		buf_char(out, '\n');
}

void diff_text(struct buf *out, const struct diff_report *report)
{
	if (report->of_runs)
		print_contents(out, report);
	for (size_t i = 0; i < report->section_count; i++) {
		const struct diff_show *show = &report->sections[i].show;

		if (i)
			buf_char(out, '\n');
		if (report->of_runs)
			buf_printf(out, "%s: ", name_text(out->arena, show->suite, show->bench));
		print_section(out, &report->sections[i].at, show);
	}
}

/* The runtime's own frames say little about who keeps something. */
static size_t first_telling(const struct leak_site *site)
{
	for (size_t i = 0; i < site->function_count; i++)
		if (!text_starts(site->functions[i], "runtime."))
			return i;
	return 0;
}

static const char *site_text(struct arena *a, const struct leak_site *site)
{
	struct buf out = {.arena = a};
	size_t first = first_telling(site);

	for (size_t i = first; i < site->function_count && i < first + 1 + CALLERS_SHOWN; i++) {
		buf_text(&out, i > first ? " < " : "");
		text_printable(&out, site->functions[i]);
	}
	if (site->function_count > first + 1 + CALLERS_SHOWN)
		buf_text(&out, " < ...");
	return buf_string(&out);
}

void leak_text(struct buf *out, const struct leak_report *report, const char *const *names,
	       const struct diff_show *show)
{
	struct arena *a = out->arena;
	size_t last = report->snapshot_count - 1;

	buf_printf(out, "%zu snapshots of %s, %s to %s in all (%s)\n", report->snapshot_count,
		   text_printable_copy(a, show->type), diff_amount(a, report->totals[0], show->unit),
		   diff_amount(a, report->totals[last], show->unit),
		   diff_change(a, report->totals[last] - report->totals[0], show->unit));
	buf_printf(out,
		   "%zu of %zu sites grew in every step; values in any order rise by chance in 1 of %.0f cases\n\n",
		   report->site_count, report->stack_count, 1 / report->chance);
	(void)names;
	for (size_t i = 0; i < report->site_count && i < show->row_limit; i++) {
		const struct leak_site *site = report->sites + i;

		buf_printf(out, "  %s  %s a step  ", diff_change(a, site->growth, show->unit),
			   diff_change(a, site->growth_per_step, show->unit));
		for (size_t k = 0; k < report->snapshot_count; k++)
			buf_printf(out, "%s%s", k ? ", " : "(", diff_amount(a, site->values[k], show->unit));
		buf_printf(out, ")  %s\n", site_text(a, site));
	}
	if (report->site_count > show->row_limit)
		buf_printf(out, "  (%zu more; --all shows them)\n", report->site_count - show->row_limit);
}
