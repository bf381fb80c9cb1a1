/*
 * Writing the data block.
 */
#include "report/html_data.h"

#include "base/json.h"
#include "draw/escape.h"
#include "report/html_facts.h"
#include "report/html_values.h"
#include "report/report_repeat.h"
#include "report/report_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
	MOST_VALUES = 200, /* dots a plot still shows apart */
	REASON_LINES = 12, /* as the text report shows */
};

struct writer {
	struct arena *arena; /* reset after each row */
	struct json *json;
	const struct verdict *verdict;
	const char **suites; /* that the verdict has, in its order */
	size_t suite_count;
	const char **runs;
	size_t run_count, run_capacity, last_run;
	struct arena *kept; /* what stays for all rows */
};

static void write_facts(const struct writer *w, const struct finding *f)
{
	const char **texts = NEW_ARRAY(w->arena, const char *, html_fact_count);
	size_t count = 0;

	for (size_t i = 0; i < html_fact_count; i++) {
		texts[i] = html_facts[i].text(w->arena, f);
		if (*texts[i])
			count = i + 1;
	}
	json_key(w->json, "f");
	json_begin_array_line(w->json);
	for (size_t i = 0; i < count; i++)
		json_text(w->json, texts[i]);
	json_end_array(w->json);
}

/* ---- values ---- */

/* Six digits are more than a plot has pixels, and a third of the bytes. */
static void write_value(struct json *j, double value)
{
	char text[TEXT_DOUBLE_SIZE];
	double rounded = value;

	snprintf(text, sizeof text, "%.6g", value);
	if (!text_parse_double(str_of(text), &rounded))
		rounded = value;
	json_double(j, rounded);
}

/* Every value, or as many as are drawn, evenly over the time that they were measured in. */
static void write_values(const struct writer *w, const char *key, const double *x, size_t count)
{
	size_t shown = count < MOST_VALUES ? count : MOST_VALUES;

	if (count == 0)
		return;
	json_key(w->json, key);
	json_begin_array_line(w->json);
	for (size_t i = 0; i < shown; i++)
		write_value(w->json, x[count <= MOST_VALUES ? i : i * (count - 1) / (MOST_VALUES - 1)]);
	json_end_array(w->json);
	if (shown < count) {
		json_key(w->json, arena_printf(w->arena, "%sn", key));
		json_int(w->json, (int64_t)count);
	}
}

/* The index of a run's name; most rows have the same runs in the same order. */
static size_t run_index(struct writer *w, const char *name)
{
	name = words_clip(w->arena, words_inert(w->arena, words_or_empty(name)), 40);
	for (size_t i = 0; i < w->run_count; i++) {
		size_t at = (w->last_run + 1 + i) % w->run_count;

		if (text_equal(w->runs[at], name))
			return w->last_run = at;
	}
	w->runs = arena_reserve(w->kept, w->runs, w->run_count, &w->run_capacity, sizeof *w->runs);
	w->runs[w->run_count] = arena_string(w->kept, name);
	return w->last_run = w->run_count++;
}

static void write_marked_points(const struct writer *w, const char *key, const struct report_point *points,
				size_t count, bool (*is_marked)(const struct report_point *p))
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (!is_marked(&points[i]))
			continue;
		if (!any) {
			json_key(w->json, key);
			json_begin_array_line(w->json);
		}
		any = true;
		json_int(w->json, (int64_t)i);
	}
	if (any)
		json_end_array(w->json);
}

static bool is_shift(const struct report_point *p)
{
	return p->shift;
}

static bool was_slower(const struct report_point *p)
{
	return p->slower;
}

static void write_history(struct writer *w, const struct html_values *x)
{
	if (x->point_count == 0)
		return;
	json_key(w->json, "hr");
	json_begin_array_line(w->json);
	for (size_t i = 0; i < x->point_count; i++)
		json_int(w->json, (int64_t)run_index(w, x->points[i].name));
	json_end_array(w->json);
	json_key(w->json, "hv");
	json_begin_array_line(w->json);
	for (size_t i = 0; i < x->point_count; i++)
		write_value(w->json, x->points[i].value);
	json_end_array(w->json);
	write_marked_points(w, "hc", x->points, x->point_count, is_shift);
	write_marked_points(w, "hs", x->points, x->point_count, was_slower);
}

/* A unit in which the row's values have one to three digits before the point. */
static void write_unit(const struct writer *w, const struct finding *f)
{
	static const struct {
		const char *name;
		double ns;
	} times[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
	static const char *const prefixes[] = {"", "k", "M", "G", "T"};
	struct number n = words_known(f->baseline) ? f->baseline : f->current;
	const char *unit = words_or_empty(f->unit);
	double size = words_known(n) ? fabs(n.value) : 1, multiplier = 1;
	size_t at = 0;

	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		if (!text_equal(unit, times[i].name))
			continue;
		while (at + 1 < sizeof times / sizeof times[0] && size * times[i].ns >= times[at + 1].ns)
			at++;
		json_key(w->json, "u");
		json_text(w->json, times[at].name);
		multiplier = times[i].ns / times[at].ns;
		json_key(w->json, "m");
		json_double(w->json, multiplier);
		return;
	}
	for (; at + 1 < sizeof prefixes / sizeof prefixes[0] && size >= 1000; at++) {
		size /= 1000;
		multiplier /= 1000;
	}
	if (text_starts(unit, "bytes"))
		unit = arena_printf(w->arena, "B%s", unit + strlen("bytes"));
	json_key(w->json, "u");
	json_text(w->json,
		  words_clip(w->arena, arena_printf(w->arena, "%s%s", prefixes[at], words_inert(w->arena, unit)), 40));
	json_key(w->json, "m");
	json_double(w->json, multiplier);
}

