/* Building rows, and what is common to names, units and numbers of all formats. */
#include "input/rows.h"

#include <math.h>
#include <string.h>

static const char NO_USE[] = "holds a value that nobody can use: not a number, infinite, or a time that is not above 0";

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

void rows_init(struct rows *r, struct arena *a, const char *path, const struct input_sink *sink,
	       const struct input_context *context)
{
	struct input_context given = context ? *context : (struct input_context){0};

	*r = (struct rows){.arena = arena_open_child(a), .path = path, .sink = sink};
	r->row_arena = arena_open_child(r->arena);
	/* The first chunk stays when rows are given back. */
	arena_alloc(r->row_arena, 1);
	r->mark = arena_mark(r->row_arena);
	r->names.arena = r->arena;
	given.date = or_empty(given.date);
	given.executable = or_empty(given.executable);
	given.host_name = or_empty(given.host_name);
	given.library_version = or_empty(given.library_version);
	given.library_build_type = or_empty(given.library_build_type);
	if (sink->context)
		sink->context(sink->to, &given);
}

void rows_release(struct rows *r)
{
	arena_close(r->arena);
}

static bool begin(struct rows *r, struct str name, size_t line, struct err *err)
{
	arena_reset(r->row_arena, r->mark);
	if (!name.size)
		return err_set(err, "%s:%zu: a benchmark without a name", r->path, line);
	r->row = (struct input_row){
		.name = rows_text(r->row_arena, name),
		.message = "",
		.line = line,
		.iterations = 1,
		.threads = 1,
		.of = "",
		.statistic = "",
		.metrics = r->metrics,
	};
	return true;
}

bool rows_begin(struct rows *r, struct str name, size_t line, struct err *err)
{
	if (!begin(r, name, line, err))
		return false;
	r->row.repetition = names_slot(&r->names, str_of(r->row.name), 0)->repetition++;
	return true;
}

bool rows_begin_aggregate(struct rows *r, struct str name, const char *statistic, int64_t count, size_t line,
			  struct err *err)
{
	if (!begin(r, name, line, err))
		return false;
	r->row.kind = INPUT_AGGREGATE;
	r->row.of = r->row.name;
	r->row.name = arena_printf(r->row_arena, "%s_%s", r->row.of, statistic);
	r->row.statistic = statistic;
	r->row.repetitions = count > 0 ? count : 0;
	return true;
}

void rows_add(struct rows *r, struct metric metric, double value)
{
	struct input_row *row = &r->row;
	bool spread = text_equal(row->statistic, "stddev");

	for (size_t i = 0; i < row->metric_count; i++) {
		if (text_equal(r->metrics[i].metric.name, metric.name))
			return;
	}
	/* A spread may be 0, a time may not. */
	if (!isfinite(value) || (metric_is_clock(metric.name) && (spread ? value < 0 : value <= 0)))
		rows_refuse(r, INPUT_ERROR, NO_USE);
	else if (row->metric_count < ROWS_METRICS && row->status == INPUT_OK)
		r->metrics[row->metric_count++] = (struct input_metric){.metric = metric, .value = value};
}

void rows_add_named(struct rows *r, const char *name, const char *unit, double value)
{
	double ns = unit_ns(unit);

	if ((!*name || text_equal(name, "time")) && ns > 0)
		name = "real_time";
	if (metric_is_clock(name))
		rows_add(r, metric_of(name), value * (ns > 0 ? ns : 1));
	else
		rows_add(r, metric_with_unit(*name ? name : "value", unit), value);
}

void rows_refuse(struct rows *r, enum input_status status, const char *message)
{
	if (r->row.status != INPUT_OK)
		return;
	r->row.status = status;
	r->row.message = arena_string(r->row_arena, message);
	r->row.metric_count = 0;
}

bool rows_give(struct rows *r, struct err *err)
{
	if (r->row.status == INPUT_OK && !r->row.metric_count)
		rows_refuse(r, INPUT_ERROR, "holds no value");
	return r->sink->row(r->sink->to, &r->row, err);
}

const char *rows_text(struct arena *a, struct str bytes)
{
	struct buf b = {.arena = a};

	for (size_t at = 0; at < bytes.size;) {
		size_t length = bytes.at[at] ? text_utf8_length(bytes.at + at, bytes.size - at) : 0;

		if (length)
			buf_bytes(&b, bytes.at + at, length);
		else
			buf_text(&b, "\xEF\xBF\xBD");
		at += length ? length : 1;
	}
	return buf_string(&b);
}

double unit_ns(const char *unit)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = {
		{"ns", 1},          {"us", 1e3},        {"\xC2\xB5s", 1e3}, /* micro sign */
		{"\xCE\xBCs", 1e3},                                         /* Greek mu */
		{"ms", 1e6},        {"s", 1e9},         {"sec", 1e9},          {"secs", 1e9},
		{"second", 1e9},    {"seconds", 1e9},   {"min", 60e9},         {"hr", 3600e9},
		{"day", 86400e9},   {"nanoseconds", 1}, {"microseconds", 1e3}, {"milliseconds", 1e6},
	};
	static const char *const per[] = {"", "/op", "/iter", "/iteration"};

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		size_t size = strlen(units[i].name);

		for (size_t k = 0; k < sizeof per / sizeof per[0]; k++) {
			if (strncmp(unit, units[i].name, size) == 0 && text_equal(unit + size, per[k]))
				return units[i].ns;
		}
	}
	return 0;
}

struct str text_without_mark(struct str text)
{
	if (text.size >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0)
		return (struct str){text.at + 3, text.size - 3};
	return text;
}

bool rows_parse_json(struct arena *a, const char *path, struct str text, cJSON **root, struct err *err)
{
	return json_parse(a, path, text_without_mark(text), root, err);
}

const char *json_text_of(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsString(item) ? item->valuestring : "";
}

double json_number_of(const cJSON *object, const char *key, double otherwise)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsNumber(item) ? item->valuedouble : otherwise;
}
