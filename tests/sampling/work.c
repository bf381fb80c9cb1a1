/*
 * A program that works in known functions, in ways that a sampler must bear.
 *
 *   work HOW [AMOUNT]
 *
 * Prints a sum that depends on the amount alone, and exits with status 7.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

enum { STATUS = 7, THREADS = 3, ARRAY = 150, DEPTH = 40, SMALL_STACK = 64 << 10 };

static int amount = 4000;
static const char *self;

/* A leaf without a frame: gcc keeps none for what calls nothing. */
static NOINLINE uint64_t mix(uint64_t x)
{
	for (int i = 0; i < 2500; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}

static NOINLINE void sort(uint32_t *a, int n)
{
	for (int i = 1; i < n; i++) {
		uint32_t v = a[i];
		int j = i - 1;

		for (; j >= 0 && a[j] > v; j--)
			a[j + 1] = a[j];
		a[j + 1] = v;
	}
}

static NOINLINE uint64_t descend(uint64_t x, int depth)
{
	return depth ? descend(x * 3 + 1, depth - 1) ^ (uint64_t)depth : mix(x);
}

/* One unit of work: leaves, a deep stack, the C library. */
static NOINLINE uint64_t step(int i)
{
	uint64_t x = (uint64_t)i * 2654435761U + 1;
	uint32_t a[ARRAY];
	char *block;

	for (int k = 0; k < ARRAY; k++)
		a[k] = (uint32_t)(x = x * 1103515245 + 12345);
	sort(a, ARRAY);
	block = malloc(2000 + (size_t)(i & 1023));
	memset(block, i, 2000);
	x += (unsigned char)block[i & 1023];
	free(block);
	x ^= i & 1 ? descend(x, DEPTH) : mix(x);
	return x + a[ARRAY / 2];
}

static NOINLINE uint64_t work_all(void)
{
	uint64_t sum = 0;

	for (int i = 0; i < amount; i++)
		sum ^= step(i);
	return sum;
}

/* Whoever works stays on the stack: a call at a function's end would take its frame's place. */
#define work()                                                                                                         \
	__extension__({                                                                                                \
		uint64_t own_sum = work_all();                                                                         \
		__asm__ volatile("" : "+r"(own_sum));                                                                  \
		own_sum;                                                                                               \
	})

static NOINLINE void *worker(void *unused)
{
	(void)unused;
	return (void *)(uintptr_t)work();
}

static uint64_t threads(const pthread_attr_t *attributes)
{
	uint64_t sum = work();
	pthread_t thread[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&thread[i], attributes, worker, NULL);
	for (int i = 0; i < THREADS; i++) {
		void *result;

		pthread_join(thread[i], &result);
		sum += (uintptr_t)result;
	}
	return sum;
}

static NOINLINE uint64_t how_plain(void)
{
	return work();
}

static NOINLINE uint64_t how_threads(void)
{
	return threads(NULL);
}

static NOINLINE uint64_t how_small_stacks(void)
{
	pthread_attr_t attributes;
	uint64_t sum;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, SMALL_STACK);
	sum = threads(&attributes);
	pthread_attr_destroy(&attributes);
	return sum;
}

static void *leave_early(void *unused)
{
	(void)unused;
	pthread_exit((void *)(uintptr_t)step(3));
}

/* More threads than anything keeps a place for, one after the other. */
static NOINLINE uint64_t how_many_threads(void)
{
	uint64_t sum = 0;

	for (int i = 0; i < 2000; i++) {
		pthread_t thread;
		void *result;

		pthread_create(&thread, NULL, leave_early, NULL);
		pthread_join(thread, &result);
		sum += (uintptr_t)result;
	}
	return sum;
}

static NOINLINE uint64_t how_fork(void)
{
	for (int i = 0; i < 2; i++) {
		pid_t child = fork();
		int status = -1;

		if (child == 0)
			_exit(work() ? STATUS : 0);
		if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != STATUS)
			abort();
	}
	return work();
}

static NOINLINE uint64_t how_exec(void)
{
	char text[32];

	snprintf(text, sizeof text, "%d", amount);
	if (work())
		execl(self, "work", "plain", text, (char *)NULL);
	return 0;
}

/* The next program has an environment of its own, and says so. */
static NOINLINE uint64_t how_exec_told(void)
{
	char text[32], *const environment[] = {"WORK_TOLD=1", NULL};

	snprintf(text, sizeof text, "%d", amount);
	if (work())
		execle(self, "work", "told", text, (char *)NULL, environment);
	return 0;
}

static NOINLINE uint64_t how_told(void)
{
	return getenv("WORK_TOLD") ? work() : 0;
}

/* The next program is static: no handler waits for the timer's signal there. */
static NOINLINE uint64_t how_exec_static(void)
{
	char text[32], path[4096];

	snprintf(text, sizeof text, "%d", amount);
	snprintf(path, sizeof path, "%s_static", self);
	if (work())
		execl(path, "work", "plain", text, (char *)NULL);
	return 0;
}

static NOINLINE uint64_t how_exit(void)
{
	_exit(STATUS);
}

static NOINLINE uint64_t how_deleted(void)
{
	if (unlink(self) != 0)
		abort();
	return work();
}

