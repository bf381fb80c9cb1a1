/*
 * What `go test -bench` prints: the benchmark data format of Go (Cox and Clements, golang.org/design/14313, 2016), in which
 * everything that is no result line is prose.
 */
#include "input/rows.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static const char NAME_START[] = "Benchmark";
static const char CUT[] = "its result has no time: it panicked";
static const char TORN[] = "no result stands behind its name: it crashed, or it prints to standard output";

struct reader {
	struct rows rows;
	struct str text;
	size_t at, line; /* of what is read next */
	bool many_packages;
	struct str package;
	struct str before;  /* the line before this one */
	struct str pending; /* a name whose result did not come yet */
	struct str pending_rest;
	size_t pending_line;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct str next_word(struct str *line)
{
	size_t size = 0;

	while (line->size && is_space(*line->at))
		line->at++, line->size--;
	while (size < line->size && !is_space(line->at[size]))
		size++;
	struct str word = {line->at, size};
	line->at += size;
	line->size -= size;
	return word;
}

static bool starts(struct str text, const char *with)
{
	size_t size = strlen(with);

	return text.size >= size && memcmp(text.at, with, size) == 0;
}

/* As Go's test flags take names: "Benchmarking" is no benchmark. */
static bool is_name(struct str word)
{
	size_t size = sizeof NAME_START - 1;

	return starts(word, NAME_START) && (word.size == size || !islower((unsigned char)word.at[size]));
}

static bool is_count(struct str word)
{
	int64_t count;

	return word.size && isdigit((unsigned char)*word.at) && text_parse_int64(word, &count) && count > 0;
}

/* Numbers, and those that are none and must be said to be useless. */
static bool is_value(struct str word, double *value)
{
	static const char *const odd[] = {"NaN", "+Inf", "-Inf", "Inf"};

	*value = (double)NAN;
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		if (str_equal(word, odd[i]))
			return true;
	}
	return word.size && text_parse_double(word, value);
}

/* A count and at least one value with its unit. */
static bool is_result(struct str line)
{
	double value;

	return is_count(next_word(&line)) && is_value(next_word(&line), &value) && next_word(&line).size;
}

static struct str next_line(struct reader *r)
{
	const char *from = r->text.at + r->at;
	const char *newline = memchr(from, '\n', r->text.size - r->at);
	size_t size = newline ? (size_t)(newline - from) : r->text.size - r->at;

	r->at += size + (newline != NULL);
	r->line++;
	return (struct str){from, size};
}

/* With packages that may have benchmarks of one name, as `go doc` would be asked for them: PACKAGE.BenchmarkX. */
static struct str full_name(struct reader *r, struct str name)
{
	if (!r->many_packages || !r->package.size)
		return name;
	return str_of(
		arena_printf(r->rows.arena, "%.*s.%.*s", (int)r->package.size, r->package.at, (int)name.size, name.at));
}

static bool give_refused(struct reader *r, struct str name, size_t line, enum input_status status, const char *message,
			 struct err *err)
{
	if (!rows_begin(&r->rows, full_name(r, name), line, err))
		return false;
	rows_refuse(&r->rows, status, message);
	return rows_give(&r->rows, err);
}

static bool settle_pending(struct reader *r, struct err *err)
{
	struct str name = r->pending;

	r->pending.size = 0;
	if (!name.size)
		return true;
	if (!rows_begin(&r->rows, full_name(r, name), r->pending_line, err))
		return false;
	r->rows.row.cut = r->at == r->text.size && r->line == r->pending_line && !next_word(&r->pending_rest).size;
	rows_refuse(&r->rows, INPUT_ERROR, TORN);
	return rows_give(&r->rows, err);
}

/* The unit is the metric's name, save for the time. */
static struct metric metric_of_unit(struct arena *a, struct str unit)
{
	const char *name;

	if (str_equal(unit, "ns/op"))
		return metric_of("real_time");
	name = rows_text(a, unit);
	/* "MB/s" says more than "…/s". */
	return str_equal(unit, "MB/s") ? metric_with_unit(name, name) : metric_of(name);
}

/* Memory alone, which -benchmem adds to whatever there is: a panic came before the time was taken.  Go may then go on as if
 * nothing had happened, even to exit status 0. */
static bool is_cut(const struct rows *rows)
{
	for (size_t i = 0; i < rows->row.metric_count; i++) {
		const char *name = rows->row.metrics[i].metric.name;

		if (!text_equal(name, "B/op") && !text_equal(name, "allocs/op"))
			return false;
	}
	return true;
}

static bool give_result(struct reader *r, struct str name, size_t line_number, struct str line, struct err *err)
{
	struct rows *rows = &r->rows;

	if (!rows_begin(rows, full_name(r, name), line_number, err))
		return false;
	if (!text_parse_int64(next_word(&line), &rows->row.iterations))
		return false; /* is_result looked at it */
	for (;;) {
		struct str word = next_word(&line), unit;
		double value;

		if (!word.size || !is_value(word, &value))
			break;
		unit = next_word(&line);
		if (!unit.size)
			break;
		rows_add(rows, metric_of_unit(rows->row_arena, unit), value);
	}
	if (rows->row.status == INPUT_OK && is_cut(rows)) {
		rows->row.cut = true;
		rows_refuse(rows, INPUT_ERROR, CUT);
	}
	return rows_give(rows, err);
}

