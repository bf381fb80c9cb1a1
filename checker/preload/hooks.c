/* The functions that this library stands before, and the real ones behind them. */
#include "preload.h"

#include <dlfcn.h>
#include <gnu/lib-names.h>
#include <pthread.h>
#include <stdarg.h>
#include <unistd.h>

enum {
	STARTS_MAX = 1024, /* threads that were made and did not run yet */
};

typedef void *thread_routine(void *);

static struct {
	int (*pthread_create)(pthread_t *, const pthread_attr_t *, thread_routine *, void *);
	int (*sigaction)(int, const struct sigaction *, struct sigaction *);
	void (*(*signal)(int, void (*)(int)))(int);
	int (*execve)(const char *, char *const *, char *const *);
	int (*execvpe)(const char *, char *const *, char *const *);
	int (*fexecve)(int, char *const *, char *const *);
} real;

/* What a new thread is to run; no memory is allocated for it, since a program's own allocator may start threads. */
static struct start {
	thread_routine *routine;
	void *argument;
	int taken;
} starts[STARTS_MAX];

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

bool hooks_find(void)
{
	void *libc;

	if (real.execve)
		return true;
	/* Straight from the C library: a sanitizer's own would put off the handler to where nothing can be seen. */
	libc = dlopen(LIBC_SO, RTLD_LAZY | RTLD_NOLOAD);
	*(void **)&real.sigaction = libc ? dlsym(libc, "sigaction") : next("sigaction");
	*(void **)&real.pthread_create = next("pthread_create");
	*(void **)&real.signal = next("signal");
	*(void **)&real.execvpe = next("execvpe");
	*(void **)&real.fexecve = next("fexecve");
	*(void **)&real.execve = next("execve");
	return real.sigaction && real.pthread_create && real.execve;
}

int hooks_sigaction(int signal, const struct sigaction *act, struct sigaction *old)
{
	hooks_find();
	return real.sigaction(signal, act, old);
}

void (*hooks_signal(int number, void (*handler)(int)))(int)
{
	hooks_find();
	return real.signal(number, handler);
}

static void learn_stack(void)
{
	pthread_attr_t attributes;
	size_t size;
	void *low;

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

static void *run_thread(void *argument)
{
	struct start *s = argument;
	thread_routine *routine = s->routine;
	void *result, *its = s->argument;

	__atomic_store_n(&s->taken, 0, __ATOMIC_RELEASE);
	learn_stack();
	timers_add_thread();
	pthread_cleanup_push(leave, NULL);
	result = routine(its);
	pthread_cleanup_pop(1);
	return result;
}

static struct start *find_start(void)
{
	static unsigned last;

	for (unsigned i = 0; i < STARTS_MAX; i++) {
		struct start *s = &starts[__atomic_add_fetch(&last, 1, __ATOMIC_RELAXED) % STARTS_MAX];

		if (!__atomic_exchange_n(&s->taken, 1, __ATOMIC_ACQUIRE))
			return s;
	}
	return NULL;
}

EXPORT int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
			  thread_routine *routine, void *restrict argument)
{
	struct start *s = NULL;
	int failed;

	hooks_find();
	if (area_is_open() && timers_run()) {
		s = find_start();
		if (!s)
			area_note(PRELOAD_NOTE_TOO_MANY_THREADS);
	}
	if (!s)
		return real.pthread_create(thread, attributes, routine, argument);
	s->routine = routine;
	s->argument = argument;
	failed = real.pthread_create(thread, attributes, run_thread, s);
	if (failed)
		__atomic_store_n(&s->taken, 0, __ATOMIC_RELEASE);
	return failed;
}

/*
 * An interval timer outlives the execution of another program, which has no handler for it and would end by the signal.
 */

extern char **environ;

EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	int result;

	hooks_find();
	timers_pause();
	result = real.execve(path, argv, envp);
	timers_resume();
	return result;
}

EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	int result;

	hooks_find();
	timers_pause();
	result = real.execvpe(file, argv, envp);
	timers_resume();
	return result;
}

EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	int result;

	hooks_find();
	timers_pause();
	result = real.fexecve(fd, argv, envp);
	timers_resume();
	return result;
}

/* How many arguments there are with the first one; the NULL behind them is not counted. */
static size_t count_arguments(va_list list)
{
	size_t count = 1;

	while (va_arg(list, char *))
		count++;
	return count;
}

/* By its address: where a list is no array, as on AArch64, what is behind the arguments would else not be next. */
static void copy_arguments(char **to, const char *first, va_list *list)
{
	*to++ = (char *)first;
	while ((*to = va_arg(*list, char *)))
		to++;
}

/* libc's headers declare the first one to be there; callers leave it out all the same. */
#define ARGUMENTS(argv, first)                                                                                         \
	const char *volatile head = first;                                                                             \
	va_list list, again;                                                                                           \
	va_start(list, first);                                                                                         \
	va_copy(again, list);                                                                                          \
	size_t count = head ? count_arguments(again) : 0;                                                              \
	char *argv[count + 1];                                                                                         \
	argv[0] = NULL;                                                                                                \
	if (head)                                                                                                      \
		copy_arguments(argv, head, &list);                                                                     \
	va_end(again)

EXPORT int execl(const char *path, const char *first, ...)
{
	ARGUMENTS(argv, first);
	va_end(list);
	return execve(path, argv, environ);
}

EXPORT int execlp(const char *file, const char *first, ...)
{
	ARGUMENTS(argv, first);
	va_end(list);
	return execvpe(file, argv, environ);
}

EXPORT int execle(const char *path, const char *first, ...)
{
	char *const *envp;

	ARGUMENTS(argv, first);
	envp = va_arg(list, char *const *);
	va_end(list);
	return execve(path, argv, envp);
}
