/* The search for a first bad commit, and what makes a commit bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/bisect.h"

#include <string.h>

enum { MOST = 200 };

/* Searches `count` commits of which `culprit` is the first bad one and those in `dark` cannot be measured ('x'). */
static struct bisect_answer search(size_t count, size_t culprit, const char *dark, size_t *measured)
{
	enum bisect_mark marks[MOST] = {0};
	struct bisect_answer answer;

	marks[0] = BISECT_GOOD;
	marks[count - 1] = BISECT_BAD;
	for (*measured = 0;; ++*measured) {
		answer = bisect_next(marks, count);
		if (answer.step != BISECT_MEASURE)
			return answer;
		assert_true(answer.at > answer.low && answer.at < answer.high);
		assert_int_equal(marks[answer.at], BISECT_UNKNOWN);
		if (dark && answer.at < strlen(dark) && dark[answer.at] == 'x')
			marks[answer.at] = BISECT_SKIPPED;
		else
			marks[answer.at] = answer.at < culprit ? BISECT_GOOD : BISECT_BAD;
	}
}

static void every_culprit_is_found_in_as_many_steps_as_halving_takes(void **state)
{
	(void)state;
	for (size_t count = 2; count <= 130; count++) {
		size_t most = 0, measured;

		while (((size_t)1 << most) < count - 1)
			most++;
		for (size_t culprit = 1; culprit < count; culprit++) {
			struct bisect_answer answer = search(count, culprit, NULL, &measured);

			assert_int_equal(answer.step, BISECT_FOUND);
			assert_int_equal(answer.at, culprit);
			assert_int_equal(answer.low, culprit - 1);
			assert_true(measured <= most);
		}
	}
}

static void the_steps_to_go_are_told(void **state)
{
	enum bisect_mark marks[13] = {[0] = BISECT_GOOD, [12] = BISECT_BAD};

	(void)state;
	assert_int_equal(bisect_next(marks, 13).steps, 4);
	assert_int_equal(bisect_next(marks, 2).steps, 0);
}

static void two_neighbours_need_no_step(void **state)
{
	size_t measured;
	struct bisect_answer answer = search(2, 1, NULL, &measured);

	(void)state;
	assert_int_equal(answer.step, BISECT_FOUND);
	assert_int_equal(answer.at, 1);
	assert_int_equal(measured, 0);
}

static void dark_commits_beside_the_culprit_leave_a_range(void **state)
{
	size_t measured;
	struct bisect_answer answer = search(12, 6, "...xxx......", &measured);

	(void)state;
	assert_int_equal(answer.step, BISECT_RANGE);
	assert_int_equal(answer.low, 2);
	assert_int_equal(answer.at, 6);
	answer = search(3, 1, ".x.", &measured);
	assert_int_equal(answer.step, BISECT_RANGE);
	assert_int_equal(answer.low, 0);
	assert_int_equal(answer.at, 2);
}

static void dark_commits_elsewhere_do_not_matter(void **state)
{
	size_t measured;
	struct bisect_answer answer = search(12, 10, "...xxx......", &measured);

	(void)state;
	assert_int_equal(answer.step, BISECT_FOUND);
	assert_int_equal(answer.at, 10);
}

static void a_large_dark_neighbourhood_is_not_walked_through(void **state)
{
	char dark[101];
	size_t measured;
	struct bisect_answer answer;

	(void)state;
	memset(dark, '.', sizeof dark);
	memset(dark + 35, 'x', 30);
	dark[100] = '\0';
	answer = search(100, 80, dark, &measured);
	assert_int_equal(answer.at, 80);
	assert_true(measured < 12);
}

static struct number known(double value)
{
	return (struct number){value, true};
}

static struct finding judged(enum outcome outcome, double low, double estimate, double high)
{
	return (struct finding){.state = STATE_JUDGED,
				.outcome = outcome,
				.category = CATEGORY_LATENCY,
				.change_ratio = known(estimate),
				.low_ratio = known(low),
				.high_ratio = known(high)};
}

/* The bad end is 20 % slower. */
static const struct bisect_scale twenty = {
	.full = {.estimate = 0.20, .low = 0.19, .high = 0.21, .known = true, .is_ratio = true}, .enough = -1};

static enum bisect_mark mark(struct finding f)
{
	return bisect_mark_of(&f, &twenty);
}

