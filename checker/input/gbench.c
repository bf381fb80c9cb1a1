/*
 * google-benchmark's JSON: {"context": {…}, "benchmarks": [{…}, …]}, read one entry at a time.
 *
 * The outer structure is walked without a tree; each entry is mended, parsed by cJSON and given to the sink before the
 * next is looked at.
 */
#include "input/gbench_row.h"
#include "input/input.h"
#include "input/scan.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

struct reader {
	struct arena *row_arena; /* of one row */
	struct scan scan;
	const struct input_sink *sink;
	struct gbench_rows rows;
	struct buf copy; /* of the value that is parsed */
	bool context_given;
};

static void skip_mark(struct scan *s)
{
	if (s->text.size >= 3 && memcmp(s->text.at, "\xEF\xBB\xBF", 3) == 0)
		s->at = 3;
}

/* Takes a value and parses it.  NULL with the error; else cJSON_Delete it. */
static cJSON *parse_value(struct reader *r, struct scan *s, struct err *err)
{
	size_t at = s->at;
	cJSON *value;

	r->copy.size = 0;
	if (!scan_value(s, &r->copy, err))
		return NULL;
	value = cJSON_ParseWithLength(r->copy.at, r->copy.size);
	if (!value)
		scan_fail(s, at, err, "cannot be read as JSON");
	return value;
}

static const char *context_text(const cJSON *context, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(context, key);

	return cJSON_IsString(item) ? item->valuestring : "";
}

static void give_context(struct reader *r, const cJSON *context)
{
	const cJSON *cpus = cJSON_GetObjectItemCaseSensitive(context, "num_cpus");
	struct input_context given = {
		.date = context_text(context, "date"),
		.executable = context_text(context, "executable"),
		.host_name = context_text(context, "host_name"),
		.library_version = context_text(context, "library_version"),
		.library_build_type = context_text(context, "library_build_type"),
		.cpu_count = cJSON_IsNumber(cpus) && cpus->valuedouble > 0 ? cpus->valueint : 0,
	};

	r->context_given = true;
	if (r->sink->context)
		r->sink->context(r->sink->to, &given);
}

static bool read_context(struct reader *r, struct scan *s, struct err *err)
{
	s->inside = "\"context\"";
	cJSON *context = parse_value(r, s, err);
	if (!context)
		return false;
	give_context(r, context);
	cJSON_Delete(context);
	return true;
}

/* Tools that sort keys put the context behind the benchmarks; it is given first all the same. */
static void find_context(struct reader *r)
{
	struct scan ahead = r->scan;
	struct err ignored;
	struct str key;

	while (!r->context_given && scan_value(&ahead, NULL, &ignored) && scan_take(&ahead, ',', &ignored) &&
	       scan_key(&ahead, &key, &ignored)) {
		if (str_equal(key, "context") && !read_context(r, &ahead, &ignored))
			break;
		if (r->context_given)
			return;
	}
	if (!r->context_given)
		give_context(r, NULL);
}

static bool read_entry(struct reader *r, struct err *err)
{
	struct scan *s = &r->scan;
	struct arena_mark mark = arena_mark(r->row_arena);
	struct input_row row;
	size_t at = s->at;
	cJSON *entry;
	bool done;

	if (s->text.at[at] != '{')
		return scan_fail_unexpected(s, at, "'{' of a benchmark", err);
	s->inside = "a benchmark";
	entry = parse_value(r, s, err);
	if (!entry)
		return false;
	if (gbench_row_read(r->row_arena, &r->rows, entry, s, at, &row)) {
		row.line = scan_line(s, at);
		done = r->sink->row(r->sink->to, &row, err);
	} else {
		done = scan_fail(s, at, err, "a benchmark without a name");
	}
	cJSON_Delete(entry);
	arena_reset(r->row_arena, mark);
	return done;
}

