/* Writing to the folder store: several at once, killed, without room, without permission. */
#include "store_fixture.h"

#include <linux/capability.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WRITERS = 4, RUNS_EACH = 6 };

/* Waits for a child and returns its exit status, or -1 when it did not exit. */
static int wait_for(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void several_writers_at_once_lose_nothing(void **state)
{
	struct fixture *f = *state;
	pid_t children[WRITERS];
	size_t checked;

	for (uint64_t i = 0; i < WRITERS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			bool ok = true;

			for (uint64_t k = 0; ok && k < RUNS_EACH; k++)
				ok = save(f, "main", "m", 100 * i + k, NULL);
			_exit(ok ? 0 : 1);
		}
	}
	for (size_t i = 0; i < WRITERS; i++)
		assert_int_equal(wait_for(children[i]), 0);
	assert_true(verify(f, "main", &checked));
	assert_int_equal(checked, WRITERS * RUNS_EACH);
}

static void a_writer_that_is_killed_loses_nothing(void **state)
{
	struct fixture *f = *state;
	size_t checked;
	int ends[2];
	pid_t child;
	char done[3];

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		for (uint64_t k = 0; save(f, "main", "m", k, NULL); k++) {
			if (write(ends[1], "x", 1) != 1)
				break;
		}
		_exit(1);
	}
	for (size_t i = 0; i < sizeof done; i++)
		assert_int_equal(read(ends[0], &done[i], 1), 1);
	kill(child, SIGKILL);
	assert_int_equal(wait_for(child), -1);
	close(ends[0]);
	close(ends[1]);
	assert_true(verify(f, "main", &checked));
	assert_true(checked >= sizeof done);
	assert_true(save(f, "main", "m", 1 << 20, NULL));
	assert_int_equal(count_entries(f, "main", "m"), checked + 1);
}

static void leftovers_of_a_killed_writer_do_no_harm_and_are_taken_away(void **state)
{
	struct fixture *f = *state;
	size_t checked;

	assert_true(dir_make(inside(f, "main/m"), &f->err));
	put(f, inside(f, "main/m/.lock"), "");
	put(f, inside(f, "main/m/index.json.1.tmp"), "{");
	assert_true(save(f, "main", "m", 1, NULL));
	assert_false(file_exists(inside(f, "main/m/index.json.1.tmp")));
	assert_false(file_exists(inside(f, "main/m/.lock")));
	assert_true(verify(f, "main", &checked));
	assert_int_equal(checked, 1);
}

/* Saves in a child that may write files of `limit` bytes only; the child's error is left in `f`. */
static int save_on_full_disk(struct fixture *f, rlim_t limit)
{
	const char *report = path_join(f->a, f->scratch, "error");
	struct str text;
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit full = {limit, limit}, none;

		signal(SIGXFSZ, SIG_IGN);
		getrlimit(RLIMIT_FSIZE, &none);
		full.rlim_max = none.rlim_max;
		setrlimit(RLIMIT_FSIZE, &full);
		status = save(f, "main", "m", 99, NULL) ? 0 : 1;
		setrlimit(RLIMIT_FSIZE, &none);
		put(f, report, f->err.text);
		_exit(status);
	}
	status = wait_for(child);
	assert_true(file_read(f->a, report, FILE_LIMIT, &text, &f->err));
	err_set(&f->err, "%s", text.at);
	return status;
}

static void a_full_disk_leaves_the_store_whole(void **state)
{
	struct fixture *f = *state;
	struct str before, after;
	const char *index = inside(f, "main/m/index.json");
	size_t checked;

	for (uint64_t i = 0; i < 20; i++)
		assert_true(save(f, "main", "m", i, NULL));
	assert_true(file_read(f->a, index, FILE_LIMIT, &before, &f->err));
	/* The run file does not fit; then it fits, but not the index, which is longer by now. */
	assert_int_equal(save_on_full_disk(f, 100), 1);
	assert_true(error_has(f, "cannot write: File too large"));
	assert_int_equal(save_on_full_disk(f, before.size), 1);
	assert_true(error_has(f, "index.json: cannot write: File too large"));
	assert_true(file_read(f->a, index, FILE_LIMIT, &after, &f->err));
	assert_string_equal(before.at, after.at);
	assert_true(verify(f, "main", &checked));
	assert_int_equal(checked, 20);
	assert_true(save(f, "main", "m", 99, NULL));
	assert_int_equal(count_entries(f, "main", "m"), 21);
}

/* To root, too, modes of files apply then.  Another user might not even reach the folder of scratch files. */
static bool give_up_rights(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

	return syscall(SYS_capset, &header, none) == 0;
}

static void a_store_that_cannot_be_written_can_still_be_read(void **state)
{
	struct fixture *f = *state;
	const char *folder = inside(f, "main/m");
	pid_t child;

	assert_true(save(f, "main", "m", 1, NULL));
	assert_int_equal(chmod(folder, 0555), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct store_entry *entries;
		size_t count;

		if (!give_up_rights())
			_exit(10);
		if (!store_dir.list(f->a, f->place, "main", NULL, &entries, &count, &f->err) || count != 1)
			_exit(11);
		if (save(f, "main", "m", 2, NULL))
			_exit(12);
		_exit(error_has(f, "/main/m/.lock: the store cannot be written: Permission denied") ? 0 : 13);
	}
	assert_int_equal(wait_for(child), 0);
	assert_int_equal(chmod(folder, 0755), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(several_writers_at_once_lose_nothing),
		TEST(a_writer_that_is_killed_loses_nothing),
		TEST(leftovers_of_a_killed_writer_do_no_harm_and_are_taken_away),
		TEST(a_full_disk_leaves_the_store_whole),
		TEST(a_store_that_cannot_be_written_can_still_be_read),
	};

	return cmocka_run_group_tests_name("store_writers", tests, NULL, NULL);
}
