/*
 * What the keys of an entry mean, in all versions of google-benchmark since 1.0.
 */
#include "input/gbench_row.h"

#include <math.h>
#include <string.h>

/* Keys with a meaning of their own; every other number is a user's counter. */
#define FIELD_LIST(F)                                                                                                  \
	F(name)                                                                                                        \
	F(run_name)                                                                                                    \
	F(run_type)                                                                                                    \
	F(family_index)                                                                                                \
	F(per_family_instance_index)                                                                                   \
	F(repetitions)                                                                                                 \
	F(repetition_index)                                                                                            \
	F(threads)                                                                                                     \
	F(aggregate_name)                                                                                              \
	F(aggregate_unit)                                                                                              \
	F(error_occurred)                                                                                              \
	F(error_message)                                                                                               \
	F(skipped)                                                                                                     \
	F(skip_message)                                                                                                \
	F(iterations)                                                                                                  \
	F(real_time)                                                                                                   \
	F(cpu_time)                                                                                                    \
	F(time_unit)                                                                                                   \
	F(big_o)                                                                                                       \
	F(label)

#define F(key) FIELD_##key,
enum field { FIELD_LIST(F) FIELD_COUNT };
#undef F

#define F(key) [FIELD_##key] = {#key, sizeof #key - 1},
static const struct str field_names[FIELD_COUNT] = {FIELD_LIST(F)};
#undef F

/* Numbers that keep other uses of `names` apart from repetitions, which are 0 or more. */
enum {
	INDEX_UNNUMBERED = -1, /* iteration rows of versions without repetition_index */
	INDEX_AGGREGATE = -2,
	INDEX_STEM = -3, /* names that aggregates may be of */
	INDEX_SEEN = -4, /* repetitions below SEEN_LIMIT that came once: a bit each */
};

enum { SEEN_LIMIT = 64 };

struct entry {
	struct arena *arena;
	const struct scan *scan;
	size_t at;
	const struct members *members;
	const struct member *fields[FIELD_COUNT]; /* NULL where the entry lacks it */
	struct input_metric *metrics;
	size_t metric_count;
	struct buf lost; /* counters that are not finite */
};

/* Entries have their keys in nearly the order of the list, so the search begins behind the key found before. */
static enum field field_of(struct str key, int *next)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		int at = *next + i < FIELD_COUNT ? *next + i : *next + i - FIELD_COUNT;

		if (field_names[at].size == key.size && memcmp(field_names[at].at, key.at, key.size) == 0) {
			*next = at + 1 < FIELD_COUNT ? at + 1 : 0;
			return (enum field)at;
		}
	}
	return FIELD_COUNT;
}

/* The text of a string; "" for what is none. */
static struct str text_of(const struct member *item)
{
	return item && item->kind == MEMBER_STRING ? item->text : (struct str){"", 0};
}

static const char *copy_of(struct arena *a, struct str text)
{
	return arena_copy(a, text.at, text.size);
}

/* A copy of the string, or `otherwise` for what is none. */
static const char *copy_or(struct arena *a, const struct member *item, const char *otherwise)
{
	return item && item->kind == MEMBER_STRING ? copy_of(a, item->text) : otherwise;
}

static bool is_number(const struct member *item)
{
	return item && item->kind == MEMBER_NUMBER;
}

static bool is_true(const struct member *item)
{
	return item && item->kind == MEMBER_TRUE;
}

static bool is_whole(const struct member *item)
{
	return is_number(item) && item->number >= 0 && item->number <= 0x1p53 && item->number == floor(item->number);
}

/* The line of the first member with that key. */
static size_t line_of_key(const struct entry *e, const char *wanted)
{
	struct scan s = *e->scan;
	struct err ignored;
	struct str key;

	s.at = e->at + 1;
	while (scan_next(&s) != SCAN_END) {
		size_t at = s.at;

		if (s.text.at[at] == ',') {
			s.at++;
			continue;
		}
		if (s.text.at[at] != '"' || !scan_key(&s, &key, &ignored))
			break;
		if (str_equal(key, wanted))
			return scan_line(&s, at);
		if (!scan_value(&s, NULL, &ignored))
			break;
	}
	return scan_line(&s, e->at);
}

