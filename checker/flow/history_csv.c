/* Histories from tables. */
#include "flow/history_read.h"

#include "base/decimal.h"
#include "base/file.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum { CSV_LIMIT = 512 << 20 };

struct table {
	struct arena *arena;
	const char *path;
	const char *at, *end;
	size_t line;
	bool at_line_end; /* the cell that was taken was the last of its line */
	struct buf cell;
};

/* The column's series by its number in the history; they may move while others are added. */
struct column {
	size_t series;
	size_t missing, first_missing_line;
};

static bool fail(const struct table *t, size_t line, const char *words, struct err *err)
{
	return err_set(err, "%s:%zu: %s", t->path, line, words);
}

static void end_cell(struct table *t)
{
	t->at_line_end = true;
	if (t->at < t->end && *t->at == ',') {
		t->at++;
		t->at_line_end = false;
		return;
	}
	if (t->at < t->end && *t->at == '\r')
		t->at++;
	if (t->at < t->end && *t->at == '\n')
		t->at++;
}

static bool take_quoted(struct table *t, struct str *out, struct err *err)
{
	size_t line = t->line;

	t->cell.size = 0;
	for (t->at++; t->at < t->end; t->at++) {
		if (*t->at == '"' && (t->at + 1 == t->end || t->at[1] != '"'))
			break;
		t->at += *t->at == '"';
		t->line += *t->at == '\n';
		buf_char(&t->cell, *t->at);
	}
	if (t->at == t->end)
		return fail(t, line, "a quote is not closed", err);
	t->at++;
	if (t->at < t->end && !strchr(",\r\n", *t->at))
		return fail(t, t->line, "text stands behind a closing quote; write quotes inside a cell twice", err);
	*out = (struct str){.at = buf_string(&t->cell), .size = t->cell.size};
	end_cell(t);
	return true;
}

static struct str trimmed(struct str s)
{
	while (s.size && (*s.at == ' ' || *s.at == '\t')) {
		s.at++;
		s.size--;
	}
	while (s.size && (s.at[s.size - 1] == ' ' || s.at[s.size - 1] == '\t'))
		s.size--;
	return s;
}

/* The next cell; good until the one after it. */
static bool take_cell(struct table *t, struct str *out, struct err *err)
{
	const char *start = t->at;

	if (t->at < t->end && *t->at == '"')
		return take_quoted(t, out, err);
	while (t->at < t->end && *t->at != ',' && *t->at != '\n' && *t->at != '\r')
		t->at++;
	*out = trimmed((struct str){.at = start, .size = (size_t)(t->at - start)});
	end_cell(t);
	return true;
}

/* Moves over empty lines; false at the end. */
static bool next_line(struct table *t)
{
	t->line++;
	while (t->at < t->end && (*t->at == '\n' || *t->at == '\r')) {
		t->line += *t->at == '\n';
		t->at++;
	}
	return t->at < t->end;
}

