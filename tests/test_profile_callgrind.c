/* Files of callgrind, and the stacks that are made of them. */
#include "profile_sums.h"

struct wanted {
	const char *function;
	int64_t flat, cum; /* flat: -1 where callgrind_annotate does not list it */
};

static void expect_all(const struct loaded *l, const struct wanted *wanted, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t flat, cum;

		sum_up(l, 0, wanted[i].function, &flat, &cum);
		expect_sums(l, 0, wanted[i].function, wanted[i].flat >= 0 ? wanted[i].flat : flat, wanted[i].cum);
	}
}

/* callgrind.base.annotate.txt and callgrind.base.annotate_incl.txt.  The latter lists main and worker by the file through
 * which they are called; worker is called from two places there: 30,205,822 + 30,203,549. */
static void costs_are_those_of_callgrind_annotate(void **state)
{
	static const struct wanted base[] = {
		{"process_order", 673240, 60405731},
		{"sort_orders.constprop.0", 35132540, 35132540},
		{"hash_order", 17162400, 17162400},
		{"price_order", 7204200, 7204200},
		{"0x000000000001ab70", -1, 30335422},
		{"(below main)", -1, 30214320},
		{"__libc_start_main@@GLIBC_2.34", -1, 30214309},
		{"main", -1, 30211714},
		{"start_thread", -1, 30206637},
		{"worker", -1, 60409371},
		{"recurse", -1, 8608200},
		{"_dl_start", -1, 120713},
	};
	static const struct wanted cur[] = {
		{"process_order", -1, 77565731},
		{"hash_order", 34322400, 34322400},
		{"recurse", -1, 17188200},
		{"main", -1, 38790440},
	};
	struct loaded *l = *state;

	load(l, "c/callgrind.base.out", "callgrind");
	expect_types(l, "Ir/count");
	assert_int_equal(total_of(l, 0), 60542066);
	expect_all(l, base, sizeof base / sizeof *base);
	assert_string_equal(profile_text(&l->profile, l->profile.mappings[0].file), "/golden/c/base/app");
	load(l, "c/callgrind.cur.out", "callgrind");
	expect_all(l, cur, sizeof cur / sizeof *cur);
}

static void calls_keep_the_costs_that_callgrind_measured(void **state)
{
	struct loaded *l = *state;

	/* Two callers of one function, and a function that is called from outside the profile as well. */
	take_text(l, "callgrind",
		  "events: Ir Dr\nfl=(1) a.c\nfn=(1) main\n1 10 1\ncfn=(2) f\ncalls=1 20\n2 600 6\ncfn=(3) g\ncalls=1 "
		  "30\n3 400\n\n"
		  "fn=(2)\n20 100 6\ncfn=(3)\ncalls=2 30\n+1 500\n\nfn=(3)\n30 700\n31 250\n");
	expect_types(l, "Ir/count Dr/count");
	assert_int_equal(profile_type_default(&l->profile), 0);
	assert_int_equal(total_of(l, 0), 1060);
	expect_sums(l, 0, "main", 10, 1010);
	expect_sums(l, 0, "f", 100, 600);
	expect_sums(l, 0, "g", 950, 950);
	expect_sums(l, 1, "main", 1, 7);
	expect_sums(l, 1, "f", 6, 6);
}

static void circles_of_calls_keep_every_function_s_own_cost(void **state)
{
	struct loaded *l = *state;

	/* main -> a -> b -> c -> a, and c -> leaf: what calls inside the circle say is counted again and again. */
	take_text(l, "callgrind",
		  "events: Ir\nfn=main\n1 10\ncfn=a\ncalls=1 1\n2 1000\n\nfn=a\n1 100\ncfn=b\ncalls=9 1\n1 "
		  "5000\ncfn=a\ncalls=1 1\n1 "
		  "77\n\nfn=b\n1 200\ncfn=c\ncalls=9 1\n1 4000\n\nfn=c\n1 300\ncfn=a\ncalls=8 1\n1 "
		  "3000\ncfn=leaf\ncalls=3 1\n1 "
		  "400\n\nfn=leaf\n1 400\n");
	assert_int_equal(total_of(l, 0), 1010);
	expect_sums(l, 0, "main", 10, 1010);
	expect_sums(l, 0, "a", 100, 1000);
	expect_sums(l, 0, "b", 200, 900);
	expect_sums(l, 0, "c", 300, 700);
	expect_sums(l, 0, "leaf", 400, 400);
	assert_string_equal(written(l, "folded", 0),
			    "main 10\nmain;a 100\nmain;a;b 200\nmain;a;b;c 300\nmain;a;b;c;leaf 400\n");
}

