/* Counts of durations, and percentiles of them. */
#include "plant.h"
#include "pool.h"

enum { STEPS_LOG2 = 4, STEPS = 1 << STEPS_LOG2 };

/* Values below STEPS have a bucket each; above, each power of two has STEPS. */
static size_t bucket_of(uint64_t ns)
{
	if (ns < STEPS)
		return ns;
	unsigned exponent = 63U - (unsigned)__builtin_clzll(ns);
	size_t bucket = (size_t)(exponent - STEPS_LOG2 + 1) * STEPS + (ns >> (exponent - STEPS_LOG2) & (STEPS - 1));
	return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

/* The middle of a bucket. */
static double bucket_value(size_t bucket)
{
	if (bucket < STEPS)
		return (double)bucket;
	unsigned exponent = (unsigned)(bucket / STEPS) - 1;
	uint64_t low = (uint64_t)(STEPS + bucket % STEPS) << exponent, width = (uint64_t)1 << exponent;
	return (double)low + (double)width / 2;
}

void latency_record(struct latency *latency, int64_t ns)
{
	size_t bucket = 0;

	PLANT_LOOP(latency_record)
	{
		bucket = bucket_of(ns < 0 ? 0 : (uint64_t)ns);
		bench_keep(bucket);
	}
	latency->buckets[bucket]++;
	latency->count++;
	latency->sum_ns += ns < 0 ? 0 : (uint64_t)ns;
}

double latency_percentile(const struct latency *latency, double part)
{
	double value = 0;

	PLANT_LOOP(latency_percentile)
	{
		uint64_t wanted = (uint64_t)(part * (double)latency->count), seen = 0;
		value = 0;
		for (size_t i = 0; i < LATENCY_BUCKETS && seen <= wanted && seen < latency->count; i++) {
			seen += latency->buckets[i];
			value = bucket_value(i);
		}
		bench_keep(value);
	}
	return value;
}

void latency_merge(struct latency *into, const struct latency *from)
{
	for (size_t i = 0; i < LATENCY_BUCKETS; i++)
		into->buckets[i] += from->buckets[i];
	into->count += from->count;
	into->sum_ns += from->sum_ns;
}