static bool fault(struct entry *e, struct input_row *row, const char *key, const char *what)
{
	row->status = INPUT_ERROR;
	row->message = arena_printf(e->arena, "line %zu: %s %s", line_of_key(e, key), key, what);
	return false;
}

/* "is NaN", "is negative", …, or NULL for a number that can be a time. */
static const char *time_fault(struct arena *a, const struct member *item, double value)
{
	if (item->kind == MEMBER_STRING)
		return arena_printf(a, "is %s, not a number", copy_of(a, item->text));
	if (item->kind != MEMBER_NUMBER)
		return "is not a number";
	if (!isfinite(value))
		return "is too large";
	return value < 0 ? "is negative" : NULL;
}

/* 0 for a unit that is none; a time without one is in nanoseconds. */
static double scale_to_ns(const struct member *item)
{
	static const struct {
		const char *unit;
		double scale;
	} units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};

	if (!item || item->kind != MEMBER_STRING)
		return 1;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (str_equal(item->text, units[i].unit))
			return units[i].scale;
	}
	return 0;
}

static void add_metric(struct entry *e, const char *name, double value, bool is_ratio)
{
	struct metric m = metric_of(name);

	if (is_ratio)
		m = (struct metric){name, "", CATEGORY_UNKNOWN};
	e->metrics[e->metric_count++] = (struct input_metric){m, value};
}

/* Times of a measured repetition: false, with the row's message, when nothing can be judged from them. */
static bool read_times(struct entry *e, struct input_row *row)
{
	static const enum field clocks[] = {FIELD_real_time, FIELD_cpu_time};
	double scale = scale_to_ns(e->fields[FIELD_time_unit]);

	if (scale == 0)
		return fault(e, row, "time_unit",
			     arena_printf(e->arena, "is \"%s\", expected ns, us, ms or s",
					  copy_or(e->arena, e->fields[FIELD_time_unit], "")));
	for (size_t i = 0; i < 2; i++) {
		const struct member *item = e->fields[clocks[i]];
		const char *key = field_names[clocks[i]].at;

		if (!item)
			continue;
		double ns = item->number * scale;
		const char *what = time_fault(e->arena, item, ns);

		if (what)
			return fault(e, row, key, what);
		/* A benchmark that sleeps or brings its own clock uses no CPU time; one without any time was not
		 * measured. */
		if (ns > 0)
			add_metric(e, key, ns, false);
		else if (e->metric_count == 0)
			return fault(e, row, key, "is 0: measured 0 ns");
	}
	if (e->metric_count == 0)
		return fault(e, row, "the entry", "has neither real_time nor cpu_time");
	return true;
}

/* Times of statistics: whatever is finite.  A coefficient of variation has a unit printed beside it and is a ratio. */
static void read_statistics(struct entry *e, bool is_ratio)
{
	static const enum field clocks[] = {FIELD_real_time, FIELD_cpu_time};
	double scale = is_ratio ? 1 : scale_to_ns(e->fields[FIELD_time_unit]);

	for (size_t i = 0; i < 2; i++) {
		const struct member *item = e->fields[clocks[i]];

		if (scale > 0 && is_number(item) && isfinite(item->number * scale))
			add_metric(e, field_names[clocks[i]].at, item->number * scale, is_ratio);
	}
}

static bool is_lost_number(const struct member *item)
{
	if (item->kind == MEMBER_NUMBER)
		return !isfinite(item->number);
	return item->kind == MEMBER_NULL ||
	       (item->kind == MEMBER_STRING && (str_equal(item->text, "NaN") || str_equal(item->text, "Infinity") ||
						str_equal(item->text, "-Infinity")));
}

static void read_counters(struct entry *e, bool is_ratio)
{
	struct names seen = {.arena = e->arena};

	for (size_t i = 0; i < e->members->count; i++) {
		const struct member *item = &e->members->items[i];

		if (item->tag != FIELD_COUNT)
			continue;
		bool lost = is_lost_number(item);
		if (!lost && !is_number(item))
			continue;
		struct name_slot *slot = names_slot(&seen, item->key, 0);
		if (slot->times++ > 0)
			continue;
		if (lost)
			buf_printf(&e->lost, "%s%s", e->lost.size ? ", " : "", slot->name);
		else
			add_metric(e, slot->name, item->number, is_ratio);
	}
}

