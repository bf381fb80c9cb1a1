/* The key `profile` of a suite: what is read, and what is said about what cannot be. */
#include "flow/config.h"

#include "sampler/sampler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

#define PROFILE_TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

static bool parse(struct arena *a, const char *keys, struct config *c, struct err *err)
{
	const char *text = arena_printf(a, "version: 1\nsuites: [{name: a, run: [x]%s}]\n", keys);

	return config_parse(a, "pawl.yml", str_of(text), c, err);
}

static struct suite_profiling profile_of(struct arena *a, const char *keys)
{
	struct config c;
	struct err err;

	if (!parse(a, keys, &c, &err))
		fail_msg("%s", err.text);
	return c.suites[0].profile;
}

static void expect_refused(struct arena *a, const char *keys, const char *part)
{
	struct config c;
	struct err err = {{0}};

	if (parse(a, keys, &c, &err))
		fail_msg("%s was taken", keys);
	if (!strstr(err.text, part) || !text_starts(err.text, "pawl.yml:2:"))
		fail_msg("%s\n  says     %s\n  expected %s", keys, err.text, part);
}

static void without_the_key_everything_is_left_to_pawl(void **state)
{
	static const char *const same[] = {"", ", profile: {}", ", profile: {engine: auto, unwind: frames}"};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		struct suite_profiling p = profile_of(a, same[i]);

		assert_false(p.off || p.dwarf);
		assert_int_equal(p.rate_hz, 0);
		assert_null(p.engine);
	}
}

static void off_is_off_and_a_map_sets_what_it_names(void **state)
{
	struct arena *a = *state;
	struct suite_profiling p = profile_of(a, ", profile: {rate: 250, unwind: dwarf}");

	assert_true(profile_of(a, ", profile: off").off);
	assert_false(p.off);
	assert_true(p.dwarf);
	assert_int_equal(p.rate_hz, 250);
	assert_int_equal(profile_of(a, ", profile: {rate: 1}").rate_hz, 1);
	assert_int_equal(profile_of(a, ", profile: {rate: 4999}").rate_hz, 4999);
}

static void every_sampler_can_be_named(void **state)
{
	struct arena *a = *state;

	assert_true(sampler_count >= 3);
	for (size_t i = 0; i < sampler_count; i++) {
		const char *keys = arena_printf(a, ", profile: {engine: %s}", samplers[i]->name);

		assert_string_equal(profile_of(a, keys).engine, samplers[i]->name);
	}
}

static void what_cannot_be_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *value, *part;
	} cases[] = {
		{"on", "`profile`"},
		{"[999]", "`profile`"},
		{"999", "`profile`"},
		{"{rate: 0}", "1 to 4999"},
		{"{rate: 5000}", "1 to 4999"},
		{"{rate: -1}", "1 to 4999"},
		{"{rate: 99.5}", "1 to 4999"},
		{"{rate: 999999999999999999999}", "1 to 4999"},
		{"{rate: [1]}", "1 to 4999"},
		{"{unwind: fp}", "frames"},
		{"{unwind: {}}", "frames"},
		{"{engine: perv}", "perf"},
		{"{engine: ''}", "`engine`"},
		{"{rates: 999}", "rate"},
		{"{rate: 1, rate: 2}", "rate"},
	};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		expect_refused(a, arena_printf(a, ", profile: %s", cases[i].value), cases[i].part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROFILE_TEST(without_the_key_everything_is_left_to_pawl),
		PROFILE_TEST(off_is_off_and_a_map_sets_what_it_names),
		PROFILE_TEST(every_sampler_can_be_named),
		PROFILE_TEST(what_cannot_be_is_refused_with_its_place),
	};

	return cmocka_run_group_tests_name("config_profile", tests, NULL, NULL);
}
