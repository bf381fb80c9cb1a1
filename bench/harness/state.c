/* One loop in one thread: its clocks, its counters, and the start and end that all threads of a run share. */
#include "internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The threads of one measurement. */
struct crew {
	const struct bench_instance *instance;
	int64_t iterations;
	pthread_mutex_t lock;
	pthread_cond_t all_there;
	int alive, waiting;
	unsigned gate; /* times that all were there */
	struct bench_sum *sum;
};

/* One of them.  Its state comes first: the two convert into each other. */
struct worker {
	struct bench_state state;
	struct crew *crew;
	int index;
	bool started, ended, timing, left_early;
	clockid_t cpu_clock;
	struct timespec real_start, cpu_start;
	double real_s, cpu_s, manual_s;
	struct bench_counters counters;
};

static struct worker *worker_of(struct bench_state *state)
{
	return (struct worker *)state;
}

static const struct worker *worker_of_const(const struct bench_state *state)
{
	return (const struct worker *)state;
}

struct bench_counter *bench_counters_find(const struct bench_counters *counters, const char *name)
{
	for (size_t i = 0; i < counters->count; i++)
		if (strcmp(counters->all[i].name, name) == 0)
			return &counters->all[i];
	return NULL;
}

void bench_counters_set(struct bench_counters *counters, const char *name, double value, unsigned flags)
{
	struct bench_counter *counter = bench_counters_find(counters, name);

	if (!counter) {
		size_t place = 0;
		while (place < counters->count && strcmp(counters->all[place].name, name) < 0)
			place++;
		counters->all = bench_alloc(counters->all, counters->count + 1, sizeof *counters->all);
		counter = counters->all + place;
		memmove(counter + 1, counter, (counters->count - place) * sizeof *counter);
		counters->count++;
		counter->name = bench_copy(name);
	}
	counter->value = value;
	counter->flags = flags;
}

void bench_counters_release(struct bench_counters *counters)
{
	for (size_t i = 0; i < counters->count; i++)
		free(counters->all[i].name);
	free(counters->all);
	*counters = (struct bench_counters){0};
}

void bench_sum_release(struct bench_sum *sum)
{
	bench_counters_release(&sum->counters);
	free(sum->message);
	free(sum->label);
	*sum = (struct bench_sum){0};
}

static void gate_open(struct crew *crew)
{
	crew->waiting = 0;
	crew->gate++;
	pthread_cond_broadcast(&crew->all_there);
}

/* Waits until every thread that still runs is here. */
static void crew_meet(struct crew *crew)
{
	pthread_mutex_lock(&crew->lock);
	unsigned gate = crew->gate;
	if (++crew->waiting >= crew->alive)
		gate_open(crew);
	while (gate == crew->gate)
		pthread_cond_wait(&crew->all_there, &crew->lock);
	pthread_mutex_unlock(&crew->lock);
}

static double seconds_between(struct timespec from, struct timespec to)
{
	return (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
}

void bench_state_resume(struct bench_state *state)
{
	struct worker *w = worker_of(state);

	if (w->left_early)
		return;
	assert(w->started && !w->timing);
	w->timing = true;
	clock_gettime(CLOCK_MONOTONIC, &w->real_start);
	clock_gettime(w->cpu_clock, &w->cpu_start);
}

void bench_state_pause(struct bench_state *state)
{
	struct worker *w = worker_of(state);
	struct timespec real, cpu;

	clock_gettime(w->cpu_clock, &cpu);
	clock_gettime(CLOCK_MONOTONIC, &real);
	if (w->left_early)
		return;
	assert(w->timing);
	w->timing = false;
	w->cpu_s += seconds_between(w->cpu_start, cpu);
	w->real_s += seconds_between(w->real_start, real);
}

bool bench_state_turn(struct bench_state *state)
{
	struct worker *w = worker_of(state);

	if (!w->started) {
		w->started = true;
		crew_meet(w->crew);
		if (!w->left_early) {
			state->left = state->planned - 1;
			bench_state_resume(state);
			return true;
		}
	}
	if (!w->ended) {
		if (w->timing)
			bench_state_pause(state);
		w->ended = true;
		crew_meet(w->crew);
	}
	return false;
}

int64_t bench_state_iterations(const struct bench_state *state)
{
	const struct worker *w = worker_of_const(state);

	return w->started ? state->planned - state->left : 0;
}

int64_t bench_state_arg(const struct bench_state *state, size_t index)
{
	const struct bench_arg_set *args = worker_of_const(state)->crew->instance->args;

	return index < args->count ? args->values[index] : 0;
}

int bench_state_threads(const struct bench_state *state)
{
	return worker_of_const(state)->crew->instance->threads;
}

int bench_state_thread_index(const struct bench_state *state)
{
	return worker_of_const(state)->index;
}

void bench_state_iteration_time(struct bench_state *state, double seconds)
{
	worker_of(state)->manual_s += seconds;
}

static void leave(struct bench_state *state, enum bench_skip why, const char *message)
{
	struct worker *w = worker_of(state);
	struct bench_sum *sum = w->crew->sum;

	if (w->timing)
		bench_state_pause(state);
	w->left_early = true;
	state->left = 0;
	pthread_mutex_lock(&w->crew->lock);
	if (sum->skip == BENCH_RAN) {
		sum->skip = why;
		sum->message = bench_copy(message);
	}
	pthread_mutex_unlock(&w->crew->lock);
}

void bench_state_fail(struct bench_state *state, const char *message)
{
	leave(state, BENCH_FAILED, message);
}

void bench_state_skip(struct bench_state *state, const char *message)
{
	leave(state, BENCH_SKIPPED, message);
}

void bench_state_label(struct bench_state *state, const char *label)
{
	struct worker *w = worker_of(state);

	pthread_mutex_lock(&w->crew->lock);
	free(w->crew->sum->label);
	w->crew->sum->label = bench_copy(label);
	pthread_mutex_unlock(&w->crew->lock);
}

void bench_state_counter(struct bench_state *state, const char *name, double value, unsigned flags)
{
	static const char *const fields[] = {
		"name",           "run_name",         "run_type", "family_index",   "per_family_instance_index",
		"repetitions",    "repetition_index", "threads",  "iterations",     "real_time",
		"cpu_time",       "time_unit",        "label",    "aggregate_name", "aggregate_unit",
		"error_occurred", "error_message",    "skipped",  "skip_message"};

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		if (strcmp(name, fields[i]) == 0) {
			char *message =
				bench_format("a counter cannot be called \"%s\": results have such a field", name);
			bench_state_fail(state, message);
			free(message);
			return;
		}
	}
	bench_counters_set(&worker_of(state)->counters, name, value, flags);
}

