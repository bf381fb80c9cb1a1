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
};

struct entry {
	struct arena *arena;
	const struct scan *scan;
	size_t at;
	const cJSON *fields[FIELD_COUNT]; /* NULL where the entry lacks it */
	struct input_metric *metrics;
	size_t metric_count;
	struct buf lost; /* counters that are not finite */
};

static enum field field_of(const char *key)
{
	size_t size = strlen(key);

	for (int i = 0; i < FIELD_COUNT; i++) {
		if (field_names[i].size == size && memcmp(field_names[i].at, key, size) == 0)
			return (enum field)i;
	}
	return FIELD_COUNT;
}

static const char *text_or(const cJSON *item, const char *otherwise)
{
	return cJSON_IsString(item) ? item->valuestring : otherwise;
}

static bool is_whole(const cJSON *item)
{
	return cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble <= 0x1p53 &&
	       item->valuedouble == floor(item->valuedouble);
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
static const char *time_fault(struct arena *a, const cJSON *item, double value)
{
	if (cJSON_IsString(item))
		return arena_printf(a, "is %s, not a number", item->valuestring);
	if (!cJSON_IsNumber(item))
		return "is not a number";
	if (!isfinite(value))
		return "is too large";
	return value < 0 ? "is negative" : NULL;
}

static double scale_to_ns(const char *unit)
{
	static const struct {
		const char *unit;
		double scale;
	} units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (text_equal(units[i].unit, unit))
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
	const char *unit = text_or(e->fields[FIELD_time_unit], "ns");
	double scale = scale_to_ns(unit);

	if (scale == 0)
		return fault(e, row, "time_unit", arena_printf(e->arena, "is \"%s\", expected ns, us, ms or s", unit));
	for (size_t i = 0; i < 2; i++) {
		const cJSON *item = e->fields[clocks[i]];
		const char *key = field_names[clocks[i]].at;

		if (!item)
			continue;
		double ns = item->valuedouble * scale;
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
	double scale = is_ratio ? 1 : scale_to_ns(text_or(e->fields[FIELD_time_unit], "ns"));

	for (size_t i = 0; i < 2; i++) {
		const cJSON *item = e->fields[clocks[i]];

		if (scale > 0 && cJSON_IsNumber(item) && isfinite(item->valuedouble * scale))
			add_metric(e, field_names[clocks[i]].at, item->valuedouble * scale, is_ratio);
	}
}

static bool is_lost_number(const cJSON *item)
{
	if (cJSON_IsNumber(item))
		return !isfinite(item->valuedouble);
	return cJSON_IsNull(item) || (cJSON_IsString(item) && (text_equal(item->valuestring, "NaN") ||
							       text_equal(item->valuestring, "Infinity") ||
							       text_equal(item->valuestring, "-Infinity")));
}

static void read_counters(struct entry *e, const cJSON *object, bool is_ratio)
{
	struct names seen = {.arena = e->arena};
	const cJSON *item;

	cJSON_ArrayForEach(item, object)
	{
		bool lost = is_lost_number(item);

		if ((!lost && !cJSON_IsNumber(item)) || field_of(item->string) != FIELD_COUNT)
			continue;
		struct name_slot *slot = names_slot(&seen, item->string, 0);
		if (slot->times++ > 0)
			continue;
		if (lost)
			buf_printf(&e->lost, "%s%s", e->lost.size ? ", " : "", item->string);
		else
			add_metric(e, item->string, item->valuedouble, is_ratio);
	}
}

/* Bytes of the benchmark's name before the suffix of an aggregate, or 0.  Only for versions that say nothing else. */
static size_t aggregate_stem(const struct names *names, const char *name)
{
	static const struct {
		const char *suffix;
		bool needs_stem; /* users name statistics, and benchmarks, like this */
	} suffixes[] = {{"_mean", false}, {"_median", false}, {"_stddev", false},
			{"_cv", false},   {"_min", true},     {"_max", true}};

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		if (!text_ends(name, suffixes[i].suffix))
			continue;
		size_t stem = strlen(name) - strlen(suffixes[i].suffix);

		return suffixes[i].needs_stem && !names_has(names, name, stem, INDEX_STEM) ? 0 : stem;
	}
	return 0;
}

static enum input_kind kind_of(const struct entry *e, struct gbench_rows *rows, const char *name)
{
	const char *type = text_or(e->fields[FIELD_run_type], "");
	const char *statistic = text_or(e->fields[FIELD_aggregate_name], "");
	bool timed = e->fields[FIELD_real_time] || e->fields[FIELD_cpu_time];

	if (text_equal(statistic, "BigO") || text_equal(statistic, "RMS"))
		return INPUT_FIT;
	if (!timed && (cJSON_IsString(e->fields[FIELD_big_o]) || text_ends(name, "_BigO") || text_ends(name, "_RMS")))
		return INPUT_FIT;
	if (*type)
		return text_equal(type, "aggregate") ? INPUT_AGGREGATE : INPUT_ITERATION;

	size_t stem = aggregate_stem(&rows->names, name);
	if (stem == 0)
		stem = strlen(name);
	names_slot(&rows->names, arena_copy(e->arena, name, stem), INDEX_STEM);
	return name[stem] ? INPUT_AGGREGATE : INPUT_ITERATION;
}

/* Numbers rows of the same name: repetitions of one benchmark, or benchmarks that share it. */
static void number_row(const struct entry *e, struct gbench_rows *rows, struct input_row *row)
{
	bool numbered = is_whole(e->fields[FIELD_repetition_index]);

	rows->count++;
	if (row->kind != INPUT_ITERATION || numbered) {
		row->repetition = numbered ? (int64_t)e->fields[FIELD_repetition_index]->valuedouble : 0;
		row->occurrence = names_slot(&rows->names, row->name,
					     row->kind == INPUT_ITERATION ? row->repetition : INDEX_AGGREGATE)
					  ->times++;
		return;
	}
	/* Without repetition_index the repetitions of a benchmark follow each other. */
	struct name_slot *slot = names_slot(&rows->names, row->name, INDEX_UNNUMBERED);
	if (slot->row > 0 && slot->row + 1 == rows->count) {
		slot->repetition++;
	} else {
		slot->times++;
		slot->repetition = 0;
	}
	slot->row = rows->count;
	row->repetition = slot->repetition;
	row->occurrence = slot->times - 1;
}

/* What an iteration row measured.  False, with status and message, when it measured nothing. */
static bool read_measurement(struct entry *e, const cJSON *object, struct input_row *row)
{
	const char *type = text_or(e->fields[FIELD_run_type], "iteration");

	if (cJSON_IsTrue(e->fields[FIELD_error_occurred])) {
		row->status = INPUT_ERROR;
		row->message = text_or(e->fields[FIELD_error_message], "failed without a message");
		return false;
	}
	if (cJSON_IsTrue(e->fields[FIELD_skipped])) {
		row->status = INPUT_SKIPPED;
		row->message = text_or(e->fields[FIELD_skip_message], "skipped without a reason");
		return false;
	}
	if (!text_equal(type, "iteration"))
		return fault(e, row, "run_type",
			     arena_printf(e->arena, "is \"%s\", expected iteration or aggregate", type));
	if (e->fields[FIELD_iterations] && !is_whole(e->fields[FIELD_iterations]))
		return fault(e, row, "iterations", "is not a whole number");
	if (!read_times(e, row))
		return false;
	read_counters(e, object, false);
	return true;
}

bool gbench_row_read(struct arena *a, struct gbench_rows *rows, const cJSON *entry, const struct scan *s, size_t at,
		     struct input_row *row)
{
	struct entry e = {.arena = a, .scan = s, .at = at, .lost = {.arena = a}};
	size_t member_count = 0;
	const cJSON *item;

	/* A counter may have the name of a key; the library writes its own keys first. */
	cJSON_ArrayForEach(item, entry)
	{
		enum field f = field_of(item->string);

		if (f != FIELD_COUNT && !e.fields[f])
			e.fields[f] = item;
		member_count++;
	}
	const char *name = text_or(e.fields[FIELD_name], text_or(e.fields[FIELD_run_name], ""));
	if (!*name)
		return false;
	e.metrics = NEW_ARRAY(a, struct input_metric, member_count);
	*row = (struct input_row){.name = name, .kind = kind_of(&e, rows, name), .message = "", .threads = 1};
	number_row(&e, rows, row);
	if (is_whole(e.fields[FIELD_iterations]))
		row->iterations = (int64_t)e.fields[FIELD_iterations]->valuedouble;
	if (is_whole(e.fields[FIELD_threads]) && e.fields[FIELD_threads]->valuedouble >= 1)
		row->threads = (int64_t)e.fields[FIELD_threads]->valuedouble;

	if (row->kind == INPUT_AGGREGATE) {
		bool is_ratio =
			text_equal(text_or(e.fields[FIELD_aggregate_unit], ""), "percentage") || text_ends(name, "_cv");

		read_statistics(&e, is_ratio);
		read_counters(&e, entry, is_ratio);
	} else if (row->kind == INPUT_ITERATION && !read_measurement(&e, entry, row)) {
		return true;
	}
	row->metrics = e.metrics;
	row->metric_count = e.metric_count;
	if (e.lost.size)
		row->message = arena_printf(a, "not finite and left out: %s", buf_string(&e.lost));
	return true;
}
