/* Reading, writing and finding accepted regressions. */
#include "model/accepted.h"

#include "base/json.h"
#include "base/json_read.h"
#include "model/name.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One key of an entry, in the order in which a person reads them. */
struct field {
	const char *key;
	size_t offset;
	bool is_number, required;
};

#define TEXT(key, need)                                                                                                \
	{                                                                                                              \
#key, offsetof(struct accepted, key), false, need                                                      \
	}
#define NUMBER(key)                                                                                                    \
	{                                                                                                              \
#key, offsetof(struct accepted, key), true, false                                                      \
	}

static const struct field fields[] = {
	TEXT(series, true), TEXT(reason, true), TEXT(date, true),  TEXT(until, false),  NUMBER(baseline),
	NUMBER(current),    NUMBER(bound),      TEXT(unit, false), NUMBER(bound_ratio), TEXT(machine, false),
};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

/*
 * Days from the civil calendar and back: the Gregorian calendar repeats after 400 years of 146097 days; a year that
 * begins in March has its leap day at the end (Richards, Explanatory Supplement to the Astronomical Almanac, 2013,
 * section 15.11).
 */
static int64_t day_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t m = month <= 2 ? month + 9 : month - 3;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 719469;
}

bool date_parse(const char *text, int64_t *unix_day)
{
	static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t year, month, day;
	bool leap;

	if (strlen(text) < 10 || text[4] != '-' || text[7] != '-' || (text[10] != '\0' && text[10] != 'T'))
		return false;
	for (size_t i = 0; i < 10; i++) {
		if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9'))
			return false;
	}
	year = atoi((char[]){text[0], text[1], text[2], text[3], '\0'});
	month = atoi((char[]){text[5], text[6], '\0'});
	day = atoi((char[]){text[8], text[9], '\0'});
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > lengths[month - 1] ||
	    (month == 2 && day == 29 && !leap))
		return false;
	*unix_day = day_of(year, month, day);
	return true;
}

const char *date_format(struct arena *a, int64_t unix_day)
{
	int64_t year = 1970 + unix_day / 366, month = 1;

	while (day_of(year + 1, 1, 1) <= unix_day)
		year++;
	while (month < 12 && day_of(year, month + 1, 1) <= unix_day)
		month++;
	return arena_printf(a, "%04d-%02d-%02d", (int)year, (int)month, (int)(unix_day - day_of(year, month, 1)) + 1);
}

const struct accepted *accepted_find(const struct accepted_list *list, const char *suite, const char *bench,
				     const char *metric)
{
	for (size_t i = 0; list && i < list->count; i++) {
		if (name_is_series(list->items[i].series, suite, bench, metric))
			return &list->items[i];
	}
	return NULL;
}

static struct number known(double value)
{
	return (struct number){.value = value, .known = isfinite(value)};
}

struct accepted accepted_of(struct arena *a, const struct finding *f, const char *reason, const char *date,
			    const char *until)
{
	bool less_is_worse = f->category == CATEGORY_THROUGHPUT;
	struct number ratio = less_is_worse ? f->low_ratio : f->high_ratio;
	struct number change = less_is_worse ? f->low : f->high;
	struct accepted entry = {
		.series = arena_printf(a, "%s/%s:%s", f->suite, f->bench, f->metric),
		.reason = reason,
		.date = date,
		.until = until,
		.unit = f->unit,
		.baseline = f->baseline,
		.current = f->current,
		.machine = f->machine,
	};

	/* So few values that there is no interval: then the estimate has to do. */
	entry.bound_ratio = ratio.known ? ratio : f->change_ratio;
	if (!change.known)
		change = f->change;
	if (f->baseline.known && change.known)
		entry.bound = known(f->baseline.value + change.value);
	else if (f->baseline.known && entry.bound_ratio.known)
		entry.bound = known(f->baseline.value * (1 + entry.bound_ratio.value));
	return entry;
}

void accepted_put(struct arena *a, struct accepted_list *list, const struct accepted *entry)
{
	for (size_t i = 0; i < list->count; i++) {
		if (text_equal(list->items[i].series, entry->series)) {
			list->items[i] = *entry;
			return;
		}
	}
	list->items = arena_reserve(a, list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = *entry;
}

static bool same_number(struct number one, struct number two)
{
	return one.known == two.known && (!one.known || (one.value <= two.value && one.value >= two.value));
}

static bool same_entry(const struct accepted *one, const struct accepted *two)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const void *x = (const char *)one + fields[i].offset, *y = (const char *)two + fields[i].offset;

		if (fields[i].is_number ? !same_number(*(const struct number *)x, *(const struct number *)y)
					: !text_equal(*(const char *const *)x, *(const char *const *)y))
			return false;
	}
	return true;
}