void bench_state_bytes(struct bench_state *state, int64_t bytes)
{
	bench_state_counter(state, "bytes_per_second", (double)bytes, BENCH_RATE | BENCH_1024);
}

void bench_state_items(struct bench_state *state, int64_t items)
{
	bench_state_counter(state, "items_per_second", (double)items, BENCH_RATE);
}

/* Adds what the thread measured to the sum, and lets the others go on without it. */
static void worker_leave(struct worker *w)
{
	struct crew *crew = w->crew;

	pthread_mutex_lock(&crew->lock);
	crew->sum->iterations += bench_state_iterations(&w->state);
	crew->sum->real_s += w->real_s;
	crew->sum->cpu_s += w->cpu_s;
	crew->sum->manual_s += w->manual_s;
	for (size_t i = 0; i < w->counters.count; i++) {
		const struct bench_counter *mine = &w->counters.all[i];
		struct bench_counter *sum = bench_counters_find(&crew->sum->counters, mine->name);
		if (sum)
			sum->value += mine->value;
		else
			bench_counters_set(&crew->sum->counters, mine->name, mine->value, mine->flags);
	}
	crew->alive--;
	if (crew->waiting > 0 && crew->waiting >= crew->alive)
		gate_open(crew);
	pthread_mutex_unlock(&crew->lock);
	bench_counters_release(&w->counters);
}

static void *worker_main(void *argument)
{
	struct worker *w = argument;
	const struct bench *family = w->crew->instance->family;

	w->state.planned = w->crew->iterations;
	w->cpu_clock = family->process_time ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID;
	family->function(&w->state);
	if (!w->ended && !w->left_early)
		bench_state_fail(&w->state, w->started ? "the loop was left before its end, without saying why"
						       : "the benchmark has no loop, and does not say why");
	worker_leave(w);
	return NULL;
}

void bench_measure(const struct bench_instance *instance, int64_t iterations, struct bench_sum *sum)
{
	int count = instance->threads, running = 1;
	struct worker *workers = bench_alloc(NULL, (size_t)count, sizeof *workers);
	pthread_t *threads = bench_alloc(NULL, (size_t)count, sizeof *threads);
	struct crew crew = {.instance = instance, .iterations = iterations, .alive = count, .sum = sum};

	*sum = (struct bench_sum){0};
	pthread_mutex_init(&crew.lock, NULL);
	pthread_cond_init(&crew.all_there, NULL);
	for (int i = 0; i < count; i++)
		workers[i] = (struct worker){.crew = &crew, .index = i};
	while (running < count && pthread_create(&threads[running], NULL, worker_main, &workers[running]) == 0)
		running++;
	if (running < count) {
		bench_state_fail(&workers[0].state, "not enough threads could be started");
		pthread_mutex_lock(&crew.lock);
		crew.alive = running;
		if (crew.waiting > 0 && crew.waiting >= crew.alive)
			gate_open(&crew);
		pthread_mutex_unlock(&crew.lock);
	}
	worker_main(&workers[0]);
	for (int i = 1; i < running; i++)
		pthread_join(threads[i], NULL);
	pthread_cond_destroy(&crew.all_there);
	pthread_mutex_destroy(&crew.lock);
	free(threads);
	free(workers);
}

void bench_hook_call(const struct bench_instance *instance, bench_function *hook)
{
	struct bench_sum sum = {0};
	struct crew crew = {.instance = instance, .iterations = 1, .lock = PTHREAD_MUTEX_INITIALIZER, .sum = &sum};
	struct worker worker = {.crew = &crew};

	if (hook)
		hook(&worker.state);
	bench_counters_release(&worker.counters);
	bench_sum_release(&sum);
}