static void positions_may_be_relative_and_addresses(void **state)
{
	struct loaded *l = *state;
	const struct profile *p = &l->profile;

	take_text(l, "callgrind",
		  "# callgrind format\npositions: instr line\nevents: cpu(ms)\n\nob=(1) /bin/app\nfl=(1) a.c\nfn=(1) "
		  "main\n0x400 7 10\n+16 * 20\njump=3 0x400 7\n* -2\n-8 +1 30\njcnd=1/2 +8 7\n* *\n");
	expect_types(l, "cpu/ms");
	assert_int_equal(p->sample_count, 3);
	assert_int_equal(p->locations[1].address, 0x410);
	assert_int_equal(p->lines[1].line, 7);
	assert_int_equal(p->locations[p->location_count - 1].line_count, 1);
	expect_sums(l, 0, "main", 60, 60);
}

static void lines_of_other_files_stay_in_their_function(void **state)
{
	struct loaded *l = *state;
	const struct profile *p = &l->profile;

	take_text(l, "callgrind", "events: Ir\nfl=(1) a.c\nfn=(1) f\n1 10\nfi=(2) a.h\n9 5\nfe=(1)\n2 1\n");
	expect_sums(l, 0, "f", 16, 16);
	assert_int_equal(p->function_count, 2);
	assert_string_equal(profile_text(p, p->functions[1].file), "a.h");
}

static void parts_add_up_and_totals_are_checked(void **state)
{
	struct loaded *l = *state;
	const struct profile *p = &l->profile;

	take_text(l, "callgrind",
		  "part: 1\nevents: Ir\nsummary: 10\nfn=(1) f\n1 10\n\npart: 2\nevents: Ir\nsummary: 7\nfn=(1)\n1 5\n");
	expect_sums(l, 0, "f", 15, 15);
	assert_int_equal(p->comment_count, 1);
	assert_string_equal(profile_text(p, p->comments[0]), "the file says 17 Ir, but its lines add up to 15");
}

static void damaged_lines_are_named(void **state)
{
	struct loaded *l = *state;

	refuse(l, "callgrind", "events: Ir\nfn=(7)\n", "x:2: \"(7)\" has no name in any line before");
	refuse(l, "callgrind", "events: Ir\n1 2\n", "x:2: costs before a fn= line that says whose they are");
	refuse(l, "callgrind", "fn=f\n1 2\n", "x:2: costs before an events: line that says what they are");
	refuse(l, "callgrind", "events: Ir\nfn=f\n1 -2\n",
	       "x:3: expected positions and costs that fit 64 bits, found \"1 -2\"");
	refuse(l, "callgrind", "events: Ir\nfn=f\n1 2 3\n",
	       "x:3: expected no more costs than there are events, found \"1 2 3\"");
	refuse(l, "callgrind", "events: Ir\nfn=f\n1 9223372036854775807\n1 1\n",
	       "x:4: the costs add up to more than 2^63: is the file damaged?");
	refuse(l, "callgrind", "events: Ir\nevents: Dr\n",
	       "x:2: this part has other events than the part before: give one part at a time");
	refuse(l, "callgrind", "events: Ir\ncalls=1 2\n", "x:2: calls= without a cfn= that says what is called");
	refuse(l, "callgrind", "events: Ir\nwhat=1\n",
	       "x:2: expected a line of callgrind's (fl=, fn=, calls=, costs, \"key: value\"), found \"what=1\"");
	refuse(l, "callgrind", "version: 1\n", "x: has no events: line: is it cut off?");
}

/* A chain of calls as long as the file, every function of which costs something, has stacks whose frames grow with the square
 * of its length. */
static void memory_is_bounded_for_calls_nested_without_end(void **state)
{
	struct loaded *l = *state;
	struct buf text = {.arena = l->arena};

	buf_text(&text, "events: Ir\n");
	for (int i = 0; i < 20000; i++)
		buf_printf(&text, "fn=f%d\n1 1\ncfn=f%d\ncalls=1 1\n1 %d\n", i, i + 1, 20000 - i);
	assert_false(read_as(l, "callgrind", str_of(buf_string(&text))));
	assert_non_null(strstr(l->err.text, "x: its calls are nested so deeply"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADED_TEST(costs_are_those_of_callgrind_annotate),
		LOADED_TEST(calls_keep_the_costs_that_callgrind_measured),
		LOADED_TEST(circles_of_calls_keep_every_function_s_own_cost),
		LOADED_TEST(positions_may_be_relative_and_addresses),
		LOADED_TEST(lines_of_other_files_stay_in_their_function),
		LOADED_TEST(parts_add_up_and_totals_are_checked),
		LOADED_TEST(damaged_lines_are_named),
		LOADED_TEST(memory_is_bounded_for_calls_nested_without_end),
	};

	return cmocka_run_group_tests_name("profile_callgrind", tests, NULL, NULL);
}
