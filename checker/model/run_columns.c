/* The words and columns of a run file. */
#include "model/run_columns.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Clocks step and differences of them can be negative; places in the check cannot. */
#define INT(field)                                                                                                     \
	{                                                                                                              \
#field, RUN_COLUMN_INT, offsetof(struct slice, field), INT64_MIN                                       \
	}
#define PLACE(field)                                                                                                   \
	{                                                                                                              \
#field, RUN_COLUMN_INT, offsetof(struct slice, field), 0                                               \
	}

const struct run_column run_columns[] = {
	PLACE(block),
	PLACE(position),
	{"side", RUN_COLUMN_SIDE, 0, 0},
	{"phase", RUN_COLUMN_PHASE, 0, 0},
	INT(start_ns),
	INT(iterations),
	INT(repetitions),
	INT(threads),
	INT(wall_ns),
	INT(user_ns),
	INT(sys_ns),
	INT(setup_ns),
	INT(cpu),
	INT(voluntary_switches),
	INT(involuntary_switches),
	INT(steal_ns),
};
const size_t run_column_count = COUNT(run_columns);

const char *const run_side_names[] = {[SIDE_BASE] = "base", [SIDE_HEAD] = "head"};
const size_t run_side_count = COUNT(run_side_names);

const char *const run_phase_names[] = {
	[PHASE_TRIAL] = "trial",     [PHASE_MEASURE] = "measure", [PHASE_SCREEN] = "screen",
	[PHASE_CONFIRM] = "confirm", [PHASE_COUNT] = "count",     [PHASE_PROFILE] = "profile",
};
const size_t run_phase_count = COUNT(run_phase_names);

const char *const run_status_names[] = {
	[BENCH_MEASURED] = "measured",
	[BENCH_FAILED] = "failed",
	[BENCH_SKIPPED] = "skipped",
};
const size_t run_status_count = COUNT(run_status_names);
