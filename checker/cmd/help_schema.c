/*
 * The JSON schema of pawl.yml (draft 2020-12), from the rows of its keys.
 *
 * It is for editors: which keys there are, what they take, which values a choice has.  Whether an amount has the right unit
 * says pawl itself.
 */
#include "cmd/help_pages.h"

#include "base/json.h"
#include "flow/config_keys.h"

static void write_table(struct json *j, const struct config_table *table);

/* YAML reads `1`, `1.5` and `true` as no texts; pawl takes what stands there. */
static void scalar(struct json *j, const struct config_key *key)
{
	const char *const *names = key->choices ? key->choices(j->out->arena) : NULL;

	json_key(j, names ? "enum" : "type");
	json_begin_array_line(j);
	for (size_t i = 0; names && names[i]; i++)
		json_text(j, names[i]);
	if (!names) {
		json_text(j, "string");
		json_text(j, "number");
		json_text(j, "boolean");
	}
	json_end_array(j);
}

static void whole_number(struct json *j)
{
	json_key(j, "type");
	json_begin_array_line(j);
	json_text(j, "integer");
	json_text(j, "string");
	json_end_array(j);
	json_key(j, "minimum");
	json_int(j, 0);
	json_key(j, "pattern");
	json_text(j, "^[0-9]+$");
}

static void list_begin(struct json *j)
{
	json_key(j, "type");
	json_text(j, "array");
	json_key(j, "items");
	json_begin_object(j);
}

static void named_begin(struct json *j)
{
	json_key(j, "type");
	json_text(j, "object");
	json_key(j, "additionalProperties");
	json_begin_object(j);
}

static void write_value(struct json *j, const struct config_key *key)
{
	switch (key->shape) {
	case CONFIG_SCALAR:
		scalar(j, key);
		break;
	case CONFIG_COUNT:
		whole_number(j);
		break;
	case CONFIG_SCALARS:
		list_begin(j);
		scalar(j, key);
		json_end_object(j);
		break;
	case CONFIG_MAP:
		write_table(j, key->table);
		break;
	case CONFIG_SWITCHED_MAP:
		json_key(j, "oneOf");
		json_begin_array(j);
		json_begin_object_line(j);
		json_key(j, "const");
		json_text(j, "off");
		json_end_object(j);
		json_begin_object(j);
		write_table(j, key->table);
		json_end_object(j);
		json_end_array(j);
		break;
	case CONFIG_MAPS:
		list_begin(j);
		write_table(j, key->table);
		json_end_object(j);
		break;
	case CONFIG_NAMED:
		named_begin(j);
		scalar(j, key);
		json_end_object(j);
		break;
	case CONFIG_NAMED_LISTS:
		named_begin(j);
		list_begin(j);
		scalar(j, key);
		json_end_object(j);
		json_end_object(j);
		break;
	}
}

static bool takes(const struct suite_kind *kind, const char *name)
{
	for (size_t i = 0; kind->keys[i]; i++) {
		if (text_equal(kind->keys[i], name))
			return true;
	}
	return false;
}

/* The kind's own name, or for the first kind also that none is given. */
static void if_kind(struct json *j, size_t index)
{
	json_key(j, "if");
	json_begin_object(j);
	json_key(j, "properties");
	json_begin_object(j);
	json_key(j, "kind");
	json_begin_object(j);
	json_key(j, "const");
	json_text(j, suite_kinds[index]->name);
	json_end_object(j);
	json_end_object(j);
	if (index) {
		json_key(j, "required");
		json_begin_array_line(j);
		json_text(j, "kind");
		json_end_array(j);
	}
	json_end_object(j);
}

/* Which keys a suite may not have because of its kind. */
static void write_kinds(struct json *j, const struct config_table *table)
{
	json_key(j, "allOf");
	json_begin_array(j);
	for (size_t i = 0; i < suite_kind_count; i++) {
		if (!suite_kinds[i]->keys)
			continue;
		json_begin_object(j);
		if_kind(j, i);
		json_key(j, "then");
		json_begin_object(j);
		json_key(j, "properties");
		json_begin_object(j);
		for (size_t k = 0; k < table->count; k++) {
			if (!table->keys[k].of_kind || takes(suite_kinds[i], table->keys[k].name))
				continue;
			json_key(j, table->keys[k].name);
			json_bool(j, false);
		}
		json_end_object(j);
		json_end_object(j);
		json_end_object(j);
	}
	json_end_array(j);
}

static void write_table(struct json *j, const struct config_table *table)
{
	json_key(j, "type");
	json_text(j, "object");
	json_key(j, "additionalProperties");
	json_bool(j, false);
	json_key(j, "required");
	json_begin_array_line(j);
	for (size_t i = 0; i < table->count; i++) {
		if (table->keys[i].required)
			json_text(j, table->keys[i].name);
	}
	json_end_array(j);
	json_key(j, "properties");
	json_begin_object(j);
	for (size_t i = 0; i < table->count; i++) {
		const struct config_key *key = &table->keys[i];

		/* Keys of later versions are refused, as pawl does. */
		if (!key->read)
			continue;
		json_key(j, key->name);
		json_begin_object(j);
		json_key(j, "description");
		json_text(j, key->help ? arena_printf(j->out->arena, "%s Expected: %s.", key->help, key->expected)
				       : key->expected);
		write_value(j, key);
		json_end_object(j);
	}
	json_end_object(j);
	if (table == &config_suite_table)
		write_kinds(j, table);
}

void help_schema(struct buf *out)
{
	struct json j = {.out = out};

	json_begin_object(&j);
	json_key(&j, "$schema");
	json_text(&j, "https://json-schema.org/draft/2020-12/schema");
	json_key(&j, "title");
	json_text(&j, "pawl.yml");
	json_key(&j, "description");
	json_text(&j, "What pawl measures, and what counts as slower. Printed by `pawl help --schema`.");
	write_table(&j, &config_top_table);
	json_end_object(&j);
	buf_char(out, '\n');
}
