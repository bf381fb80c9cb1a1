/*
 * Profile slices of one job: run under a sampler, merged into one profile a side.
 */
#ifndef PAWL_FLOW_PROFILING_SLICE_H
#define PAWL_FLOW_PROFILING_SLICE_H

#include "flow/attribute.h"
#include "flow/measuring.h"
#include "sampler/sampler.h"

struct profiling_side {
	struct profile **groups; /* one a slice */
	size_t count, capacity;
};

struct profiling_job {
	struct measuring *m;
	struct job *job;
	const struct sampler *sampler;
	struct sampling_spec spec;
	struct suite_slice how;
	struct profiling_side sides[SIDE_COUNT];
};

/* Finds the sampler and how long a slice is; `thoroughly`: at the rate that a cause is looked for with.  False where there
 * is no sampler, said in the run. */
bool profiling_begin(struct measuring *m, struct job *j, int64_t slice_ns, bool thoroughly, struct profiling_job *out);

/* Runs one slice.  False when it failed or was interrupted: then there is no use in a further one. */
bool profiling_slice(struct profiling_job *p, enum side side, int64_t block, int64_t position);

/* Merges and names what was sampled so far, into the tables. */
void profiling_end(struct profiling_job *p);

/* What explains that row, by what was sampled so far; false: there are no stacks of both sides. */
bool profiling_explain(struct profiling_job *p, const struct finding *f, struct attribution *out);

#endif
