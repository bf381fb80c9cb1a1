/* Folded stacks. */
#include "profile_sums.h"

static void a_line_is_a_stack_with_the_root_first(void **state)
{
	struct loaded *l = *state;
	const struct profile *p = &l->profile;

	take_text(l, "folded", "# made by hand\nmain;parse it;read_[k] 42\r\n\nmain;a<b, c>::d() const_[j] 3\nmain 1");
	expect_types(l, "samples/count");
	assert_int_equal(p->sample_count, 3);
	expect_sums(l, 0, "main", 1, 46);
	expect_sums(l, 0, "parse it", 0, 42);
	expect_sums(l, 0, "read_[k]", 42, 42);
	expect_sums(l, 0, "a<b, c>::d() const_[j]", 3, 3);
}

static void equal_stacks_are_one_sample_and_recursion_counts_once(void **state)
{
	struct loaded *l = *state;

	take_text(l, "folded", "a;b;a;b 2\na;b;a;b 5\na;b -1\n");
	assert_int_equal(l->profile.sample_count, 2);
	expect_sums(l, 0, "a", 0, 6);
	expect_sums(l, 0, "b", 6, 6);
}

static void two_counts_in_every_line_are_a_comparison(void **state)
{
	struct loaded *l = *state;

	load(l, "c/expected/difffolded.txt", "folded");
	expect_types(l, "before/count after/count");
	take_text(l, "folded", "a;b 3 4\na;c 1 0\n");
	assert_int_equal(total_of(l, 0), 4);
	expect_sums(l, 1, "b", 4, 4);
	/* One line with one count, and the number before it is part of a name. */
	take_text(l, "folded", "a;b 3 4\na;c 1\n");
	expect_types(l, "samples/count");
	expect_sums(l, 0, "b 3", 4, 4);
}

static void fractions_are_rounded(void **state)
{
	struct loaded *l = *state;

	take_text(l, "folded", "a;b 1.5\na;c 2.4\n");
	assert_int_equal(total_of(l, 0), 4);
}

static void what_is_written_reads_back_the_same(void **state)
{
	static const char *const names[] = {"base.fp.folded.txt", "cur.fp.folded.txt", "base.dwarf.folded.txt",
					    "base.gperf.collapsed.txt"};
	struct loaded *l = *state;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *once;
		int64_t total;

		load(l, arena_printf(l->arena, "c/expected/%s", names[i]), "folded");
		total = total_of(l, 0);
		once = written(l, "folded", 0);
		take_text(l, "folded", once);
		assert_int_equal(total_of(l, 0), total);
		assert_string_equal(written(l, "folded", 0), once);
	}
}

static void stackcollapse_wrote_these_lines_and_so_do_we(void **state)
{
	struct loaded *l = *state;
	struct str text;

	load(l, "c/expected/base.fp.folded.txt", "folded");
	assert_true(file_read(l->arena, GOLDEN "c/expected/base.fp.folded.txt", FILE_LIMIT, &text, &l->err));
	assert_string_equal(written(l, "folded", 0), text.at);
}

static void names_cannot_break_out_of_their_line(void **state)
{
	struct loaded *l = *state;
	struct profile *p = &l->profile;
	struct profile_function f = {0};
	struct profile_location at = {.mapping = PROFILE_NONE};
	struct profile_line line = {0};
	uint32_t location;

	profile_init(p, l->arena);
	profile_add_type(p, "samples", "count");
	f.name = profile_string_of(p, "x\ny;z 5\x1b[31m");
	line.function = profile_add_function(p, &f);
	location = profile_add_location(p, &at, &line, 1);
	profile_add_sample(p, profile_stack(p, &location, 1), 0, &(int64_t){7});
	profile_add_sample(p, profile_stack(p, NULL, 0), 0, &(int64_t){2});
	assert_string_equal(written(l, "folded", 0), " 2\nx\\ny:z 5\\x1b[31m 7\n");
	assert_true(read_as(l, "folded", str_of(written(l, "folded", 0))));
	assert_int_equal(total_of(l, 0), 9);
}

static void a_line_without_a_count_is_named(void **state)
{
	struct loaded *l = *state;

	refuse(l, "folded", "a;b 3\na;c\n", "x:2: expected a stack and a count (main;parse;read 42), found \"a;c\"");
	refuse(l, "folded", "a;b 99999999999999999999\n",
	       "x:1: expected a stack and a count (main;parse;read 42), found \"a;b 99999999999999999999\"");
	refuse(l, "folded", "a 9223372036854775807\na 1\n",
	       "x:2: the values of a stack add up to more than 2^63: is the file damaged?");
}

static void prose_is_no_folded_stack(void **state)
{
	struct loaded *l = *state;

	assert_false(profile_read_bytes(l->arena, "x", str_of("we ran it 3\ntimes and got 4\n"), NULL, &l->profile,
					NULL, &l->err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADED_TEST(a_line_is_a_stack_with_the_root_first),
		LOADED_TEST(equal_stacks_are_one_sample_and_recursion_counts_once),
		LOADED_TEST(two_counts_in_every_line_are_a_comparison),
		LOADED_TEST(fractions_are_rounded),
		LOADED_TEST(what_is_written_reads_back_the_same),
		LOADED_TEST(stackcollapse_wrote_these_lines_and_so_do_we),
		LOADED_TEST(names_cannot_break_out_of_their_line),
		LOADED_TEST(a_line_without_a_count_is_named),
		LOADED_TEST(prose_is_no_folded_stack),
	};

	return cmocka_run_group_tests_name("profile_folded", tests, NULL, NULL);
}
