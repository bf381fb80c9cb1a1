/*
 * The real functions behind those that this library stands before.
 */
#ifndef PAWL_PRELOAD_HOOKS_H
#define PAWL_PRELOAD_HOOKS_H

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <threads.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

typedef void *thread_routine(void *);
typedef void signal_handler(int);

/* As it is called, whatever its declaration says. */
#define HOOK_LIST(ROW)                                                                                                 \
	ROW(int, pthread_create, (pthread_t *, const pthread_attr_t *, thread_routine *, void *))                      \
	ROW(int, thrd_create, (thrd_t *, thrd_start_t, void *))                                                        \
	ROW(int, sigaction, (int, const struct sigaction *, struct sigaction *))                                       \
	ROW(signal_handler *, signal, (int, signal_handler *))                                                         \
	ROW(signal_handler *, bsd_signal, (int, signal_handler *))                                                     \
	ROW(signal_handler *, sysv_signal, (int, signal_handler *))                                                    \
	ROW(signal_handler *, __sysv_signal, (int, signal_handler *))                                                  \
	ROW(signal_handler *, sigset, (int, signal_handler *))                                                         \
	ROW(int, sigaltstack, (const stack_t *, stack_t *))                                                            \
	ROW(int, sigwaitinfo, (const sigset_t *, siginfo_t *))                                                         \
	ROW(int, sigtimedwait, (const sigset_t *, siginfo_t *, const struct timespec *))                               \
	ROW(int, signalfd, (int, const sigset_t *, int))                                                               \
	ROW(int, execve, (const char *, char *const *, char *const *))                                                 \
	ROW(int, execvpe, (const char *, char *const *, char *const *))                                                \
	ROW(int, fexecve, (int, char *const *, char *const *))                                                         \
	ROW(int, posix_spawn,                                                                                          \
	    (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const *,      \
	     char *const *))                                                                                           \
	ROW(int, posix_spawnp,                                                                                         \
	    (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const *,      \
	     char *const *))                                                                                           \
	ROW(int, prctl, (int, unsigned long, unsigned long, unsigned long, unsigned long))                             \
	ROW(long, syscall, (long, long, long, long, long, long, long))                                                 \
	ROW(int, dlclose, (void *))

struct hooks {
#define ROW(type, name, parameters) type(*name) parameters;
	HOOK_LIST(ROW)
#undef ROW
};

/* Looked up when they are asked for the first time, which may be before the C library is set up. */
const struct hooks *hooks_real(void);

/* Once the C library is set up, and not before: to open it earlier would set it up without an environment.  sigaction comes
 * straight from it: a sanitizer's own would put off the handler to where nothing can be seen. */
void hooks_begin(void);

#endif
