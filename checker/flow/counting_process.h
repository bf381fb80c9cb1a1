/*
 * One counted process of a benchmark: the same conditions every time, so that what it counts repeats.
 */
#ifndef PAWL_FLOW_COUNTING_PROCESS_H
#define PAWL_FLOW_COUNTING_PROCESS_H

#include "counter/counter.h"
#include "flow/counting.h"

struct counting_call {
	struct measuring *m;
	struct job *job;
	const struct counter_engine *engine;
	const struct slice_place *place;
	int64_t iterations; /* that the program is told to run */
	bool pins;          /* the C library's choice by the CPU */
	bool keeps;         /* what every function executed, too */
};

/* Runs it and says what it counted, and over how many iterations by its own result. */
bool counting_process(struct arena *a, const struct counting_call *call, struct counted *out,
		      struct proc_result *process, struct err *err) MUST_CHECK;

/* Adds what two processes came to to the job's table on that side. */
void counting_add_slice(struct measuring *m, struct job *j, const struct slice_place *place,
			const struct proc_result process[2], const struct counted counted[2],
			const struct counted_each *each);

/* Programs start with the pinned environment: a system whose libraries need more would not. */
bool counting_can_pin(struct measuring *m);

/* What the suite's program says of its compiler. */
const char *counting_compiler(struct arena *a, const struct suite_program *program);

/*
 * `env` with the C library's choice pinned (`tunables`, behind what GLIBC_TUNABLES said already; NULL: not), and filled up
 * to whole pages, so that the stack begins at the same place however long the names of folders and users are.
 */
const char *const *counting_env(struct arena *a, const char *const *env, const char *tunables);

#endif
