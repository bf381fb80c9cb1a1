/* Timers of CPU time: one a thread, or one of the whole process. */
#include "preload.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
	TIMERS_MAX = 16384,
	FREE = 0,
	TAKEN = -1, /* by a thread whose timer is being made */
};

/* The kernel's numbers of timers, + 1, so that one thread can end all. */
static int timers[TIMERS_MAX];
static int timers_end; /* behind the last place that ever was taken */
static int running;    /* 0: not, or no more */
static pid_t interval_pid;
static uint64_t cpu_told_ns;

bool timers_run(void)
{
	return __atomic_load_n(&running, __ATOMIC_ACQUIRE);
}

/* Whether a signal is of this library's timers, not of somebody else's. */
bool timers_sent(const siginfo_t *info)
{
	if (area_engine() == PRELOAD_TIMER)
		return info->si_code == SI_TIMER && info->si_value.sival_ptr == timers;
	return info->si_code == SI_KERNEL;
}

static int find_place(void)
{
	for (int i = 0; i < TIMERS_MAX; i++) {
		int free = FREE, end = __atomic_load_n(&timers_end, __ATOMIC_RELAXED);

		if (__atomic_load_n(&timers[i], __ATOMIC_RELAXED) != FREE ||
		    !__atomic_compare_exchange_n(&timers[i], &free, TAKEN, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			continue;
		while (end <= i &&
		       !__atomic_compare_exchange_n(&timers_end, &end, i + 1, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			;
		return i;
	}
	return -1;
}

/* Threads begin at different points of the period, so that those that live shorter than one are seen as often as they
 * should: by the clock's last digits, mixed as splitmix64 does (Steele, Lea and Flood, 2014). */
static int64_t first_ns(pid_t tid, int64_t period_ns)
{
	struct timespec now;
	uint64_t h;

	clock_gettime(CLOCK_MONOTONIC, &now);
	h = ((uint64_t)now.tv_nsec + (uint64_t)tid * 0x9e3779b97f4a7c15U) * 0xbf58476d1ce4e5b9U;
	h = (h ^ h >> 27) * 0x94d049bb133111ebU;
	return 1 + (int64_t)((h ^ h >> 31) % (uint64_t)period_ns);
}

static struct timespec as_timespec(int64_t ns)
{
	return (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
}

/* By the kernel's own calls: the C library's allocate and keep lists. */
static bool make_timer(int *timer)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF, .sigev_value = {.sival_ptr = timers}};
	struct itimerspec when;

	event._sigev_un._tid = own_tid();
	if (syscall(SYS_timer_create, (long)CLOCK_THREAD_CPUTIME_ID, &event, timer) != 0)
		return false;
	when.it_value = as_timespec(first_ns(own_tid(), area_period_ns()));
	when.it_interval = as_timespec(area_period_ns());
	if (syscall(SYS_timer_settime, (long)*timer, 0L, &when, NULL) == 0)
		return true;
	syscall(SYS_timer_delete, (long)*timer);
	return false;
}

void timers_add_thread(void)
{
	int timer, place;

	if (!timers_run() || area_engine() != PRELOAD_TIMER || this_thread.timer_place)
		return;
	place = find_place();
	if (place < 0) {
		area_note(PRELOAD_NOTE_TOO_MANY_THREADS);
		return;
	}
	if (!make_timer(&timer)) {
		area_note(PRELOAD_NOTE_TIMER_REFUSED);
		__atomic_store_n(&timers[place], FREE, __ATOMIC_RELEASE);
		return;
	}
	this_thread.timer_place = place + 1;
	__atomic_store_n(&timers[place], timer + 1, __ATOMIC_RELEASE);
}

static void delete_timer(int place)
{
	int timer = __atomic_exchange_n(&timers[place], FREE, __ATOMIC_ACQ_REL);

	if (timer > 0)
		syscall(SYS_timer_delete, (long)(timer - 1));
}

void timers_remove_thread(void)
{
	if (this_thread.timer_place)
		delete_timer(this_thread.timer_place - 1);
	this_thread.timer_place = 0;
}

static uint64_t process_cpu_ns(void)
{
	struct timespec t;

	return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) == 0 ? (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec
								: 0;
}

uint64_t timers_take_cpu_ns(void)
{
	uint64_t now_ns, told_ns;

	if (area_engine() != PRELOAD_ITIMER)
		return 0;
	now_ns = process_cpu_ns();
	told_ns = __atomic_exchange_n(&cpu_told_ns, now_ns, __ATOMIC_ACQ_REL);
	return now_ns > told_ns ? now_ns - told_ns : 0;
}

static bool set_interval(int64_t period_ns)
{
	int64_t first = period_ns ? first_ns(own_pid(), period_ns) / 1000 : 0;
	struct itimerval when = {
		.it_interval = {.tv_sec = period_ns / 1000000000, .tv_usec = period_ns / 1000 % 1000000},
		.it_value = {.tv_sec = first / 1000000, .tv_usec = period_ns ? first % 1000000 + 1 : 0},
	};

	return syscall(SYS_setitimer, (long)ITIMER_PROF, &when, NULL) == 0;
}

static bool start(void)
{
	__atomic_store_n(&running, 1, __ATOMIC_RELEASE);
	if (area_engine() == PRELOAD_TIMER) {
		timers_add_thread();
		return true;
	}
	interval_pid = own_pid();
	cpu_told_ns = process_cpu_ns();
	if (set_interval(area_period_ns()))
		return true;
	area_note(PRELOAD_NOTE_TIMER_REFUSED);
	__atomic_store_n(&running, 0, __ATOMIC_RELEASE);
	return false;
}

bool timers_start(void)
{
	return start();
}

void timers_start_forked(void)
{
	/* The parent's timers are not the child's, whatever their numbers. */
	for (int i = 0; i < timers_end; i++)
		timers[i] = FREE;
	timers_end = 0;
	this_thread.timer_place = 0;
	if (timers_run())
		start();
}

/* What these timers sent and nobody took yet, since it is blocked, shall meet nobody else. */
static void take_back(void)
{
	const struct timespec now = {0};
	siginfo_t info, foreign;
	bool is_foreign = false;
	sigset_t own;

	sigemptyset(&own);
	sigaddset(&own, SIGPROF);
	while (syscall(SYS_rt_sigtimedwait, &own, &info, &now, (long)(_NSIG / 8)) == SIGPROF) {
		if (!timers_sent(&info)) {
			foreign = info;
			is_foreign = true;
		}
	}
	if (is_foreign)
		syscall(SYS_rt_sigqueueinfo, (long)own_pid(), (long)SIGPROF, &foreign);
}

void timers_stop(void)
{
	/* In a child that shares the memory, as after vfork, they are the parent's. */
	if (!timers_run() || getpid() != own_pid() || !__atomic_exchange_n(&running, 0, __ATOMIC_ACQ_REL))
		return;
	if (area_engine() == PRELOAD_ITIMER)
		set_interval(0);
	for (int i = 0; i < timers_end; i++)
		if (__atomic_load_n(&timers[i], __ATOMIC_ACQUIRE) > 0)
			delete_timer(i);
	take_back();
}

/* Of a process that shares its memory with its parent, as after vfork, the timer is not this one's. */
static bool interval_is_own(void)
{
	return timers_run() && area_engine() == PRELOAD_ITIMER && interval_pid == getpid();
}

void timers_pause(void)
{
	int kept = errno;

	if (interval_is_own()) {
		set_interval(0);
		take_back();
	}
	errno = kept;
}

void timers_resume(void)
{
	int kept = errno;

	if (interval_is_own())
		set_interval(area_period_ns());
	errno = kept;
}