struct accepted_list accepted_since(struct arena *a, const struct accepted_list *list, const struct accepted_list *base)
{
	struct accepted_list out = {0};

	for (size_t i = 0; i < list->count; i++) {
		bool merged = false;

		for (size_t j = 0; j < base->count && !merged; j++)
			merged = same_entry(&list->items[i], &base->items[j]);
		if (!merged)
			accepted_put(a, &out, &list->items[i]);
	}
	return out;
}

static void write_entry(struct json *j, const struct accepted *entry)
{
	json_begin_object_line(j);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const void *at = (const char *)entry + fields[i].offset;

		json_key(j, fields[i].key);
		if (!fields[i].is_number)
			json_text(j, *(const char *const *)at);
		else if (((const struct number *)at)->known)
			json_double(j, ((const struct number *)at)->value);
		else
			json_null(j);
	}
	json_end_object(j);
}

static int by_series(const void *one, const void *two)
{
	return strcmp(((const struct accepted *)one)->series, ((const struct accepted *)two)->series);
}

void accepted_to_json(struct buf *out, const struct accepted_list *list)
{
	struct accepted *sorted = NEW_ARRAY(out->arena, struct accepted, list->count);
	struct json j = {.out = out};

	if (list->count) {
		memcpy(sorted, list->items, list->count * sizeof *sorted);
		qsort(sorted, list->count, sizeof *sorted, by_series);
	}
	json_begin_object(&j);
	json_key(&j, "pawl_accepted");
	json_int(&j, ACCEPTED_FILE_VERSION);
	json_key(&j, "accepted");
	json_begin_array(&j);
	for (size_t i = 0; i < list->count; i++)
		write_entry(&j, &sorted[i]);
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

static bool read_field(struct arena *a, const cJSON *item, const struct field *field, struct accepted *entry,
		       struct err *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, field->key);
	void *at = (char *)entry + field->offset;
	struct number *number = at;

	if (!field->is_number) {
		*(const char **)at = "";
		if (!value && !field->required)
			return true;
		if (!json_get_text(a, item, field->key, at, err))
			return false;
		return **(const char **)at || !field->required || err_set(err, "\"%s\" is empty", field->key);
	}
	if (!value || cJSON_IsNull(value))
		return true;
	number->known = true;
	return json_get_double(item, field->key, &number->value, err);
}

static bool read_entry(struct arena *a, const cJSON *item, struct accepted *entry, struct err *err)
{
	int64_t day;

	if (!cJSON_IsObject(item))
		return err_set(err, "expected an object");
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (!read_field(a, item, &fields[i], entry, err))
			return false;
	}
	if (!date_parse(entry->date, &day))
		return err_set(err, "\"date\" must be a day like 2026-11-21, not `%s`",
			       text_printable_copy(a, entry->date));
	if (*entry->until && !date_parse(entry->until, &day))
		return err_set(err, "\"until\" must be a day like 2026-11-21, not `%s`",
			       text_printable_copy(a, entry->until));
	return true;
}

static bool read_root(struct arena *a, const cJSON *root, struct accepted_list *out, struct err *err)
{
	const cJSON *list, *item;
	int64_t version;
	size_t number = 0;

	if (!json_get_int(root, "pawl_accepted", &version, err) || !json_get_array(root, "accepted", &list, err))
		return false;
	if (version != ACCEPTED_FILE_VERSION)
		return err_set(err, "is of version %lld; this pawl reads version %d", (long long)version,
			       ACCEPTED_FILE_VERSION);
	cJSON_ArrayForEach(item, list)
	{
		struct accepted entry = {0};

		number++;
		if (!read_entry(a, item, &entry, err))
			return err_context(err, "entry %zu", number);
		/* A merge that kept the lines of both sides: the later agreement holds. */
		accepted_put(a, out, &entry);
	}
	return true;
}

bool accepted_from_json(struct arena *a, const char *path, struct str text, struct accepted_list *out, struct err *err)
{
	static const char conflict[] = "\n<<<<<<<";
	cJSON *root;
	bool ok;

	*out = (struct accepted_list){0};
	if (memmem(text.at, text.size, conflict, sizeof conflict - 1))
		return err_set(err, "%s: holds a merge that is not resolved; keep the lines of both sides", path);
	if (!json_parse(a, path, text, &root, err))
		return false;
	ok = read_root(a, root, out, err) || err_context(err, "%s", path);
	cJSON_Delete(root);
	return ok;
}
