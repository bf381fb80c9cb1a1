/* What a run file says of profiles: written, read, and refused. */
#include "made_tables.h"
#include "model/run_json.h"

#define HASH_NAME "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.pb.gz"

static struct run sampled_run(struct arena *a)
{
	struct run run = {0};
	struct slice_table *t = run_add(a, &run, "s", "BM_sampled");

	made_slice(a, t, PHASE_MEASURE, 0, 1000);
	made_slice(a, t, PHASE_PROFILE, 0, 1000);
	t->profile = (struct run_profile){
		.engine = "timer",
		.unwind = "dwarf",
		.file = HASH_NAME,
		.trouble = "ended \"early\"\n\x1b[31m",
		.rate_hz = 4999,
		.sample_count = 1234567890123,
		.lost_count = 7,
		.broken_count = 3,
	};
	run_add(a, &run, "s", "BM_plain");
	return run;
}

static void the_profile_of_a_table_reads_back(void **state)
{
	struct arena *a = *state;
	struct run run = sampled_run(a), back;
	struct str text = run_to_json(a, &run);
	const struct run_profile *p;
	struct err err;

	if (!run_from_json(a, "r.json", text, &back, &err))
		fail_msg("%s", err.text);
	p = &back.tables[0].profile;
	assert_string_equal(p->engine, "timer");
	assert_string_equal(p->unwind, "dwarf");
	assert_string_equal(p->file, HASH_NAME);
	assert_string_equal(p->trouble, "ended \"early\"\n\x1b[31m");
	assert_int_equal(p->rate_hz, 4999);
	assert_true(p->sample_count == 1234567890123);
	assert_int_equal(p->lost_count, 7);
	assert_int_equal(p->broken_count, 3);
	assert_null(p->stacks);
	assert_int_equal(back.tables[0].slices[1].phase, PHASE_PROFILE);
	assert_string_equal(run_to_json(a, &back).at, text.at);
}

static void a_table_that_was_not_sampled_has_no_profile(void **state)
{
	struct arena *a = *state;
	struct run run = sampled_run(a), back;
	struct str text;
	struct err err;

	run.tables[0].profile = (struct run_profile){.trouble = "nothing samples here"};
	text = run_to_json(a, &run);
	assert_null(strstr(text.at, "\"profile\": {"));
	assert_true(run_from_json(a, "r.json", text, &back, &err));
	assert_null(back.tables[0].profile.engine);
	assert_null(back.tables[1].profile.engine);
}

static void a_profile_that_was_not_written_has_no_name(void **state)
{
	struct arena *a = *state;
	struct run run = sampled_run(a), back;
	struct err err;

	run.tables[0].profile.file = "";
	assert_true(run_from_json(a, "r.json", run_to_json(a, &run), &back, &err));
	assert_string_equal(back.tables[0].profile.file, "");
	assert_string_equal(back.tables[0].profile.engine, "timer");
}

static void values_of_profile_slices_are_no_measurements(void **state)
{
	struct arena *a = *state;
	struct run run = sampled_run(a), back;
	size_t count;
	struct err err;

	assert_true(run_from_json(a, "r.json", run_to_json(a, &run), &back, &err));
	table_series(a, &back.tables[0], "cpu_time", &count);
	assert_int_equal(count, 1);
}

static void a_damaged_profile_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *from, *to, *error;
	} cases[] = {
		{"\"engine\": \"timer\"", "\"engine\": 1", "profile: \"engine\" must be a text"},
		{"\"engine\": \"timer\", ", "", "profile: \"engine\" is missing"},
		{"\"engine\": \"timer\"", "\"engine\": null", "profile: \"engine\" must be a text"},
		{"\"unwind\": \"dwarf\"", "\"unwind\": []", "profile: \"unwind\" must be a text"},
		{"\"rate_hz\": 4999", "\"rate_hz\": 1.5", "profile: \"rate_hz\" must be a whole number"},
		{"\"rate_hz\": 4999", "\"rate_hz\": \"4999\"", "profile: \"rate_hz\" must be a whole number"},
		{"\"rate_hz\": 4999", "\"rate_hz\": -4999", "profile: counts must be whole numbers from 0 on"},
		{"\"lost\": 7", "\"lost\": -7", "profile: counts must be whole numbers from 0 on"},
		{"\"broken\": 3", "\"broken\": -1", "profile: counts must be whole numbers from 0 on"},
		{"\"samples\": 1234567890123", "\"samples\": -1", "profile: counts must be whole numbers from 0 on"},
		{"\"samples\": 1234567890123", "\"samples\": 1e999", "profile: \"samples\" must be a whole number"},
		{HASH_NAME, "..", "profile: \"file\" must be \"\" or the hash"},
		{HASH_NAME, "../" HASH_NAME, "profile: \"file\" must be \"\" or the hash"},
		{HASH_NAME, HASH_NAME "/", "profile: \"file\" must be \"\" or the hash"},
		{"f.pb.gz", ".pb.gz", "profile: \"file\" must be \"\" or the hash"},
	};
	struct arena *a = *state;
	struct run run = sampled_run(a), back;
	struct str text = run_to_json(a, &run);

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *at = strstr(text.at, cases[i].from);
		struct buf b = {.arena = a};
		struct err err = {{0}};

		if (!at)
			fail_msg("%s is not there", cases[i].from);
		buf_bytes(&b, text.at, (size_t)(at - text.at));
		buf_text(&b, cases[i].to);
		buf_text(&b, at + strlen(cases[i].from));
		assert_false(run_from_json(a, "r.json", (struct str){b.at, b.size}, &back, &err));
		if (!text_starts(err.text, "r.json: table s/BM_sampled: ") || !strstr(err.text, cases[i].error))
			fail_msg("%s\n  says     %s\n  expected %s", cases[i].to, err.text, cases[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ORDERS_TEST(the_profile_of_a_table_reads_back),
		ORDERS_TEST(a_table_that_was_not_sampled_has_no_profile),
		ORDERS_TEST(a_profile_that_was_not_written_has_no_name),
		ORDERS_TEST(values_of_profile_slices_are_no_measurements),
		ORDERS_TEST(a_damaged_profile_is_refused_with_its_place),
	};

	return cmocka_run_group_tests_name("run_json_profile", tests, NULL, NULL);
}
