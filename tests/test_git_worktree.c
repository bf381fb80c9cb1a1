/* Worktrees of base commits: the cache, its locks, its bound, and submodules. */
#include "git_scratch.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *commit(const char *revision)
{
	return sh(arena_printf(arena, "git -C repo rev-parse '%s^{commit}'", revision));
}

static struct git_worktree open_tree(const struct git_repo *repo, const char *id, const char *key)
{
	struct git_worktree tree;

	if (!git_worktree_open(arena, repo, id, key, &tree, &err))
		fail_msg("%s", err.text);
	return tree;
}

static const char *entry_file(const struct git_worktree *tree, const char *name)
{
	return path_join(arena, path_folder(arena, tree->top), name);
}

static void assert_content(const char *folder, const char *name, const char *want)
{
	struct str text;

	if (!file_read(arena, path_join(arena, folder, name), 1000, &text, &err))
		fail_msg("%s", err.text);
	assert_string_equal(text.at, want);
}

static void a_worktree_holds_the_files_of_its_commit(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_worktree tree = open_tree(&repo, commit("v1.0"), "make");

	(void)state;
	assert_content(tree.top, "sub/in ner/file", "1\n");
	assert_false(file_exists(path_join(arena, tree.top, "a file")));
	assert_false(tree.built);
	git_worktree_release(&tree);
	assert_string_equal(sh("git -C repo status --porcelain"), "");
}

static void a_worktree_of_a_worktree_and_of_a_subfolder_is_made(void **state)
{
	struct git_worktree tree;
	struct git_repo repo;

	(void)state;
	sh("git -C repo worktree add -q ../linked side");
	repo = find_repo("linked/sub");
	assert_string_equal(repo.prefix, "sub/");
	tree = open_tree(&repo, commit("main"), "");
	assert_content(tree.top, "a file", "2\n");
	git_worktree_release(&tree);
}

static void a_built_worktree_is_found_again_by_commit_and_key(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_worktree tree = open_tree(&repo, commit("v1.0"), "make"), other;

	(void)state;
	sh(arena_printf(arena, "echo made >'%s/artefact'", tree.top));
	assert_true(git_worktree_built(arena, &tree, &err));
	git_worktree_release(&tree);
	other = open_tree(&repo, commit("v1.0"), "make -O3");
	assert_string_not_equal(other.top, tree.top);
	assert_false(other.built);
	git_worktree_release(&other);
	other = open_tree(&repo, commit("main"), "make");
	assert_false(other.built);
	git_worktree_release(&other);
	other = open_tree(&repo, commit("v1.0"), "make");
	assert_string_equal(other.top, tree.top);
	assert_true(other.built);
	assert_content(other.top, "artefact", "made\n");
	git_worktree_release(&other);
}

static void a_worktree_that_was_not_finished_is_made_again(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_worktree tree = open_tree(&repo, commit("v1.0"), "make");

	(void)state;
	assert_true(git_worktree_built(arena, &tree, &err));
	git_worktree_release(&tree);
	unlink(entry_file(&tree, "made"));
	sh(arena_printf(arena, "echo half >'%s/half'", tree.top));
	tree = open_tree(&repo, commit("v1.0"), "make");
	assert_false(tree.built);
	assert_false(file_exists(path_join(arena, tree.top, "half")));
	git_worktree_release(&tree);
}

static void a_broken_worktree_is_made_again(void **state)
{
	static const char *const damages[] = {
		"rm -r '%s'",                            /* git still knows of it */
		"rm '%s/.git'",                          /* no worktree any more */
		"rm -r repo/.git/worktrees; : '%s'",     /* git knows nothing of it */
		"git -C '%s' checkout -q --detach main", /* another commit */
		"rm -r '%s'; git -C repo worktree prune",
	};
	struct git_repo repo = find_repo("repo");

	(void)state;
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		struct git_worktree tree = open_tree(&repo, commit("v1.0"), "make");
		struct buf line = {.arena = arena};
		const char *hole = strstr(damages[i], "%s");

		assert_true(git_worktree_built(arena, &tree, &err));
		git_worktree_release(&tree);
		buf_bytes(&line, damages[i], (size_t)(hole - damages[i]));
		buf_text(&line, tree.top);
		buf_text(&line, hole + 2);
		sh(buf_string(&line));
		tree = open_tree(&repo, commit("v1.0"), "make");
		assert_false(tree.built);
		assert_content(tree.top, "sub/in ner/file", "1\n");
		git_worktree_release(&tree);
	}
}

