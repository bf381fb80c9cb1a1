/* Differences of profiles as CSV and JSON; nothing is left out. */
#include "cmd/profile_diff.h"

#include "base/json.h"
#include "draw/cells.h"

static void csv_number(struct buf *out, double value)
{
	buf_char(out, ',');
	cells_double(out, value);
}

static void csv_count(struct buf *out, double value)
{
	buf_printf(out, ",%.0f", value);
}

static void csv_change(struct buf *out, const struct attribution_change *c)
{
	csv_number(out, c->base);
	csv_number(out, c->head);
	csv_number(out, c->change);
	buf_char(out, ',');
	if (c->base > 0)
		cells_percent(out, c->change / c->base);
	csv_number(out, c->low);
	csv_number(out, c->high);
	csv_number(out, c->p);
	csv_number(out, c->q);
}

/* What the rows of a section share. */
static void csv_end(struct buf *out, const struct attribution *at, const struct diff_show *show)
{
	cells_text(out, show->unit, false);
	buf_printf(out, ",%s,", attribution_method_name(at->method));
	cells_text(out, show->suite ? show->suite : "", false);
	buf_char(out, ',');
	cells_text(out, show->bench ? show->bench : "", false);
	buf_char(out, '\n');
}

/* The row of a sum: what a function alone has stays empty. */
static void csv_sum(struct buf *out, const char *name, const struct attribution_change *c, const struct attribution *at,
		    const struct diff_show *show)
{
	buf_printf(out, "%s,,,", name);
	csv_change(out, c);
	buf_text(out, ",,,,,,,");
	csv_end(out, at, show);
}

static void csv_rows(struct buf *out, const struct attribution *at, const struct diff_show *show)
{
	for (size_t i = 0; i < at->row_count; i++) {
		const struct attribution_row *row = at->rows + i;

		cells_text(out, row->name, false);
		buf_char(out, ',');
		cells_text(out, row->file, false);
		buf_printf(out, ",%.0lld", (long long)row->line);
		csv_change(out, &row->own);
		buf_printf(out, ",%s", change_state_name(row->state));
		csv_number(out, row->total.base);
		csv_number(out, row->total.head);
		buf_char(out, ',');
		cells_percent(out, row->base_share);
		buf_char(out, ',');
		cells_percent(out, row->head_share);
		csv_count(out, row->base_samples);
		csv_count(out, row->head_samples);
		buf_char(out, ',');
		csv_end(out, at, show);
	}
	csv_sum(out, "(unattributed)", &at->unattributed, at, show);
	csv_sum(out, "(total)", &at->benchmark, at, show);
}

void diff_csv(struct buf *out, const struct diff_report *report)
{
	buf_text(out, "function,file,line,base,head,change,change_percent,ci_low,ci_high,p_value,q_value,verdict,"
		      "base_with_callees,head_with_callees,base_share_percent,head_share_percent,samples_base,"
		      "samples_head,unit,method,suite,benchmark\n");
	for (size_t i = 0; i < report->section_count; i++)
		csv_rows(out, &report->sections[i].at, &report->sections[i].show);
}

static void json_number(struct json *j, const char *key, double value)
{
	json_key(j, key);
	json_double(j, value);
}

static void json_string(struct json *j, const char *key, const char *value)
{
	json_key(j, key);
	json_text(j, value);
}

static void json_change(struct json *j, const char *key, const struct attribution_change *c)
{
	json_key(j, key);
	json_begin_object_line(j);
	json_number(j, "base", c->base);
	json_number(j, "head", c->head);
	json_number(j, "change", c->change);
	json_number(j, "low", c->low);
	json_number(j, "high", c->high);
	json_number(j, "p", c->p);
	json_number(j, "q", c->q);
	json_end_object(j);
}

static void json_callers(struct json *j, const struct attribution *at, const struct attribution_row *row)
{
	json_key(j, "callers");
	json_begin_array_line(j);
	for (size_t i = 0; i < row->caller_count; i++)
		json_text(j, at->rows[row->callers[i]].name);
	json_end_array(j);
}

static void json_place(struct json *j, const struct attribution_row *row)
{
	json_string(j, "function", row->name);
	json_string(j, "file", row->file);
	json_key(j, "line");
	json_int(j, row->line);
	json_key(j, "hot_line");
	json_int(j, row->hot_line);
}

static void json_cause(struct json *j, const struct attribution *at, const struct attribution_cause *c)
{
	json_begin_object(j);
	json_place(j, at->rows + c->row);
	json_string(j, "verdict", change_state_name(at->rows[c->row].state));
	json_key(j, "with_callees");
	json_bool(j, c->with_callees);
	json_number(j, "change", c->change);
	json_number(j, "low", c->low);
	json_number(j, "high", c->high);
	json_number(j, "p", c->p);
	json_number(j, "q", c->q);
	json_number(j, "part", c->part);
	json_callers(j, at, at->rows + c->row);
	json_end_object(j);
}

static void json_row(struct json *j, const struct attribution *at, const struct attribution_row *row)
{
	json_begin_object(j);
	json_place(j, row);
	json_string(j, "verdict", change_state_name(row->state));
	json_change(j, "own", &row->own);
	json_change(j, "with_callees", &row->total);
	json_number(j, "base_share", row->base_share);
	json_number(j, "head_share", row->head_share);
	json_number(j, "base_samples", row->base_samples);
	json_number(j, "head_samples", row->head_samples);
	if (row->state != CHANGE_SAME)
		json_callers(j, at, row);
	if (row->moved_under != ATTRIBUTION_NONE)
		json_string(j, "moved_under", at->rows[row->moved_under].name);
	json_end_object(j);
}

