/* What is registered: families of benchmarks. */
#include "internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct bench_families families;

static void family_release(struct bench *bench)
{
	for (size_t i = 0; i < bench->set_count; i++)
		free(bench->sets[i].values);
	for (size_t i = 0; i < bench->arg_name_count; i++)
		free(bench->arg_names[i]);
	free(bench->sets);
	free(bench->arg_names);
	free(bench->threads);
	free(bench->name);
	free(bench);
}

/* Constructors of one file run in no promised order, so families of the file are kept by line. */
static size_t place_find(const char *file, int line)
{
	size_t place = families.count;

	if (!file)
		return place;
	for (size_t i = families.count; i-- > 0;) {
		const struct bench *other = families.all[i];
		if (!other->file || strcmp(other->file, file) != 0)
			continue;
		if (other->line <= line)
			return place == families.count ? i + 1 : place;
		place = i;
	}
	return place;
}

struct bench *bench_register_at(const char *file, int line, const char *name, bench_function *function)
{
	struct bench *bench = bench_alloc(NULL, 1, sizeof *bench);
	size_t place = place_find(file, line);

	*bench = (struct bench){
		.name = bench_copy(name), .file = file, .line = line, .function = function, .multiplier = 8};
	families.all = bench_alloc(families.all, families.count + 1, sizeof *families.all);
	memmove(families.all + place + 1, families.all + place, (families.count - place) * sizeof *families.all);
	families.all[place] = bench;
	families.count++;
	return bench;
}

struct bench *bench_register(const char *name, bench_function *function)
{
	return bench_register_at(NULL, 0, name, function);
}

void bench_args(struct bench *bench, const int64_t *values, size_t count)
{
	assert(bench->set_count == 0 || bench->sets[0].count == count);
	struct bench_arg_set set = {bench_alloc(NULL, count, sizeof *values), count};
	if (count > 0)
		memcpy(set.values, values, count * sizeof *values);
	bench->sets = bench_alloc(bench->sets, bench->set_count + 1, sizeof *bench->sets);
	bench->sets[bench->set_count++] = set;
}

void bench_arg(struct bench *bench, int64_t value)
{
	bench_args(bench, &value, 1);
}

void bench_range_multiplier(struct bench *bench, int multiplier)
{
	assert(multiplier >= 2);
	bench->multiplier = multiplier;
}

/* The powers of the multiplier inside (low, high), which are not negative; `sign` -1 counts down. */
static void powers_add(struct bench *bench, int64_t low, int64_t high, int sign)
{
	int64_t powers[64];
	size_t count = 0;

	for (int64_t power = 1; power < high; power *= bench->multiplier) {
		if (power > low)
			powers[count++] = power;
		if (power > INT64_MAX / bench->multiplier)
			break;
	}
	for (size_t i = 0; i < count; i++)
		bench_arg(bench, sign > 0 ? powers[i] : -powers[count - 1 - i]);
}

void bench_range(struct bench *bench, int64_t low, int64_t high)
{
	assert(low <= high && low > INT64_MIN);
	bench_arg(bench, low);
	if (low < -1)
		powers_add(bench, high < 0 ? -high : 0, -low, -1);
	if (low < 0 && high > 0)
		bench_arg(bench, 0);
	if (high > 0)
		powers_add(bench, low > 0 ? low : 0, high, 1);
	if (low < high)
		bench_arg(bench, high);
}

void bench_dense_range(struct bench *bench, int64_t low, int64_t high, int64_t step)
{
	assert(low <= high && step > 0);
	for (int64_t value = low; value <= high; value += step) {
		bench_arg(bench, value);
		if (value > INT64_MAX - step)
			break;
	}
}

void bench_args_product(struct bench *bench, const struct bench_values *lists, size_t count)
{
	size_t total = 1;
	int64_t *values = bench_alloc(NULL, count, sizeof *values);

	for (size_t i = 0; i < count; i++)
		total *= lists[i].count;
	for (size_t n = 0; n < total; n++) {
		size_t rest = n;
		for (size_t i = 0; i < count; i++) {
			values[i] = lists[i].values[rest % lists[i].count];
			rest /= lists[i].count;
		}
		bench_args(bench, values, count);
	}
	free(values);
}

void bench_arg_names(struct bench *bench, const char *const *names, size_t count)
{
	bench->arg_names = bench_alloc(bench->arg_names, bench->arg_name_count + count, sizeof *bench->arg_names);
	for (size_t i = 0; i < count; i++)
		bench->arg_names[bench->arg_name_count++] = bench_copy(names[i]);
}

void bench_threads(struct bench *bench, int threads)
{
	assert(threads > 0);
	bench->threads = bench_alloc(bench->threads, bench->thread_count + 1, sizeof *bench->threads);
	bench->threads[bench->thread_count++] = threads;
}

void bench_thread_range(struct bench *bench, int low, int high)
{
	bench_threads(bench, low);
	for (int threads = 2; threads < high; threads *= 2)
		if (threads > low)
			bench_threads(bench, threads);
	if (high > low)
		bench_threads(bench, high);
}

void bench_process_time(struct bench *bench)
{
	bench->process_time = true;
}

void bench_real_time(struct bench *bench)
{
	assert(!bench->manual_time);
	bench->real_time = true;
}

void bench_manual_time(struct bench *bench)
{
	assert(!bench->real_time);
	bench->manual_time = true;
}

void bench_iterations(struct bench *bench, int64_t iterations)
{
	assert(iterations > 0);
	bench->iterations = iterations;
}

void bench_repetitions(struct bench *bench, int repetitions)
{
	assert(repetitions > 0);
	bench->repetitions = repetitions;
}

void bench_min_time(struct bench *bench, double seconds)
{
	assert(seconds > 0);
	bench->min_time_s = seconds;
}

void bench_min_warmup_time(struct bench *bench, double seconds)
{
	assert(seconds > 0);
	bench->min_warmup_time_s = seconds;
}

void bench_unit(struct bench *bench, enum bench_unit unit)
{
	bench->unit = unit;
	bench->unit_set = true;
}

void bench_report_aggregates_only(struct bench *bench)
{
	bench->aggregates_only = true;
}

void bench_hooks(struct bench *bench, bench_function *setup, bench_function *teardown)
{
	bench->setup = setup;
	bench->teardown = teardown;
}

static struct bench_pairs context_pairs;

void bench_context_add(const char *key, const char *value)
{
	bench_pairs_add(&context_pairs, key, value);
}

const struct bench_pairs *bench_context_pairs(void)
{
	return &context_pairs;
}

const struct bench_families *bench_families_all(void)
{
	return &families;
}

void bench_clear(void)
{
	for (size_t i = 0; i < families.count; i++)
		family_release(families.all[i]);
	free(families.all);
	families = (struct bench_families){0};
	bench_pairs_release(&context_pairs);
}
