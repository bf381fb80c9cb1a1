/* Filters of profiles, in the order in which pprof applies them. */
#include "graph/filter.h"

#include "made_profiles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

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

static struct source prepared(struct arena *a, const struct profile *p, struct source_options o)
{
	struct source s;
	struct err err;

	if (!source_prepare(a, &p, 1, NULL, 0, &o, &s, &err))
		fail_msg("%s", err.text);
	return s;
}

static const char *filtered(struct arena *a, const struct profile *p, struct source_options o)
{
	return made_text(a, prepared(a, p, o).profile);
}

/* What a call that must fail says. */
static const char *refused(struct arena *a, const struct profile *p, struct source_options o)
{
	struct source s;
	struct err err;

	assert_false(source_prepare(a, &p, 1, NULL, 0, &o, &s, &err));
	return arena_string(a, err.text);
}

static struct profile *small(void **state)
{
	struct profile *p = made_profile(*state, 0x1000);

	made_sample(p, "main;a;b", NULL, 4);
	made_sample(p, "main;a;c", NULL, 2);
	made_sample(p, "main;b;a", NULL, 1);
	return p;
}

static void nothing_asked_for_keeps_everything(void **state)
{
	struct source s = prepared(*state, small(state), (struct source_options){0});

	assert_string_equal(made_text(*state, s.profile), "main;a;b 4 40\nmain;a;c 2 20\nmain;b;a 1 10\n");
	assert_int_equal(s.total, 70);
	assert_int_equal(s.warning_count, 0);
}

static void focus_keeps_stacks_and_ignore_drops_them(void **state)
{
	struct profile *p = small(state);

	assert_string_equal(filtered(*state, p, (struct source_options){.focus = "^b$"}),
			    "main;a;b 4 40\nmain;b;a 1 10\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.ignore = "^b$"}), "main;a;c 2 20\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.focus = "^a$", .ignore = "^c$"}),
			    "main;a;b 4 40\nmain;b;a 1 10\n");
}

static void names_files_and_objects_are_matched(void **state)
{
	struct profile *p = small(state);

	assert_string_equal(filtered(*state, p, (struct source_options){.focus = "src/c"}), "main;a;c 2 20\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.ignore = "bin/app"}), "");
}

static void hidden_frames_go_and_their_samples_stay(void **state)
{
	struct profile *p = small(state);

	assert_string_equal(filtered(*state, p, (struct source_options){.hide = "^b$"}),
			    "main;a 4 40\nmain;a;c 2 20\nmain;a 1 10\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.show = "^[bc]$"}), "b 4 40\nc 2 20\nb 1 10\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.hide = "."}), "");
}

static void focus_sees_what_hide_takes_away(void **state)
{
	assert_string_equal(filtered(*state, small(state), (struct source_options){.focus = "^c$", .hide = "^c$"}),
			    "main;a 2 20\n");
}

static void show_from_cuts_above_the_highest_match(void **state)
{
	struct profile *p = small(state);

	made_sample(p, "main;a;b;a;c", NULL, 8);
	assert_string_equal(filtered(*state, p, (struct source_options){.show_from = "^b$"}),
			    "b 4 40\nb;a 1 10\nb;a;c 8 80\n");
}

static void prune_from_cuts_below_the_lowest_match(void **state)
{
	struct profile *p = made_profile(*state, 0x1000);

	made_sample(p, "main;a;b;a;c", NULL, 1);
	made_sample(p, "main;f(int);c", NULL, 2);
	assert_string_equal(filtered(*state, p, (struct source_options){.prune_from = "^a$"}),
			    "main;a;b;a 1 10\nmain;f(int);c 2 20\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.prune_from = "^f$"}),
			    "main;a;b;a;c 1 10\nmain;f(int) 2 20\n");
}

static void profiles_say_themselves_what_to_drop(void **state)
{
	struct profile *p = made_profile(*state, 0x1000);

	made_sample(p, "main;malloc;grow", NULL, 1);
	made_sample(p, "main;operator()(int);grow", NULL, 2);
	made_sample(p, "main;malloc_hook;grow", NULL, 4);
	made_sample(p, "malloc;main;malloc", NULL, 8);
	p->drop_frames = profile_string_of(p, "malloc.*|operator\\(\\)");
	p->keep_frames = profile_string_of(p, "malloc_hook");
	assert_string_equal(filtered(*state, p, (struct source_options){0}),
			    "main 1 10\nmain 2 20\nmain;malloc_hook;grow 4 40\nmalloc;main 8 80\n");
}

static void a_profile_whose_expression_is_none_is_shown_whole(void **state)
{
	struct profile *p = small(state);
	struct source s;

	p->drop_frames = profile_string_of(p, "(\033[");
	s = prepared(*state, p, (struct source_options){0});
	assert_int_equal(s.profile->sample_count, 3);
	assert_int_equal(s.warning_count, 1);
	assert_null(strchr(s.warnings[0], '\033'));
}