/* Another file takes the name of this one. */
static NOINLINE uint64_t how_replaced(void)
{
	FILE *f;

	if (unlink(self) != 0)
		abort();
	f = fopen(self, "w");
	if (!f || fputs("not a program any more\n", f) < 0 || fclose(f) != 0)
		abort();
	return work();
}

static NOINLINE uint64_t how_blocked(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	return work();
}

static volatile sig_atomic_t own_signals;

static void on_signal(int number)
{
	(void)number;
	own_signals++;
}

/* The program profiles itself. */
static NOINLINE uint64_t how_own_handler(void)
{
	const struct itimerval often = {{0, 10000}, {0, 10000}}, never = {{0, 0}, {0, 0}};
	struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART}, old;
	uint64_t sum;

	if (sigaction(SIGPROF, NULL, &old) != 0 || old.sa_handler != SIG_DFL)
		abort();
	sigaction(SIGPROF, &act, &old);
	if (old.sa_handler != SIG_DFL)
		abort();
	setitimer(ITIMER_PROF, &often, NULL);
	sum = work();
	setitimer(ITIMER_PROF, &never, NULL);
	if (!own_signals)
		abort();
	if (sigaction(SIGPROF, NULL, &old) != 0 || old.sa_handler != on_signal)
		abort();
	return sum;
}

/* Ends by the signal that nobody waits for. */
static NOINLINE uint64_t how_killed(void)
{
	if (work())
		kill(getpid(), SIGPROF);
	return work();
}

static uint64_t handler_sum;

static void work_on_signal(int number)
{
	(void)number;
	handler_sum = work();
}

static NOINLINE uint64_t how_alternate_stack(void)
{
	enum { SIZE = 256 << 10 };
	stack_t stack = {.ss_sp = malloc(SIZE), .ss_size = SIZE};
	struct sigaction act = {.sa_handler = work_on_signal, .sa_flags = SA_ONSTACK};

	if (sigaltstack(&stack, NULL) != 0 || sigaction(SIGUSR1, &act, NULL) != 0 || raise(SIGUSR1) != 0)
		abort();
	return handler_sum;
}

static ucontext_t caller, coroutine;
static uint64_t coroutine_sum;

static NOINLINE void run_coroutine(void)
{
	coroutine_sum = work();
}

/* A stack that nobody told anybody of, with nothing mapped around it. */
static NOINLINE uint64_t how_coroutine(void)
{
	enum { SIZE = 64 << 10 };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *at = mmap(NULL, SIZE + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED || mprotect(at + page, SIZE, PROT_READ | PROT_WRITE) != 0)
		abort();
	getcontext(&coroutine);
	coroutine.uc_stack.ss_sp = at + page;
	coroutine.uc_stack.ss_size = SIZE;
	coroutine.uc_link = &caller;
	makecontext(&coroutine, run_coroutine, 0);
	swapcontext(&caller, &coroutine);
	return coroutine_sum;
}

/* The frame pointer holds anything but one. */
static NOINLINE uint64_t how_wild_frames(void)
{
	static const uint64_t wild[] = {0, 1, 8, 0x7fffffffffffULL, 0x4141414141414140ULL, UINT64_MAX - 7};

	for (int round = 0; round < amount; round++) {
		for (size_t i = 0; i < sizeof wild / sizeof wild[0]; i++) {
			uint64_t rounds = 3000;

#if defined(__x86_64__)
			__asm__ volatile("push %%rbp\n mov %1, %%rbp\n 1: dec %0\n jnz 1b\n pop %%rbp\n"
					 : "+r"(rounds)
					 : "r"(wild[i])
					 : "cc", "memory");
#elif defined(__aarch64__)
			__asm__ volatile("stp x29, x30, [sp, #-16]!\n mov x29, %1\n"
					 "1: subs %0, %0, #1\n b.ne 1b\n ldp x29, x30, [sp], #16\n"
					 : "+r"(rounds)
					 : "r"(wild[i])
					 : "cc", "memory");
#endif
		}
	}
	return work();
}

static const struct {
	const char *name;
	uint64_t (*run)(void);
} ways[] = {
	{"plain", how_plain},
	{"threads", how_threads},
	{"small_stacks", how_small_stacks},
	{"many_threads", how_many_threads},
	{"fork", how_fork},
	{"exec", how_exec},
	{"exec_told", how_exec_told},
	{"told", how_told},
	{"exec_static", how_exec_static},
	{"exit", how_exit},
	{"deleted", how_deleted},
	{"replaced", how_replaced},
	{"blocked", how_blocked},
	{"own_handler", how_own_handler},
	{"killed", how_killed},
	{"alternate_stack", how_alternate_stack},
	{"coroutine", how_coroutine},
	{"wild_frames", how_wild_frames},
};

int main(int argc, char **argv)
{
	if (argc > 2)
		amount = atoi(argv[2]);
	self = argv[0];
	for (size_t i = 0; argc > 1 && i < sizeof ways / sizeof ways[0]; i++) {
		if (strcmp(argv[1], ways[i].name) == 0) {
			uint64_t sum = ways[i].run();

			printf("%llx\n", (unsigned long long)sum);
			return STATUS;
		}
	}
	return 2;
}
