/* Groups of counters in a real kernel, with events that every machine has: time, page faults, switches. */
#include "counter/perf_group.h"

#include <linux/perf_event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "absent.h"

/* They stand for the CPU's own, which virtual machines do not show. */
static const struct perf_source clock_of = {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK};
static const struct perf_source faults_of = {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS};
static const struct perf_source nothing_of = {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_DUMMY};
static const struct perf_source unknown_of = {PERF_TYPE_SOFTWARE, 9999};

/* Time as instructions, page faults as cycles.  Where the system refuses, nothing can be tested. */
static struct perf_group opened(bool for_children)
{
	struct perf_group g = {0};

	if (!perf_group_add(&g, COUNTER_INSTRUCTIONS, &clock_of, for_children))
		leave_out("perf_event_open is refused here");
	assert_true(perf_group_add(&g, COUNTER_CYCLES, &faults_of, for_children));
	return g;
}

static void run_shell(const char *line)
{
	const char *const argv[] = {"sh", "-c", line, NULL};
	struct proc_spec spec = {.argv = argv};
	struct arena *a = arena_open();
	struct proc_result result;
	struct err err;

	if (!proc_run(a, &spec, &result, &err))
		fail_msg("%s", err.text);
	assert_true(result.end == PROC_EXITED && result.code == 0);
	arena_close(a);
}

static struct counter_counts counted(const char *line)
{
	struct perf_group g = opened(true);
	struct counter_counts counts = {0};
	struct err err;

	run_shell(line);
	if (!perf_group_read(&g, &counts, &err))
		fail_msg("%s", err.text);
	perf_group_close(&g);
	assert_int_equal(g.count, 0);
	return counts;
}

static void what_a_process_starts_is_counted_too(void **state)
{
	struct counter_counts one = counted("true"), many = counted("for i in 1 2 3 4 5 6; do env true; done");

	(void)state;
	assert_true(one.known[COUNTER_INSTRUCTIONS] && one.known[COUNTER_CYCLES]);
	assert_false(one.known[COUNTER_BRANCH_MISSES] || one.known[COUNTER_CACHE_MISSES]);
	/* A program that is loaded six times more faults in more pages. */
	assert_true(many.values[COUNTER_CYCLES] > 2 * one.values[COUNTER_CYCLES]);
	/* Times are not compared: a host that takes the CPU away for a while lengthens either of them. */
	assert_true(many.known[COUNTER_INSTRUCTIONS] && many.values[COUNTER_INSTRUCTIONS] > 0);
}

static void nothing_of_this_process_is_counted(void **state)
{
	static char pages[1 << 22];
	struct perf_group g = opened(true);
	struct counter_counts counts = {0};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof pages; i += 4096)
		((volatile char *)pages)[i] = 1;
	assert_false(perf_group_read(&g, &counts, &err));
	assert_non_null(strstr(err.text, "never turned on"));
	assert_false(counts.known[COUNTER_CYCLES]);
	run_shell("true");
	assert_true(perf_group_read(&g, &counts, &err));
	/* Touching those pages alone is a thousand faults. */
	assert_true(counts.values[COUNTER_CYCLES] < (int64_t)(sizeof pages / 4096));
	perf_group_close(&g);
}

static void a_group_of_this_process_counts_while_it_is_on(void **state)
{
	struct perf_group g = opened(false);
	struct counter_counts first = {0}, second = {0};
	struct err err;

	(void)state;
	perf_group_turn(&g, true);
	for (volatile int i = 0; i < 100000; i++)
		;
	perf_group_turn(&g, false);
	assert_true(perf_group_read(&g, &first, &err));
	assert_true(first.values[COUNTER_INSTRUCTIONS] > 0);
	for (volatile int i = 0; i < 100000; i++)
		;
	assert_true(perf_group_read(&g, &second, &err));
	assert_true(first.values[COUNTER_INSTRUCTIONS] == second.values[COUNTER_INSTRUCTIONS]);
	perf_group_close(&g);
}

static void an_event_that_the_machine_lacks_leaves_the_others(void **state)
{
	struct perf_group g = opened(true);
	struct counter_counts counts = {0};
	struct err err;

	(void)state;
	assert_false(perf_group_add(&g, COUNTER_BRANCH_MISSES, &unknown_of, true));
	assert_int_equal(g.count, 2);
	/* One that opens and never counts is missing as well. */
	assert_true(perf_group_add(&g, COUNTER_CACHE_MISSES, &nothing_of, true));
	run_shell("true");
	assert_true(perf_group_read(&g, &counts, &err));
	assert_true(counts.known[COUNTER_INSTRUCTIONS] && counts.known[COUNTER_CYCLES]);
	assert_false(counts.known[COUNTER_BRANCH_MISSES] || counts.known[COUNTER_CACHE_MISSES]);
	perf_group_close(&g);
}

static void an_empty_group_tells_nothing(void **state)
{
	struct perf_group g = {0};
	struct counter_counts counts = {0};
	struct err err;

	(void)state;
	perf_group_turn(&g, true);
	assert_false(perf_group_read(&g, &counts, &err));
	perf_group_close(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_process_starts_is_counted_too),
		cmocka_unit_test(nothing_of_this_process_is_counted),
		cmocka_unit_test(a_group_of_this_process_counts_while_it_is_on),
		cmocka_unit_test(an_event_that_the_machine_lacks_leaves_the_others),
		cmocka_unit_test(an_empty_group_tells_nothing),
	};

	return cmocka_run_group_tests_name("perf_group", tests, NULL, NULL);
}
