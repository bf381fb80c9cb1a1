/*
 * Child processes: started in a group of their own, watched, and ended whole.
 *
 * Made with fork, not posix_spawn: a forked child's memory high-water mark starts with the parent's private pages alone,
 * so that max_rss_bytes is the child's own (getrusage(2) counts what was resident before the exec).
 */
#ifndef PAWL_BASE_PROC_H
#define PAWL_BASE_PROC_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Who looks at the child while it runs: a sampler. */
struct proc_watcher {
	void *state;
	/* The child is there and waits; it becomes the program when this returns.  May set the fields below. */
	void (*started)(void *state, pid_t child);
	/* A descriptor is readable or the interval is over; and once more, `ended`, when nothing of the child is left. */
	void (*look)(void *state, bool ended);
	const int *fds; /* one that hangs up is not asked again */
	size_t fd_count;
	int64_t interval_ns; /* 0: only descriptors */
};

struct proc_spec {
	const char *const *argv; /* NULL at its end; argv[0] is looked up in PATH when it holds no '/' */
	const char *const *env;  /* NULL at its end; NULL: this process's own */
	const char *cwd;         /* NULL: this process's own */
	const char *input;       /* file that is standard input, looked for in cwd; NULL: nothing */
	int64_t timeout_ns;      /* 0: none */
	size_t output_limit;     /* bytes of output after which the child is ended; 0: 64 MiB */
	size_t keep_bytes;       /* how much of the end of each stream is kept; 0: 64 KiB */
	bool pinned;             /* run on `cpu` alone */
	int cpu;
	bool watch_threads; /* look every millisecond how many threads the child has */
	bool fixed_layout;  /* at the same addresses every time: for counting, where layout is no variance to measure */
	bool final;         /* runs even after an interrupt: cleaning up */
	struct proc_watcher *watcher; /* NULL: none */
	bool keep_strays;             /* leave processes alone that outlive the child (builds start servers) */
};

enum proc_end {
	PROC_EXITED,   /* `code` is the exit status */
	PROC_SIGNALED, /* `code` is the signal */
	PROC_TIMED_OUT,
	PROC_FLOODED,     /* more output than output_limit */
	PROC_INTERRUPTED, /* proc_interrupt was called */
};

struct proc_result {
	enum proc_end end;
	int code;
	int64_t timeout_ns; /* what was asked for; 0: none */
	int64_t start_ns, wall_ns, user_ns, sys_ns;
	int64_t max_rss_bytes;
	int64_t voluntary_switches, involuntary_switches;
	int64_t minor_faults, major_faults;
	int64_t read_bytes, written_bytes; /* that went to or came from a disk */
	int thread_peak;                   /* with watch_threads */
	size_t stray_count;                /* processes that outlived the child and were ended */
	struct str out, errors;            /* the ends of standard output and standard error */
};

/* Runs the child to its end.  False only when it could not be started; how it ended is in `result`. */
bool proc_run(struct arena *a, const struct proc_spec *spec, struct proc_result *result, struct err *err) MUST_CHECK;

/* "exit status 3", "signal 11 (Segmentation fault)", "no end within 50.0 ms, ended", … */
const char *proc_describe(struct arena *a, const struct proc_result *result);

/* Ends the child that runs now and makes every later proc_run end at once with PROC_INTERRUPTED.  Safe in a signal
 * handler. */
void proc_interrupt(void);
bool proc_interrupted(void);

#endif