static void empty_stacks_count_in_the_total_only(void **state)
{
	struct profile *p = small(state);
	struct source s;

	made_sample(p, "", NULL, 3);
	s = prepared(*state, p, (struct source_options){0});
	assert_int_equal(s.total, 100);
	assert_int_equal(s.profile->sample_count, 3);
}

static void percentages_are_of_all_or_of_what_is_left(void **state)
{
	struct profile *p = small(state);

	assert_int_equal(prepared(*state, p, (struct source_options){.focus = "^c$"}).total, 70);
	assert_int_equal(prepared(*state, p, (struct source_options){.focus = "^c$", .relative = true}).total, 20);
}

static struct profile *labelled(void **state)
{
	struct profile *p = made_profile(*state, 0x1000);

	made_sample(p, "a", "region:eu", 1);
	made_sample(p, "a", "region:us", 2);
	made_sample(p, "a", NULL, 4);
	made_numbered(p, "a", "bytes", 2048, "bytes", 8);
	made_numbered(p, "a", "bytes", 1048576, "bytes", 16);
	return p;
}

static void labels_are_filtered_by_text(void **state)
{
	struct profile *p = labelled(state);

	assert_string_equal(filtered(*state, p, (struct source_options){.tag_focus = "eu"}), "a region:eu 1 10\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.tag_focus = "region=eu|us"}),
			    "a region:eu 1 10\na region:us 2 20\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.tag_focus = "zone=eu"}), "");
	/* Without a key all must match, each some label written key:text; with one any. */
	assert_string_equal(filtered(*state, p, (struct source_options){.tag_focus = "region,eu"}),
			    "a region:eu 1 10\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.tag_focus = "region=eu,us"}),
			    "a region:eu 1 10\na region:us 2 20\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.tag_ignore = "region", .hide = "x"}),
			    "a 4 40\na bytes:2048bytes 8 80\na bytes:1048576bytes 16 160\n");
}

static void labels_are_filtered_by_ranges_with_units(void **state)
{
	static const struct {
		const char *filter, *rest;
	} cases[] = {
		{"2kb", "a bytes:2048bytes 8 80\n"},
		{"bytes=1mb", "a bytes:1048576bytes 16 160\n"},
		{":4kb", "a bytes:2048bytes 8 80\n"},
		{"3kb:", "a bytes:1048576bytes 16 160\n"},
		{"1kb:1mb", "a bytes:2048bytes 8 80\na bytes:1048576bytes 16 160\n"},
		{"2047b:+2049b", "a bytes:2048bytes 8 80\n"},
		{"1ms:2ms", ""},
		{"other=2kb", ""},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct source s =
			prepared(*state, labelled(state), (struct source_options){.tag_focus = cases[i].filter});

		assert_string_equal(made_text(*state, s.profile), cases[i].rest);
		assert_true(s.warning_count > 0);
		assert_non_null(strstr(s.warnings[0], "is taken for a range"));
	}
}

static void what_is_no_range_is_an_expression(void **state)
{
	assert_string_equal(filtered(*state, labelled(state), (struct source_options){.tag_focus = "1kb:2ms"}), "");
	assert_string_equal(filtered(*state, labelled(state), (struct source_options){.tag_focus = "region:e"}),
			    "a region:eu 1 10\n");
	assert_non_null(strstr(refused(*state, labelled(state), (struct source_options){.tag_focus = "a,(b"}),
			       "--tagfocus: '(b' is no regular expression"));
}

static void labels_can_be_hidden(void **state)
{
	struct profile *p = labelled(state);

	assert_string_equal(filtered(*state, p, (struct source_options){.tag_hide = "byt"}),
			    "a region:eu 1 10\na region:us 2 20\na 4 40\na 8 80\na 16 160\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.tag_show = "byt"}),
			    "a 1 10\na 2 20\na 4 40\na bytes:2048bytes 8 80\na bytes:1048576bytes 16 160\n");
}

static void labels_become_frames(void **state)
{
	struct profile *p = labelled(state);

	assert_string_equal(filtered(*state, p, (struct source_options){.tag_root = "region,none"}),
			    "eu;;a region:eu 1 10\nus;;a region:us 2 20\n;;a 4 40\n;;a bytes:2048bytes 8 80\n"
			    ";;a bytes:1048576bytes 16 160\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.tag_leaf = "bytes", .focus = "kB|MB"}),
			    "a;2kB bytes:2048bytes 8 80\na;1MB bytes:1048576bytes 16 160\n");
}

static void granularity_takes_away_what_it_does_not_tell_apart(void **state)
{
	const struct profile *p =
		prepared(*state, small(state), (struct source_options){.granularity = GRANULARITY_FILES}).profile;

	assert_string_equal(profile_text(p, p->functions[0].name), "");
	assert_string_equal(profile_text(p, p->functions[0].file), "src/b.c");
	assert_int_equal(p->locations[0].address, 0);
	p = prepared(*state, small(state), (struct source_options){.granularity = GRANULARITY_LINES}).profile;
	assert_int_equal(p->lines[0].line, 7);
	assert_int_equal(p->locations[0].address, 0);
	p = prepared(*state, small(state), (struct source_options){0}).profile;
	assert_int_equal(p->lines[0].line, 0);
	assert_string_equal(profile_text(p, p->functions[0].file), "");
}

static void inlined_functions_can_be_counted_as_their_callers(void **state)
{
	struct profile *p = made_profile(*state, 0x1000);
	struct profile_line lines[2] = {{.line = 1}, {.line = 2}};
	uint32_t stack;

	lines[0].function =
		profile_intern_function(p, &(struct profile_function){.name = profile_string_of(p, "inlined")});
	lines[1].function =
		profile_intern_function(p, &(struct profile_function){.name = profile_string_of(p, "caller")});
	stack = profile_intern_location(p, &(struct profile_location){.address = 0x1100}, lines, 2);
	profile_add_sample(p, profile_stack(p, &stack, 1), 0, (int64_t[]){1, 10});
	assert_string_equal(filtered(*state, p, (struct source_options){0}), "caller;inlined 1 10\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.no_inlines = true}), "caller 1 10\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.hide = "inl"}), "caller 1 10\n");
	assert_string_equal(filtered(*state, p, (struct source_options){.show_from = "inl"}), "inlined 1 10\n");
}

