/* SIGPROF as the program believes it to be: what it did before this library took it. */
#include "preload.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static struct sigaction original; /* before the library, or what the program set that changes nothing */

bool disposition_take(void)
{
	struct sigaction own = {.sa_sigaction = handler_on_signal, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};

	/* The mask is full, so that the program's handlers do not run above this one. */
	sigfillset(&own.sa_mask);
	return hooks_sigaction(SIGPROF, &own, &original) == 0;
}

void disposition_default(void)
{
	if (original.sa_handler == SIG_IGN)
		return;
	timers_stop();
	hooks_sigaction(SIGPROF, &original, NULL);
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
		return hooks_sigaction(signal, act, old);
	if (act && changes_nothing(act)) {
		original = *act;
	} else if (act) {
		area_note(PRELOAD_NOTE_SIGNAL_TAKEN);
		timers_stop();
		if (hooks_sigaction(signal, act, NULL) != 0)
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
		return hooks_signal(number, handler);
	sigemptyset(&act.sa_mask);
	sigaddset(&act.sa_mask, number);
	return sigaction(number, &act, &old) == 0 ? old.sa_handler : SIG_ERR;
}

/* The program's own interval timer takes the place of this library's, or must not be taken for it. */
EXPORT int setitimer(__itimer_which_t which, const struct itimerval *restrict new, struct itimerval *restrict old)
{
	if (which == ITIMER_PROF && new &&area_is_open() && timers_run()) {
		area_note(PRELOAD_NOTE_SIGNAL_TAKEN);
		timers_stop();
		hooks_sigaction(SIGPROF, &original, NULL);
	}
	return (int)syscall(SYS_setitimer, (long)which, new, old);
}
