/*
 * Slice tables with profile slices, made of made-up programs: what a run holds of a benchmark that was sampled.
 */
#ifndef TESTS_MADE_TABLES_H
#define TESTS_MADE_TABLES_H

#include "made_orders.h"
#include "model/run.h"

/* The numeric label of a process's samples. */
static inline uint32_t made_label(struct profile *p, size_t group)
{
	struct profile_label label = {.key = profile_string_of(p, "pawl_group"),
				      .unit = profile_string_of(p, "group"),
				      .number = (int64_t)group,
				      .numeric = true};

	return profile_label_set(p, &label, 1);
}

/* The samples of one process: `samples` of the base's whole cost below the benchmark, as many as expected to the nearest. */
static inline void made_samples(struct profile *p, const struct made_program *program, bool head, double samples,
				size_t group)
{
	double base_total = 0;

	for (int i = 0; i < program->count; i++)
		base_total += made_in_scope(program, i) ? made_cost(program->functions + i, false) : 0;
	for (int i = 0; i < program->count; i++) {
		double share = made_cost(program->functions + i, head) / base_total;
		int64_t count = (int64_t)floor(samples * share + 0.5), values[] = {count, count * 1000};

		if (count > 0)
			profile_add_sample(p, made_stack(p, program, i, head), made_label(p, group), values);
	}
}

static inline double made_total(const struct made_program *program, bool head)
{
	double total = 0;

	for (int i = 0; i < program->count; i++)
		total += made_in_scope(program, i) ? made_cost(program->functions + i, head) : 0;
	return total;
}

/* A process of so many operations that cost `each_ns`, and took nothing else. */
static inline struct slice *made_slice(struct arena *a, struct slice_table *t, enum phase phase, size_t place,
				       double each_ns)
{
	static const int64_t operations = 100000;
	const struct metric cpu = metric_of("cpu_time"), real = metric_of("real_time");
	struct slice *s = table_add_slice(a, t);

	s->phase = phase;
	s->block = (int64_t)place / 2;
	s->position = (int64_t)(place % 2) * 2;
	s->iterations = operations;
	s->repetitions = s->threads = 1;
	s->cpu = -1;
	table_set(a, t, s, &cpu, each_ns);
	table_set(a, t, s, &real, each_ns);
	s->user_ns = s->wall_ns = (int64_t)(each_ns * (double)operations);
	return s;
}

static inline void made_sampled(struct arena *a, struct run_profile *out, size_t sample_count)
{
	*out = (struct run_profile){.engine = "perf",
				    .unwind = "frames",
				    .file = "",
				    .trouble = "",
				    .rate_hz = 999,
				    .sample_count = (int64_t)sample_count,
				    .stacks = NEW(a, struct profile)};
	profile_init(out->stacks, a);
	profile_add_type(out->stacks, "samples", "count");
	profile_add_type(out->stacks, "cpu", "nanoseconds");
}

/* A benchmark with `groups` profile slices of `samples` each, between timing slices that say something else. */
static inline struct slice_table *made_table(struct arena *a, const struct made_program *program, bool head,
					     size_t groups, double samples)
{
	struct slice_table *t = NEW(a, struct slice_table);

	t->suite = "s";
	t->bench = program->benchmark;
	t->clock = "cpu_time";
	t->reason = t->uncounted = "";
	made_sampled(a, &t->profile, groups * (size_t)samples);
	made_slice(a, t, PHASE_TRIAL, 0, 1e6);
	for (size_t i = 0; i < groups; i++) {
		made_slice(a, t, PHASE_MEASURE, i, 1e6);
		made_slice(a, t, PHASE_PROFILE, i, made_total(program, head));
		made_samples(t->profile.stacks, program, head, samples, i);
	}
	return t;
}

#endif
