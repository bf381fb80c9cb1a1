/* Counting what rules do. */
#include "tally.h"

#include "stats/sample.h"

#include <math.h>
#include <stdbool.h>

void tally_add(struct tally *t, const struct workload_check *check, const struct call *calls)
{
	const struct workload *w = check->of;
	bool alarmed = false, failed = false;
	double least = 1;

	for (size_t i = 0; i < w->bench_count; i++) {
		const struct call *c = &calls[i];

		t->confirm_most = c->confirm > t->confirm_most ? c->confirm : t->confirm_most;
		if (i < w->planted_count) {
			if (t->planted_p)
				t->planted_p[t->planted] = c->p;
			t->planted++;
			t->called += c->slower;
			t->effect_sum += c->effect_ratio;
			continue;
		}
		t->unchanged++;
		t->wrong += c->slower;
		t->wrong_failing += c->slower && c->fails;
		t->pairs += c->pairs;
		alarmed = alarmed || c->slower;
		failed = failed || (c->slower && c->fails);
		least = fmin(least, c->p);
	}
	if (t->least_p)
		t->least_p[t->checks] = least;
	t->checks++;
	t->alarmed += alarmed;
	t->failed += failed;
}

double tally_level(struct arena *a, const struct tally *t, size_t alarmed)
{
	double *sorted = sample_sorted(a, t->least_p, t->checks);

	return alarmed < t->checks ? sorted[alarmed] : 1;
}

double tally_power_at(const struct tally *t, double level)
{
	size_t called = 0;

	for (size_t i = 0; i < t->planted; i++)
		called += t->planted_p[i] < level;
	return (double)called / (double)t->planted;
}
