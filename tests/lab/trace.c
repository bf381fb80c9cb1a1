/* Reading recorded traces. */
#include "trace.h"

#include "base/file.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { LINE_SIZE = 512, FIELDS = 6 };

static const struct arm {
	const char *name;
	enum trace_kind kind;
	int percent;
} arms[] = {
#define ROW(name, kind, percent) {name, TRACE_##kind, percent},
	TRACE_LIST(ROW)
#undef ROW
};

/* Benchmarks that do nothing but call a function in which record.sh plants, and those that call none such. */
static const char *const planted[] = {"BM_parse", "BM_validate", "BM_hash", "BM_discount", "BM_tax", "BM_receipt"};
static const char *const untouched[] = {"BM_customer", "BM_rules", "BM_sort/32",
					"BM_sort/256", "BM_queue", "BM_latency"};

static bool is_one_of(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(names[i], name))
			return true;
	}
	return false;
}

#define IS_ONE_OF(list, name) is_one_of((list), sizeof(list) / sizeof *(list), (name))

static struct trace_row *row_of(struct arena *a, struct trace_set *set, const struct arm *arm, const char *bench)
{
	struct trace_row *row;

	for (size_t i = set->count; i > 0; i--) {
		row = &set->rows[i - 1];
		if (text_equal(row->arm, arm->name) && text_equal(row->bench, bench))
			return row;
	}
	set->rows = arena_reserve(a, set->rows, set->count, &set->capacity, sizeof *set->rows);
	row = &set->rows[set->count++];
	*row = (struct trace_row){.bench = arena_string(a, bench), .arm = arm->name, .kind = arm->kind};
	row->percent = arm->kind == TRACE_PLANTED && IS_ONE_OF(planted, bench) ? arm->percent : 0;
	row->same_code = arm->kind == TRACE_SAME || (arm->kind == TRACE_PLANTED && IS_ONE_OF(untouched, bench));
	return row;
}

/* Splits at commas, in place; false unless there are FIELDS of them. */
static bool split(char *line, char *field[FIELDS])
{
	size_t n = 0;

	line[strcspn(line, "\r\n")] = '\0';
	for (char *at = line; at; n++) {
		char *comma = strchr(at, ',');

		if (n == FIELDS)
			return false;
		field[n] = at;
		if (comma)
			*comma++ = '\0';
		at = comma;
	}
	return n == FIELDS;
}

static bool read_line(struct arena *a, char *line, const struct arm *arm, struct trace_set *set)
{
	char *field[FIELDS];
	struct trace_pair pair;
	struct trace_row *row;

	if (!split(line, field))
		return false;
	if (!text_parse_double(str_of(field[4]), &pair.base_ns) || !text_parse_double(str_of(field[5]), &pair.head_ns))
		return false;
	if (!(pair.base_ns > 0) || !(pair.head_ns > 0))
		return false;
	row = row_of(a, set, arm, field[0]);
	row->pairs = arena_reserve(a, row->pairs, row->count, &row->capacity, sizeof *row->pairs);
	row->pairs[row->count++] = pair;
	return true;
}

static bool read_arm(struct arena *a, const char *path, const struct arm *arm, struct trace_set *set, struct err *err)
{
	gzFile file = gzopen(path, "rb");
	char line[LINE_SIZE];
	size_t number = 0;
	bool good = true, header = true;
	int end;

	if (!file)
		return err_set(err, "%s: cannot be read", path);
	while (good && gzgets(file, line, sizeof line)) {
		number++;
		if (line[0] == '#')
			continue;
		if (header)
			header = false;
		else
			good = read_line(a, line, arm, set);
	}
	gzerror(file, &end);
	if (!good)
		err_set(err, "%s:%zu: no line of a trace; record it again with tests/lab/record.sh", path, number);
	else if (end != Z_OK && end != Z_STREAM_END)
		good = err_set(err, "%s:%zu: damaged; record it again with tests/lab/record.sh", path, number);
	gzclose(file);
	return good;
}

bool trace_set_read(struct arena *a, const char *folder, struct trace_set *set, struct err *err)
{
	for (size_t i = 0; i < sizeof arms / sizeof arms[0]; i++) {
		const char *path = path_join(a, folder, arena_printf(a, "%s.csv.gz", arms[i].name));

		if (file_exists(path) && !read_arm(a, path, &arms[i], set, err))
			return false;
	}
	return true;
}
