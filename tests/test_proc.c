/* Child processes end whole, whatever they do. */
#include "base/proc.h"

#include "base/clock.h"
#include "base/file.h"

#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "absent.h"

/* For what ends by itself: far beyond what a machine that stands still for a while takes. */
#define HANG_NS (INT64_C(300) * 1000000000)

static struct proc_result run_shell(struct arena *a, const char *script, struct proc_spec spec)
{
	const char *argv[] = {"sh", "-c", script, NULL};
	struct proc_result result;
	struct err err;

	spec.argv = argv;
	if (!proc_run(a, &spec, &result, &err))
		fail_msg("%s", err.text);
	return result;
}

static void an_exit_status_and_both_outputs_are_told(void **state)
{
	struct arena *a = arena_open();
	struct proc_result r = run_shell(a, "echo out; echo errors >&2; exit 7", (struct proc_spec){0});

	(void)state;
	assert_int_equal(r.end, PROC_EXITED);
	assert_int_equal(r.code, 7);
	assert_string_equal(r.out.at, "out\n");
	assert_string_equal(r.errors.at, "errors\n");
	assert_true(r.wall_ns > 0);
	assert_int_equal(r.stray_count, 0);
	assert_string_equal(proc_describe(a, &r), "exit status 7");
	arena_close(a);
}

static void a_crash_is_told_with_its_signal(void **state)
{
	struct arena *a = arena_open();
	struct proc_result r = run_shell(a, "kill -SEGV $$", (struct proc_spec){0});

	(void)state;
	assert_int_equal(r.end, PROC_SIGNALED);
	assert_int_equal(r.code, 11);
	assert_string_equal(proc_describe(a, &r), "signal 11 (Segmentation fault)");
	arena_close(a);
}

static void a_hanging_child_is_ended_at_its_deadline_even_when_it_ignores_signals(void **state)
{
	struct arena *a = arena_open();
	struct proc_result r =
		run_shell(a, "trap '' TERM INT HUP; while :; do :; done", (struct proc_spec){.timeout_ns = 50000000});

	(void)state;
	assert_int_equal(r.end, PROC_TIMED_OUT);
	assert_string_equal(proc_describe(a, &r), "no end within 50.0 ms, ended");
	arena_close(a);
}

static void a_flood_of_output_is_stopped_and_its_end_kept(void **state)
{
	struct arena *a = arena_open();
	struct proc_result r = run_shell(a, "while :; do echo flood; done",
					 (struct proc_spec){.output_limit = 100000, .keep_bytes = 100});

	(void)state;
	assert_int_equal(r.end, PROC_FLOODED);
	assert_int_equal(r.out.size, 100);
	arena_close(a);
}

static void children_that_stay_behind_are_ended(void **state)
{
	struct arena *a = arena_open();
	struct proc_result r = run_shell(a, "while :; do :; done & exit 0", (struct proc_spec){0});

	(void)state;
	assert_int_equal(r.end, PROC_EXITED);
	assert_int_equal(r.stray_count, 1);
	arena_close(a);
}

static void a_daemon_that_left_the_group_is_ended(void **state)
{
	struct arena *a = arena_open();
	struct proc_result r =
		run_shell(a, "setsid sh -c 'echo up; while :; do read x || :; done' & while read x; do :; done; exit 0",
			  (struct proc_spec){.timeout_ns = HANG_NS});

	(void)state;
	assert_int_equal(r.end, PROC_EXITED);
	/* setsid may not have run yet when its parent ended: in the group or out of it, it is ended. */
	assert_int_equal(r.stray_count, 1);
	arena_close(a);
}

static void a_child_that_ended_but_was_not_waited_for_is_no_stray(void **state)
{
	struct arena *a = arena_open();
	/* It ends only when the other one has, whether that was waited for by chance or not. */
	struct proc_result r = run_shell(a,
					 "(exit 0) & exec sh -c 'p=/proc/'$!'/status; while [ -e $p ]; do grep -q "
					 "^State:.Z $p && exit 0; done'",
					 (struct proc_spec){.timeout_ns = HANG_NS});

	(void)state;
	assert_int_equal(r.end, PROC_EXITED);
	assert_int_equal(r.stray_count, 0);
	arena_close(a);
}

