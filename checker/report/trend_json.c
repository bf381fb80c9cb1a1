/* Trends as JSON. */
#include "report/report.h"

#include "base/json.h"

#include <math.h>

enum { TREND_SCHEMA = 1 };

static void write_number(struct json *j, const char *key, double value)
{
	json_key(j, key);
	if (isfinite(value))
		json_double(j, value);
	else
		json_null(j);
}

static void write_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text && *text ? text : NULL);
}

static void write_moment(struct json *j, const char *key, const struct moment *m)
{
	json_key(j, key);
	json_begin_object_line(j);
	write_text(j, "commit", m->commit);
	write_text(j, "run", m->run);
	write_text(j, "time", m->time);
	json_end_object(j);
}

static void write_size(struct json *j, const struct trend_size *s)
{
	write_number(j, "after", s->after);
	write_number(j, "before", s->before);
	write_number(j, "change_percent", s->has_ratio ? s->ratio * 100 : NAN);
	write_number(j, "ci_high_percent", s->has_ratio ? s->high * 100 : NAN);
	write_number(j, "ci_low_percent", s->has_ratio ? s->low * 100 : NAN);
	write_text(j, "direction", trend_way_name(s->way));
}

static void write_change(struct json *j, const struct trend *t, const struct trend_change *c)
{
	json_begin_object(j);
	json_key(j, "index");
	json_int(j, (int64_t)c->index);
	write_size(j, &c->size);
	write_moment(j, "first_bad", &t->history->moments[c->bad]);
	json_key(j, "holds");
	json_bool(j, c->holds);
	write_moment(j, "last_good", &t->history->moments[c->good]);
	write_number(j, "p_value", c->p);
	write_number(j, "q_value", c->q);
	json_end_object(j);
}

static void write_creep(struct json *j, const struct trend *t, const struct trend_creep *c)
{
	json_key(j, "creeping");
	if (!c->found) {
		json_null(j);
		return;
	}
	json_begin_object(j);
	write_size(j, &c->size);
	json_key(j, "end");
	json_int(j, (int64_t)c->end);
	json_key(j, "first");
	json_int(j, (int64_t)c->first);
	write_moment(j, "from", &t->history->moments[c->from]);
	write_text(j, "kind", c->in_steps ? "steps" : "line");
	write_number(j, "p_value", c->p);
	write_number(j, "q_value", c->q);
	write_moment(j, "to", &t->history->moments[c->to]);
	json_end_object(j);
}

static void write_row(struct json *j, const struct trend *t, const struct trend_row *row)
{
	const struct history_series *s = row->series;

	json_begin_object(j);
	json_key(j, "series");
	json_text(j, s->name);
	write_text(j, "benchmark", s->bench);
	write_text(j, "category", category_name(row->category));
	json_key(j, "change_points");
	json_begin_array(j);
	for (size_t i = 0; i < row->change_count; i++)
		write_change(j, t, &row->changes[i]);
	json_end_array(j);
	write_creep(j, t, &row->creep);
	write_number(j, "level", s->count ? row->level : NAN);
	write_text(j, "metric", s->metric.name);
	write_number(j, "noise_percent", row->noise_is_ratio ? row->noise * 100 : NAN);
	json_key(j, "spikes");
	json_int(j, (int64_t)row->spike_count);
	write_text(j, "suite", s->suite);
	write_number(j, "threshold_percent", row->threshold_ratio * 100);
	write_text(j, "unit", row->unit);
	json_key(j, "values");
	json_int(j, (int64_t)s->count);
	json_end_object(j);
}

static void write_json(struct buf *out, const struct trend *t, const struct trend_options *options)
{
	struct json j = {.out = out};

	json_begin_object(&j);
	json_key(&j, "pawl_trend");
	json_int(&j, TREND_SCHEMA);
	json_key(&j, "notes");
	json_begin_array(&j);
	for (size_t i = 0; i < t->history->note_count; i++)
		json_text(&j, t->history->notes[i]);
	json_end_array(&j);
	json_key(&j, "series");
	json_begin_array(&j);
	for (size_t i = 0; i < t->row_count; i++)
		write_row(&j, t, &t->rows[i]);
	json_end_array(&j);
	write_text(&j, "source", options->source);
	json_end_object(&j);
	buf_char(out, '\n');
}

const struct trend_format trend_format_json = {
	.name = "json",
	.help = "everything, with the index of every change point",
	.write = write_json,
};
