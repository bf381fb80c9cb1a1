/*
 * docs/schema/verdict.schema.json: what is documented is what is written, no more and no less.
 */
#include "model/verdict_json.h"

#include "base/file.h"
#include "verdict_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

static const char schema_path[] = "docs/schema/verdict.schema.json";

struct schema {
	struct arena *arena;
	cJSON *root;
};

static int schema_open(void **state)
{
	struct arena *a = arena_open();
	struct schema *s = NEW(a, struct schema);
	struct str text;
	struct err err;

	s->arena = a;
	*state = s;
	if (!file_read(a, schema_path, FILE_LIMIT, &text, &err))
		return -1;
	s->root = cJSON_Parse(text.at);
	return s->root ? 0 : -1;
}

static int schema_close(void **state)
{
	struct schema *s = *state;

	cJSON_Delete(s->root);
	arena_close(s->arena);
	return 0;
}

static const cJSON *at(const cJSON *value, const char *key)
{
	const cJSON *found = cJSON_GetObjectItemCaseSensitive(value, key);

	if (!found)
		fail_msg("no key %s", key);
	return found;
}

/* A verdict whose rows have every key that can be written. */
static cJSON *written(struct arena *a)
{
	struct verdict v = case_mixed(a);
	struct buf out = {.arena = a};
	struct number one = {1, true};
	struct finding *f = &v.findings[0];

	f->change = f->low = f->high = f->mde = one;
	f->until = "2027-01-01";
	f->callers = "process";
	f->caller = "process";
	f->caller_place = "process.c:1";
	f->caller_touched = "yes";
	f->cause_note = "a note";
	f->source_diff = "+a line";
	f->functions = NEW(a, struct finding_function);
	*f->functions = (struct finding_function){.name = "f", .place = "f.c:1", .state = "slower", .q = {0.01, true}};
	f->function_count = 1;
	f->touched = "yes";
	f->function_change = f->function_low = f->function_high = f->function_part = (struct number){1, true};
	verdict_to_json(&out, &v);
	return cJSON_Parse(buf_string(&out));
}

/* `value` has just the keys that `schema` knows, all the way down; of a list the first item stands for all. */
static void expect_same_keys(const cJSON *schema, const cJSON *value, const char *where)
{
	const cJSON *properties = cJSON_GetObjectItemCaseSensitive(schema, "properties"), *item = NULL;

	if (cJSON_IsArray(value) && cJSON_GetArraySize(value) > 0)
		expect_same_keys(at(schema, "items"), cJSON_GetArrayItem(value, 0), where);
	if (!cJSON_IsObject(value))
		return;
	assert_non_null(properties);
	cJSON_ArrayForEach(item, value)
	{
		if (!cJSON_HasObjectItem(properties, item->string))
			fail_msg("%s does not know %s of %s", schema_path, item->string, where);
		expect_same_keys(at(properties, item->string), item, item->string);
	}
	cJSON_ArrayForEach(item, properties)
	{
		if (!cJSON_HasObjectItem(value, item->string))
			fail_msg("%s knows %s of %s, which is never written", schema_path, item->string, where);
	}
}

static void every_key_is_documented_and_every_documented_key_is_written(void **state)
{
	struct schema *s = *state;
	cJSON *value = written(s->arena);

	expect_same_keys(s->root, value, "the file");
	cJSON_Delete(value);
}

static const cJSON *finding_key(const struct schema *s, const char *key)
{
	const cJSON *findings = at(at(s->root, "properties"), "findings");

	return at(at(at(findings, "items"), "properties"), key);
}

static void expect_names(const cJSON *schema, const char *const *names, size_t count)
{
	const cJSON *list = at(schema, "enum");

	assert_int_equal(cJSON_GetArraySize(list), count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(cJSON_GetStringValue(cJSON_GetArrayItem(list, (int)i)), names[i]);
}

static void every_name_is_documented(void **state)
{
	const struct schema *s = *state;
	const char *states[STATE_COUNT], *severities[SEVERITY_CRITICAL + 1];
	const char *categories[CATEGORY_RESOURCE + 1], *outcomes[OUTCOME_SAME + 1];

	for (size_t i = 0; i < STATE_COUNT; i++)
		states[i] = state_name((enum state)i);
	for (size_t i = 0; i <= SEVERITY_CRITICAL; i++)
		severities[i] = severity_name((enum severity)i);
	for (size_t i = 0; i <= CATEGORY_RESOURCE; i++)
		categories[i] = category_name((enum category)i);
	for (size_t i = 0; i <= OUTCOME_SAME; i++)
		outcomes[i] = outcome_name((enum outcome)i);
	expect_names(finding_key(s, "state"), states, STATE_COUNT);
	expect_names(finding_key(s, "severity"), severities, SEVERITY_CRITICAL + 1);
	expect_names(finding_key(s, "category"), categories, CATEGORY_RESOURCE + 1);
	expect_names(finding_key(s, "verdict"), outcomes, OUTCOME_SAME + 1);
}

static void the_version_is_the_one_that_is_written(void **state)
{
	const struct schema *s = *state;
	const cJSON *version = at(at(at(s->root, "properties"), "pawl_verdict"), "const");

	assert_int_equal(version->valueint, VERDICT_FILE_VERSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_documented_and_every_documented_key_is_written),
		cmocka_unit_test(every_name_is_documented),
		cmocka_unit_test(the_version_is_the_one_that_is_written),
	};

	return cmocka_run_group_tests_name("test_schema", tests, schema_open, schema_close);
}
