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
#include <string.h>

enum key { KEY_OTHER, KEY_CONTEXT, KEY_BENCHMARKS };

struct reader {
	struct arena *row_arena; /* of one row */
	struct stream *in;
	struct scan scan; /* over what is at hand of the stream */
	const struct input_sink *sink;
	struct gbench_rows rows;
	struct members entry;
	size_t entry_at; /* where the entry begins */
	struct buf copy; /* of the context */
	enum key key;    /* of the outer object's member that is read */
	bool context_given;
};

/* So much of the stream is at hand where an entry begins: nearly every entry is shorter. */
enum { AHEAD = 16 << 10 };

static void skip_mark(struct scan *s)
{
	if (s->text.size >= 3 && memcmp(s->text.at, "\xEF\xBB\xBF", 3) == 0)
		s->at = 3;
}

/* Moves on in the stream: what stands before s->at is dropped, and more follows behind it. */
static bool advance(struct reader *r, struct err *err)
{
	size_t used = r->scan.at;

	scan_drop(&r->scan, used);
	if (!stream_advance(r->in, used, err))
		return false;
	r->scan.text = r->in->text;
	return true;
}

/*
 * Takes the next part of the file with `take`.  One that fails because it reaches the end of the window, and not of the
 * file, is taken again when more of it is at hand: `take` changes nothing but the scan before it has succeeded.
 */
static bool take_part(struct reader *r, bool (*take)(struct reader *r, struct err *err), struct err *err)
{
	for (;;) {
		size_t at = r->scan.at;

		if (take(r, err))
			return true;
		if (r->in->ended || r->scan.at < r->scan.text.size)
			return false;
		err->text[0] = '\0';
		r->scan.at = at;
		if (!advance(r, err))
			return false;
	}
}

