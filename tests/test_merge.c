/* Profiles made one, and compared with a base. */
#include "graph/merge.h"

#include "graph/source.h"
#include "made_profiles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { SMALLEST_PAGE = 0x1000 };

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

/* What source_prepare makes of heads and bases, at addresses so that nothing is taken away. */
static struct source prepared(struct arena *a, const struct profile *head, const struct profile *other,
			      const struct profile *base, struct source_options o)
{
	const struct profile *heads[] = {head, other}, *bases[] = {base};
	struct source s;
	struct err err;

	o.granularity = GRANULARITY_ADDRESSES;
	if (!source_prepare(a, heads, other ? 2 : 1, bases, base ? 1 : 0, &o, &s, &err))
		fail_msg("%s", err.text);
	return s;
}

static const char *merged(struct arena *a, const struct profile *one, const struct profile *two)
{
	return made_text(a, prepared(a, one, two, NULL, (struct source_options){0}).profile);
}

static void equal_stacks_and_labels_are_added(void **state)
{
	struct profile *one = made_profile(*state, 0x1000), *two = made_profile(*state, 0x1000);

	made_sample(one, "main;a", NULL, 1);
	made_sample(one, "main;a", NULL, 2);
	made_sample(one, "main;a", "k:x", 4);
	made_sample(two, "main;b", NULL, 8);
	made_sample(two, "main;a", "k:x", 16);
	assert_string_equal(merged(*state, one, two), "main;a 3 30\nmain;a k:x 20 200\nmain;b 8 80\n");
}

static void addresses_count_from_the_start_of_their_mapping(void **state)
{
	struct profile *one = made_profile(*state, 0x400000), *two = made_profile(*state, 0x7f0000000000);
	struct source s;

	made_sample(one, "main;a", NULL, 1);
	made_sample(two, "main;a", NULL, 2);
	s = prepared(*state, one, two, NULL, (struct source_options){0});
	assert_string_equal(made_text(*state, s.profile), "main;a 3 30\n");
	assert_int_equal(s.profile->mapping_count, 1);
	assert_true(s.profile->locations[0].address < 0x500000);
}

static void mappings_of_other_size_offset_or_build_differ(void **state)
{
	static const struct {
		uint64_t more, offset;
		const char *build_id;
		bool same;
	} cases[] = {{SMALLEST_PAGE, 0, "", false},
		     {-(uint64_t)SMALLEST_PAGE + 1, 0, "", true},
		     {0, 64, "", false},
		     {0, 0, "beef", false}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct profile *one = made_profile(*state, 0x1000), *two = made_profile(*state, 0x1000);

		made_sample(one, "a", NULL, 1);
		made_sample(two, "a", NULL, 2);
		two->mappings[0].limit += cases[i].more;
		two->mappings[0].offset = cases[i].offset;
		two->mappings[0].build_id = profile_string_of(two, cases[i].build_id);
		assert_string_equal(merged(*state, one, two), cases[i].same ? "a 3 30\n" : "a 1 10\na 2 20\n");
	}
}

static void a_build_id_counts_more_than_a_file(void **state)
{
	struct profile *one = made_profile(*state, 0x1000), *two = made_profile(*state, 0x1000);

	made_sample(one, "a", NULL, 1);
	made_sample(two, "a", NULL, 2);
	one->mappings[0].build_id = profile_string_of(one, "beef");
	two->mappings[0].build_id = profile_string_of(two, "beef");
	two->mappings[0].file = profile_string_of(two, "/elsewhere/app");
	assert_string_equal(merged(*state, one, two), "a 3 30\n");
}

static void functions_of_other_files_differ(void **state)
{
	struct profile *one = made_profile(*state, 0x1000), *two = made_profile(*state, 0x1000);

	made_sample(one, "a", NULL, 1);
	made_sample(two, "a", NULL, 2);
	two->functions[0].file = profile_string_of(two, "other.c");
	assert_string_equal(merged(*state, one, two), "a 1 10\na 2 20\n");
}

static void locations_stand_in_the_order_of_their_use(void **state)
{
	struct profile *p = made_profile(*state, 0x1000);
	struct source s;

	made_location(p, "unused");
	made_stack(p, "main;early");
	made_sample(p, "main;late;leaf", NULL, 1);
	made_sample(p, "main;early", NULL, 1);
	s = prepared(*state, p, NULL, NULL, (struct source_options){0});
	assert_int_equal(s.profile->location_count, 4);
	assert_string_equal(profile_text(s.profile, s.profile->functions[0].name), "leaf");
	assert_string_equal(profile_text(s.profile, s.profile->functions[3].name), "early");
}

static void samples_of_zero_leave_nothing_behind(void **state)
{
	struct profile *one = made_profile(*state, 0x1000), *two = made_profile(*state, 0x1000);
	struct source s;

	made_sample(one, "main;zero", NULL, 0);
	made_sample(one, "main;gone", NULL, 5);
	made_sample(one, "main;a", NULL, 5);
	made_sample(two, "main;gone", NULL, -5);
	s = prepared(*state, one, two, NULL, (struct source_options){0});
	assert_string_equal(made_text(*state, s.profile), "main;a 5 50\n");
	assert_int_equal(s.profile->location_count, 2);
	assert_int_equal(s.profile->function_count, 2);
}

