/* SIGPROF as the program believes it to be: what it did before this library took it. */
#include "hooks.h"
#include "preload.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static struct sigaction original; /* before the library, or what the program set that changes nothing */

static bool take(int flags, struct sigaction *old)
{
	struct sigaction own = {.sa_sigaction = handler_on_signal, .sa_flags = SA_SIGINFO | SA_RESTART | flags};

	/* The mask is full, so that the program's handlers do not run above this one. */
	sigfillset(&own.sa_mask);
	return hooks_real()->sigaction(SIGPROF, &own, old) == 0;
}

bool disposition_take(void)
{
	return take(SA_ONSTACK, &original);
}

void disposition_leave_alternate(void)
{
	(void)take(0, NULL);
}

void disposition_give_back(void)
{
	area_note(PRELOAD_NOTE_SIGNAL_TAKEN);
	timers_stop();
	hooks_real()->sigaction(SIGPROF, &original, NULL);
}

void disposition_default(void)
{
	if (original.sa_handler == SIG_IGN)
		return;
	timers_stop();
	hooks_real()->sigaction(SIGPROF, &original, NULL);
	kill(own_pid(), SIGPROF);
}

static bool changes_nothing(const struct sigaction *act)
{
	return !(act->sa_flags & SA_SIGINFO) && (act->sa_handler == SIG_DFL || act->sa_handler == SIG_IGN);
}

/* The program's own call.  A handler of its own means that it wants the signal: then it gets it, and this process is
 * sampled no more. */
EXPORT int sigaction(int signal, const struct sigaction *restrict act, struct sigaction *restrict old)
{
	struct sigaction before = original;

	if (signal != SIGPROF || !area_is_open() || !timers_run())
		return hooks_real()->sigaction(signal, act, old);
	if (act && changes_nothing(act)) {
		original = *act;
	} else if (act) {
		area_note(PRELOAD_NOTE_SIGNAL_TAKEN);
		timers_stop();
		if (hooks_real()->sigaction(signal, act, NULL) != 0)
			return -1;
	}
	if (old)
		*old = before;
	return 0;
}

/* BSD's, which is what programs are linked with that do not ask for another. */
EXPORT void (*signal(int number, void (*handler)(int)))(int)
{
	struct sigaction act = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;

	if (number != SIGPROF)
		return hooks_real()->signal(number, handler);
	sigemptyset(&act.sa_mask);
	sigaddset(&act.sa_mask, number);
	return sigaction(number, &act, &old) == 0 ? old.sa_handler : SIG_ERR;
}

/* Older ways to the same, each with rules of its own: these are kept by the real ones. */
#define ROW(name)                                                                                                      \
	signal_handler *name(int number, signal_handler *handler);                                                     \
	EXPORT signal_handler *name(int number, signal_handler *handler)                                               \
	{                                                                                                              \
		if (number == SIGPROF && area_is_open() && timers_run())                                               \
			disposition_give_back();                                                                       \
		return hooks_real()->name(number, handler);                                                            \
	}
ROW(bsd_signal)
ROW(sysv_signal)
ROW(__sysv_signal)
ROW(sigset)
#undef ROW

/* The program's own interval timer takes the place of this library's, or must not be taken for it. */
EXPORT int setitimer(__itimer_which_t which, const struct itimerval *restrict new, struct itimerval *restrict old)
{
	if (which == ITIMER_PROF && new &&area_is_open() && timers_run())
		disposition_give_back();
	return (int)syscall(SYS_setitimer, (long)which, new, old);
}
