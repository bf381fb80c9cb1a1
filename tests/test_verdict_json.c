/*
 * The verdict file: written, read back, refused.
 */
#include "model/verdict_json.h"

#include "verdict_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

static struct str bytes_of(struct arena *a, const struct verdict *v)
{
	struct buf out = {.arena = a};

	verdict_to_json(&out, v);
	return (struct str){out.at, out.size};
}

static void what_was_written_reads_back_the_same(void **state)
{
	struct arena *a = arena_open();
	size_t count = 0;
	const struct verdict_case *cases = verdict_cases(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct verdict v = cases[i].make(a), back = {0};
		struct str first = bytes_of(a, &v), second = {0};
		struct err err;

		assert_true(verdict_json_sniff(first));
		if (!verdict_from_json(a, "verdict.json", first, &back, &err))
			fail_msg("%s", err.text);
		second = bytes_of(a, &back);
		assert_int_equal(first.size, second.size);
		assert_memory_equal(first.at, second.at, first.size);
	}
	arena_close(a);
}

static void every_field_survives(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a), back = {0};
	const struct finding *f = NULL;
	struct err err;

	(void)state;
	assert_true(verdict_from_json(a, "v", bytes_of(a, &v), &back, &err));
	assert_int_equal(back.finding_count, v.finding_count);
	assert_true(back.seed == UINT64_MAX);
	assert_int_equal(back.status, 1);
	assert_string_equal(back.warnings[0], v.warnings[0]);
	assert_string_equal(back.repeat, v.repeat);
	f = &back.findings[3];
	assert_string_equal(f->bench, "BM_discount");
	assert_true(f->gated);
	assert_int_equal(f->state, STATE_JUDGED);
	assert_int_equal(f->outcome, OUTCOME_SLOWER);
	assert_int_equal(f->severity, SEVERITY_HIGH);
	assert_int_equal(f->effect, EFFECT_FAIL);
	assert_int_equal(f->category, CATEGORY_LATENCY);
	assert_true(f->change_ratio.known && f->change_ratio.value == 0.232);
	assert_true(f->p.known && f->p.value == 9.5367431640625e-07);
	assert_false(f->p_two_sided.known);
	assert_int_equal(f->samples_base, 20);
	assert_string_equal(f->place, "orders.c:214 (changed in this branch)");
	arena_close(a);
}

/* The keys of an object in the file's order; `first` may stand before the sorted ones. */
static void check_sorted(const cJSON *object, const char *first)
{
	const char *before = "";

	for (const cJSON *item = object->child; item; item = item->next) {
		if (cJSON_IsObject(object) && !(first && item == object->child && strcmp(item->string, first) == 0)) {
			assert_true(strcmp(before, item->string) < 0);
			before = item->string;
		}
		check_sorted(item, NULL);
	}
}

static void the_version_is_the_first_key_and_the_others_are_sorted(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);
	struct str text = bytes_of(a, &v);
	cJSON *root = cJSON_ParseWithLength(text.at, text.size);

	(void)state;
	assert_non_null(root);
	assert_string_equal(root->child->string, "pawl_verdict");
	check_sorted(root, "pawl_verdict");
	cJSON_Delete(root);
	arena_close(a);
}

static void a_key_that_is_not_there_leaves_its_field_empty(void **state)
{
	static const char text[] = "{\"pawl_verdict\": 1, \"findings\": [{\"suite\": \"s\", \"benchmark\": \"b\", "
				   "\"metric\": \"m\", \"state\": \"new\"}]}";
	struct arena *a = arena_open();
	struct verdict v = {0};
	struct err err;

	(void)state;
	assert_true(verdict_from_json(a, "v", str_of(text), &v, &err));
	assert_int_equal(v.finding_count, 1);
	assert_int_equal(v.findings[0].state, STATE_NEW);
	assert_string_equal(v.findings[0].reason, "");
	assert_string_equal(v.status_reason, "");
	assert_int_equal(v.warning_count, 0);
	arena_close(a);
}

