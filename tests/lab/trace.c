/* Reading recorded traces. */
#include "trace.h"

#include "base/file.h"
#include "base/text.h"

#include <string.h>
#include <zlib.h>

/* A trace of 100 pairs of 15 benchmarks has 70 kB. */
enum { FIELDS = 6, PART_SIZE = 1 << 16, TRACE_LIMIT = 1 << 26 };

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

static const struct arm *arm_find(const char *name)
{
	for (size_t i = 0; i < sizeof arms / sizeof arms[0]; i++) {
		if (text_equal(arms[i].name, name))
			return &arms[i];
	}
	return NULL;
}

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

bool trace_read(struct arena *a, const char *path, const char *arm, struct str text, struct trace_set *set,
		struct err *err)
{
	const struct arm *of = arm_find(arm);
	const char *end = text.at + text.size;
	size_t number = 1;
	bool header = true;

	if (!of)
		return err_set(err, "%s: %s is no arm of tests/lab/trace.h", path, arm);
	for (const char *at = text.at; at < end; number++) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		size_t size = (size_t)((line_end ? line_end : end) - at);

		if (*at != '#' && header)
			header = false;
		else if (*at != '#' && !read_line(a, arena_copy(a, at, size), of, set))
			return err_set(err, "%s:%zu: no line of a trace; record it again with tests/lab/record.sh",
				       path, number);
		at += size + 1;
	}
	return true;
}

static bool read_zipped(struct arena *a, const char *path, struct buf *text, struct err *err)
{
	gzFile file = gzopen(path, "rb");
	char *part = arena_alloc(a, PART_SIZE);
	int got = 0;

	while (file && text->size < TRACE_LIMIT && (got = gzread(file, part, PART_SIZE)) > 0)
		buf_bytes(text, part, (size_t)got);
	if (!file || gzclose(file) != Z_OK || got < 0 || text->size >= TRACE_LIMIT)
		return err_set(err, "%s: damaged or too large; record it again with tests/lab/record.sh", path);
	return true;
}

bool trace_set_read(struct arena *a, const char *folder, struct trace_set *set, struct err *err)
{
	for (size_t i = 0; i < sizeof arms / sizeof arms[0]; i++) {
		const char *path = path_join(a, folder, arena_printf(a, "%s.csv.gz", arms[i].name));
		struct buf text = {.arena = a};

		if (!file_exists(path))
			continue;
		if (!read_zipped(a, path, &text, err))
			return false;
		if (!trace_read(a, path, arms[i].name, (struct str){text.at, text.size}, set, err))
			return false;
	}
	return true;
}
