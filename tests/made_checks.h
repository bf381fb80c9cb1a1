/*
 * Many checks of made-up programs with a function planted, and how often attribute is right.
 */
#ifndef TESTS_MADE_CHECKS_H
#define TESTS_MADE_CHECKS_H

#include "made_stacks.h"

enum {
	CHECKS_FUNCTIONS = 40,
	CHECKS_SAMPLES = 75000, /* a side: 15 s at 4,999 Hz */
	CHECKS_PLANTED_NS = 50, /* of 1000: the benchmark is 5 % slower */
};

struct checks_plan {
	enum attribution_method method;
	size_t groups; /* a side */
	double share;  /* of the planted function; 0: nothing is planted */
	double spikes; /* chance of a group to take 1.5 times as long */
	int count;
	uint64_t seed;
};

struct checks_tally {
	int first;            /* the planted function is the first cause */
	int another;          /* another one is */
	int none;             /* there is no cause */
	int besides;          /* a second cause is named, too */
	int called;           /* checks in which any function that did not change is called changed */
	double tested, wrong; /* functions asked about, and of those that did not change but are called changed */
};

static inline void checks_count(const struct attribution *at, const char *planted, struct checks_tally *tally)
{
	int wrong = 0;

	for (size_t i = 0; i < at->row_count; i++)
		wrong += at->rows[i].state != CHANGE_SAME && (!planted || strcmp(at->rows[i].name, planted) != 0);
	tally->wrong += wrong;
	tally->called += wrong > 0;
	tally->tested += (double)at->tested;
	tally->none += !at->cause_count;
	tally->besides += at->cause_count > 1;
	if (!at->cause_count)
		return;
	if (planted && strcmp(at->rows[at->causes[0].row].name, planted) == 0)
		tally->first++;
	else
		tally->another++;
}

/*
 * Each check has a program of its own.  Its speed varies by 5 % from pair to pair and by 2 % within one; counts of samples
 * have four times Poisson's variance.
 */
static inline struct checks_tally checks_make(const struct checks_plan *plan)
{
	struct checks_tally tally = {0};

	for (int i = 0; i < plan->count; i++) {
		uint64_t seed = random_mix(plan->seed, (uint64_t)i);
		struct arena *a = arena_open();
		struct attribute_request request = {.method = plan->method};
		struct attribution out;
		int planted;
		struct made_program p =
			made_tree(seed, CHECKS_FUNCTIONS, plan->share > 0 ? plan->share : 0.1, &planted);
		struct made_measurement m = {.groups = plan->groups,
					     .samples = (double)CHECKS_SAMPLES / (double)plan->groups,
					     .overdispersion = 4,
					     .shared_noise = 0.05,
					     .own_noise = 0.02,
					     .spikes = plan->spikes,
					     .measured = true,
					     .interleaved = true,
					     .seed = random_mix(seed, 1)};

		if (plan->share > 0) {
			p.functions[planted].head_ns += CHECKS_PLANTED_NS;
			request.change = (struct number){CHECKS_PLANTED_NS, true};
		}
		made_check(a, &p, &m, &request);
		attribute(a, &request, &out);
		checks_count(&out, plan->share > 0 ? p.functions[planted].name : NULL, &tally);
		arena_close(a);
	}
	return tally;
}

#endif