static bool read_entries(struct reader *r, struct err *err)
{
	struct scan *s = &r->scan;

	s->inside = "\"benchmarks\"";
	if (!scan_take(s, '[', err))
		return false;
	int next = scan_next(s);
	while (next != ']') {
		if (next == SCAN_END)
			return scan_fail_cut(s, err);
		if (!read_entry(r, err))
			return false;
		s->inside = "\"benchmarks\"";
		next = scan_next(s);
		if (next == ',') {
			s->at++;
			next = scan_next(s);
			if (next == ']')
				return scan_fail_unexpected(s, s->at, "a benchmark", err);
		} else if (next != ']' && next != SCAN_END) {
			return scan_fail_unexpected(s, s->at, "',' or ']' behind a benchmark", err);
		}
	}
	s->at++;
	return true;
}

static bool read_member(struct reader *r, bool *found, struct err *err)
{
	struct scan *s = &r->scan;
	struct str key;

	s->inside = "the outer object";
	if (!scan_key(s, &key, err))
		return false;
	if (str_equal(key, "context") && !r->context_given)
		return read_context(r, s, err);
	if (!str_equal(key, "benchmarks") || *found)
		return scan_value(s, NULL, err);
	*found = true;
	if (!r->context_given)
		find_context(r);
	return read_entries(r, err);
}

static bool read_file(struct reader *r, struct err *err)
{
	struct scan *s = &r->scan;
	bool found = false;

	skip_mark(s);
	if (scan_next(s) == SCAN_END)
		return scan_fail(s, 0, err, "is empty: the benchmark program wrote no result");
	if (!scan_take(s, '{', err))
		return false;
	for (;;) {
		if (!read_member(r, &found, err))
			return false;
		s->inside = "the outer object";
		if (scan_next(s) != ',')
			break;
		s->at++;
	}
	if (!scan_take(s, '}', err))
		return false;
	int next = scan_next(s);
	if (next == '{')
		return scan_fail(s, s->at, err, "a second result begins here: a file holds one");
	if (next != SCAN_END)
		return scan_fail_unexpected(s, s->at, "the end of the file", err);
	if (!found)
		return scan_fail(s, s->at, err, "there is no \"benchmarks\" in it: this is no benchmark result");
	return true;
}

static bool gbench_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			struct err *err)
{
	struct arena *file_arena = arena_open_child(a);
	struct reader r = {
		.row_arena = arena_open_child(file_arena),
		.sink = sink,
		.rows.names.arena = file_arena,
		.copy.arena = file_arena,
		.scan = {.arena = file_arena,
			 .path = path,
			 .text = text,
			 .hint = ": did the program print into its result?  --benchmark_out=FILE keeps them apart"},
	};
	/* The first chunk stays when rows are given back. */
	arena_alloc(r.row_arena, 1);
	bool done = read_file(&r, err);

	arena_close(file_arena);
	return done;
}

/* The text starts with `{"context"` or `{"benchmarks"`, white space aside, or is cut off before it can be told. */
static bool starts_result(const char *at, size_t size)
{
	static const char *const keys[] = {"\"context\"", "\"benchmarks\""};
	struct scan s = {.text = {at, size}};

	if (scan_next(&s) != '{')
		return false;
	s.at++;
	if (scan_next(&s) == SCAN_END)
		return true;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		size_t length = strlen(keys[i]), left = size - s.at;

		if (memcmp(at + s.at, keys[i], left < length ? left : length) == 0)
			return true;
	}
	return false;
}

static bool gbench_sniff(struct str text)
{
	struct scan s = {.text = text};

	skip_mark(&s);
	if (starts_result(text.at + s.at, text.size - s.at))
		return true;
	if (scan_next(&s) == '{')
		return memmem(text.at, text.size, "\"benchmarks\"", strlen("\"benchmarks\"")) != NULL;
	/* A program that prints to standard output stands before the result: the reader names the line. */
	for (size_t at = s.at; at < text.size; at++) {
		const char *newline = memchr(text.at + at, '\n', text.size - at);

		if (!newline)
			break;
		at = (size_t)(newline - text.at);
		if (at + 1 < text.size && newline[1] == '{' && starts_result(newline + 1, text.size - at - 1))
			return true;
	}
	return false;
}

const struct input_format input_gbench = {
	.name = "gbench",
	.help = "JSON of google-benchmark (--benchmark_out=FILE --benchmark_out_format=json)",
	.sniff = gbench_sniff,
	.read = gbench_read,
};
