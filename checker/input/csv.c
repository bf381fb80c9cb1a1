/*
 * CSV with a header (RFC 4180), in one of two forms.
 *
 *   long   benchmark,metric,value,unit   a value a line; of the columns `benchmark` (or name) and `value` must be there,
 *                                        `suite`, `metric` and `unit` may be; the order is free
 *   wide   benchmark,real_time [ms],hits a repetition a line; every other column is a metric, its unit in brackets
 *
 * Lines with the same benchmark are repetitions of it.
 */
#include "input/rows.h"

#include <string.h>

enum { COLUMNS = 200 };

enum role { ROLE_METRIC, ROLE_SUITE, ROLE_BENCH, ROLE_METRIC_NAME, ROLE_VALUE, ROLE_UNIT };

struct column {
	enum role role;
	const char *name, *unit; /* of a wide metric */
};

struct reader {
	struct arena *arena;
	const char *path;
	struct str text;
	size_t at, line; /* of what is read next */
	struct column columns[COLUMNS];
	size_t column_count;
	bool is_long;
	const char *cells[COLUMNS];
	size_t cell_count, cells_line;
};

static bool fail(const struct reader *r, struct err *err, const char *what)
{
	return err_set(err, "%s:%zu: %s", r->path, r->cells_line, what);
}

/* A cell in quotes: the text up to the quote that is not doubled. */
static bool take_quoted(struct reader *r, struct buf *cell, struct err *err)
{
	for (r->at++; r->at < r->text.size; r->at++) {
		char c = r->text.at[r->at];

		if (c == '"') {
			r->at++;
			if (r->at == r->text.size || r->text.at[r->at] != '"')
				return true;
		}
		r->line += c == '\n';
		buf_char(cell, c);
	}
	return fail(r, err, "the file ends inside a cell in quotes: is it cut off?");
}

static bool take_cell(struct reader *r, struct err *err)
{
	struct buf cell = {.arena = r->arena};

	if (r->at < r->text.size && r->text.at[r->at] == '"') {
		if (!take_quoted(r, &cell, err))
			return false;
	} else {
		size_t from = r->at;

		while (r->at < r->text.size && !memchr(",\r\n", r->text.at[r->at], 3))
			r->at++;
		buf_bytes(&cell, r->text.at + from, r->at - from);
	}
	if (r->at < r->text.size && !memchr(",\r\n", r->text.at[r->at], 3))
		return fail(r, err, "text behind a cell in quotes");
	if (r->cell_count == COLUMNS)
		return fail(r, err, "more than 200 columns");
	r->cells[r->cell_count++] = rows_text(r->arena, (struct str){buf_string(&cell), cell.size});
	return true;
}

/* The cells of the next line that is not empty; none at the end of the file. */
static bool take_line(struct reader *r, struct err *err)
{
	r->cell_count = 0;
	while (r->at < r->text.size && memchr("\r\n", r->text.at[r->at], 2))
		r->line += r->text.at[r->at++] == '\n';
	r->cells_line = r->line;
	while (r->at < r->text.size) {
		if (!take_cell(r, err))
			return false;
		if (r->at == r->text.size || r->text.at[r->at] != ',')
			break;
		/* A comma that ends the file stands before one more cell. */
		if (++r->at == r->text.size)
			return fail(r, err, "the file ends inside a line: is it cut off?");
	}
	return true;
}

static const char *trimmed(struct arena *a, const char *text)
{
	size_t size;

	while (*text == ' ' || *text == '\t')
		text++;
	size = strlen(text);
	while (size && (text[size - 1] == ' ' || text[size - 1] == '\t'))
		size--;
	return arena_copy(a, text, size);
}

static bool is_bench(const char *name)
{
	return text_equal(name, "benchmark") || text_equal(name, "bench") || text_equal(name, "name");
}

static bool has(const struct reader *r, const char *name)
{
	for (size_t i = 0; i < r->column_count; i++) {
		if (text_equal(r->columns[i].name, name))
			return true;
	}
	return false;
}

/* "real_time [ms]" and "real_time (ms)" are a name and a unit. */
static struct column split(struct arena *a, const char *header)
{
	const char *open = strrchr(header, '['), *close = "]";
	size_t size = strlen(header);

	if (!open) {
		open = strrchr(header, '(');
		close = ")";
	}
	if (!open || open == header || header[size - 1] != *close)
		return (struct column){.name = header, .unit = ""};
	return (struct column){.name = trimmed(a, arena_copy(a, header, (size_t)(open - header))),
			       .unit = trimmed(a, arena_copy(a, open + 1, (size_t)(header + size - open) - 2))};
}

