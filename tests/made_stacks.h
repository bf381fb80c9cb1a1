/*
 * Programs made up, and profiles of them: what is sampled of functions with known costs.
 */
#ifndef TESTS_MADE_STACKS_H
#define TESTS_MADE_STACKS_H

#include "base/arena.h"
#include "base/random.h"
#include "flow/attribute.h"
#include "model/profile.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MADE_MOST = 64, MADE_TOP = -1 };

struct made_function {
	const char *name, *file;
	int parent;              /* index of the caller, which stands before; MADE_TOP: main calls it */
	bool inlined;            /* into its parent */
	double base_ns, head_ns; /* own cost of an operation; 0: is not there */
	bool kernel;
	bool uninlined_head; /* inlined in the base alone */
};

struct made_program {
	struct made_function functions[MADE_MOST];
	int count;
	const char *benchmark; /* the scope; NULL: everything */
};

/* How it is measured. */
struct made_measurement {
	size_t groups;         /* a side */
	double samples;        /* a group, expected */
	double overdispersion; /* variance of counts over Poisson's; 0: counts are as expected, to the nearest one */
	double shared_noise;   /* sd of ln(speed) that both groups of a pair share */
	double own_noise;      /* and that they do not */
	double spikes;         /* chance of a group to take 1.5 times as long */
	bool measured;         /* the whole cost is known beside the samples */
	bool interleaved;
	uint64_t seed;
};