static void half_of_the_whole_change_is_bad_and_less_is_good(void **state)
{
	(void)state;
	assert_int_equal(mark(judged(OUTCOME_SLOWER, 0.18, 0.20, 0.22)), BISECT_BAD);
	assert_int_equal(mark(judged(OUTCOME_SLOWER, 0.08, 0.10, 0.12)), BISECT_BAD);
	assert_int_equal(mark(judged(OUTCOME_SLOWER, 0.07, 0.09, 0.11)), BISECT_GOOD);
	assert_int_equal(mark(judged(OUTCOME_SAME, -0.01, 0, 0.01)), BISECT_GOOD);
	assert_int_equal(mark(judged(OUTCOME_FASTER, -0.3, -0.2, -0.1)), BISECT_GOOD);
}

static void what_is_too_noisy_to_exclude_the_whole_change_is_not_good(void **state)
{
	(void)state;
	assert_int_equal(mark(judged(OUTCOME_SAME, -0.2, 0.02, 0.24)), BISECT_UNKNOWN);
	assert_int_equal(mark(judged(OUTCOME_SAME, -0.02, 0.12, 0.19)), BISECT_UNKNOWN);
}

static void a_least_slowdown_of_ones_own_counts_instead_of_the_half(void **state)
{
	struct bisect_scale scale = twenty;
	struct finding f = judged(OUTCOME_SLOWER, 0.03, 0.04, 0.05);

	(void)state;
	scale.enough = 0.02;
	assert_int_equal(bisect_mark_of(&f, &scale), BISECT_BAD);
	scale.enough = 0.05;
	assert_int_equal(bisect_mark_of(&f, &scale), BISECT_GOOD);
}

static void without_a_whole_change_every_confirmed_slowdown_is_bad(void **state)
{
	const struct bisect_scale any = {.enough = -1};
	struct finding slower = judged(OUTCOME_SLOWER, 0.01, 0.02, 0.03), same = judged(OUTCOME_SAME, -0.1, 0, 0.1);

	(void)state;
	assert_int_equal(bisect_mark_of(&slower, &any), BISECT_BAD);
	assert_int_equal(bisect_mark_of(&same, &any), BISECT_GOOD);
}

static void less_throughput_is_worse(void **state)
{
	struct finding f = judged(OUTCOME_SLOWER, -0.22, -0.20, -0.18);
	struct bisect_change c;

	(void)state;
	f.category = CATEGORY_THROUGHPUT;
	c = bisect_change_of(&f);
	assert_true(c.known && c.estimate == 0.20 && c.low == 0.18 && c.high == 0.22);
	assert_int_equal(mark(f), BISECT_BAD);
}

static void what_was_not_judged_is_measured_again_or_skipped(void **state)
{
	static const struct {
		enum state state;
		enum bisect_mark mark;
	} rows[] = {
		{STATE_UNDECIDED, BISECT_UNKNOWN}, {STATE_TOO_FEW, BISECT_UNKNOWN},
		{STATE_NEW, BISECT_SKIPPED},       {STATE_GONE, BISECT_SKIPPED},
		{STATE_FAILED, BISECT_SKIPPED},    {STATE_INCOMPARABLE, BISECT_SKIPPED},
		{STATE_SAME_CODE, BISECT_GOOD},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(mark((struct finding){.state = rows[i].state}), rows[i].mark);
}

static void differences_and_ratios_are_not_held_against_each_other(void **state)
{
	struct finding f = {.state = STATE_JUDGED,
			    .outcome = OUTCOME_SLOWER,
			    .change = known(3),
			    .low = known(2),
			    .high = known(4)};

	(void)state;
	assert_int_equal(mark(f), BISECT_SKIPPED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_culprit_is_found_in_as_many_steps_as_halving_takes),
		cmocka_unit_test(the_steps_to_go_are_told),
		cmocka_unit_test(two_neighbours_need_no_step),
		cmocka_unit_test(dark_commits_beside_the_culprit_leave_a_range),
		cmocka_unit_test(dark_commits_elsewhere_do_not_matter),
		cmocka_unit_test(a_large_dark_neighbourhood_is_not_walked_through),
		cmocka_unit_test(half_of_the_whole_change_is_bad_and_less_is_good),
		cmocka_unit_test(what_is_too_noisy_to_exclude_the_whole_change_is_not_good),
		cmocka_unit_test(a_least_slowdown_of_ones_own_counts_instead_of_the_half),
		cmocka_unit_test(without_a_whole_change_every_confirmed_slowdown_is_bad),
		cmocka_unit_test(less_throughput_is_worse),
		cmocka_unit_test(what_was_not_judged_is_measured_again_or_skipped),
		cmocka_unit_test(differences_and_ratios_are_not_held_against_each_other),
	};

	return cmocka_run_group_tests_name("test_bisect", tests, NULL, NULL);
}
