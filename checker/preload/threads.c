/* New threads, which are told of before their own function runs. */
#include "hooks.h"
#include "preload.h"

#include <stdint.h>
#include <sys/syscall.h>

enum {
	STARTS_MAX = 1024, /* threads that were made and did not run yet */
};

/* What a new thread is to run; no memory is allocated for it, since a program's own allocator may start threads. */
static struct start {
	thread_routine *routine;
	thrd_start_t c11_routine; /* in its place */
	void *argument;
	int taken;
} starts[STARTS_MAX];

static void learn_thread(void)
{
	pthread_attr_t attributes;
	size_t size;
	void *low;

	this_thread.tid = (pid_t)syscall(SYS_gettid);
	if (pthread_getattr_np(pthread_self(), &attributes) != 0)
		return;
	if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
		this_thread.stack_low = (uintptr_t)low;
		this_thread.stack_high = (uintptr_t)low + size;
	}
	pthread_attr_destroy(&attributes);
}

static void leave(void *unused)
{
	(void)unused;
	timers_remove_thread();
}

static struct start take_start(void *argument)
{
	struct start *place = argument, s = *place;

	__atomic_store_n(&place->taken, 0, __ATOMIC_RELEASE);
	learn_thread();
	timers_add_thread();
	return s;
}

static void *run_thread(void *argument)
{
	struct start s = take_start(argument);
	void *result;

	pthread_cleanup_push(leave, NULL);
	result = s.routine(s.argument);
	pthread_cleanup_pop(1);
	return result;
}

static int run_c11_thread(void *argument)
{
	struct start s = take_start(argument);
	int result;

	pthread_cleanup_push(leave, NULL);
	result = s.c11_routine(s.argument);
	pthread_cleanup_pop(1);
	return result;
}

static struct start *find_start(void)
{
	static unsigned last;

	if (!area_is_open() || !timers_run())
		return NULL;
	for (unsigned i = 0; i < STARTS_MAX; i++) {
		struct start *s = &starts[__atomic_add_fetch(&last, 1, __ATOMIC_RELAXED) % STARTS_MAX];

		if (!__atomic_exchange_n(&s->taken, 1, __ATOMIC_ACQUIRE))
			return s;
	}
	area_note(PRELOAD_NOTE_TOO_MANY_THREADS);
	return NULL;
}

EXPORT int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
			  thread_routine *routine, void *restrict argument)
{
	struct start *s = find_start();
	int failed;

	if (!s)
		return hooks_real()->pthread_create(thread, attributes, routine, argument);
	s->routine = routine;
	s->argument = argument;
	failed = hooks_real()->pthread_create(thread, attributes, run_thread, s);
	if (failed)
		__atomic_store_n(&s->taken, 0, __ATOMIC_RELEASE);
	return failed;
}

EXPORT int thrd_create(thrd_t *thread, thrd_start_t routine, void *argument)
{
	struct start *s = find_start();
	int answer;

	if (!s)
		return hooks_real()->thrd_create(thread, routine, argument);
	s->c11_routine = routine;
	s->argument = argument;
	answer = hooks_real()->thrd_create(thread, run_c11_thread, s);
	if (answer != thrd_success)
		__atomic_store_n(&s->taken, 0, __ATOMIC_RELEASE);
	return answer;
}