static inline double made_uniform(struct random *r)
{
	return ((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0;
}

/* Box and Muller. */
static inline double made_normal(struct random *r)
{
	return sqrt(-2 * log(made_uniform(r))) * cos(6.283185307179586 * made_uniform(r));
}

static inline double made_poisson(struct random *r, double mean)
{
	double limit = exp(-mean), product = made_uniform(r);
	int count = 0;

	if (mean > 50)
		return fmax(0, floor(mean + sqrt(mean) * made_normal(r) + 0.5));
	while (product > limit) {
		product *= made_uniform(r);
		count++;
	}
	return count;
}

/* Clumps of samples: of mean `mean` and a variance `overdispersion` times that. */
static inline double made_count(struct random *r, double mean, double overdispersion)
{
	if (overdispersion <= 0)
		return floor(mean + 0.5);
	return overdispersion * made_poisson(r, mean / overdispersion);
}

static inline uint32_t made_location(struct profile *p, const struct made_program *program, int function,
				     const int *inlined, int inlined_count)
{
	struct profile_line lines[MADE_MOST];
	struct profile_location location = {.mapping = PROFILE_NONE};
	const struct made_function *f = program->functions + function;
	int count = 0;

	for (int i = 0; i < inlined_count + 1; i++) {
		const struct made_function *at = i < inlined_count ? program->functions + inlined[i] : f;
		struct profile_function entry = {.name = profile_string_of(p, at->name),
						 .system_name = profile_string_of(p, at->name),
						 .file = profile_string_of(p, at->file ? at->file : "made.c"),
						 .start_line = 10 * (at - program->functions + 1)};

		lines[count].line = entry.start_line + 3;
		lines[count].column = 0;
		lines[count++].function = profile_intern_function(p, &entry);
	}
	if (f->kernel)
		location.mapping = 1;
	return profile_intern_location(p, &location, lines, (size_t)count);
}

/* The stack of a sample in that function's own code. */
static inline uint32_t made_stack(struct profile *p, const struct made_program *program, int function, bool head)
{
	uint32_t locations[MADE_MOST];
	size_t count = 0;
	int inlined[MADE_MOST], inlined_count = 0;
	struct made_program main_only = {.functions[0] = {.name = "main"}};

	for (int at = function; at != MADE_TOP;) {
		const struct made_function *f = program->functions + at;

		if (f->inlined && !(head && f->uninlined_head)) {
			inlined[inlined_count++] = at;
		} else {
			locations[count++] = made_location(p, program, at, inlined, inlined_count);
			inlined_count = 0;
		}
		at = f->parent;
	}
	locations[count++] = made_location(p, &main_only, 0, NULL, 0);
	return profile_stack(p, locations, count);
}

static inline double made_cost(const struct made_function *f, bool head)
{
	return head ? f->head_ns : f->base_ns;
}

/* Whether it runs below the benchmark. */
static inline bool made_in_scope(const struct made_program *program, int function)
{
	while (function != MADE_TOP) {
		if (!program->benchmark || strcmp(program->functions[function].name, program->benchmark) == 0)
			return true;
		function = program->functions[function].parent;
	}
	return false;
}

/* One group; a sample is a microsecond. */
static inline struct attribution_group made_group(struct arena *a, const struct made_program *program, bool head,
						  const struct made_measurement *m, double speed, struct random *r)
{
	struct profile *p = NEW(a, struct profile);
	struct profile_mapping mapping = {0};
	double total = 0, base_total = 0;

	profile_init(p, a);
	profile_add_type(p, "samples", "count");
	profile_add_type(p, "cpu", "nanoseconds");
	mapping.file = profile_string_of(p, "/usr/bin/made");
	profile_add_mapping(p, &mapping);
	mapping.file = profile_string_of(p, "[kernel.kallsyms]");
	profile_add_mapping(p, &mapping);
	for (int i = 0; i < program->count; i++) {
		if (!made_in_scope(program, i))
			continue;
		total += made_cost(program->functions + i, head);
		base_total += made_cost(program->functions + i, false);
	}
	/* Both sides run as many operations, so that the slower one gives more samples. */
	for (int i = 0; i < program->count; i++) {
		double mean = m->samples * made_cost(program->functions + i, head) / base_total * speed;
		int64_t values[2];

		values[0] = mean > 0 ? (int64_t)made_count(r, mean, m->overdispersion) : 0;
		values[1] = values[0] * 1000;
		if (values[0])
			profile_add_sample(p, made_stack(p, program, i, head), 0, values);
	}
	double operations = m->samples * 1000 / base_total;

	return (struct attribution_group){.profile = p,
					  .type = 1,
					  .block = -1,
					  .operations = operations,
					  .cost = m->measured ? total * speed * operations : 0};
}

/* Both sides of a check; `request` gets its groups and the scope. */
static inline void made_check(struct arena *a, const struct made_program *program, const struct made_measurement *m,
			      struct attribute_request *request)
{
	struct attribution_group *base = NEW_ARRAY(a, struct attribution_group, m->groups);
	struct attribution_group *head = NEW_ARRAY(a, struct attribution_group, m->groups);
	const char **names = NEW_ARRAY(a, const char *, 1);
	struct random r = {.state = m->seed};

	for (size_t i = 0; i < m->groups; i++) {
		double shared = m->shared_noise > 0 ? m->shared_noise * made_normal(&r) : 0;
		double own[2] = {0};

		for (int k = 0; k < 2; k++)
			own[k] = m->own_noise > 0 ? m->own_noise * made_normal(&r) : 0;
		for (int k = 0; m->spikes > 0 && k < 2; k++)
			own[k] += made_uniform(&r) < m->spikes ? log(1.5) : 0;
		base[i] = made_group(a, program, false, m, exp(shared + own[0]), &r);
		head[i] = made_group(a, program, true, m, exp((m->interleaved ? shared : 0) + own[1]), &r);
		base[i].block = head[i].block = m->interleaved ? (int64_t)i : -1;
	}
	request->base = (struct attribution_side){base, m->groups};
	request->head = (struct attribution_side){head, m->groups};
	names[0] = program->benchmark;
	request->scope.names = names;
	request->scope.name_count = program->benchmark != NULL;
}

/*
 * A program of `count` functions below BM_made: a tree, every fourth function inlined into its caller, own costs that fall
 * as 1/rank does, 1000 ns in all.  `planted` becomes the function that is nearest to `share` of the benchmark and of
 * exactly that share; the others give way.
 */
static inline struct made_program made_tree(uint64_t seed, int count, double share, int *planted)
{
	struct made_program out = {.count = count, .benchmark = "BM_made"};
	struct random r = {.state = seed};
	int depth[MADE_MOST] = {0}, order[MADE_MOST];
	double sum = 0;
	static char names[MADE_MOST][24];

	for (int i = 0; i < count; i++)
		order[i] = i;
	for (int i = count - 1; i > 1; i--) {
		int k = 1 + (int)(random_next(&r) % (uint64_t)i), swap = order[i];

		order[i] = order[k];
		order[k] = swap;
	}
	for (int i = 0; i < count; i++) {
		struct made_function *f = out.functions + i;

		snprintf(names[i], sizeof names[i], "work_%d", i);
		f->name = i ? names[i] : "BM_made";
		do {
			f->parent = i ? (int)(random_next(&r) % (uint64_t)i) : MADE_TOP;
		} while (i && depth[f->parent] > 7);
		depth[i] = i ? depth[f->parent] + 1 : 0;
		f->inlined = i && i % 4 == 0;
		f->base_ns = i ? 1.0 / order[i] : 0.02;
		sum += f->base_ns;
	}
	*planted = 1;
	for (int i = 1; i < count; i++)
		if (fabs(out.functions[i].base_ns / sum - share) < fabs(out.functions[*planted].base_ns / sum - share))
			*planted = i;
	sum -= out.functions[*planted].base_ns;
	for (int i = 0; i < count; i++) {
		struct made_function *f = out.functions + i;

		f->base_ns = 1000 * (i == *planted ? share : f->base_ns / sum * (1 - share));
		f->head_ns = f->base_ns;
	}
	return out;
}

#endif