static void headers_are_joined(void **state)
{
	struct profile *one = made_profile(*state, 0x1000), *two = made_profile(*state, 0x1000);
	const struct profile *p;

	made_sample(one, "a", NULL, 1);
	made_sample(two, "a", NULL, 1);
	one->time_ns = 0;
	two->time_ns = 500;
	one->duration_ns = 3;
	two->duration_ns = INT64_MAX;
	two->period = 20;
	profile_add_comment(one, profile_string_of(one, "x"));
	profile_add_comment(two, profile_string_of(two, "y"));
	profile_add_comment(two, profile_string_of(two, "x"));
	two->default_type = profile_string_of(two, "samples");
	p = prepared(*state, one, two, NULL, (struct source_options){0}).profile;
	assert_int_equal(p->time_ns, 500);
	assert_int_equal(p->duration_ns, INT64_MAX);
	assert_int_equal(p->period, 20);
	assert_int_equal(p->comment_count, 2);
	assert_string_equal(profile_text(p, p->comments[1]), "y");
	assert_string_equal(profile_text(p, p->default_type), "samples");
}

static void types_that_are_not_in_all_are_left_out(void **state)
{
	struct profile *one = made_profile(*state, 0x1000), *two = NEW(*state, struct profile);
	struct source s;

	profile_init(two, *state);
	profile_add_type(two, "cpus", "milliseconds");
	profile_add_type(two, "wall", "nanoseconds");
	profile_add_mapping(two, one->mappings);
	two->mappings[0].file = profile_string_of(two, "/bin/app");
	made_sample(one, "a", NULL, 1);
	profile_add_sample(two, made_stack(two, "a"), 0, (int64_t[]){2, 99});
	s = prepared(*state, one, two, NULL, (struct source_options){0});
	assert_int_equal(s.profile->type_count, 1);
	assert_string_equal(s.unit, "nanoseconds");
	assert_string_equal(made_text(*state, s.profile), "a 2000010\n");
	assert_int_equal(s.warning_count, 1);
}

static void profiles_of_other_kinds_are_refused(void **state)
{
	struct profile *one = made_profile(*state, 0x1000), *two = NEW(*state, struct profile);
	const struct profile *heads[] = {one, two};
	struct source s;
	struct err err = {0};

	profile_init(two, *state);
	profile_add_type(two, "inuse_space", "bytes");
	assert_false(source_prepare(*state, heads, 2, NULL, 0, &(struct source_options){0}, &s, &err));
	assert_non_null(strstr(err.text, "no sample type in common: one has samples/count, cpu/nanoseconds, another "
					 "inuse_space/bytes"));
	profile_init(two, *state);
	profile_add_type(two, "cpu", "bytes");
	assert_false(source_prepare(*state, heads, 2, NULL, 0, &(struct source_options){0}, &s, &err));
	assert_non_null(strstr(err.text, "'cpu' is in nanoseconds in one profile and in bytes in another"));
	profile_init(two, *state);
	profile_add_type(two, "cpu", "nanoseconds");
	two->period_type.name = profile_string_of(two, "space");
	two->period_type.unit = profile_string_of(two, "bytes");
	assert_false(source_prepare(*state, heads, 2, NULL, 0, &(struct source_options){0}, &s, &err));
	assert_non_null(strstr(err.text, "different periods"));
}

static void sums_that_are_too_large_stay_at_the_end(void **state)
{
	struct profile *one = made_profile(*state, 0x1000), *two = made_profile(*state, 0x1000);
	struct source s;

	profile_add_sample(one, made_stack(one, "a"), 0, (int64_t[]){INT64_MAX - 1, INT64_MIN});
	profile_add_sample(two, made_stack(two, "a"), 0, (int64_t[]){5, -1});
	s = prepared(*state, one, two, NULL, (struct source_options){0});
	assert_int_equal(s.profile->values[0], INT64_MAX);
	assert_int_equal(s.profile->values[1], INT64_MIN);
	assert_int_equal(s.total, INT64_MAX);
	assert_int_equal(s.warning_count, 1);
	s = prepared(*state, two, NULL, one, (struct source_options){.comparison = COMPARE_BASE});
	assert_int_equal(s.profile->values[1], INT64_MAX - 1);
}

static void a_base_is_subtracted(void **state)
{
	struct profile *head = made_profile(*state, 0x1000), *base = made_profile(*state, 0x9000);
	struct source s;

	made_sample(head, "main;a", NULL, 10);
	made_sample(head, "main;b", NULL, 10);
	made_sample(base, "main;a", NULL, 4);
	made_sample(base, "main;b", NULL, 10);
	made_sample(base, "main;c", NULL, 1);
	s = prepared(*state, head, NULL, base, (struct source_options){.comparison = COMPARE_BASE});
	assert_string_equal(made_text(*state, s.profile), "main;a 6 60\nmain;c -1 -10\n");
	/* 100 % is all that changed. */
	assert_int_equal(s.total, 70);
}