static bool is_said(struct str line)
{
	return line.size && is_space(*line.at) && next_word(&line).size;
}

/* "--- FAIL: BenchmarkX" and "--- SKIP: BenchmarkX"; what it said is indented below, with -v above. */
static bool give_outcome(struct reader *r, struct str line, bool *taken, struct err *err)
{
	struct str rest = line, name, below;
	size_t line_number = r->line, at = r->at;
	enum input_status status;

	*taken = false;
	if (!str_equal(next_word(&rest), "---"))
		return true;
	struct str word = next_word(&rest);
	if (!str_equal(word, "FAIL:") && !str_equal(word, "SKIP:"))
		return true;
	status = str_equal(word, "FAIL:") ? INPUT_ERROR : INPUT_SKIPPED;
	name = next_word(&rest);
	if (!is_name(name))
		return true;
	*taken = true;
	r->pending.size = 0;
	below = next_line(r);
	r->at = at;
	r->line = line_number;
	bool said = is_said(below);
	if (said && memmem(below.at, below.size, "--- FAIL: ", 10))
		return true; /* the benchmark around one that failed */
	if (!said && is_said(r->before)) {
		below = r->before;
		said = true;
	}
	while (said && is_space(*below.at))
		below.at++, below.size--;
	return give_refused(r, name, line_number, status,
			    said                    ? rows_text(r->rows.arena, below)
			    : status == INPUT_ERROR ? "the benchmark failed"
						    : "the benchmark was skipped",
			    err);
}

/* A line that ends with the file may be cut off, and "12 n" be a part of "12 ns/op". */
static bool check_whole(const struct reader *r, struct err *err)
{
	if (r->at < r->text.size || (r->text.size && r->text.at[r->text.size - 1] == '\n'))
		return true;
	return err_set(
		err,
		"%s:%zu: the file ends inside a result line: the program that wrote it probably crashed or was killed",
		r->rows.path, r->line);
}

static bool read_line(struct reader *r, struct str line, struct err *err)
{
	struct str rest = line, name = next_word(&rest);
	bool taken;

	if (starts(line, "pkg:")) {
		struct str after = {line.at + 4, line.size - 4};

		r->package = next_word(&after);
		return true;
	}
	if (is_name(name) && name.at == line.at) {
		if (!settle_pending(r, err))
			return false;
		if (is_result(rest))
			return check_whole(r, err) && give_result(r, name, r->line, rest, err);
		/* The name is printed before the benchmark runs, padded and with a tab behind it. */
		while (rest.size && *rest.at == ' ')
			rest.at++, rest.size--;
		if (!rest.size || *rest.at != '\t')
			return true;
		r->pending = name;
		r->pending_rest = rest;
		r->pending_line = r->line;
		line = rest;
	}
	if (!give_outcome(r, line, &taken, err) || taken)
		return taken;
	if (!r->pending.size || !is_result(line))
		return true;
	name = r->pending;
	r->pending.size = 0;
	return check_whole(r, err) && give_result(r, name, r->pending_line, line, err);
}

/* More than one package has results in the text. */
static bool has_many_packages(struct str text)
{
	struct reader r = {.text = text};
	struct str first = {0};

	while (r.at < text.size) {
		struct str line = next_line(&r), word;

		if (!starts(line, "pkg:"))
			continue;
		line.at += 4;
		line.size -= 4;
		word = next_word(&line);
		if (first.size && (word.size != first.size || memcmp(word.at, first.at, word.size) != 0))
			return true;
		first = word;
	}
	return false;
}

static bool gotest_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			struct err *err)
{
	struct reader r = {.text = text_without_mark(text)};
	bool ok = true;

	rows_init(&r.rows, a, path, sink, NULL);
	r.many_packages = has_many_packages(r.text);
	while (ok && r.at < r.text.size) {
		struct str line = next_line(&r);

		ok = read_line(&r, line, err);
		r.before = line;
	}
	ok = ok && settle_pending(&r, err);
	rows_release(&r.rows);
	return ok;
}

static bool gotest_sniff(struct str text)
{
	struct reader r = {.text = text_without_mark(text)};

	while (r.at < r.text.size) {
		struct str line = next_line(&r), name = next_word(&line);

		if (starts(name, NAME_START) && is_name(name) && is_result(line))
			return true;
		/* Nothing but failures is a result, too. */
		if (str_equal(name, "---") && starts(next_word(&line), "FAIL:") && is_name(next_word(&line)))
			return true;
	}
	return false;
}

const struct input_format input_gotest = {
	.name = "gotest",
	.help = "text of go test -bench",
	.sniff = gotest_sniff,
	.read = gotest_read,
};