static void json_notes(struct json *j, const char *const *notes, size_t count)
{
	json_key(j, "notes");
	json_begin_array(j);
	for (size_t i = 0; i < count; i++)
		json_text(j, notes[i]);
	json_end_array(j);
}

static void json_head(struct json *j, const struct attribution *at, const struct diff_show *show)
{
	json_string(j, "type", show->type);
	json_string(j, "unit", show->unit);
	json_string(j, "per", show->operation);
	json_string(j, "method", attribution_method_name(at->method));
	json_key(j, "indicative");
	json_bool(j, at->indicative);
	json_key(j, "base_groups");
	json_int(j, (int64_t)at->base_groups);
	json_key(j, "head_groups");
	json_int(j, (int64_t)at->head_groups);
	json_number(j, "base_samples", at->base_samples);
	json_number(j, "head_samples", at->head_samples);
	json_number(j, "base_left_out", at->base_left_out);
	json_number(j, "head_left_out", at->head_left_out);
	json_key(j, "resolved");
	json_bool(j, at->resolved);
	json_string(j, "reason", at->reason);
	json_number(j, "samples_needed", at->samples_needed);
	json_key(j, "groups_wanted");
	json_int(j, (int64_t)at->groups_wanted);
	json_notes(j, show->warnings, show->warning_count);
}

static void json_section(struct json *j, const struct attribution *at, const struct diff_show *show)
{
	json_head(j, at, show);
	json_change(j, "total", &at->benchmark);
	json_change(j, "unattributed", &at->unattributed);
	json_key(j, "causes");
	json_begin_array(j);
	for (size_t i = 0; i < at->cause_count; i++)
		json_cause(j, at, at->causes + i);
	json_end_array(j);
	json_key(j, "functions");
	json_begin_array(j);
	for (size_t i = 0; i < at->row_count; i++)
		json_row(j, at, at->rows + i);
	json_end_array(j);
}

static void json_benchmarks(struct json *j, const struct diff_report *report)
{
	json_notes(j, report->notes, report->note_count);
	json_key(j, "left_out");
	json_begin_array(j);
	for (size_t i = 0; i < report->left_out_count; i++) {
		json_begin_object_line(j);
		json_string(j, "suite", report->left_out[i].suite);
		json_string(j, "benchmark", report->left_out[i].bench);
		json_string(j, "reason", report->left_out[i].reason);
		json_end_object(j);
	}
	json_end_array(j);
	json_key(j, "benchmarks");
	json_begin_array(j);
	for (size_t i = 0; i < report->section_count; i++) {
		json_begin_object(j);
		json_string(j, "suite", report->sections[i].show.suite);
		json_string(j, "benchmark", report->sections[i].show.bench);
		json_section(j, &report->sections[i].at, &report->sections[i].show);
		json_end_object(j);
	}
	json_end_array(j);
}

void diff_json(struct buf *out, const struct diff_report *report)
{
	struct json j = {.out = out};

	json_begin_object(&j);
	json_key(&j, "pawl_profile_diff");
	json_int(&j, 1);
	if (report->of_runs)
		json_benchmarks(&j, report);
	else
		json_section(&j, &report->sections[0].at, &report->sections[0].show);
	json_end_object(&j);
	buf_char(out, '\n');
}

static const char *stack_text(struct arena *a, const struct leak_site *site)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < site->function_count; i++)
		buf_printf(&out, "%s%s", i ? " < " : "", site->functions[i]);
	return buf_string(&out);
}

void leak_csv(struct buf *out, const struct leak_report *report, const char *const *names, const struct diff_show *show)
{
	buf_text(out, "site,growth,growth_per_step,unit");
	for (size_t i = 0; i < report->snapshot_count; i++) {
		buf_char(out, ',');
		cells_text(out, names[i], false);
	}
	buf_char(out, '\n');
	for (size_t i = 0; i < report->site_count; i++) {
		const struct leak_site *site = report->sites + i;

		cells_text(out, stack_text(out->arena, site), false);
		csv_number(out, site->growth);
		csv_number(out, site->growth_per_step);
		buf_char(out, ',');
		cells_text(out, show->unit, false);
		for (size_t k = 0; k < report->snapshot_count; k++)
			csv_number(out, site->values[k]);
		buf_char(out, '\n');
	}
}

static void json_values(struct json *j, const char *key, const double *values, size_t count)
{
	json_key(j, key);
	json_begin_array_line(j);
	for (size_t i = 0; i < count; i++)
		json_double(j, values[i]);
	json_end_array(j);
}

void leak_json(struct buf *out, const struct leak_report *report, const char *const *names,
	       const struct diff_show *show)
{
	struct json j = {.out = out};

	json_begin_object(&j);
	json_key(&j, "pawl_profile_leak");
	json_int(&j, 1);
	json_string(&j, "type", show->type);
	json_string(&j, "unit", show->unit);
	json_key(&j, "snapshots");
	json_begin_array(&j);
	for (size_t i = 0; i < report->snapshot_count; i++)
		json_text(&j, names[i]);
	json_end_array(&j);
	json_values(&j, "totals", report->totals, report->snapshot_count);
	json_number(&j, "chance", report->chance);
	json_key(&j, "site_count");
	json_int(&j, (int64_t)report->stack_count);
	json_key(&j, "sites");
	json_begin_array(&j);
	for (size_t i = 0; i < report->site_count; i++) {
		const struct leak_site *site = report->sites + i;

		json_begin_object(&j);
		json_key(&j, "stack");
		json_begin_array_line(&j);
		for (size_t k = 0; k < site->function_count; k++)
			json_text(&j, site->functions[k]);
		json_end_array(&j);
		json_number(&j, "growth", site->growth);
		json_number(&j, "growth_per_step", site->growth_per_step);
		json_values(&j, "values", site->values, report->snapshot_count);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}