static void a_diff_base_stays_apart_and_is_the_total(void **state)
{
	struct profile *head = made_profile(*state, 0x1000), *base = made_profile(*state, 0x1000);
	struct source s;

	made_sample(head, "main;a", NULL, 10);
	made_sample(base, "main;a", "pprof::base:false", 4);
	s = prepared(*state, head, NULL, base, (struct source_options){.comparison = COMPARE_DIFF_BASE});
	assert_string_equal(made_text(*state, s.profile), "main;a 10 100\nmain;a pprof::base:true -4 -40\n");
	assert_int_equal(s.total, 40);
}

static void normalizing_compares_shares(void **state)
{
	struct profile *head = made_profile(*state, 0x1000), *base = made_profile(*state, 0x1000);
	struct source s;

	made_sample(head, "main;a", NULL, 30);
	made_sample(head, "main;b", NULL, 10);
	made_sample(base, "main;a", NULL, 10);
	made_sample(base, "main;b", NULL, 10);
	s = prepared(*state, head, NULL, base, (struct source_options){.comparison = COMPARE_BASE, .normalize = true});
	assert_string_equal(made_text(*state, s.profile), "main;a 5 50\nmain;b -5 -50\n");
}

static void a_head_of_zero_is_normalized_to_nothing(void **state)
{
	struct profile *head = made_profile(*state, 0x1000), *base = made_profile(*state, 0x1000);
	struct source s;

	made_sample(head, "a", NULL, 3);
	made_sample(head, "b", NULL, -3);
	made_sample(base, "a", NULL, 1);
	s = prepared(*state, head, NULL, base, (struct source_options){.comparison = COMPARE_BASE, .normalize = true});
	assert_string_equal(made_text(*state, s.profile), "a -1 -10\n");
}

static void sample_types_are_chosen_by_name_and_number(void **state)
{
	struct profile *p = made_profile(*state, 0x1000);
	const struct profile *heads[] = {p};
	struct source_options o = {.sample_index = "2"};
	struct source s;
	struct err err;

	made_sample(p, "a", NULL, 1);
	assert_int_equal(prepared(*state, p, NULL, NULL, (struct source_options){0}).type, 1);
	assert_int_equal(prepared(*state, p, NULL, NULL, (struct source_options){.sample_index = "0"}).type, 0);
	assert_int_equal(prepared(*state, p, NULL, NULL, (struct source_options){.sample_index = "cpu"}).type, 1);
	assert_int_equal(prepared(*state, p, NULL, NULL, (struct source_options){.sample_index = "inuse_samples"}).type,
			 0);
	assert_false(source_prepare(*state, heads, 1, NULL, 0, &o, &s, &err));
	assert_non_null(strstr(err.text, "numbered 0 to 1"));
	o.sample_index = "cpus";
	assert_false(source_prepare(*state, heads, 1, NULL, 0, &o, &s, &err));
	assert_non_null(strstr(err.text, "has the sample types samples, cpu"));
}

static void a_mean_is_of_the_first_type(void **state)
{
	struct profile *p = made_profile(*state, 0x1000);
	struct source s;

	made_sample(p, "a", NULL, 3);
	made_sample(p, "b", NULL, 5);
	s = prepared(*state, p, NULL, NULL, (struct source_options){.mean = true});
	assert_int_equal(s.mean_type, 0);
	assert_int_equal(s.total, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_stacks_and_labels_are_added),
		cmocka_unit_test(addresses_count_from_the_start_of_their_mapping),
		cmocka_unit_test(mappings_of_other_size_offset_or_build_differ),
		cmocka_unit_test(a_build_id_counts_more_than_a_file),
		cmocka_unit_test(functions_of_other_files_differ),
		cmocka_unit_test(locations_stand_in_the_order_of_their_use),
		cmocka_unit_test(samples_of_zero_leave_nothing_behind),
		cmocka_unit_test(headers_are_joined),
		cmocka_unit_test(types_that_are_not_in_all_are_left_out),
		cmocka_unit_test(profiles_of_other_kinds_are_refused),
		cmocka_unit_test(sums_that_are_too_large_stay_at_the_end),
		cmocka_unit_test(a_base_is_subtracted),
		cmocka_unit_test(a_diff_base_stays_apart_and_is_the_total),
		cmocka_unit_test(normalizing_compares_shares),
		cmocka_unit_test(a_head_of_zero_is_normalized_to_nothing),
		cmocka_unit_test(sample_types_are_chosen_by_name_and_number),
		cmocka_unit_test(a_mean_is_of_the_first_type),
	};

	return cmocka_run_group_tests_name("test_merge", tests, open_arena, close_arena);
}
