/*
 * Made-up histories with planted steps, and the F1 of what a detector finds in them.
 */
#ifndef PAWL_TESTS_HISTORIES_H
#define PAWL_TESTS_HISTORIES_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/random.h"

enum noise { NOISE_NORMAL, NOISE_SPIKES, NOISE_SKEW, NOISE_HEAVY, NOISE_CORRELATED, NOISE_TWO_MODES, NOISE_COUNT };

static const char *const noise_names[] = {"normal", "spikes", "skewed", "heavy tails", "correlated 0.5", "two modes"};

enum { HISTORY_LIMIT = 1000, STEP_LIMIT = 3 };

struct made_history {
	size_t n, step_count, steps[STEP_LIMIT];
	double x[HISTORY_LIMIT];
};

static inline double made_uniform(struct random *r)
{
	return ((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0;
}

static inline double made_normal(struct random *r)
{
	double radius = sqrt(-2 * log(made_uniform(r)));

	return radius * cos(6.283185307179586 * made_uniform(r));
}

/* One step of noise with a standard deviation of about 1; `last` is what came before. */
static inline double made_noise(struct random *r, enum noise kind, double *last)
{
	double z = made_normal(r), squares = 0;

	if (kind == NOISE_SKEW)
		return -log(made_uniform(r)) - 1;
	if (kind == NOISE_TWO_MODES)
		return 0.5 * z + (made_uniform(r) < 0.25 ? 2.5 : 0);
	if (kind == NOISE_CORRELATED)
		return *last = 0.5 * *last + sqrt(0.75) * z;
	for (int i = 0; kind == NOISE_HEAVY && i < 3; i++) {
		double w = made_normal(r);

		squares += w * w;
	}
	return kind == NOISE_HEAVY ? z / sqrt(squares / 3) : z;
}

/* `n` values around 100 with that relative noise and the steps that are set already, each of a drawn size. */
static inline void made_fill(struct random *r, struct made_history *h, enum noise kind, double sd)
{
	static const double sizes[] = {-0.2, -0.1, -0.05, -0.02, 0.02, 0.05, 0.1, 0.25};
	double level = 100, last = made_normal(r);
	size_t next = 0;

	for (size_t i = 0; i < h->n; i++) {
		if (next < h->step_count && h->steps[next] == i) {
			level *= 1 + sizes[(size_t)(made_uniform(r) * 8)];
			next++;
		}
		h->x[i] = fmax(1, level * (1 + sd * made_noise(r, kind, &last)));
		if (kind == NOISE_SPIKES && made_uniform(r) < 0.05)
			h->x[i] *= 1 - 0.25 * log(made_uniform(r));
	}
}

/* Up to three steps, 12 to 160 values. */
static inline void made_history(struct random *r, struct made_history *h, enum noise kind)
{
	static const double sds[] = {0.005, 0.01, 0.02, 0.05};
	double sd = sds[(size_t)(made_uniform(r) * 4)];
	size_t wanted = (size_t)(made_uniform(r) * 4);

	h->n = (size_t)(12 + made_uniform(r) * 148);
	h->step_count = 0;
	for (size_t i = 0; i < wanted; i++) {
		size_t at = 3 + (size_t)(made_uniform(r) * (double)(h->n - 6)), k = h->step_count;
		bool there = false;

		for (size_t j = 0; j < h->step_count; j++)
			there = there || h->steps[j] == at;
		if (there)
			continue;
		for (; k > 0 && h->steps[k - 1] > at; k--)
			h->steps[k] = h->steps[k - 1];
		h->steps[k] = at;
		h->step_count++;
	}
	made_fill(r, h, kind, sd);
}

struct f1 {
	size_t right, wrong, missed;
};

/* Margin of 2 points; each planted step is matched at most once, by the nearest. */
static inline void f1_add(struct f1 *f, const size_t *planted, size_t planted_count, const size_t *found,
			  size_t found_count)
{
	size_t matched = 0;
	bool taken[64] = {false};

	for (size_t i = 0; i < found_count; i++) {
		size_t best = planted_count, best_distance = 3;

		for (size_t k = 0; k < planted_count; k++) {
			size_t distance = found[i] > planted[k] ? found[i] - planted[k] : planted[k] - found[i];

			if (!taken[k] && distance < best_distance) {
				best = k;
				best_distance = distance;
			}
		}
		if (best < planted_count) {
			taken[best] = true;
			matched++;
		}
	}
	f->right += matched;
	f->wrong += found_count - matched;
	f->missed += planted_count - matched;
}

static inline double f1_of(const struct f1 *f)
{
	return 2 * (double)f->right / (double)(2 * f->right + f->wrong + f->missed);
}

#endif