static bool means_time(const char *name)
{
	static const char *const names[] = {"time", "date", "datetime", "timestamp", "started", "day"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcasecmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

/* Takes " (ms)" or " [ms]" off the end of a name. */
static const char *take_unit(struct arena *a, char *name)
{
	size_t size = strlen(name);
	char close = size ? name[size - 1] : '\0', *open;
	const char *unit;

	if (close != ')' && close != ']')
		return "";
	open = strrchr(name, close == ')' ? '(' : '[');
	if (!open || open == name || open[-1] != ' ')
		return "";
	unit = arena_copy(a, open + 1, (size_t)(name + size - 1 - (open + 1)));
	while (open > name && open[-1] == ' ')
		open--;
	*open = '\0';
	return unit;
}

/* Where the metric starts in "suite/benchmark:metric", or NULL; the colons of C++ names part nothing. */
static char *find_metric(char *name)
{
	char *colon = strrchr(name, ':');

	if (!colon || colon == name || colon[-1] == ':' || !colon[1] || strchr(colon, '/'))
		return NULL;
	return colon;
}

static bool add_column(struct table *t, struct history *h, struct str cell, struct column *column, struct err *err)
{
	struct arena *a = t->arena;
	const char *whole = arena_copy(a, cell.at, cell.size), *unit, *suite = "";
	char *name = arena_string(a, whole), *colon, *slash;
	struct metric metric;
	struct history_series *s;

	unit = take_unit(a, name);
	colon = find_metric(name);
	metric = colon ? metric_with_unit(colon + 1, unit) : metric_with_unit(name, unit);
	if (colon) {
		/* What a table says of itself counts, also of a metric that pawl knows in another unit. */
		if (*unit)
			metric.unit = unit;
		*colon = '\0';
	} else {
		metric.name = "time";
		if (metric.category == CATEGORY_UNKNOWN)
			metric.category = CATEGORY_LATENCY;
	}
	slash = strchr(name, '/');
	if (slash && slash != name && slash[1]) {
		*slash = '\0';
		suite = name;
		name = slash + 1;
	}
	if (!*name)
		return fail(t, t->line, "a column has no name", err);
	if (history_find_series(h, suite, name, metric.name))
		return err_set(err, "%s:%zu: the column \"%s\" is there twice", t->path, t->line,
			       text_printable_copy(a, whole));
	s = history_take_series(a, h, suite, name, &metric);
	s->name = whole;
	s->gated_clock = metric_is_clock(metric.name) || text_equal(metric.name, "time");
	*column = (struct column){.series = h->series_count - 1};
	return true;
}

static bool read_header(struct table *t, struct history *h, bool *is_time, struct column **columns, size_t *count,
			struct err *err)
{
	size_t capacity = 0;
	struct str cell;

	if (!next_line(t))
		return fail(t, 1, "the table is empty; its first line names the columns", err);
	if (!take_cell(t, &cell, err))
		return false;
	*is_time = means_time(arena_copy(t->arena, cell.at, cell.size));
	while (!t->at_line_end) {
		if (!take_cell(t, &cell, err))
			return false;
		*columns = arena_reserve(t->arena, *columns, *count, &capacity, sizeof **columns);
		if (!add_column(t, h, cell, &(*columns)[*count], err))
			return false;
		++*count;
	}
	if (!*count)
		return fail(t, t->line, "there is no column behind the first; write time or commit, then one a series",
			    err);
	return true;
}

static bool is_missing(struct str cell)
{
	static const char *const words[] = {"", "-", "nan", "na", "n/a", "null", "none"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (cell.size == strlen(words[i]) && strncasecmp(cell.at, words[i], cell.size) == 0)
			return true;
	}
	return false;
}

static bool take_number(struct str cell, double *value)
{
	/* A plus in front is no JSON, but spreadsheets write it. */
	size_t plus = cell.size > 1 && *cell.at == '+';
	struct str number = {.at = cell.at + plus, .size = cell.size - plus};

	return (decimal_take(number, value) == number.size && isfinite(*value)) || text_parse_double(number, value);
}

static bool read_line(struct table *t, struct history *h, bool is_time, struct column *columns, size_t count,
		      struct err *err)
{
	size_t at = 0, line = t->line, moment;
	const char *label;
	struct str cell;
	double value;

	if (!take_cell(t, &cell, err))
		return false;
	label = arena_copy(t->arena, cell.at, cell.size);
	moment = history_add_moment(t->arena, h, is_time ? label : "", is_time ? "" : label, "");
	for (; !t->at_line_end; at++) {
		if (!take_cell(t, &cell, err))
			return false;
		if (at >= count)
			return fail(t, line, "the line has more cells than the first line has names", err);
		if (is_missing(cell)) {
			if (!columns[at].missing++)
				columns[at].first_missing_line = line;
		} else if (take_number(cell, &value)) {
			history_add_value(t->arena, &h->series[columns[at].series], moment, value);
		} else {
			return err_set(err,
				       "%s:%zu: \"%.60s\" in column %zu is no number; leave the cell empty where there "
				       "is none",
				       t->path, line,
				       text_printable_copy(t->arena, arena_copy(t->arena, cell.at, cell.size)), at + 2);
		}
	}
	if (at < count)
		return err_set(err, "%s:%zu: the line has %zu cells, the first line has %zu names", t->path, line,
			       at + 1, count + 1);
	return true;
}

static void note_missing(struct arena *a, struct history *h, const struct column *columns, size_t count)
{
	size_t concerned = 0, cells = 0, first = 0;

	for (size_t i = 0; i < count; i++) {
		if (!columns[i].missing)
			continue;
		first = concerned++ ? first : i;
		cells += columns[i].missing;
	}
	if (concerned)
		history_note(a, h, "no value in %zu cell%s of %zu column%s (first: %s, line %zu)", cells,
			     cells == 1 ? "" : "s", concerned, concerned == 1 ? "" : "s",
			     h->series[columns[first].series].name, columns[first].first_missing_line);
}

bool history_parse_csv(struct arena *a, const char *path, struct str text, struct history *out, struct err *err)
{
	static const char mark[] = "\xEF\xBB\xBF"; /* byte order mark */
	struct table t = {.arena = a, .path = path, .at = text.at, .end = text.at + text.size, .cell = {.arena = a}};
	struct column *columns = NULL;
	size_t count = 0;
	bool is_time = false;

	*out = (struct history){0};
	if (memchr(text.at, '\0', text.size))
		return fail(&t, 1, "this is no text: it holds a NUL byte", err);
	if (text.size >= 3 && memcmp(text.at, mark, 3) == 0)
		t.at += 3;
	if (!read_header(&t, out, &is_time, &columns, &count, err))
		return false;
	while (next_line(&t)) {
		if (!read_line(&t, out, is_time, columns, count, err))
			return false;
	}
	if (!out->moment_count)
		return fail(&t, t.line, "there is no line behind the names", err);
	note_missing(a, out, columns, count);
	return true;
}

bool history_read_csv(struct arena *a, const char *path, struct history *out, struct err *err)
{
	struct str text;

	return file_read(a, path, CSV_LIMIT, &text, err) &&
	       history_parse_csv(a, text_equal(path, "-") ? "standard input" : path, text, out, err);
}
