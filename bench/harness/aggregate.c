/* Statistics over the repetitions of one instance: mean, median, stddev, cv. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int double_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double mean_of(const double *values, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum / (double)count;
}

static double median_of(const double *values, size_t count)
{
	double *sorted = bench_alloc(NULL, count, sizeof *sorted);

	for (size_t i = 0; i < count; i++) {
		if (isnan(values[i])) {
			free(sorted);
			return NAN;
		}
		sorted[i] = values[i];
	}
	qsort(sorted, count, sizeof *sorted, double_compare);
	double median = count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
	free(sorted);
	return median;
}

/* Of a sample: the divisor is count - 1. */
static double stddev_of(const double *values, size_t count)
{
	double mean = mean_of(values, count), squares = 0;

	for (size_t i = 0; i < count; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	return sqrt(squares / (double)(count - 1));
}

static double cv_of(const double *values, size_t count)
{
	double mean = mean_of(values, count);

	return mean == 0 ? 0 : stddev_of(values, count) / mean;
}

static const struct statistic {
	const char *name;
	bool percentage;
	double (*compute)(const double *values, size_t count);
} statistics[] = {
	{"mean", false, mean_of}, {"median", false, median_of}, {"stddev", false, stddev_of}, {"cv", true, cv_of}};

enum { STATISTIC_COUNT = sizeof statistics / sizeof statistics[0] };

size_t bench_aggregate_name_width(void)
{
	size_t width = 0;

	for (size_t i = 0; i < STATISTIC_COUNT; i++)
		if (strlen(statistics[i].name) > width)
			width = strlen(statistics[i].name);
	return width;
}

/* The label, if all that ran have the same. */
static char *label_common(const struct bench_row *const *ran, size_t count)
{
	const char *label = ran[0]->label;

	for (size_t i = 0; i < count; i++)
		if (!label || !ran[i]->label || strcmp(label, ran[i]->label) != 0)
			return NULL;
	return bench_copy(label);
}

static void counters_aggregate(const struct statistic *statistic, const struct bench_row *const *ran, size_t count,
			       double *values, struct bench_counters *into)
{
	for (size_t r = 0; r < count; r++) {
		for (size_t c = 0; c < ran[r]->counters.count; c++) {
			const struct bench_counter *counter = &ran[r]->counters.all[c];
			size_t value_count = 0;
			if (bench_counters_find(into, counter->name))
				continue;
			for (size_t i = 0; i < count; i++) {
				const struct bench_counter *other =
					bench_counters_find(&ran[i]->counters, counter->name);
				if (other)
					values[value_count++] = other->value;
			}
			double value = value_count > 1 ? statistic->compute(values, value_count) : NAN;
			bench_counters_set(into, counter->name, value, counter->flags);
		}
	}
}

static void row_aggregate(const struct statistic *statistic, const struct bench_row *const *ran, size_t count,
			  double *values, struct bench_row *row)
{
	row->instance = ran[0]->instance;
	row->aggregate = statistic->name;
	row->percentage = statistic->percentage;
	row->repetitions = ran[0]->repetitions;
	row->iterations = (int64_t)count;
	row->label = label_common(ran, count);
	for (size_t i = 0; i < count; i++)
		values[i] = ran[i]->real;
	row->real = statistic->compute(values, count);
	for (size_t i = 0; i < count; i++)
		values[i] = ran[i]->cpu;
	row->cpu = statistic->compute(values, count);
	counters_aggregate(statistic, ran, count, values, &row->counters);
}

void bench_aggregate(const struct bench_rows *repetitions, struct bench_rows *aggregates)
{
	const struct bench_row **ran = bench_alloc(NULL, repetitions->count, sizeof *ran);
	double *values = bench_alloc(NULL, repetitions->count, sizeof *values);
	size_t count = 0;

	for (size_t i = 0; i < repetitions->count; i++)
		if (repetitions->all[i].skip == BENCH_RAN)
			ran[count++] = &repetitions->all[i];
	for (size_t i = 0; i < STATISTIC_COUNT && count > 1; i++)
		row_aggregate(&statistics[i], ran, count, values, bench_rows_add(aggregates));
	free(values);
	free(ran);
}