static void a_program_that_does_not_exist_is_an_error_with_its_name(void **state)
{
	const char *argv[] = {"./no-such-program", NULL};
	struct arena *a = arena_open();
	struct proc_result r;
	struct err err;

	(void)state;
	assert_false(proc_run(a, &(struct proc_spec){.argv = argv}, &r, &err));
	assert_non_null(strstr(err.text, "./no-such-program: cannot start it: No such file or directory"));
	assert_false(proc_run(a, &(struct proc_spec){.argv = argv, .cwd = "/no/such/folder"}, &r, &err));
	assert_non_null(strstr(err.text, "/no/such/folder"));
	arena_close(a);
}

static void the_folder_and_the_environment_are_the_ones_asked_for(void **state)
{
	const char *env[] = {"PAWL_TEST=yes", "PATH=/usr/bin:/bin", NULL};
	struct arena *a = arena_open();
	struct proc_result r =
		run_shell(a, "pwd; echo $PAWL_TEST; echo ${HOME-none}", (struct proc_spec){.env = env, .cwd = "/"});

	(void)state;
	assert_string_equal(r.out.at, "/\nyes\nnone\n");
	arena_close(a);
}

static void threads_are_seen(void **state)
{
	struct arena *a = arena_open();
	struct proc_result r = run_shell(a, "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done",
					 (struct proc_spec){.watch_threads = true});

	(void)state;
	assert_int_equal(r.thread_peak, 1);
	arena_close(a);
}

/* The line with their numbers stands before that with the threads. */
static void threads_are_seen_of_a_user_with_many_groups(void **state)
{
	enum { MOST = 64, MANY = 400 };
	struct arena *a = arena_open();
	gid_t before[MOST], many[MANY];
	int count = getgroups(MOST, before);
	struct proc_result r;

	(void)state;
	for (gid_t i = 0; i < MANY; i++)
		many[i] = 1000000 + i;
	if (count < 0 || setgroups(MANY, many) != 0)
		leave_out("only root can have other groups");
	r = run_shell(a, ":", (struct proc_spec){.watch_threads = true});
	assert_int_equal(setgroups((size_t)count, before), 0);
	assert_int_equal(r.thread_peak, 1);
	arena_close(a);
}

static void memory_of_the_parent_is_not_counted_as_the_child_s(void **state)
{
	enum { LARGE = 256 << 20 };
	struct arena *a = arena_open();
	char *large = arena_alloc(a, LARGE); /* zeroed, so resident */
	struct proc_result r;

	(void)state;
	assert_int_equal(large[LARGE / 2], 0);
	arena_close(a);
	a = arena_open();
	r = run_shell(a, "exit 0", (struct proc_spec){0});
	assert_true(r.max_rss_bytes > 0);
	assert_true(r.max_rss_bytes < LARGE / 2);
	arena_close(a);
}

static void after_an_interrupt_nothing_is_started(void **state)
{
	struct arena *a = arena_open();
	struct proc_result r;

	(void)state;
	proc_interrupt();
	assert_true(proc_interrupted());
	r = run_shell(a, "exit 0", (struct proc_spec){0});
	assert_int_equal(r.end, PROC_INTERRUPTED);
	arena_close(a);
}

struct watched {
	const char *file;
	int pipe[2];
	int started, looks, ended;
	bool ran_before;
};

static void see_start(void *state, pid_t child)
{
	struct watched *w = state;

	assert_true(child > 0);
	w->ran_before = access(w->file, F_OK) == 0;
	w->started++;
}

static void see_more(void *state, bool ended)
{
	struct watched *w = state;
	char byte;

	w->looks++;
	w->ended += ended;
	if (read(w->pipe[0], &byte, 1) < 0)
		return;
}

static void a_watcher_sees_a_child_before_it_is_a_program_and_after_its_end(void **state)
{
	struct arena *a = arena_open();
	struct watched w = {0};
	struct proc_watcher watcher = {
		.state = &w, .started = see_start, .look = see_more, .fds = w.pipe, .fd_count = 1};
	const char *folder;
	struct proc_result r;
	struct err err;

	(void)state;
	if (!dir_make_scratch(a, &folder, &err))
		fail_msg("%s", err.text);
	assert_int_equal(pipe2(w.pipe, O_NONBLOCK), 0);
	assert_int_equal(write(w.pipe[1], "x", 1), 1);
	/* A descriptor that hung up keeps nobody busy. */
	close(w.pipe[1]);
	w.file = path_join(a, folder, "ran");
	r = run_shell(a,
		      arena_printf(a, "echo > '%s'; i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; exit 5", w.file),
		      (struct proc_spec){.watcher = &watcher});
	assert_int_equal(r.code, 5);
	assert_true(file_exists(w.file));
	assert_false(w.ran_before);
	assert_int_equal(w.started, 1);
	assert_int_equal(w.ended, 1);
	assert_in_range(w.looks, 2, 20);
	close(w.pipe[0]);
	dir_remove(folder);
	arena_close(a);
}

