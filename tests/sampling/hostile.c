/*
 * A program that does what a sampler from inside would be noticed by.
 *
 *   hostile HOW [FILE...]
 *
 * What it prints and its status, 7 where all is well, do not depend on whether it is watched.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

enum { STATUS = 7, ROUNDS = 10000 };

extern char **environ;

static char **files;

static NOINLINE uint64_t mix(uint64_t x)
{
	for (int i = 0; i < 2500; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}

static NOINLINE uint64_t work(int rounds)
{
	uint64_t sum = 1;

	for (int i = 0; i < rounds; i++)
		sum = mix(sum + (uint64_t)i);
	/* Whoever calls, calls for the time it takes: it must not be left out where nobody wants the sum. */
	__asm__ volatile("" : "+r"(sum));
	return sum + 1;
}

static NOINLINE void *worker(void *unused)
{
	(void)unused;
	return (void *)(uintptr_t)work(ROUNDS);
}

static NOINLINE void *short_worker(void *unused)
{
	(void)unused;
	return (void *)(uintptr_t)work(20);
}

static NOINLINE int c11_worker(void *unused)
{
	(void)unused;
	return (int)(work(4 * ROUNDS) & 1) + 1;
}

static void in_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, worker, NULL) != 0 || pthread_join(thread, NULL) != 0)
		abort();
}

/* Each lives shorter than the time between two samples, on a machine that takes ten times as long as others, too. */
static int how_short_threads(void)
{
	for (int i = 0; i < 2000; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, short_worker, NULL) != 0 || pthread_join(thread, NULL) != 0)
			return 3;
	}
	return STATUS;
}

static int how_c11_thread(void)
{
	thrd_t thread;
	int result = 0;

	if (thrd_create(&thread, c11_worker, NULL) != thrd_success || thrd_join(thread, &result) != thrd_success)
		return 3;
	return result ? STATUS : 3;
}

static void block_all(sigset_t *all)
{
	sigfillset(all);
	pthread_sigmask(SIG_BLOCK, all, NULL);
}

/* Servers do so: one thread waits for whatever comes. */
static int how_waits(void)
{
	const struct timespec little = {.tv_nsec = 1000000}, none = {0};
	siginfo_t info = {0};
	sigset_t all;
	int number = 0;

	block_all(&all);
	work(ROUNDS);
	in_thread();
	if (sigtimedwait(&all, NULL, &none) != -1 || errno != EAGAIN)
		return 3;
	work(ROUNDS);
	if (sigtimedwait(&all, NULL, &little) != -1 || errno != EAGAIN)
		return 4;
	kill(getpid(), SIGPROF);
	if (sigwaitinfo(&all, &info) != SIGPROF || info.si_pid != getpid())
		return 5;
	work(ROUNDS);
	kill(getpid(), SIGUSR2);
	return sigwait(&all, &number) == 0 && number == SIGUSR2 ? STATUS : 6;
}

static int how_signalfd(void)
{
	struct signalfd_siginfo info;
	sigset_t all;
	int fd;

	block_all(&all);
	work(ROUNDS);
	fd = signalfd(-1, &all, SFD_NONBLOCK);
	work(ROUNDS);
	return fd >= 0 && read(fd, &info, sizeof info) < 0 && errno == EAGAIN ? STATUS : 3;
}

/* It was large enough before CPUs had wide registers. */
static int how_small_alternate_stack(void)
{
	static char memory[2048];
	const stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};

	if (sigaltstack(&stack, NULL) != 0)
		return 3;
	return work(4 * ROUNDS) ? STATUS : 3;
}

static void on_signal(int number)
{
	(void)number;
	_exit(4);
}

/* What `signal` is to programs that keep to the standard: the handler serves once. */
static int how_sysv_handler(void)
{
	if (sysv_signal(SIGPROF, on_signal) != SIG_DFL)
		return 3;
	return work(2 * ROUNDS) ? STATUS : 3;
}

