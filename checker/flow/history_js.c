/*
 * Histories from the data.js of github-action-benchmark: a script that sets one variable to JSON.
 */
#include "flow/history_read.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/json_read.h"

#include <string.h>

enum { JS_LIMIT = 256 << 20 };

/* What was met and is not taken. */
struct left_out {
	size_t ranges, extras, values, entries;
};

struct reading {
	struct arena *arena;
	struct history *history;
	struct left_out left_out;
};

/* The JSON alone, everything before it blank, so that lines keep their numbers. */
static bool find_json(struct arena *a, const char *path, struct str text, struct str *out, struct err *err)
{
	static const char name[] = "BENCHMARK_DATA";
	const char *open = memchr(text.at, '{', text.size);
	size_t before = open ? (size_t)(open - text.at) : 0;
	char *json;

	if (!open || (before && !memmem(text.at, before, name, sizeof name - 1) && strspn(text.at, " \t\r\n") < before))
		return err_set(err,
			       "%s: this is no history of github-action-benchmark: it starts with "
			       "\"window.BENCHMARK_DATA = {\"",
			       path);
	json = arena_copy(a, text.at, text.size);
	for (size_t i = 0; i < before; i++)
		json[i] = json[i] == '\n' ? '\n' : ' ';
	while (text.size && strchr(" \t\r\n;", json[text.size - 1]))
		text.size--;
	json[text.size] = '\0';
	*out = (struct str){.at = json, .size = text.size};
	return true;
}

static const char *text_of(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsString(item) ? item->valuestring : "";
}

static const char *date_of(struct arena *a, const cJSON *entry, const cJSON *commit)
{
	/* The year 9999, in milliseconds. */
	static const double last = 253402300799e3;
	double ms;

	if (json_is_double(cJSON_GetObjectItemCaseSensitive(entry, "date"), &ms) && ms >= 0 && ms <= last)
		return clock_rfc3339(a, (int64_t)(ms / 1000));
	return text_of(commit, "timestamp");
}

/* Pushes are stored once a suite; the same commit and date are the same moment. */
static size_t moment_of(struct reading *r, const char *time, const char *commit)
{
	struct history *h = r->history;

	for (size_t i = h->moment_count; i-- > 0;) {
		if (text_equal(h->moments[i].commit, commit) && text_equal(h->moments[i].time, time))
			return i;
	}
	return history_add_moment(r->arena, h, time, commit, "");
}

/* The tools whose numbers are rates or are said to be better when larger; for the others the unit decides. */
static enum category tool_category(const char *tool)
{
	static const char *const rates[] = {"customBiggerIsBetter", "benchmarkjs", "pytest"};

	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		if (text_equal(tool, rates[i]))
			return CATEGORY_THROUGHPUT;
	}
	return text_equal(tool, "customSmallerIsBetter") ? CATEGORY_RESOURCE : CATEGORY_UNKNOWN;
}

/* "ns/iter", "ms/op": the time that stands before the stroke. */
static const char *time_unit(const char *unit)
{
	static const char *const units[] = {"ns", "us", "ms", "s"};
	static const char *const rests[] = {"", "/iter", "/op", "/iteration"};

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		for (size_t k = 0; k < sizeof rests / sizeof rests[0]; k++) {
			if (text_starts(unit, units[i]) && text_equal(unit + strlen(units[i]), rests[k]))
				return units[i];
		}
	}
	return NULL;
}

/* What units say that go, cargo, jmh and others write; for the rest see metric_with_unit. */
static enum category unit_category(const char *unit)
{
	if (text_ends(unit, "/s") || text_ends(unit, "/sec") || text_ends(unit, "/second"))
		return CATEGORY_THROUGHPUT;
	if (text_equal(unit, "B/op") || text_equal(unit, "allocs/op"))
		return CATEGORY_RESOURCE;
	return CATEGORY_UNKNOWN;
}

