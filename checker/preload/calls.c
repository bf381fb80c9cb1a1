/*
 * System calls that a program makes by their numbers, and those by which it limits them.
 *
 * Once a program allows itself few system calls, any other one ends it: this library makes none from then on.
 */
#include "execute.h"
#include "hooks.h"
#include "preload.h"

#include <linux/seccomp.h>
#include <stdarg.h>
#include <sys/syscall.h>

static int limited;

bool calls_are_limited(void)
{
	return __atomic_load_n(&limited, __ATOMIC_RELAXED);
}

static void limit(void)
{
	if (!area_is_open())
		return;
	if (timers_run())
		area_note(PRELOAD_NOTE_CALLS_LIMITED);
	timers_stop();
	__atomic_store_n(&limited, 1, __ATOMIC_RELAXED);
}

EXPORT int prctl(int option, ...)
{
	unsigned long a[4];
	va_list list;

	va_start(list, option);
	for (int i = 0; i < 4; i++)
		a[i] = va_arg(list, unsigned long);
	va_end(list);
	if (option == PR_SET_SECCOMP)
		limit();
	return hooks_real()->prctl(option, a[0], a[1], a[2], a[3]);
}

/* The C library's syscall, which takes as many as the system does: all are passed on, those too that nobody gave. */
EXPORT long calls_make(long number, long a, long b, long c, long d, long e, long f) __asm__("syscall");
EXPORT long calls_make(long number, long a, long b, long c, long d, long e, long f)
{
	switch (number) {
	case SYS_seccomp:
		if (a == SECCOMP_SET_MODE_STRICT || a == SECCOMP_SET_MODE_FILTER)
			limit();
		break;
	case SYS_prctl:
		if (a == PR_SET_SECCOMP)
			limit();
		break;
	case SYS_execve:
		return execve((const char *)a, (char *const *)b, (char *const *)c);
	case SYS_execveat:
		return execveat((int)a, (const char *)b, (char *const *)c, (char *const *)d, (int)e);
	default:
		break;
	}
	return hooks_real()->syscall(number, a, b, c, d, e, f);
}
