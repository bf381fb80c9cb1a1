/*
 * The library inside the watched program: its parts.
 *
 * It must never be noticed.  What runs in the signal handler takes no lock, allocates nothing, makes no system call but to
 * look at a clock or a stack that is unknown, and reads memory only where it is known to be mapped.
 */
#ifndef PAWL_PRELOAD_PRELOAD_H
#define PAWL_PRELOAD_PRELOAD_H

#include "record.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What the handler must know of its thread; in static memory of the thread, so that it is there at once. */
struct thread_state {
	uintptr_t stack_low, stack_high; /* 0: not known */
	int timer_place;                 /* in the table of timers, + 1; 0: none */
	pid_t tid;                       /* 0: not known */
};

/* A slot that is being written. */
struct area_place {
	struct preload_slot *slot;
	uint64_t number;
};

extern __thread struct thread_state this_thread __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* area.c */
bool area_open(void);
bool area_is_open(void);
enum preload_engine area_engine(void);
int64_t area_period_ns(void);
void area_note(enum preload_note note);
bool area_take(struct area_place *place, enum preload_kind kind, pid_t pid, pid_t tid); /* false: none is free */
void area_publish(const struct area_place *place);
void area_count_process(void);
uint64_t area_begin_unload(void); /* its number */

/* maps.c: what this process has mapped as code, told to the reader. */
void maps_tell(void);

/* handler.c */
void handler_on_signal(int signal, siginfo_t *info, void *context);

/* timers.c */
bool timers_start(void);        /* in a new process; false: they cannot be used */
void timers_start_forked(void); /* in the child of a fork */
void timers_add_thread(void);   /* the calling one */
void timers_remove_thread(void);
void timers_stop(void);  /* all of the process, for good */
void timers_pause(void); /* while a program is executed, which would inherit an interval timer */
void timers_resume(void);
bool timers_run(void);
bool timers_sent(const siginfo_t *info);
uint64_t timers_take_cpu_ns(void); /* what the process used since it was asked last; with an interval timer */

/* disposition.c: SIGPROF as the program believes it to be. */
bool disposition_take(void);
void disposition_default(void);         /* lets the signal do what it would without this library */
void disposition_give_back(void);       /* the program wants the signal: it is all its own from now on */
void disposition_leave_alternate(void); /* the handler runs on the threads' own stacks from now on */

/* calls.c */
bool calls_are_limited(void); /* no system call is to be made that the program does not make itself */

/* init.c */
pid_t own_pid(void);
pid_t own_tid(void);

#endif