static bool ends(struct str text, const char *suffix)
{
	size_t size = strlen(suffix);

	return text.size >= size && memcmp(text.at + text.size - size, suffix, size) == 0;
}

/* The benchmark's name before the suffix of an aggregate; `statistic` is then what stands behind it.  Only for versions
 * that say nothing else. */
static struct str aggregate_stem(const struct names *names, struct str name, const char **statistic)
{
	static const struct {
		const char *suffix;
		bool needs_stem; /* users name statistics, and benchmarks, like this */
	} suffixes[] = {{"_mean", false}, {"_median", false}, {"_stddev", false},
			{"_cv", false},   {"_min", true},     {"_max", true}};

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		if (!ends(name, suffixes[i].suffix))
			continue;
		struct str stem = {name.at, name.size - strlen(suffixes[i].suffix)};

		if (stem.size == 0 || (suffixes[i].needs_stem && !names_has(names, stem, INDEX_STEM)))
			return name;
		*statistic = suffixes[i].suffix + 1;
		return stem;
	}
	return name;
}

/* Takes the kind of the row, and of an aggregate what it is of. */
static enum input_kind kind_of(struct entry *e, struct gbench_rows *rows, struct str name, struct input_row *row)
{
	struct str type = text_of(e->fields[FIELD_run_type]), statistic = text_of(e->fields[FIELD_aggregate_name]);
	bool timed = e->fields[FIELD_real_time] || e->fields[FIELD_cpu_time];
	struct str stem;

	row->of = row->statistic = "";
	if (type.size && str_equal(type, "iteration") && !statistic.size && timed)
		return INPUT_ITERATION;
	if (str_equal(statistic, "BigO") || str_equal(statistic, "RMS"))
		return INPUT_FIT;
	const struct member *big_o = e->fields[FIELD_big_o];
	if (!timed && ((big_o && big_o->kind == MEMBER_STRING) || ends(name, "_BigO") || ends(name, "_RMS")))
		return INPUT_FIT;
	if (type.size && !str_equal(type, "aggregate"))
		return INPUT_ITERATION;
	if (type.size) {
		row->statistic = copy_of(e->arena, statistic);
		row->of = copy_or(e->arena, e->fields[FIELD_run_name], "");
		return INPUT_AGGREGATE;
	}
	stem = aggregate_stem(&rows->names, name, &row->statistic);
	names_slot(&rows->names, stem, INDEX_STEM);
	if (stem.size == name.size)
		return INPUT_ITERATION;
	row->of = copy_of(e->arena, stem);
	return INPUT_AGGREGATE;
}

/* The slot of a name's repetitions; rows of one name mostly stand together. */
static struct name_slot *seen_slot(struct gbench_rows *rows, struct str name)
{
	if (!rows->last || rows->last_count != rows->names.count || !str_equal(name, rows->last->name)) {
		rows->last = names_slot(&rows->names, name, INDEX_SEEN);
		rows->last_count = rows->names.count;
	}
	return rows->last;
}

/* How many rows of that name and repetition came before.  The first of a low repetition is a bit of its name alone: a
 * file has many repetitions and seldom one of them twice. */
static size_t count_before(struct gbench_rows *rows, struct str name, int64_t repetition, const char **kept)
{
	struct name_slot *slot;
	bool low = repetition < SEEN_LIMIT;

	if (low) {
		uint64_t bit = UINT64_C(1) << repetition;

		slot = seen_slot(rows, name);
		*kept = slot->name;
		if (!(slot->seen & bit)) {
			slot->seen |= bit;
			return 0;
		}
	}
	slot = names_slot(&rows->names, name, repetition);
	*kept = slot->name;
	return slot->times++ + low;
}

/* Numbers rows of the same name, repetitions of one benchmark or benchmarks that share it, and names the row. */
static void number_row(const struct entry *e, struct gbench_rows *rows, struct str name, struct input_row *row)
{
	bool numbered = is_whole(e->fields[FIELD_repetition_index]);
	struct name_slot *slot;

	rows->count++;
	row->repetition = numbered ? (int64_t)e->fields[FIELD_repetition_index]->number : 0;
	if (row->kind == INPUT_ITERATION && numbered) {
		row->occurrence = count_before(rows, name, row->repetition, &row->name);
		return;
	}
	if (row->kind != INPUT_ITERATION) {
		slot = names_slot(&rows->names, name, INDEX_AGGREGATE);
		row->name = slot->name;
		row->occurrence = slot->times++;
		return;
	}
	/* Without repetition_index the repetitions of a benchmark follow each other. */
	slot = names_slot(&rows->names, name, INDEX_UNNUMBERED);
	if (slot->row > 0 && slot->row + 1 == rows->count) {
		slot->repetition++;
	} else {
		slot->times++;
		slot->repetition = 0;
	}
	slot->row = rows->count;
	row->name = slot->name;
	row->repetition = slot->repetition;
	row->occurrence = slot->times - 1;
}