static void a_worktree_of_the_users_own_is_left_alone(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_worktree tree;

	(void)state;
	sh("git -C repo worktree add -q ../mounted side; mv mounted away");
	tree = open_tree(&repo, commit("v1.0"), "make");
	git_worktree_release(&tree);
	sh("mv away mounted; git -C mounted rev-parse HEAD");
}

static void it_is_locked_until_it_is_released(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_worktree tree = open_tree(&repo, commit("v1.0"), "make");
	int fd = open(entry_file(&tree, "lock"), O_RDWR | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_not_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	git_worktree_release(&tree);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	close(fd);
	git_worktree_release(&tree); /* twice is once */
}

static void a_second_check_waits_and_finds_what_the_first_one_built(void **state)
{
	struct git_repo repo = find_repo("repo");
	const char *id = commit("v1.0");
	struct git_worktree tree = open_tree(&repo, id, "make");
	int status = -1;
	pid_t second = fork();

	(void)state;
	if (second == 0) {
		struct git_worktree own;

		close(tree.lock); /* of this process; the other still holds it */
		_exit(git_worktree_open(arena, &repo, id, "make", &own, &err) && own.built ? 0 : 1);
	}
	assert_true(git_worktree_built(arena, &tree, &err));
	git_worktree_release(&tree);
	assert_int_equal(waitpid(second, &status, 0), second);
	assert_int_equal(status, 0);
}

static void a_struct_that_is_all_zero_can_be_released(void **state)
{
	struct git_worktree tree = {0};

	(void)state;
	/* Where nobody gave this program a standard input, the first file that it opens is one. */
	if (fcntl(STDIN_FILENO, F_GETFD) == -1)
		assert_int_equal(open("/dev/null", O_RDONLY), STDIN_FILENO);
	git_worktree_release(&tree);
	assert_int_not_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
}

static void a_failure_leaves_no_tree_and_no_lock(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_worktree tree;

	(void)state;
	assert_false(git_worktree_open(arena, &repo, "0123456789012345678901234567890123456789", "", &tree, &err));
	assert_in_error("worktree add");
	assert_int_equal(tree.lock, -1);
	assert_string_equal(sh("git -C repo worktree list | wc -l"), "1");
	assert_string_equal(sh("find cache -name tree"), "");
}

/* Makes an entry that was used `age` seconds before now. */
static const char *make_aged(const struct git_repo *repo, int age)
{
	struct git_worktree tree = open_tree(repo, commit("v1.0"), arena_printf(arena, "age %d", age));
	struct timespec times[2] = {{.tv_sec = 2000000000 - age}, {.tv_sec = 2000000000 - age}};

	git_worktree_release(&tree);
	utimensat(AT_FDCWD, entry_file(&tree, "lock"), times, 0);
	return tree.top;
}

static void the_ten_entries_used_last_stay_and_those_in_use(void **state)
{
	struct git_repo repo = find_repo("repo");
	const char *tops[12];
	struct git_worktree tree;
	int fd;

	(void)state;
	for (int i = 0; i < 9; i++)
		tops[i] = make_aged(&repo, i);
	tops[9] = make_aged(&repo, 9);
	assert_true(file_exists(tops[9]));
	fd = open(path_join(arena, path_folder(arena, tops[9]), "lock"), O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	tops[10] = make_aged(&repo, 8);
	tops[11] = make_aged(&repo, 10);
	assert_true(file_exists(tops[8]));
	assert_true(file_exists(tops[9])); /* in use */
	close(fd);
	tree = open_tree(&repo, commit("v1.0"), "the newest");
	assert_false(file_exists(tops[9]));
	assert_false(file_exists(path_folder(arena, tops[11])));
	assert_true(file_exists(tops[8]));
	git_worktree_release(&tree);
	assert_string_equal(sh("git -C repo worktree list | wc -l"), "11");
	assert_string_equal(sh("git -C repo worktree list --porcelain | grep -c prunable || true"), "0");
}

static void entries_of_a_repository_that_is_gone_are_removed_those_of_another_stay(void **state)
{
	struct git_repo gone, other, repo = find_repo("repo");
	struct git_worktree of_gone, of_other, tree;

	(void)state;
	sh("git clone -q repo gone; git clone -q repo other");
	gone = find_repo("gone");
	other = find_repo("other");
	of_gone = open_tree(&gone, commit("v1.0"), "make");
	of_other = open_tree(&other, commit("v1.0"), "make");
	assert_string_not_equal(of_gone.top, of_other.top);
	git_worktree_release(&of_gone);
	git_worktree_release(&of_other);
	sh("rm -r gone");
	tree = open_tree(&repo, commit("v1.0"), "make");
	git_worktree_release(&tree);
	assert_false(file_exists(path_folder(arena, of_gone.top)));
	assert_true(file_exists(of_other.top));
}

static void without_a_home_the_cache_is_private_in_the_temporary_folder(void **state)
{
	const char *home = getenv("HOME"), *temporary = getenv("TMPDIR");
	struct git_repo repo = find_repo("repo");
	struct git_worktree tree;
	const char *folder;
	struct stat st;

	(void)state;
	home = home ? arena_string(arena, home) : NULL;
	temporary = temporary ? arena_string(arena, temporary) : NULL;
	unsetenv("XDG_CACHE_HOME");
	setenv("HOME", "/proc/nowhere", 1);
	setenv("TMPDIR", scratch, 1);
	folder = arena_printf(arena, "%s/pawl-%lu", scratch, (unsigned long)getuid());
	tree = open_tree(&repo, commit("v1.0"), "make");
	assert_true(text_starts(tree.top, folder));
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	git_worktree_release(&tree);
	chmod(folder, 0777);
	assert_false(git_worktree_open(arena, &repo, commit("v1.0"), "make", &tree, &err));
	assert_in_error("XDG_CACHE_HOME");
	if (home)
		setenv("HOME", home, 1);
	else
		unsetenv("HOME");
	if (temporary)
		setenv("TMPDIR", temporary, 1);
	else
		unsetenv("TMPDIR");
}

static void hooks_of_the_project_do_not_run(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_worktree tree;

	(void)state;
	sh("printf '#!/bin/sh\\ntouch \"%s/ran\"\\n' \"$PWD\" >repo/.git/hooks/post-checkout;"
	   "chmod +x repo/.git/hooks/post-checkout");
	tree = open_tree(&repo, commit("v1.0"), "make");
	git_worktree_release(&tree);
	assert_false(file_exists(in_scratch("ran")));
}

/* "repo" with the submodule "inner lib", which has the submodule "deep" by a relative path; the remotes are bare. */
static void make_submodules(void)
{
	setenv("GIT_ALLOW_PROTOCOL", "file", 1);
	sh("mkdir remotes; git init -q -b main deep; cd deep; echo deep >d; git add .; git commit -qm deep; cd ..;"
	   "git clone -q --bare deep remotes/deep.git;"
	   "git init -q -b main inner; cd inner; git remote add origin \"$OLDPWD/remotes/inner.git\";"
	   "git submodule --quiet add ../deep.git deep; echo inner >i; git add .; git commit -qm inner; cd ..;"
	   "git clone -q --bare inner remotes/inner.git;"
	   "cd repo; git submodule --quiet add --name 'the inner' \"$OLDPWD/remotes/inner.git\" 'inner lib';"
	   "git commit -qm 'with submodules'");
}

static void submodules_are_filled_from_where_they_come_from(void **state)
{
	struct git_worktree tree;
	struct git_repo repo;

	(void)state;
	make_submodules();
	sh("git clone -q repo fresh");
	repo = find_repo("fresh");
	tree = open_tree(&repo, commit("HEAD"), "make");
	assert_content(tree.top, "inner lib/i", "inner\n");
	assert_content(tree.top, "inner lib/deep/d", "deep\n");
	git_worktree_release(&tree);
	unsetenv("GIT_ALLOW_PROTOCOL");
}

static void submodules_are_filled_from_clones_when_the_remote_is_gone(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_worktree tree;
	const char *before;

	(void)state;
	make_submodules();
	unsetenv("GIT_ALLOW_PROTOCOL");
	sh("cd repo; git -c protocol.file.allow=always submodule --quiet update --init --recursive; mv ../remotes "
	   "../away");
	before = sh("cat repo/.git/config");
	tree = open_tree(&repo, commit("HEAD"), "make");
	assert_content(tree.top, "inner lib/i", "inner\n");
	assert_content(tree.top, "inner lib/deep/d", "deep\n");
	assert_string_equal(sh(arena_printf(arena, "git -C '%s/inner lib' config remote.origin.url", tree.top)),
			    in_scratch("remotes/inner.git"));
	git_worktree_release(&tree);
	/* The project's own settings and submodules are what they were. */
	assert_string_equal(sh("cat repo/.git/config"), before);
	assert_string_equal(sh("git -C repo status --porcelain"), "");
	unlink(entry_file(&tree, "made"));
	tree = open_tree(&repo, commit("HEAD"), "make");
	assert_content(tree.top, "inner lib/deep/d", "deep\n");
	git_worktree_release(&tree);
}

static void a_submodule_that_git_may_not_clone_from_a_folder_says_what_allows_it(void **state)
{
	struct git_worktree tree;
	struct git_repo repo;

	(void)state;
	make_submodules();
	unsetenv("GIT_ALLOW_PROTOCOL");
	sh("git clone -q repo fresh");
	repo = find_repo("fresh");
	assert_false(git_worktree_open(arena, &repo, commit("HEAD"), "make", &tree, &err));
	assert_in_error("protocol.file.allow");
	assert_string_equal(sh("find cache -name made"), "");
}

static void a_commit_without_submodules_needs_none(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_worktree tree;

	(void)state;
	make_submodules();
	unsetenv("GIT_ALLOW_PROTOCOL");
	tree = open_tree(&repo, commit("v1.0"), "make");
	assert_false(file_exists(path_join(arena, tree.top, "inner lib")));
	git_worktree_release(&tree);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest worktrees[] = {
		IN_SCRATCH(a_worktree_holds_the_files_of_its_commit),
		IN_SCRATCH(a_worktree_of_a_worktree_and_of_a_subfolder_is_made),
		IN_SCRATCH(a_built_worktree_is_found_again_by_commit_and_key),
		IN_SCRATCH(a_worktree_that_was_not_finished_is_made_again),
		IN_SCRATCH(a_broken_worktree_is_made_again),
		IN_SCRATCH(a_worktree_of_the_users_own_is_left_alone),
		IN_SCRATCH(it_is_locked_until_it_is_released),
		IN_SCRATCH(a_second_check_waits_and_finds_what_the_first_one_built),
		IN_SCRATCH(a_struct_that_is_all_zero_can_be_released),
		IN_SCRATCH(a_failure_leaves_no_tree_and_no_lock),
		IN_SCRATCH(the_ten_entries_used_last_stay_and_those_in_use),
		IN_SCRATCH(entries_of_a_repository_that_is_gone_are_removed_those_of_another_stay),
		IN_SCRATCH(without_a_home_the_cache_is_private_in_the_temporary_folder),
		IN_SCRATCH(hooks_of_the_project_do_not_run),
		IN_SCRATCH(submodules_are_filled_from_where_they_come_from),
		IN_SCRATCH(submodules_are_filled_from_clones_when_the_remote_is_gone),
		IN_SCRATCH(a_submodule_that_git_may_not_clone_from_a_folder_says_what_allows_it),
		IN_SCRATCH(a_commit_without_submodules_needs_none),
	};

	return cmocka_run_group_tests_name("test_git_worktree", worktrees, NULL, NULL);
}