/* A system call that a program of threads needs not ends this one. */
static int how_few_calls(void)
{
	static const unsigned denied[] = {SYS_timer_create, SYS_timer_settime,    SYS_timer_delete,
					  SYS_setitimer,    SYS_process_vm_readv, SYS_gettid,
					  SYS_openat,       SYS_rt_sigtimedwait,  SYS_sched_getaffinity};
	enum { COUNT = sizeof denied / sizeof denied[0] };
	struct sock_filter code[COUNT + 3] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = {.len = COUNT + 3, .filter = code};

	for (unsigned i = 0; i < COUNT; i++)
		code[1 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, denied[i], COUNT - i, 0);
	code[1 + COUNT] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[2 + COUNT] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	work(ROUNDS);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
		return 3;
	in_thread();
	/* What is not seen must be more than timers err by, on quick machines, too. */
	return work(4 * ROUNDS) ? STATUS : 3;
}

/* As programs do that know no C library's execve. */
static int how_raw_exec(void)
{
	work(ROUNDS);
	syscall(SYS_execve, files[0], files, environ);
	return 3;
}

/* The signal is sent and waits, when the next program begins, which has no library in it. */
static int how_blocked_exec(void)
{
	char *const nothing[] = {NULL};
	sigset_t all;

	block_all(&all);
	work(ROUNDS);
	execle(files[0], files[0], "unblock", (char *)NULL, nothing);
	return 3;
}

static int how_unblock(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	return work(ROUNDS) ? STATUS : 3;
}

static int how_exec(void)
{
	work(ROUNDS / 10);
	execl(files[0], files[0], (char *)NULL);
	return 3;
}

static int how_spawn(void)
{
	char *const arguments[] = {files[0], NULL};
	int status = 0;
	pid_t child;

	if (posix_spawn(&child, files[0], NULL, NULL, arguments, environ) != 0 || waitpid(child, &status, 0) != child)
		return 3;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 4;
}

/* The next program is another user's, to whom the first one's folders are closed. */
static int how_other_user(void)
{
	enum { NOBODY = 65534 };

	if (setresgid(NOBODY, NOBODY, NOBODY) != 0 || setresuid(NOBODY, NOBODY, NOBODY) != 0)
		return 3;
	return how_exec();
}

/* Whether a library is put into what this one is. */
static int how_libraries(void)
{
	puts(getenv("LD_PRELOAD") ? "libraries" : "none");
	return STATUS;
}

/* One library is unloaded, and the next one mapped in its place. */
static int how_plugins(void)
{
	static const char *const names[] = {"plugin_a", "plugin_b"};
	void *before = NULL;

	for (int i = 0; i < 2; i++) {
		void *library = dlopen(files[i], RTLD_NOW), *symbol;
		uint64_t (*function)(int);

		symbol = library ? dlsym(library, names[i]) : NULL;
		if (!symbol)
			return 3;
		*(void **)&function = symbol;
		if (i == 1 && symbol != before)
			puts("elsewhere");
		before = symbol;
		if (!function(i ? 4 * ROUNDS : 2 * ROUNDS))
			return 4;
		if (i == 0)
			dlclose(library);
	}
	return STATUS;
}

static const struct {
	const char *name;
	int (*run)(void);
} ways[] = {
	{"short_threads", how_short_threads},
	{"c11_thread", how_c11_thread},
	{"waits", how_waits},
	{"signalfd", how_signalfd},
	{"small_alternate_stack", how_small_alternate_stack},
	{"sysv_handler", how_sysv_handler},
	{"few_calls", how_few_calls},
	{"raw_exec", how_raw_exec},
	{"blocked_exec", how_blocked_exec},
	{"unblock", how_unblock},
	{"exec", how_exec},
	{"spawn", how_spawn},
	{"other_user", how_other_user},
	{"libraries", how_libraries},
	{"plugins", how_plugins},
};

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "libraries";

	files = argv + 2;
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		if (strcmp(how, ways[i].name) == 0)
			return ways[i].run();
	return 2;
}