static void what_is_no_verdict_is_refused_with_its_place(void **state)
{
#define FINDING(member)                                                                                                \
	"{\"pawl_verdict\": 1, \"findings\": [{\"suite\": \"s\", \"benchmark\": \"b\", \"metric\": \"m\", "            \
	"\"state\": \"new\", " member "}]}"
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"", "v.json:1: "},
		{"{\n\"pawl_verdict\": 1,\n", "v.json:3: "},
		{"{} x", "v.json:1: "},
		{"{\"pawl_run\": 1}", "v.json: is no verdict file: it has no key \"pawl_verdict\""},
		{"[1]", "v.json: is no verdict file: it has no key \"pawl_verdict\""},
		{"{\"pawl_verdict\": 2, \"findings\": []}",
		 "v.json: is of a version that this pawl does not know (it reads version 1)"},
		{"{\"pawl_verdict\": 1}", "v.json: findings: expected a list"},
		{"{\"pawl_verdict\": 1, \"findings\": [1]}", "v.json: findings[0]: expected an object"},
		{"{\"pawl_verdict\": 1, \"findings\": [{\"suite\": \"s\"}]}",
		 "v.json: findings[0].benchmark: is missing"},
		{FINDING("\"verdict\": \"sl\\u001bow\""), "v.json: findings[0].verdict: unknown name \"sl\\x1bow\""},
		{FINDING("\"verdict\": 1"), "v.json: findings[0].verdict: expected a text"},
		{FINDING("\"p\": \"x\""), "v.json: findings[0].p: expected a finite number"},
		{FINDING("\"p\": 1e999"), "v.json: findings[0].p: expected a finite number"},
		{FINDING("\"gated\": 1"), "v.json: findings[0].gated: expected true or false"},
		{FINDING("\"samples_base\": 1.5"),
		 "v.json: findings[0].samples_base: expected a whole number from 0 to 2^53"},
		{FINDING("\"samples_base\": -1"),
		 "v.json: findings[0].samples_base: expected a whole number from 0 to 2^53"},
		{FINDING("\"place\": []"), "v.json: findings[0].place: expected a text"},
		{"{\"pawl_verdict\": 1, \"findings\": [], \"seed\": \"12\"}",
		 "v.json: seed: expected \"0x\" and 16 hexadecimal digits"},
		{"{\"pawl_verdict\": 1, \"findings\": [], \"status\": 256}", "v.json: status: expected an exit status"},
		{"{\"pawl_verdict\": 1, \"findings\": [], \"warnings\": [1]}", "v.json: warnings: expected a text"},
		{"{\"pawl_verdict\": 1, \"findings\": [], \"warnings\": 1}", "v.json: warnings: expected a list"},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct verdict v = {0};
		struct err err;

		assert_false(verdict_from_json(a, "v.json", str_of(cases[i].text), &v, &err));
		if (!text_starts(err.text, cases[i].error))
			fail_msg("%s\n  says     %s\n  expected %s", cases[i].text, err.text, cases[i].error);
	}
	arena_close(a);
}

static void a_file_that_is_cut_off_anywhere_is_refused(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_compare(a), back = {0};
	struct str text = bytes_of(a, &v);
	struct err err;

	(void)state;
	/* The last byte is the line's end behind the last brace. */
	for (size_t size = 0; size + 1 < text.size; size++)
		assert_false(verdict_from_json(a, "v", (struct str){text.at, size}, &back, &err));
	arena_close(a);
}

static void a_verdict_file_is_known_by_its_first_key(void **state)
{
	(void)state;
	assert_true(verdict_json_sniff(str_of(" {\r\n\t\"pawl_verdict\": 1")));
	assert_false(verdict_json_sniff(str_of("{\"pawl_run\": 1, \"pawl_verdict\": 1}")));
	assert_false(verdict_json_sniff(str_of("")));
	assert_false(verdict_json_sniff((struct str){"{\0\"pawl_verdict\"", 16}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_reads_back_the_same),
		cmocka_unit_test(every_field_survives),
		cmocka_unit_test(the_version_is_the_first_key_and_the_others_are_sorted),
		cmocka_unit_test(a_key_that_is_not_there_leaves_its_field_empty),
		cmocka_unit_test(what_is_no_verdict_is_refused_with_its_place),
		cmocka_unit_test(a_file_that_is_cut_off_anywhere_is_refused),
		cmocka_unit_test(a_verdict_file_is_known_by_its_first_key),
	};

	return cmocka_run_group_tests_name("test_verdict_json", tests, NULL, NULL);
}
