/* One child process at a time, from its start to the end of everything it left behind. */
#include "base/proc.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/proc_tail.h"
#include "base/quantity.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	DEFAULT_OUTPUT_LIMIT = 64 << 20,
	DEFAULT_KEEP = 64 << 10,
	START_FAILED = 127,
	THREAD_LOOK_MS = 1,
	BLOCK_SIZE = 512,   /* unit of ru_inblock and ru_oublock on Linux */
	STRAY_ROUNDS = 100, /* a fork bomb is not chased for ever */
};

static volatile sig_atomic_t interrupted;
static volatile pid_t running_group;

void proc_interrupt(void)
{
	pid_t group = running_group;

	interrupted = 1;
	if (group > 0)
		kill(-group, SIGKILL);
}

bool proc_interrupted(void)
{
	return interrupted;
}

struct watch {
	const struct proc_spec *spec;
	struct proc_result *result;
	pid_t child;
	int process; /* readable when the child has ended */
	int streams[2];
	struct proc_tail tails[2];
	uint64_t output_size;
	int64_t deadline_ns;
	struct pollfd *fds; /* the process, its streams, the watcher's */
};

enum { OWN_FDS = 3 };

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	sched_setaffinity(0, sizeof set, &set);
}

/* Of what is timed, layout shall be variance, not bias: address randomisation stays on even below a tool that turned it
 * off. */
static void set_layout(bool fixed)
{
	unsigned long now = (unsigned long)personality(0xffffffff), flag = ADDR_NO_RANDOMIZE;

	personality(fixed ? now | flag : now & ~flag);
}

/* What the child does until it is the program.  A failure's errno goes through `report`. */
static _Noreturn void become(const struct proc_spec *spec, const int out[2], const int errors[2], int report,
			     const int gate[2])
{
	static const int defaults[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ, SIGCHLD, SIGQUIT};
	sigset_t none;
	int input, failed;
	char opened;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* nobody else would end it when this process is killed */
	/* Open once nobody holds the other end. */
	if (spec->watcher) {
		close(gate[1]);
		while (read(gate[0], &opened, 1) < 0 && errno == EINTR)
			;
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
		signal(defaults[i], SIG_DFL);
	if (spec->cwd && chdir(spec->cwd) != 0)
		goto fail;
	/* A pipe that nobody writes to is an empty input: waiting for a writer, no time-out would end this. */
	input = open(spec->input ? spec->input : "/dev/null", O_RDONLY | O_NONBLOCK);
	if (input < 0 || fcntl(input, F_SETFL, 0) < 0 || dup2(input, 0) < 0 || dup2(out[1], 1) < 0 ||
	    dup2(errors[1], 2) < 0)
		goto fail;
	if (spec->pinned)
		pin(spec->cpu);
	set_layout(spec->fixed_layout);
	if (spec->env)
		execvpe(spec->argv[0], (char *const *)spec->argv, (char *const *)spec->env);
	else
		execvp(spec->argv[0], (char *const *)spec->argv);
fail:
	failed = errno;
	if (write(report, &failed, sizeof failed) < 0)
		_exit(START_FAILED - 1);
	_exit(START_FAILED);
}

static void close_pair(int pair[2])
{
	for (int i = 0; i < 2; i++) {
		if (pair[i] >= 0)
			close(pair[i]);
		pair[i] = -1;
	}
}

static bool start_failed(const struct proc_spec *spec, int reason, struct err *err)
{
	if (spec->input && reason == ENOENT)
		return err_set(err, "%s: cannot start it, or its input %s is not there: %s", spec->argv[0], spec->input,
			       strerror(reason));
	if (spec->cwd && !file_is_dir(spec->cwd))
		return err_set(err, "%s: cannot start it in the folder %s: %s", spec->argv[0], spec->cwd,
			       strerror(reason));
	return err_set(err, "%s: cannot start it: %s", spec->argv[0], strerror(reason));
}

static bool start(struct watch *w, struct err *err)
{
	int out[2] = {-1, -1}, errors[2] = {-1, -1}, report[2] = {-1, -1}, gate[2] = {-1, -1};
	int reason = 0;
	bool ok = false;

	if (pipe2(out, O_CLOEXEC) || pipe2(errors, O_CLOEXEC) || pipe2(report, O_CLOEXEC) ||
	    (w->spec->watcher && pipe2(gate, O_CLOEXEC))) {
		err_set(err, "%s: cannot make a pipe: %s", w->spec->argv[0], strerror(errno));
		goto done;
	}
	w->result->start_ns = clock_ns();
	w->child = fork();
	if (w->child < 0) {
		err_set(err, "%s: cannot start a process: %s", w->spec->argv[0], strerror(errno));
		goto done;
	}
	if (w->child == 0)
		become(w->spec, out, errors, report[1], gate);
	setpgid(w->child, w->child);
	running_group = w->child;
	/* An interrupt until here saw no group that it could end. */
	if (interrupted && !w->spec->final)
		kill(-w->child, SIGKILL);
	if (w->spec->watcher) {
		w->spec->watcher->started(w->spec->watcher->state, w->child);
		w->result->start_ns = clock_ns();
		close_pair(gate);
	}
	close(report[1]);
	report[1] = -1;
	if (read(report[0], &reason, sizeof reason) == (ssize_t)sizeof reason) {
		waitpid(w->child, NULL, 0);
		running_group = 0;
		start_failed(w->spec, reason, err);
		goto done;
	}
	w->process = (int)syscall(SYS_pidfd_open, w->child, 0);
	w->streams[0] = out[0];
	w->streams[1] = errors[0];
	out[0] = errors[0] = -1;
	fcntl(w->streams[0], F_SETFL, O_NONBLOCK);
	fcntl(w->streams[1], F_SETFL, O_NONBLOCK);
	ok = true;
done:
	close_pair(out);
	close_pair(errors);
	close_pair(report);
	close_pair(gate);
	return ok;
}

/* Takes what a stream holds now; closes it at its end. */
static void drain(struct watch *w, int stream)
{
	char block[1 << 14];

	while (w->streams[stream] >= 0) {
		ssize_t got = read(w->streams[stream], block, sizeof block);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0) {
			close(w->streams[stream]);
			w->streams[stream] = -1;
			return;
		}
		w->output_size += (uint64_t)got;
		proc_tail_add(&w->tails[stream], block, (size_t)got);
		if (w->output_size > w->spec->output_limit)
			return;
	}
}

