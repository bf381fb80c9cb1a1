/* What is said of a profile: its numbers and what is wrong with it. */
#include "profile/profile.h"

#include "base/file.h"
#include "profile_dump.h"

#include <stdlib.h>

#define GOLDEN "tests/golden/profiles/"

static void describe(struct buf *out, struct arena *a, const struct profile *p)
{
	struct profile_info info = profile_describe(a, p);

	for (size_t i = 0; i < p->type_count; i++) {
		dump_type(out, p, p->types + i);
		buf_printf(out, " %" PRId64 "%s", info.totals[i], i == info.default_type ? "*" : "");
	}
	buf_printf(out, "; %zu of %zu samples without stack, deepest %zu, %zu of %zu locations with symbols\n",
		   info.empty_stack_count, p->sample_count, info.deepest, info.symbolized_count, p->location_count);
	for (size_t i = 0; i < info.label_count; i++) {
		buf_text(out, "  label ");
		dump_text(out, p, info.labels[i].key);
		buf_printf(out, ": %zu values, %zu samples\n", info.labels[i].value_count, info.labels[i].sample_count);
	}
	for (size_t i = 0; i < info.problem_count; i++)
		buf_printf(out, "  %s\n", info.problems[i]);
}

static void every_golden_file_is_described_as_expected(void **state)
{
	static const char *const folders[] = {"edge", "go"};
	const char *golden = getenv("PAWL_GOLDEN");
	struct buf found = {.arena = *state};
	struct str expected;
	struct err err;

	for (size_t i = 0; i < 2; i++) {
		const char *folder = path_join(*state, GOLDEN, folders[i]), **names;
		size_t count;

		assert_true(dir_list(*state, folder, &names, &count, &err));
		for (size_t k = 0; k < count; k++) {
			struct profile p;

			if (!profile_read(*state, path_join(*state, folder, names[k]), NULL, &p, NULL, &err))
				continue;
			buf_printf(&found, "%s:", names[k]);
			describe(&found, *state, &p);
		}
	}
	if (golden && text_equal(golden, "write") && !file_write(GOLDEN "info", found.at, found.size, &err))
		fail_msg("%s", err.text);
	if (!file_read(*state, GOLDEN "info", FILE_LIMIT, &expected, &err))
		fail_msg("%s", err.text);
	if (!str_equal(expected, buf_string(&found)))
		fail_msg(GOLDEN "info differs (make golden writes it)\n%s", buf_string(&found));
}

static struct profile empty_profile(struct arena *a)
{
	struct profile p;

	profile_init(&p, a);
	profile_add_type(&p, "samples", "count");
	return p;
}

static bool has_problem(struct arena *a, const struct profile *p, const char *part)
{
	struct profile_info info = profile_describe(a, p);

	for (size_t i = 0; i < info.problem_count; i++) {
		if (strstr(info.problems[i], part))
			return true;
	}
	return false;
}

static uint32_t location_in(struct profile *p, const char *name)
{
	struct profile_function f = {.name = profile_string_of(p, name)};
	struct profile_line line = {profile_intern_function(p, &f), 1, 0};
	struct profile_location l = {.mapping = PROFILE_NONE};

	return profile_intern_location(p, &l, &line, 1);
}

/* `count` stacks of that depth whose roots are `root`, or a function of its own each. */
static void add_stacks(struct profile *p, struct arena *a, size_t count, size_t depth, const char *root)
{
	uint32_t *frames = NEW_ARRAY(a, uint32_t, depth);

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < depth; k++)
			frames[k] = location_in(p, arena_printf(a, "f%zu", (i + k) % 64));
		frames[depth - 1] = location_in(p, root ? root : arena_printf(a, "somewhere%zu", i));
		profile_add_sample(p, profile_stack(p, frames, depth), 0, &(int64_t){1});
	}
}

static void stacks_that_were_cut_at_a_depth_are_told(void **state)
{
	struct profile p = empty_profile(*state);

	add_stacks(&p, *state, 50, 20, "main");
	add_stacks(&p, *state, 30, 32, NULL);
	assert_true(has_problem(*state, &p, "30 stacks of 32 frames"));
}

static void deep_stacks_that_reach_a_known_root_are_no_problem(void **state)
{
	struct profile p = empty_profile(*state);

	add_stacks(&p, *state, 50, 20, "main");
	add_stacks(&p, *state, 30, 32, "main");
	assert_false(has_problem(*state, &p, "stacks of"));
}

static void the_engine_is_what_pawl_noted(void **state)
{
	struct profile p = empty_profile(*state);

	profile_add_comment(&p, profile_string_of(&p, "engine=none pawl: engine=wrong"));
	assert_int_equal(profile_describe(*state, &p).engine.size, 0);
	profile_add_comment(&p, profile_string_of(&p, "pawl: engines=2 engine=perf  rate=999 lost=12"));
	assert_true(str_equal(profile_describe(*state, &p).engine, "perf"));
	assert_true(str_equal(profile_note(&p, "rate"), "999"));
	assert_int_equal(profile_note(&p, "rat").size, 0);
	assert_true(has_problem(*state, &p, "12 samples were lost"));
	assert_true(has_problem(*state, &p, "there are no samples"));
}

static void names_cannot_write_to_the_terminal_through_a_problem(void **state)
{
	struct profile p;

	profile_init(&p, *state);
	profile_add_type(&p, "a\033[2Jb", "");
	assert_true(has_problem(*state, &p, "a\\x1b[2Jb, has no unit"));
}

static void a_value_that_is_not_samples_times_period_is_told(void **state)
{
	struct profile p = empty_profile(*state);

	profile_add_type(&p, "cpu", "nanoseconds");
	p.period_type = p.types[1];
	p.period = 10;
	profile_add_sample(&p, profile_stack(&p, NULL, 0), 0, (int64_t[]){5, 50});
	assert_false(has_problem(*state, &p, "samples times period"));
	profile_add_sample(&p, profile_stack(&p, NULL, 0), 0, (int64_t[]){1, 50});
	assert_true(has_problem(*state, &p, "cpu is not samples times period: 100 instead of 60"));
	p.period_type.unit = profile_string_of(&p, "seconds");
	assert_true(has_problem(*state, &p, "values of cpu are in nanoseconds, their period in seconds"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_golden_file_is_described_as_expected),
		TEST(stacks_that_were_cut_at_a_depth_are_told),
		TEST(deep_stacks_that_reach_a_known_root_are_no_problem),
		TEST(the_engine_is_what_pawl_noted),
		TEST(names_cannot_write_to_the_terminal_through_a_problem),
		TEST(a_value_that_is_not_samples_times_period_is_told),
	};

	return cmocka_run_group_tests_name("test_info", tests, NULL, NULL);
}