/* What an iteration row measured.  False, with status and message, when it measured nothing. */
static bool read_measurement(struct entry *e, struct input_row *row)
{
	const struct member *type = e->fields[FIELD_run_type];

	if (is_true(e->fields[FIELD_error_occurred])) {
		row->status = INPUT_ERROR;
		row->message = copy_or(e->arena, e->fields[FIELD_error_message], "failed without a message");
		return false;
	}
	if (is_true(e->fields[FIELD_skipped])) {
		row->status = INPUT_SKIPPED;
		row->message = copy_or(e->arena, e->fields[FIELD_skip_message], "skipped without a reason");
		return false;
	}
	if (type && type->kind == MEMBER_STRING && !str_equal(type->text, "iteration"))
		return fault(e, row, "run_type",
			     arena_printf(e->arena, "is \"%s\", expected iteration or aggregate",
					  copy_of(e->arena, type->text)));
	if (e->fields[FIELD_iterations] && !is_whole(e->fields[FIELD_iterations]))
		return fault(e, row, "iterations", "is not a whole number");
	if (!read_times(e, row))
		return false;
	read_counters(e, false);
	return true;
}

/* A counter may have the name of a key; the library writes its own keys first. */
static void find_fields(struct entry *e, struct members *members)
{
	size_t room = 2; /* the clocks */
	int next = 0;

	e->members = members;
	for (size_t i = 0; i < members->count; i++) {
		struct member *item = &members->items[i];

		item->tag = (int)field_of(item->key, &next);
		if (item->tag != FIELD_COUNT && !e->fields[item->tag])
			e->fields[item->tag] = item;
		room += item->tag == FIELD_COUNT;
	}
	e->metrics = NEW_ARRAY(e->arena, struct input_metric, room);
}

static int64_t whole_or_zero(const struct member *item)
{
	return is_whole(item) ? (int64_t)item->number : 0;
}

bool gbench_row_read(struct arena *a, struct gbench_rows *rows, struct members *entry, const struct scan *s, size_t at,
		     struct input_row *row)
{
	struct entry e = {.arena = a, .scan = s, .at = at, .lost = {.arena = a}};
	struct str name;

	find_fields(&e, entry);
	name = text_of(e.fields[FIELD_name]);
	if (!e.fields[FIELD_name] || e.fields[FIELD_name]->kind != MEMBER_STRING)
		name = text_of(e.fields[FIELD_run_name]);
	if (!name.size)
		return false;
	*row = (struct input_row){.message = "", .threads = 1};
	row->kind = kind_of(&e, rows, name, row);
	number_row(&e, rows, name, row);
	row->iterations = whole_or_zero(e.fields[FIELD_iterations]);
	row->repetitions = whole_or_zero(e.fields[FIELD_repetitions]);
	if (whole_or_zero(e.fields[FIELD_threads]) >= 1)
		row->threads = (int64_t)e.fields[FIELD_threads]->number;

	if (row->kind == INPUT_AGGREGATE) {
		bool is_ratio = str_equal(text_of(e.fields[FIELD_aggregate_unit]), "percentage") || ends(name, "_cv");

		/* Of those announced only some may have succeeded; their number is what such rows call iterations. */
		row->repetitions = e.fields[FIELD_run_type] ? row->iterations : 0;
		read_statistics(&e, is_ratio);
		read_counters(&e, is_ratio);
	} else if (row->kind == INPUT_ITERATION && !read_measurement(&e, row)) {
		return true;
	}
	row->metrics = e.metrics;
	row->metric_count = e.metric_count;
	if (e.lost.size)
		row->message = arena_printf(a, "not finite and left out: %s", buf_string(&e.lost));
	return true;
}