static void what_matches_nothing_or_drops_most_is_said(void **state)
{
	struct source s = prepared(*state, small(state), (struct source_options){.focus = "zzz"});

	assert_int_equal(s.warning_count, 1);
	assert_string_equal(s.warnings[0], "--focus=zzz matched nothing");
	s = prepared(*state, small(state), (struct source_options){.focus = "^c$"});
	assert_int_equal(s.warning_count, 1);
	assert_string_equal(s.warnings[0], "--focus dropped 71.4 % of the samples' cpu");
	s = prepared(*state, small(state), (struct source_options){.ignore = "^c$"});
	assert_int_equal(s.warning_count, 0);
	s = prepared(*state, small(state), (struct source_options){.tag_root = "nothing"});
	assert_int_equal(s.warning_count, 1);
}

static void an_expression_that_explodes_is_an_error(void **state)
{
	struct profile *p = made_profile(*state, 0x1000);

	made_sample(p, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", NULL, 1);
	assert_non_null(strstr(refused(*state, p, (struct source_options){.focus = "^(a+)+$"}),
			       "--focus: '^(a+)+$' takes too long"));
	assert_non_null(strstr(refused(*state, p, (struct source_options){.hide = "a("}),
			       "--hide: 'a(' is no regular expression"));
}

static void names_that_are_no_utf8_are_matched_where_they_are(void **state)
{
	struct profile *p = made_profile(*state, 0x1000);

	made_sample(p, "bad\xff\xfename", NULL, 1);
	assert_string_equal(filtered(*state, p, (struct source_options){.focus = "name$"}), "bad\xff\xfename 1 10\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_asked_for_keeps_everything),
		cmocka_unit_test(focus_keeps_stacks_and_ignore_drops_them),
		cmocka_unit_test(names_files_and_objects_are_matched),
		cmocka_unit_test(hidden_frames_go_and_their_samples_stay),
		cmocka_unit_test(focus_sees_what_hide_takes_away),
		cmocka_unit_test(show_from_cuts_above_the_highest_match),
		cmocka_unit_test(prune_from_cuts_below_the_lowest_match),
		cmocka_unit_test(profiles_say_themselves_what_to_drop),
		cmocka_unit_test(a_profile_whose_expression_is_none_is_shown_whole),
		cmocka_unit_test(empty_stacks_count_in_the_total_only),
		cmocka_unit_test(percentages_are_of_all_or_of_what_is_left),
		cmocka_unit_test(labels_are_filtered_by_text),
		cmocka_unit_test(labels_are_filtered_by_ranges_with_units),
		cmocka_unit_test(what_is_no_range_is_an_expression),
		cmocka_unit_test(labels_can_be_hidden),
		cmocka_unit_test(labels_become_frames),
		cmocka_unit_test(granularity_takes_away_what_it_does_not_tell_apart),
		cmocka_unit_test(inlined_functions_can_be_counted_as_their_callers),
		cmocka_unit_test(what_matches_nothing_or_drops_most_is_said),
		cmocka_unit_test(an_expression_that_explodes_is_an_error),
		cmocka_unit_test(names_that_are_no_utf8_are_matched_where_they_are),
	};

	return cmocka_run_group_tests_name("test_filter", tests, open_arena, close_arena);
}
