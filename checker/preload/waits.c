/*
 * Threads that wait for signals instead of handling them, and the stacks they handle them on.
 *
 * A thread that waits for any signal would get those of this library's timers.
 */
#include "hooks.h"
#include "preload.h"

#include <errno.h>
#include <sys/auxv.h>
#include <sys/signalfd.h>
#include <time.h>

enum { HANDLER_STACK = 2048 }; /* what the handler itself needs, and more */

static const int64_t second_ns = 1000000000;

static bool concerns(const sigset_t *set)
{
	return set && area_is_open() && timers_run() && sigismember(set, SIGPROF) == 1;
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * second_ns + t.tv_nsec;
}

/* What is left of a time that is given once. */
static struct timespec left_of(const struct timespec *given, int64_t begun_ns)
{
	int64_t spent_ns = now_ns() - begun_ns, seconds = spent_ns / second_ns;
	struct timespec left = {.tv_sec = given->tv_sec - seconds, .tv_nsec = given->tv_nsec - spent_ns % second_ns};

	if (left.tv_nsec < 0) {
		left.tv_sec--;
		left.tv_nsec += second_ns;
	}
	return left.tv_sec < 0 ? (struct timespec){0} : left;
}

EXPORT int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info, const struct timespec *restrict timeout)
{
	int64_t begun_ns;
	siginfo_t own;
	int got;

	if (!concerns(set))
		return hooks_real()->sigtimedwait(set, info, timeout);
	begun_ns = now_ns();
	got = hooks_real()->sigtimedwait(set, &own, timeout);
	while (got == SIGPROF && timers_sent(&own)) {
		struct timespec left = timeout ? left_of(timeout, begun_ns) : (struct timespec){0};

		got = hooks_real()->sigtimedwait(set, &own, timeout ? &left : NULL);
	}
	if (got > 0 && info)
		*info = own;
	return got;
}

EXPORT int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return concerns(set) ? sigtimedwait(set, info, NULL) : hooks_real()->sigwaitinfo(set, info);
}

EXPORT int sigwait(const sigset_t *restrict set, int *restrict number)
{
	int kept = errno, got;

	do {
		got = sigwaitinfo(set, NULL);
	} while (got < 0 && errno == EINTR);
	if (got > 0)
		*number = got;
	else
		got = -errno;
	errno = kept;
	return got > 0 ? 0 : -got;
}

/* What it reads of the descriptor cannot be told apart: the signal is all the program's. */
EXPORT int signalfd(int fd, const sigset_t *mask, int flags)
{
	if (concerns(mask))
		disposition_give_back();
	return hooks_real()->signalfd(fd, mask, flags);
}

/* On a stack that is too small for a signal, one ends the program, though it has another one that is large enough. */
EXPORT int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	size_t least = getauxval(AT_MINSIGSTKSZ);

	if (stack && !(stack->ss_flags & SS_DISABLE) && area_is_open() && timers_run() &&
	    stack->ss_size < (least ? least : (size_t)MINSIGSTKSZ) + HANDLER_STACK)
		disposition_leave_alternate();
	return hooks_real()->sigaltstack(stack, old);
}