/* ---- a row ---- */

static void write_text(const struct writer *w, const char *key, const char *text)
{
	if (!*text)
		return;
	json_key(w->json, key);
	json_text(w->json, text);
}

/* The reason in lines: pawl's word, then the last lines of what the program said. */
static const char *reason_of(struct arena *a, const struct finding *f)
{
	const char *text = words_or_empty(f->reason);
	size_t first = strcspn(text, "\n");
	struct buf out = {.arena = a};
	struct str last = {0};

	buf_text(&out, html_readable(a, arena_copy(a, text, first)));
	if (text[first] == '\0')
		return buf_string(&out);
	last = text_last_lines(str_of(text + first + 1), REASON_LINES);
	text = arena_copy(a, last.at, last.size);
	while (*text) {
		size_t size = strcspn(text, "\n");

		buf_char(&out, '\n');
		buf_text(&out, html_readable(a, arena_copy(a, text, size)));
		text += size + (text[size] == '\n');
	}
	return buf_string(&out);
}

static void write_number(const struct writer *w, const char *key, struct number n)
{
	if (!words_known(n))
		return;
	json_key(w->json, key);
	json_double(w->json, n.value);
}

static void write_index(const struct writer *w, const char *key, size_t index)
{
	json_key(w->json, key);
	json_int(w->json, (int64_t)index);
}

static size_t suite_index(const struct writer *w, const char *suite)
{
	for (size_t i = 0; i < w->suite_count; i++) {
		if (text_equal(w->suites[i], suite))
			return i;
	}
	return 0;
}

static void write_row(struct writer *w, const struct html_row *row, const struct html_source *source)
{
	const struct finding *f = row->finding;
	struct html_values values = html_values_find(w->arena, source, f);

	json_begin_object_line(w->json);
	write_index(w, "l", row->label);
	write_index(w, "s", suite_index(w, words_or_empty(f->suite)));
	write_index(w, "e", f->severity);
	if (!f->gated)
		write_index(w, "g", 1);
	write_number(w, "b", f->baseline);
	write_number(w, "h", f->current);
	write_number(w, "c", f->change_ratio);
	write_facts(w, f);
	write_text(w, "r", reason_of(w->arena, f));
	write_text(w, "w", html_readable(w->arena, f->warning));
	write_text(w, "q", repeat_command(w->arena, w->verdict, f));
	if (values.base_count + values.head_count + values.point_count > 0)
		write_unit(w, f);
	write_values(w, "x", values.base, values.base_count);
	write_values(w, "y", values.head, values.head_count);
	if (values.base_is_stored && values.base_count > 0)
		write_index(w, "xs", 1);
	write_history(w, &values);
	json_end_object(w->json);
}

/* ---- the block ---- */

static void write_names(const struct writer *w, const char *key, const char *const *names, size_t count)
{
	json_key(w->json, key);
	json_begin_array_line(w->json);
	for (size_t i = 0; i < count; i++)
		json_text(w->json, words_clip(w->kept, words_inert(w->kept, names[i]), 80));
	json_end_array(w->json);
}

/* Findings are sorted by suite, so that equal names stand together. */
static void find_suites(struct writer *w, const struct verdict *v)
{
	w->suites = NEW_ARRAY(w->kept, const char *, v->finding_count);
	for (size_t i = 0; i < v->finding_count; i++) {
		const char *suite = words_or_empty(v->findings[i].suite);

		if (w->suite_count == 0 || !text_equal(w->suites[w->suite_count - 1], suite))
			w->suites[w->suite_count++] = suite;
	}
}

static void write_tables(const struct writer *w)
{
	const char **names = NEW_ARRAY(w->kept, const char *, HTML_LABEL_COUNT + html_fact_count + SEVERITY_CRITICAL);

	for (size_t i = 0; i < HTML_LABEL_COUNT; i++)
		names[i] = html_label_name((enum html_label)i);
	write_names(w, "labels", names, HTML_LABEL_COUNT);
	for (size_t i = 0; i <= SEVERITY_CRITICAL; i++)
		names[i] = severity_name((enum severity)i);
	write_names(w, "severities", names, SEVERITY_CRITICAL + 1);
	for (size_t i = 0; i < html_fact_count; i++)
		names[i] = html_facts[i].heading;
	write_names(w, "facts", names, html_fact_count);
	write_names(w, "suites", w->suites, w->suite_count);
}

void html_data_write(struct buf *out, const struct verdict *v, const struct html_row *rows,
		     const struct report_options *options)
{
	struct arena *scratch = arena_open_child(out->arena);
	struct html_source source = html_source_of(out->arena, options);
	struct buf text = {.arena = out->arena};
	struct json j = {.out = &text, .compact = true};
	struct writer w = {.arena = scratch, .json = &j, .verdict = v, .kept = out->arena};

	find_suites(&w, v);
	json_begin_object(&j);
	write_tables(&w);
	json_key(&j, "rows");
	json_begin_array(&j);
	for (size_t i = 0; i < v->finding_count; i++) {
		struct arena_mark mark = arena_mark(scratch);

		write_row(&w, &rows[i], &source);
		arena_reset(scratch, mark);
	}
	json_end_array(&j);
	write_names(&w, "runs", w.runs, w.run_count);
	json_end_object(&j);
	html_script_json(out, (struct str){buf_string(&text), text.size});
	arena_close(scratch);
}