static bool take_header(struct reader *r, struct err *err)
{
	bool bench = false;

	if (!take_line(r, err))
		return false;
	if (r->cell_count < 2)
		return fail(r, err, "expected a header: benchmark,METRIC,... or suite,benchmark,metric,value,unit");
	r->column_count = r->cell_count;
	for (size_t i = 0; i < r->column_count; i++)
		r->columns[i] = (struct column){.name = trimmed(r->arena, r->cells[i]), .unit = ""};
	for (size_t i = 0; i < r->column_count; i++)
		bench = bench || is_bench(r->columns[i].name);
	r->is_long = bench && has(r, "value");
	bench = false;
	for (size_t i = 0; i < r->column_count; i++) {
		struct column *c = &r->columns[i];

		if (!bench && (is_bench(c->name) || (i == 0 && !r->is_long)))
			c->role = ROLE_BENCH;
		else if (r->is_long)
			c->role = text_equal(c->name, "suite")    ? ROLE_SUITE
				  : text_equal(c->name, "metric") ? ROLE_METRIC_NAME
				  : text_equal(c->name, "value")  ? ROLE_VALUE
				  : text_equal(c->name, "unit")   ? ROLE_UNIT
								  : ROLE_METRIC;
		else
			*c = split(r->arena, c->name);
		bench = bench || c->role == ROLE_BENCH;
		if (c->role == ROLE_METRIC && !r->is_long && !*c->name)
			return fail(r, err, "a column without a name");
	}
	return true;
}

static const char *cell_of(const struct reader *r, enum role role)
{
	for (size_t i = 0; i < r->column_count; i++) {
		if (r->columns[i].role == role)
			return r->cells[i];
	}
	return "";
}

static bool begin_row(struct reader *r, struct rows *rows, struct err *err)
{
	const char *suite = cell_of(r, ROLE_SUITE), *bench = cell_of(r, ROLE_BENCH);

	if (*suite && *bench)
		bench = arena_printf(r->arena, "%s/%s", suite, bench);
	return rows_begin(rows, str_of(bench), r->cells_line, err);
}

static bool fail_value(const struct reader *r, const char *column, const char *cell, struct err *err)
{
	return err_set(err, "%s:%zu: `%s`: expected a number, found \"%s\"", r->path, r->cells_line,
		       text_printable_copy(r->arena, column), text_printable_copy(r->arena, cell));
}

/* An empty cell is a value that was not measured. */
static bool give_wide(struct reader *r, struct rows *rows, struct err *err)
{
	if (!begin_row(r, rows, err))
		return false;
	for (size_t i = 0; i < r->column_count; i++) {
		const struct column *c = &r->columns[i];
		const char *cell = trimmed(r->arena, r->cells[i]);
		double value;

		if (c->role != ROLE_METRIC || !*cell)
			continue;
		if (!text_parse_double(str_of(cell), &value))
			return fail_value(r, c->name, cell, err);
		rows_add_named(rows, c->name, c->unit, value);
	}
	return rows_give(rows, err);
}

static bool give_long(struct reader *r, struct rows *rows, struct err *err)
{
	const char *cell = trimmed(r->arena, cell_of(r, ROLE_VALUE));
	double value;

	if (!text_parse_double(str_of(cell), &value))
		return fail_value(r, "value", cell, err);
	if (!begin_row(r, rows, err))
		return false;
	rows_add_named(rows, trimmed(r->arena, cell_of(r, ROLE_METRIC_NAME)), trimmed(r->arena, cell_of(r, ROLE_UNIT)),
		       value);
	return rows_give(rows, err);
}

static bool read_lines(struct reader *r, struct rows *rows, struct err *err)
{
	struct arena_mark mark = arena_mark(r->arena);

	for (;;) {
		bool done;

		arena_reset(r->arena, mark);
		if (!take_line(r, err))
			return false;
		if (!r->cell_count)
			return true;
		if (r->cell_count != r->column_count)
			return err_set(err, "%s:%zu: %zu cells, but the header has %zu", r->path, r->cells_line,
				       r->cell_count, r->column_count);
		done = r->is_long ? give_long(r, rows, err) : give_wide(r, rows, err);
		if (!done)
			return false;
	}
}

static struct reader *start(struct arena *a, const char *path, struct str text)
{
	struct reader *r = NEW(a, struct reader);

	*r = (struct reader){.arena = a, .path = path, .text = text_without_mark(text), .line = 1};
	return r;
}

static bool csv_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink, struct err *err)
{
	struct arena *own = arena_open_child(a);
	struct reader *r = start(own, path, text);
	struct rows rows;
	bool ok;

	rows_init(&rows, a, path, sink, NULL);
	ok = take_header(r, err) && read_lines(r, &rows, err);
	rows_release(&rows);
	arena_close(own);
	return ok;
}

/* A header that says which column is the benchmark.  What google-benchmark and hyperfine write as CSV has no single
 * measurements, or no units, and is answered with what to write instead. */
static bool csv_sniff(struct str text)
{
	struct arena *own = arena_open();
	struct reader *r = start(own, "", text);
	struct err ignored;
	bool found = false;

	if (take_header(r, &ignored) && !has(r, "cpu_time_unit") && !has(r, "time_unit") && !has(r, "schema"))
		found = r->is_long || is_bench(r->columns[0].name);
	arena_close(own);
	return found;
}

const struct input_format input_csv = {
	.name = "csv",
	.help = "CSV with a header: benchmark,METRIC,... or suite,benchmark,metric,value,unit",
	.sniff = csv_sniff,
	.read = csv_read,
};
