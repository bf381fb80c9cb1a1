/* What reports say of a cause: whom it is called by, and names that are too long. */
#include "report/report_words.h"

#include "model/verdict_json.h"
#include "report/report_causes.h"

#include "verdict_cases.h"

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

/* memcpy, called by a function that the branch changed. */
static struct finding called(const char *bench)
{
	return (struct finding){
		GATED(bench, "cpu_time", "ns"),
		.state = STATE_JUDGED,
		.outcome = OUTCOME_SLOWER,
		.function = "memcpy",
		.function_change = KNOWN(50.5),
		.place = "../sysdeps/memmove.S:264",
		.touched = "no",
		.caller = "copy_rows",
		.caller_place = "rows.c:92",
		.caller_touched = "yes",
	};
}

static void the_caller_to_look_at_stands_in_place_of_the_function(void **state)
{
	struct arena *a = *state;
	struct finding f = called("BM");
	struct place place = words_place(a, &f);

	assert_string_equal(words_cause(a, &f),
			    "memcpy +50.5 ns  called by copy_rows  rows.c:92 (changed in this branch)");
	assert_string_equal(place.file, "rows.c");
	assert_string_equal(place.line, "92");
	f.caller_place = f.caller_touched = "";
	assert_string_equal(words_cause(a, &f), "memcpy +50.5 ns  called by copy_rows");
	assert_string_equal(words_place(a, &f).file, "../sysdeps/memmove.S");
}

static void a_long_name_keeps_what_tells_the_function(void **state)
{
	static const struct {
		const char *name, *words;
		size_t columns;
	} cases[] = {
		{"ns::sum<int>(long, long) const", "ns::sum<int>(long, long) const", 30},
		{"ns::sum<int>(long, long) const", "ns::sum<int>(...) const", 29},
		{"ns::list<std::pair<int, long> >::sum(long)", "ns::list<...>::sum(...)", 30},
		{"ns::f(void (*)(int), int)::{lambda(int)#1}::operator()(int) const",
		 "ns::f(...)::{lambda(...)#1}::operator()(...) const", 55},
		{"(anonymous namespace)::order::operator<<(std::ostream&)",
		 "(anonymous namespace)::order::operator<<(...)", 50},
		{"it<a->b, c<d> >::operator->() const volatile", "it<...>::operator->() const volatile", 40},
		{"bool operator< <int>(list<int> const&)", "bool operator< <int>(...)", 30},
		{"broken<name(of, nothing", "broken<...nothing", 17},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(words_function(*state, cases[i].name, cases[i].columns), cases[i].words);
}

static void a_caller_reads_back_from_verdict_json(void **state)
{
	struct arena *a = *state;
	struct finding f = called("BM");
	struct verdict v = case_verdict(a, &f, 1), back = {0};
	struct buf out = {.arena = a};
	struct err err;

	verdict_to_json(&out, &v);
	if (!verdict_from_json(a, "v.json", (struct str){out.at, out.size}, &back, &err))
		fail_msg("%s", err.text);
	assert_string_equal(back.findings[0].caller, "copy_rows");
	assert_string_equal(back.findings[0].caller_place, "rows.c:92");
	assert_string_equal(back.findings[0].caller_touched, "yes");
}

static void one_helper_of_two_callers_is_two_causes(void **state)
{
	struct arena *a = *state;
	struct finding f[] = {called("BM_1"), called("BM_2"), called("BM_3")};
	struct verdict v;
	size_t count, all;
	const struct shared_cause *causes;

	f[0].caller = "another";
	v = case_verdict(a, f, 3);
	causes = causes_shared(a, &v, &count, &all);
	assert_int_equal(count, 1);
	assert_string_equal(causes_words(a, causes, all),
			    "explains 2 of 3 slower rows  called by copy_rows  rows.c:92 (changed in this branch)");
}

#define WORDS_TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WORDS_TEST(the_caller_to_look_at_stands_in_place_of_the_function),
		WORDS_TEST(a_caller_reads_back_from_verdict_json),
		WORDS_TEST(one_helper_of_two_callers_is_two_causes),
		WORDS_TEST(a_long_name_keeps_what_tells_the_function),
	};

	return cmocka_run_group_tests_name("test_report_words", tests, NULL, NULL);
}