static void a_watched_child_is_ended_at_its_deadline_too(void **state)
{
	struct arena *a = arena_open();
	struct watched w = {.file = "", .pipe = {-1, -1}};
	struct proc_watcher watcher = {.state = &w, .started = see_start, .look = see_more, .interval_ns = 5000000};
	struct proc_result r =
		run_shell(a, "while :; do :; done", (struct proc_spec){.timeout_ns = 50000000, .watcher = &watcher});

	(void)state;
	assert_int_equal(r.end, PROC_TIMED_OUT);
	assert_int_equal(w.ended, 1);
	assert_true(w.looks >= 2);
	arena_close(a);
}

static void a_watched_program_that_is_not_there_is_an_error(void **state)
{
	struct arena *a = arena_open();
	struct watched w = {.file = "", .pipe = {-1, -1}};
	struct proc_watcher watcher = {.state = &w, .started = see_start, .look = see_more};
	const char *argv[] = {"/no/such/program", NULL};
	struct proc_spec spec = {.argv = argv, .watcher = &watcher};
	struct proc_result r;
	struct err err;

	(void)state;
	assert_false(proc_run(a, &spec, &r, &err));
	assert_non_null(strstr(err.text, "cannot start it"));
	assert_int_equal(w.looks, 0);
	arena_close(a);
}

static bool is_interrupted_by_fork;

static void interrupt_in_fork(void)
{
	if (is_interrupted_by_fork)
		proc_interrupt();
	is_interrupted_by_fork = false;
}

/* As by a signal between fork's making a child and the parent's knowing it. */
static void an_interrupt_while_a_program_is_started_ends_it(void **state)
{
	struct arena *a = arena_open();
	struct watched w = {.file = "", .pipe = {-1, -1}};
	struct proc_watcher watcher = {.state = &w, .started = see_start, .look = see_more};
	const char *folder, *file;
	struct proc_result r;
	struct err err;

	(void)state;
	if (!dir_make_scratch(a, &folder, &err))
		fail_msg("%s", err.text);
	file = path_join(a, folder, "ran");
	assert_int_equal(pthread_atfork(NULL, interrupt_in_fork, NULL), 0);
	is_interrupted_by_fork = true;
	r = run_shell(a, arena_printf(a, "echo > '%s'", file), (struct proc_spec){.watcher = &watcher});
	assert_int_equal(r.end, PROC_INTERRUPTED);
	assert_false(file_exists(file));
	dir_remove(folder);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_exit_status_and_both_outputs_are_told),
		cmocka_unit_test(a_crash_is_told_with_its_signal),
		cmocka_unit_test(a_hanging_child_is_ended_at_its_deadline_even_when_it_ignores_signals),
		cmocka_unit_test(a_flood_of_output_is_stopped_and_its_end_kept),
		cmocka_unit_test(children_that_stay_behind_are_ended),
		cmocka_unit_test(a_daemon_that_left_the_group_is_ended),
		cmocka_unit_test(a_child_that_ended_but_was_not_waited_for_is_no_stray),
		cmocka_unit_test(a_program_that_does_not_exist_is_an_error_with_its_name),
		cmocka_unit_test(the_folder_and_the_environment_are_the_ones_asked_for),
		cmocka_unit_test(threads_are_seen),
		cmocka_unit_test(threads_are_seen_of_a_user_with_many_groups),
		cmocka_unit_test(memory_of_the_parent_is_not_counted_as_the_child_s),
		cmocka_unit_test(a_watcher_sees_a_child_before_it_is_a_program_and_after_its_end),
		cmocka_unit_test(a_watched_child_is_ended_at_its_deadline_too),
		cmocka_unit_test(a_watched_program_that_is_not_there_is_an_error),
		cmocka_unit_test(an_interrupt_while_a_program_is_started_ends_it),
		cmocka_unit_test(after_an_interrupt_nothing_is_started),
	};

	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
