/*
 * Counting: instructions of one iteration, for suites that gate them, and what else the engine counts of the same processes.
 *
 * A process is counted at two fixed iteration counts; the difference of its instructions divided by the difference of its
 * iterations is free of start-up, and repeats from process to process.  Each side is measured twice, so that what does not
 * repeat is found out.  Nothing is run for suites that do not ask for it.
 */
#ifndef PAWL_FLOW_COUNTING_H
#define PAWL_FLOW_COUNTING_H

#include "counter/counter.h"
#include "flow/measuring.h"

/* After sizing: finds the engine and the two counts of every job that wants them.  What cannot be counted gets its reason
 * in the tables.  Jobs that gate instructions alone are stopped, so that no time is spent on their timing. */
void counting_plan(struct measuring *m);

/* Expected time of all that is planned, and of one job. */
int64_t counting_expected_ns(const struct measuring *m);
int64_t counting_job_ns(const struct measuring *m, size_t job);

/* After the timing slices: adds counting slices to the tables, within what is left of the budget. */
void counting_run(struct measuring *m);

/* Counts a benchmark that gates no instructions, where that can be done and was not: to tell whether code that both sides
 * share is executed more often. */
void counting_suspect(struct measuring *m, size_t job);

/* Of one process. */
struct counted {
	struct counter_counts counts;
	int64_t iterations;
	struct profile *functions; /* what each executed; NULL: not asked for, or not known */
};

/* Of one iteration; instructions are always known. */
struct counted_each {
	double values[COUNTER_EVENT_COUNT];
	bool known[COUNTER_EVENT_COUNT];
};

/*
 * (count_2 - count_1) / (iterations_2 - iterations_1), of every event that both processes know.  Fails where iterations do
 * not grow as they were told to, from `told_1` to `told_2`, or instructions do not grow with them.  Misses may not grow:
 * where start-up alone has more of them by chance than the iterations add, they are 0.
 */
bool counting_divide(const struct counted *one, const struct counted *two, int64_t told_1, int64_t told_2,
		     struct counted_each *each, struct err *err) MUST_CHECK;

/* Two iteration counts for a benchmark of which one slice holds `iterations`: powers of two, so that they are mostly the
 * same from check to check, and so that work that changes with a period of a power of two is counted in whole periods. */
void counting_counts(int64_t iterations, int64_t counts[2]);

#endif