static void look_at_threads(struct watch *w)
{
	char path[64], text[1 << 14]; /* a user of hundreds of groups has a long line before the threads */
	const char *at;
	size_t got;
	FILE *f;
	int count;

	snprintf(path, sizeof path, "/proc/%d/status", (int)w->child);
	f = fopen(path, "re");
	if (!f)
		return;
	got = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[got] = '\0';
	at = strstr(text, "\nThreads:");
	if (at && sscanf(at, "\nThreads: %d", &count) == 1 && count > w->result->thread_peak)
		w->result->thread_peak = count;
}

static int wait_ms(const struct watch *w)
{
	const struct proc_watcher *watcher = w->spec->watcher;
	int64_t left = INT64_MAX;

	if (w->spec->watch_threads)
		return THREAD_LOOK_MS;
	if (w->process < 0)
		return 1; /* no pidfd here: look again and again */
	if (w->deadline_ns)
		left = (w->deadline_ns - clock_ns()) / 1000000 + 1;
	if (watcher && watcher->interval_ns && watcher->interval_ns / 1000000 < left)
		left = watcher->interval_ns / 1000000;
	return left == INT64_MAX ? -1 : left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

/* What poll is asked: the watcher's descriptors are known once it has seen the child start. */
static void list_fds(struct arena *a, struct watch *w)
{
	const struct proc_watcher *watcher = w->spec->watcher;
	size_t count = watcher ? watcher->fd_count : 0;

	w->fds = NEW_ARRAY(a, struct pollfd, OWN_FDS + count);
	for (size_t i = 0; i < count; i++)
		w->fds[OWN_FDS + i] = (struct pollfd){.fd = watcher->fds[i], .events = POLLIN};
}

static void wait_for_more(struct watch *w)
{
	const struct proc_watcher *watcher = w->spec->watcher;
	size_t count = watcher ? watcher->fd_count : 0;

	w->fds[0] = (struct pollfd){.fd = w->process, .events = POLLIN};
	for (int i = 0; i < 2; i++)
		w->fds[1 + i] = (struct pollfd){.fd = w->streams[i], .events = POLLIN};
	if (poll(w->fds, OWN_FDS + count, wait_ms(w)) < 0 || !watcher)
		return;
	watcher->look(watcher->state, false);
	for (size_t i = OWN_FDS; i < OWN_FDS + count; i++)
		if (w->fds[i].revents & (POLLHUP | POLLERR | POLLNVAL))
			w->fds[i].fd = -1;
}

/* True while the child shall go on. */
static bool watch_once(struct watch *w)
{
	siginfo_t info = {0};

	wait_for_more(w);
	drain(w, 0);
	drain(w, 1);
	if (w->spec->watch_threads)
		look_at_threads(w);
	if (waitid(P_PID, (id_t)w->child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == w->child)
		return false;
	if (interrupted && !w->spec->final)
		w->result->end = PROC_INTERRUPTED;
	else if (w->output_size > w->spec->output_limit)
		w->result->end = PROC_FLOODED;
	else if (w->deadline_ns && clock_ns() >= w->deadline_ns)
		w->result->end = PROC_TIMED_OUT;
	else
		return true;
	return false;
}

/* Reaps the child; what it did itself decides unless it was ended from here. */
static void reap(struct watch *w)
{
	struct proc_result *r = w->result;
	struct rusage usage = {0};
	int status = 0;

	while (wait4(w->child, &status, 0, &usage) < 0 && errno == EINTR)
		;
	r->wall_ns = clock_ns() - r->start_ns;
	r->user_ns = (int64_t)usage.ru_utime.tv_sec * 1000000000 + usage.ru_utime.tv_usec * 1000;
	r->sys_ns = (int64_t)usage.ru_stime.tv_sec * 1000000000 + usage.ru_stime.tv_usec * 1000;
	r->max_rss_bytes = (int64_t)usage.ru_maxrss * 1024;
	r->voluntary_switches = usage.ru_nvcsw;
	r->involuntary_switches = usage.ru_nivcsw;
	r->minor_faults = usage.ru_minflt;
	r->major_faults = usage.ru_majflt;
	r->read_bytes = usage.ru_inblock * BLOCK_SIZE;
	r->written_bytes = usage.ru_oublock * BLOCK_SIZE;
	if (interrupted && !w->spec->final)
		r->end = PROC_INTERRUPTED;
	if (r->end != PROC_EXITED)
		return;
	if (WIFSIGNALED(status)) {
		r->end = PROC_SIGNALED;
		r->code = WTERMSIG(status);
	} else {
		r->code = WEXITSTATUS(status);
	}
}

/* Who the parent of a process is, from /proc/PID/stat: "PID (any text) S PPID …". */
static pid_t parent_of(const char *pid)
{
	char path[64], text[512];
	const char *behind;
	size_t got;
	int parent;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return -1;
	got = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[got] = '\0';
	behind = strrchr(text, ')');
	return behind && sscanf(behind, ") %*c %d", &parent) == 1 ? parent : -1;
}

/* One look at all processes: ends and reaps those whose parent this process is.  Returns how many. */
static size_t end_children(struct proc_result *r)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	size_t found = 0;

	while (dir && (entry = readdir(dir))) {
		pid_t child;
		int status = 0;

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || parent_of(entry->d_name) != getpid())
			continue;
		child = (pid_t)strtol(entry->d_name, NULL, 10);
		found++;
		kill(child, SIGKILL);
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		/* What had ended by itself was no stray, just never waited for. */
		r->stray_count += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Ends processes that left the group: as a subreaper this process becomes their parent. */
static void end_strays(struct proc_result *r)
{
	siginfo_t info;

	/* The usual case, no child at all, costs one system call. */
	for (int round = 0; round < STRAY_ROUNDS && waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
	     round++) {
		if (!end_children(r))
			return;
	}
}

/* Processes of the group that outlived the child. */
static void end_group(struct watch *w)
{
	if (w->spec->keep_strays && w->result->end == PROC_EXITED)
		return;
	/* The child is not reaped yet, so its number, which names the group, cannot be anybody else's. */
	kill(-w->child, SIGKILL);
}

bool proc_run(struct arena *a, const struct proc_spec *spec, struct proc_result *result, struct err *err)
{
	struct proc_spec own = *spec;
	struct watch w = {.spec = &own, .result = result, .process = -1, .streams = {-1, -1}};

	own.output_limit = spec->output_limit ? spec->output_limit : DEFAULT_OUTPUT_LIMIT;
	own.keep_bytes = spec->keep_bytes ? spec->keep_bytes : DEFAULT_KEEP;
	*result = (struct proc_result){
		.end = PROC_EXITED, .timeout_ns = spec->timeout_ns, .out = str_of(""), .errors = str_of("")};
	if (interrupted && !spec->final) {
		result->end = PROC_INTERRUPTED;
		return true;
	}
	/* What may stay must not become this process's child: a later call would end it. */
	prctl(PR_SET_CHILD_SUBREAPER, !own.keep_strays, 0, 0, 0);
	for (int i = 0; i < 2; i++)
		w.tails[i] = (struct proc_tail){.arena = a, .limit = own.keep_bytes};
	if (!start(&w, err))
		return false;
	if (own.timeout_ns)
		w.deadline_ns = result->start_ns + own.timeout_ns;
	list_fds(a, &w);
	while (watch_once(&w))
		;
	end_group(&w);
	reap(&w);
	running_group = 0;
	if (!own.keep_strays)
		end_strays(result);
	if (own.watcher)
		own.watcher->look(own.watcher->state, true);
	drain(&w, 0);
	drain(&w, 1);
	for (int i = 0; i < 2; i++) {
		if (w.streams[i] >= 0)
			close(w.streams[i]);
	}
	if (w.process >= 0)
		close(w.process);
	result->out = proc_tail_text(&w.tails[0]);
	result->errors = proc_tail_text(&w.tails[1]);
	return true;
}

const char *proc_describe(struct arena *a, const struct proc_result *result)
{
	switch (result->end) {
	case PROC_EXITED:
		return arena_printf(a, "exit status %d", result->code);
	case PROC_SIGNALED:
		return arena_printf(a, "signal %d (%s)", result->code, strsignal(result->code));
	case PROC_TIMED_OUT:
		/* Not how long it took: that is more, by as much as the machine stood still. */
		return arena_printf(a, "no end within %s, ended", quantity_duration(a, (double)result->timeout_ns));
	case PROC_FLOODED:
		return "too much output, ended";
	case PROC_INTERRUPTED:
		return "interrupted";
	}
	return "";
}