static struct metric metric_of_bench(const char *tool, const char *unit)
{
	enum category category = tool_category(tool);
	const char *time = time_unit(unit);
	struct metric m;

	if (time && category != CATEGORY_THROUGHPUT)
		return (struct metric){.name = "real_time", .unit = time, .category = CATEGORY_LATENCY};
	m = metric_with_unit("value", unit);
	if (m.category == CATEGORY_UNKNOWN)
		m.category = unit_category(unit);
	if (category != CATEGORY_UNKNOWN)
		m.category = category;
	return m;
}

static void read_bench(struct reading *r, const char *suite, const char *tool, size_t moment, const cJSON *bench)
{
	const char *name = text_of(bench, "name");
	struct history_series *s;
	struct metric metric;
	double value;

	if (!*name || !json_is_double(cJSON_GetObjectItemCaseSensitive(bench, "value"), &value)) {
		r->left_out.values++;
		return;
	}
	r->left_out.ranges += *text_of(bench, "range") != '\0';
	r->left_out.extras += *text_of(bench, "extra") != '\0';
	metric = metric_of_bench(tool, text_of(bench, "unit"));
	s = history_take_series(r->arena, r->history, suite, name, &metric);
	s->gated_clock = metric_is_clock(metric.name);
	/* A benchmark that stands twice in one push: the first is taken, as charts of that tool show it. */
	if (s->count && s->values[s->count - 1].moment == moment)
		r->left_out.values++;
	else
		history_add_value(r->arena, s, moment, value);
}

static void read_entry(struct reading *r, const char *suite, const cJSON *entry)
{
	const cJSON *commit = cJSON_GetObjectItemCaseSensitive(entry, "commit"), *bench;
	const cJSON *benches = cJSON_GetObjectItemCaseSensitive(entry, "benches");
	size_t moment;

	if (!cJSON_IsArray(benches)) {
		r->left_out.entries++;
		return;
	}
	moment = moment_of(r, date_of(r->arena, entry, commit), text_of(commit, "id"));
	cJSON_ArrayForEach(bench, benches) read_bench(r, suite, text_of(entry, "tool"), moment, bench);
}

static void note_left_out(struct reading *r)
{
	const struct left_out *l = &r->left_out;

	if (l->ranges)
		history_note(r->arena, r->history, "not taken: \"range\" of %zu values (the spread within one run)",
			     l->ranges);
	if (l->extras)
		history_note(r->arena, r->history, "not taken: \"extra\" of %zu values (free text)", l->extras);
	if (l->values)
		history_note(r->arena, r->history,
			     "not taken: %zu benchmarks without a name or a number, or twice in one push", l->values);
	if (l->entries)
		history_note(r->arena, r->history, "not taken: %zu entries without \"benches\"", l->entries);
}

bool history_parse_js(struct arena *a, const char *path, struct str text, struct history *out, struct err *err)
{
	struct reading r = {.arena = a, .history = out};
	const cJSON *entries, *suite, *entry;
	struct str json;
	cJSON *root;

	*out = (struct history){0};
	if (!find_json(a, path, text, &json, err) || !json_parse(a, path, json, &root, err))
		return false;
	entries = cJSON_GetObjectItemCaseSensitive(root, "entries");
	if (cJSON_IsObject(entries)) {
		cJSON_ArrayForEach(suite, entries)
		{
			cJSON_ArrayForEach(entry, suite) read_entry(&r, suite->string, entry);
		}
	}
	cJSON_Delete(root);
	if (!out->series_count)
		return err_set(err, "%s: there is no value in it: no \"entries\" with \"benches\"", path);
	note_left_out(&r);
	return true;
}

bool history_read_js(struct arena *a, const char *path, struct history *out, struct err *err)
{
	struct str text;

	return file_read(a, path, JS_LIMIT, &text, err) &&
	       history_parse_js(a, text_equal(path, "-") ? "standard input" : path, text, out, err);
}
