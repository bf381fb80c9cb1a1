/* Where the library begins, in a program that was started and in one that was forked. */
#include "hooks.h"
#include "preload.h"

#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STACK_MAX = 64 << 20 }; /* below the main stack the kernel leaves at least 128 MiB free of other mappings */

__thread struct thread_state this_thread __attribute__((tls_model("initial-exec"), visibility("hidden")));

extern void *__libc_stack_end; /* of the dynamic linker: where the main stack began */

static pid_t process;

pid_t own_pid(void)
{
	return process;
}

pid_t own_tid(void)
{
	return this_thread.tid ? this_thread.tid : (pid_t)syscall(SYS_gettid);
}

static void learn_main_stack(void)
{
	struct rlimit limit;
	rlim_t size = STACK_MAX;

	if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < size)
		size = limit.rlim_cur;
	this_thread.stack_high = (uintptr_t)__libc_stack_end;
	this_thread.stack_low = this_thread.stack_high - size;
}

static void tell(enum preload_kind kind, pid_t parent)
{
	struct area_place place;

	if (!area_take(&place, kind, process, own_tid()))
		return;
	place.slot->parent = (uint32_t)parent;
	area_publish(&place);
}

static void forked(void)
{
	pid_t parent = process;
	int kept = errno;

	if (!timers_run())
		return;
	process = getpid();
	this_thread.tid = (pid_t)syscall(SYS_gettid);
	tell(PRELOAD_FORK, parent);
	timers_start_forked();
	errno = kept;
}

__attribute__((constructor)) static void begin(void)
{
	int kept = errno;

	hooks_begin();
	if (area_open()) {
		process = getpid();
		this_thread.tid = process;
		learn_main_stack();
		area_count_process();
		tell(PRELOAD_PROCESS, getppid());
		maps_tell();
		if (disposition_take() && timers_start())
			pthread_atfork(NULL, NULL, forked);
	}
	errno = kept;
}

/* Read by libasan where it is a library: that it is not the first one is meant. */
const char *__asan_default_options(void);
EXPORT const char *__asan_default_options(void)
{
	return "verify_asan_link_order=0";
}
