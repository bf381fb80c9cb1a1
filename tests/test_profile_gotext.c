/* Go's profiles that are text. */
#include "profile_sums.h"

static void expect_frames(const struct loaded *l, size_t sample, const char *wanted)
{
	const struct profile *p = &l->profile;
	const struct profile_span *s = p->stacks + p->sample_stacks[sample];
	struct buf out = {.arena = l->arena};

	for (size_t i = 0; i < s->count; i++) {
		const struct profile_location *at = p->locations + p->frames[s->first + i];

		for (size_t k = 0; k < at->line_count; k++)
			buf_printf(&out, "%s%s:%lld", out.size ? " " : "",
				   profile_text(p, p->functions[p->lines[at->first_line + k].function].name),
				   (long long)p->lines[at->first_line + k].line);
	}
	assert_string_equal(buf_string(&out), wanted);
}

static const char *label_of(const struct loaded *l, size_t sample, const char *key)
{
	const struct profile *p = &l->profile;
	const struct profile_span *s = p->label_sets + p->sample_labels[sample];

	for (size_t i = 0; i < s->count; i++)
		if (text_equal(profile_text(p, p->labels[s->first + i].key), key))
			return profile_text(p, p->labels[s->first + i].text);
	return "";
}

static void goroutines_have_the_names_and_labels_of_the_comments(void **state)
{
	struct loaded *l = *state;

	load(l, "gotext/goroutine.txt", "gotext");
	expect_types(l, "goroutine/count");
	assert_int_equal(total_of(l, 0), 6);
	expect_sums(l, 0, "main.waitForOrder", 0, 5);
	/* Go does not name what parks a goroutine. */
	expect_frames(l, 0, "runtime.(hidden):0 runtime.(hidden):0 runtime.(hidden):0 main.waitForOrder:22");
	expect_frames(l, 2,
		      "runtime.(hidden):0 runtime.(hidden):0 runtime.(hidden):0 main.waitForOrder:22 main.deep:27 "
		      "main.deep:30 main.deep:30 main.deep:30 main.deep:30");
	assert_string_equal(label_of(l, 3, "order"), "a \"b\"");
	assert_string_equal(label_of(l, 3, "kind"), "x");
	assert_string_equal(label_of(l, 2, "kind"), "");
}

static void functions_that_are_inlined_share_an_address(void **state)
{
	struct loaded *l = *state;

	take_text(l, "gotext",
		  "goroutine profile: total 1\n1 @ 0x11 0x21 0x31\n#\t0x10\tmain.in+0x1\t\t/a b.go:1\n"
		  "#\t0x10\tmain.out+0x2\t/a.go:2\n#\t0x20\tmain.main+0x3\t/a.go:3\n");
	assert_int_equal(l->profile.locations[0].line_count, 2);
	expect_frames(l, 0, "main.in:1 main.out:2 main.main:3");
	assert_string_equal(profile_text(&l->profile, l->profile.functions[0].file), "/a b.go");
}

static void waits_are_as_long_as_in_profile_proto(void **state)
{
	static const char *const names[] = {"block", "mutex"};
	struct loaded *l = *state;

	for (size_t i = 0; i < 2; i++) {
		int64_t count, delay_ns;

		load(l, arena_printf(l->arena, "gotext/%s.pb.gz", names[i]), "proto");
		count = total_of(l, 0);
		delay_ns = total_of(l, 1);
		load(l, arena_printf(l->arena, "gotext/%s.txt", names[i]), "gotext");
		expect_types(l, "contentions/count delay/nanoseconds");
		assert_int_equal(total_of(l, 0), count);
		/* The two pages were asked for one after the other, and each measures its clock anew. */
		assert_in_range(total_of(l, 1), delay_ns * 999 / 1000, delay_ns * 1001 / 1000);
	}
	take_text(l, "gotext", "--- mutex:\ncycles/second=2000000000\nsampling period=5\n400 3 @ 0x1\n");
	assert_int_equal(total_of(l, 0), 15);
	assert_int_equal(total_of(l, 1), 1000);
}

static void an_empty_stack_counts_in_the_total(void **state)
{
	struct loaded *l = *state;

	load(l, "gotext/threadcreate.txt", "gotext");
	expect_types(l, "threadcreate/count");
	assert_int_equal(total_of(l, 0), 4);
	assert_int_equal(l->profile.stacks[l->profile.sample_stacks[0]].count, 0);
}

static void stacks_of_all_goroutines_have_states_and_creators(void **state)
{
	struct loaded *l = *state;

	load(l, "gotext/goroutine2.txt", "gostacks");
	assert_int_equal(total_of(l, 0), 6);
	assert_int_equal(l->profile.sample_count, 4);
	expect_sums(l, 0, "main.waitForOrder", 5, 5);
	expect_frames(l, 2, "main.waitForOrder:22 main.deep:27 main.deep:30 main.deep:30 main.deep:30 main.deep:30");
	expect_frames(l, 3, "main.waitForOrder:22 main.main.func1:49 runtime/pprof.Do:40");
	assert_string_equal(label_of(l, 1, "state"), "chan receive");
	assert_string_equal(label_of(l, 1, "created_by"), "main.main");
	take_text(l, "gostacks",
		  "panic: x\n\ngoroutine 1 [select, 5 minutes, locked to thread]:\nmain.(*T).f(...)\n\t/a.go:3 +0x1\n"
		  "...3 frames elided...\ncreated by main.g in goroutine 7\n\t/a.go:9 +0x2\nexit status 2\n");
	expect_frames(l, 0, "main.(*T).f:3");
	assert_string_equal(label_of(l, 0, "state"), "select");
	assert_string_equal(label_of(l, 0, "created_by"), "main.g");
}

static void damaged_lines_are_named(void **state)
{
	struct loaded *l = *state;

	refuse(l, "gotext", "goroutine profile: total 2\n\n1 0x5\n",
	       "x:3: expected COUNT @ ADDRESSES, found \"1 0x5\"");
	refuse(l, "gotext", "--- mutex:\nfoo=1\n", "x:2: expected cycles/second=N, found \"foo=1\"");
	refuse(l, "gotext", "--- mutex:\n1 @ 0x5\n", "x:2: expected CYCLES COUNT @ ADDRESSES, found \"1 @ 0x5\"");
	refuse(l, "gostacks", "goroutine\n",
	       "x: holds no goroutine: expected lines such as \"goroutine 1 [running]:\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADED_TEST(goroutines_have_the_names_and_labels_of_the_comments),
		LOADED_TEST(functions_that_are_inlined_share_an_address),
		LOADED_TEST(waits_are_as_long_as_in_profile_proto),
		LOADED_TEST(an_empty_stack_counts_in_the_total),
		LOADED_TEST(stacks_of_all_goroutines_have_states_and_creators),
		LOADED_TEST(damaged_lines_are_named),
	};

	return cmocka_run_group_tests_name("profile_gotext", tests, NULL, NULL);
}