/* The byte that is next in the file behind white space; SCAN_END: at its end, or with an error. */
static bool next_byte(struct reader *r, int *next, struct err *err)
{
	while ((*next = scan_next(&r->scan)) == SCAN_END && !r->in->ended) {
		if (!advance(r, err))
			return false;
	}
	return true;
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

static bool take_context(struct reader *r, struct err *err)
{
	return read_context(r, &r->scan, err);
}

/* Looks for the context behind the benchmarks in what is at hand. */
static void look_ahead(struct reader *r)
{
	struct scan ahead = r->scan;
	struct err ignored;
	struct str key;

	while (!r->context_given && scan_value(&ahead, NULL, &ignored) && scan_take(&ahead, ',', &ignored) &&
	       scan_key(&ahead, &key, &ignored)) {
		if (str_equal(key, "context") && !read_context(r, &ahead, &ignored))
			break;
	}
}

/* Tools that sort keys put the context behind the benchmarks; it is given first all the same, for which the whole file
 * must be at hand. */
static bool find_context(struct reader *r, struct err *err)
{
	if (!r->sink->context)
		return true;
	look_ahead(r);
	while (!r->context_given && !r->in->ended) {
		if (!advance(r, err))
			return false;
		look_ahead(r);
	}
	if (!r->context_given)
		give_context(r, NULL);
	return true;
}

static bool take_entry(struct reader *r, struct err *err)
{
	r->scan.inside = "a benchmark";
	r->entry_at = r->scan.at;
	return members_take(r->row_arena, &r->scan, &r->entry, err);
}

static bool read_entry(struct reader *r, struct err *err)
{
	struct scan *s = &r->scan;
	struct arena_mark mark = arena_mark(r->row_arena);
	struct input_row row;
	bool done;

	if (s->text.at[s->at] != '{')
		return scan_fail_unexpected(s, s->at, "'{' of a benchmark", err);
	if (s->text.size - s->at < AHEAD && !r->in->ended && !advance(r, err))
		return false;
	if (!take_part(r, take_entry, err))
		return false;
	if (gbench_row_read(r->row_arena, &r->rows, &r->entry, s, r->entry_at, &row)) {
		row.line = r->entry.line;
		done = r->sink->row(r->sink->to, &row, err);
	} else {
		done = scan_fail(s, r->entry_at, err, "a benchmark without a name");
	}
	arena_reset(r->row_arena, mark);
	return done;
}

static bool take_bracket(struct reader *r, struct err *err)
{
	return scan_take(&r->scan, '[', err);
}

static bool read_entries(struct reader *r, struct err *err)
{
	struct scan *s = &r->scan;
	int next;

	s->inside = "\"benchmarks\"";
	if (!take_part(r, take_bracket, err) || !next_byte(r, &next, err))
		return false;
	while (next != ']') {
		if (next == SCAN_END)
			return scan_fail_cut(s, err);
		if (!read_entry(r, err))
			return false;
		s->inside = "\"benchmarks\"";
		if (!next_byte(r, &next, err))
			return false;
		if (next == ',') {
			s->at++;
			if (!next_byte(r, &next, err))
				return false;
			if (next == ']')
				return scan_fail_unexpected(s, s->at, "a benchmark", err);
		} else if (next != ']' && next != SCAN_END) {
			return scan_fail_unexpected(s, s->at, "',' or ']' behind a benchmark", err);
		}
	}
	s->at++;
	return true;
}

static bool take_unused(struct reader *r, struct err *err)
{
	return scan_value(&r->scan, NULL, err);
}

/* Takes a key with its colon; the value stands behind it. */
static bool take_key(struct reader *r, struct err *err)
{
	struct str key;

	r->scan.inside = "the outer object";
	if (!scan_key(&r->scan, &key, err))
		return false;
	r->key = str_equal(key, "context") ? KEY_CONTEXT : str_equal(key, "benchmarks") ? KEY_BENCHMARKS : KEY_OTHER;
	return true;
}

static bool read_member(struct reader *r, bool *found, struct err *err)
{
	if (!take_part(r, take_key, err))
		return false;
	if (r->key == KEY_CONTEXT && !r->context_given)
		return take_part(r, take_context, err);
	if (r->key != KEY_BENCHMARKS || *found)
		return take_part(r, take_unused, err);
	*found = true;
	if (!r->context_given && !find_context(r, err))
		return false;
	return read_entries(r, err);
}

static bool take_brace(struct reader *r, struct err *err)
{
	return scan_take(&r->scan, '{', err);
}

static bool take_end(struct reader *r, struct err *err)
{
	return scan_take(&r->scan, '}', err);
}

static bool read_file(struct reader *r, struct err *err)
{
	struct scan *s = &r->scan;
	bool found = false;
	int next;

	skip_mark(s);
	if (!next_byte(r, &next, err))
		return false;
	if (next == SCAN_END)
		return scan_fail(s, 0, err, "is empty: the benchmark program wrote no result");
	if (!take_part(r, take_brace, err))
		return false;
	for (;;) {
		if (!read_member(r, &found, err))
			return false;
		s->inside = "the outer object";
		if (!next_byte(r, &next, err))
			return false;
		if (next != ',')
			break;
		s->at++;
	}
	if (!take_part(r, take_end, err) || !next_byte(r, &next, err))
		return false;
	if (next == '{')
		return scan_fail(s, s->at, err, "a second result begins here: a file holds one");
	if (next != SCAN_END)
		return scan_fail_unexpected(s, s->at, "the end of the file", err);
	if (!found)
		return scan_fail(s, s->at, err, "there is no \"benchmarks\" in it: this is no benchmark result");
	return true;
}

static bool gbench_read_stream(struct arena *a, struct stream *in, const struct input_sink *sink, struct err *err)
{
	struct arena *file_arena = arena_open_child(a);
	struct reader r = {
		.row_arena = arena_open_child(file_arena),
		.in = in,
		.sink = sink,
		.rows.names.arena = file_arena,
		.entry = {.arena = file_arena, .copy.arena = file_arena},
		.copy.arena = file_arena,
		.scan = {.arena = file_arena,
			 .path = in->path,
			 .text = in->text,
			 .hint = ": did the program print into its result?  --benchmark_out=FILE keeps them apart"},
	};
	/* The first chunk stays when rows are given back. */
	arena_alloc(r.row_arena, 1);
	bool done = read_file(&r, err);

	arena_close(file_arena);
	return done;
}

static bool gbench_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			struct err *err)
{
	struct stream in = stream_of(path, text);

	return gbench_read_stream(a, &in, sink, err);
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
	.read_stream = gbench_read_stream,
};
