/*
 * Lists of {name, value, unit}: what github-action-benchmark takes as customSmallerIsBetter and customBiggerIsBetter.
 *
 * The two look the same, so the direction is what --format says; as `custom`, what units and names say.
 */
#include "input/rows.h"
#include "input/sniff.h"

#include <string.h>

static bool give_entry(struct rows *r, const cJSON *entry, enum category wanted, struct err *err)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(entry, "name");
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(entry, "value");
	const char *unit = json_text_of(entry, "unit");

	if (!cJSON_IsString(name) || !cJSON_IsNumber(value))
		return err_set(err, "%s: an entry without a text `name` and a number `value`", r->path);
	if (!rows_begin(r, str_of(name->valuestring), 1, err))
		return false;
	if (wanted == CATEGORY_UNKNOWN)
		rows_add_named(r, "", unit, value->valuedouble);
	else if (wanted == CATEGORY_RESOURCE && unit_ns(unit) > 0)
		rows_add(r, metric_of("real_time"), value->valuedouble * unit_ns(unit));
	else
		rows_add(r, (struct metric){"value", unit, wanted}, value->valuedouble);
	return rows_give(r, err);
}

static bool read_entries(struct arena *a, const char *path, struct str text, enum category wanted,
			 const struct input_sink *sink, struct err *err)
{
	const cJSON *entry;
	struct rows r;
	cJSON *root;
	bool ok;

	if (!rows_parse_json(a, path, text, &root, err))
		return false;
	rows_init(&r, a, path, sink, NULL);
	ok = cJSON_IsArray(root) || err_set(err, "%s: is no list of {name, unit, value}", path);
	for (entry = ok ? root->child : NULL; ok && entry; entry = entry->next)
		ok = give_entry(&r, entry, wanted, err);
	rows_release(&r);
	cJSON_Delete(root);
	return ok;
}

static bool custom_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			struct err *err)
{
	return read_entries(a, path, text, CATEGORY_UNKNOWN, sink, err);
}

static bool smaller_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			 struct err *err)
{
	return read_entries(a, path, text, CATEGORY_RESOURCE, sink, err);
}

static bool bigger_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			struct err *err)
{
	return read_entries(a, path, text, CATEGORY_THROUGHPUT, sink, err);
}

static bool custom_sniff(struct str text)
{
	static const char *const keys[] = {"name", "unit", "value", "range", "extra"};
	struct str key = sniff_key(text, "[{");

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (str_equal(key, keys[i]))
			return sniff_holds(text, "\"value\"") && sniff_holds(text, "\"name\"");
	}
	return false;
}

/* Only who says so means a direction. */
static bool never_sniff(struct str text)
{
	(void)text;
	return false;
}

const struct input_format input_custom = {
	.name = "custom",
	.help = "a JSON list of {name, unit, value}; the unit says which direction is worse",
	.sniff = custom_sniff,
	.read = custom_read,
};

const struct input_format input_custom_smaller = {
	.name = "customSmallerIsBetter",
	.help = "the same where more is worse (only by name)",
	.sniff = never_sniff,
	.read = smaller_read,
};

const struct input_format input_custom_bigger = {
	.name = "customBiggerIsBetter",
	.help = "the same where less is worse (only by name)",
	.sniff = never_sniff,
	.read = bigger_read,
};
