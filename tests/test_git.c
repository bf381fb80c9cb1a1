/* Repositories, their state, revisions and merge bases. */
#include "git_scratch.h"

static void a_folder_outside_a_repository_has_none(void **state)
{
	struct git_repo repo;

	(void)state;
	setenv("GIT_CEILING_DIRECTORIES", path_folder(arena, scratch), 1);
	sh("mkdir plain");
	assert_false(git_find(arena, in_scratch("plain"), &repo));
	assert_false(git_find(arena, in_scratch("missing"), &repo));
	unsetenv("GIT_CEILING_DIRECTORIES");
}

static void the_root_has_no_prefix_and_a_folder_below_has_one(void **state)
{
	struct git_repo repo = find_repo("repo");

	(void)state;
	assert_string_equal(repo.top, in_scratch("repo"));
	assert_string_equal(repo.prefix, "");
	repo = find_repo("repo/sub/in ner");
	assert_string_equal(repo.top, in_scratch("repo"));
	assert_string_equal(repo.prefix, "sub/in ner/");
}

static void a_bare_repository_has_no_work_tree(void **state)
{
	struct git_repo repo;

	(void)state;
	sh("git init -q --bare bare.git");
	assert_false(git_find(arena, in_scratch("bare.git"), &repo));
}

static void a_root_with_a_newline_in_its_name_is_found(void **state)
{
	(void)state;
	sh("git init -q 'new\nline'; mkdir 'new\nline/x'");
	assert_string_equal(find_repo("new\nline/x").top, in_scratch("new\nline"));
	assert_string_equal(find_repo("new\nline/x").prefix, "x/");
}

static void the_state_of_a_clean_tree_is_its_commit(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_state s;

	(void)state;
	assert_true(git_state(arena, &repo, &s, &err));
	assert_string_equal(s.revision, sh("git -C repo rev-parse HEAD"));
	assert_int_equal(s.parent_count, 1);
	assert_string_equal(s.parents[0], sh("git -C repo rev-parse v1.0"));
	assert_string_equal(s.branch, "main");
	assert_string_equal(s.subject, "second: more");
	assert_false(s.dirty);
}

static void a_merge_has_both_parents(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_state s;

	(void)state;
	sh("cd repo; git checkout -q --detach; git merge -q --no-edit side");
	assert_true(git_state(arena, &repo, &s, &err));
	assert_int_equal(s.parent_count, 2);
	assert_string_equal(s.parents[0], sh("git -C repo rev-parse main"));
	assert_string_equal(s.parents[1], sh("git -C repo rev-parse side"));
	assert_string_equal(s.branch, "");
}

static void an_edit_and_a_new_file_make_it_dirty_an_ignored_one_does_not(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_state s;

	(void)state;
	sh("echo 'build/' >repo/.git/info/exclude; mkdir repo/build; echo x >repo/build/out");
	assert_true(git_state(arena, &repo, &s, &err));
	assert_false(s.dirty);
	sh("git -C repo config status.showUntrackedFiles no; echo x >repo/new");
	assert_true(git_state(arena, &repo, &s, &err));
	assert_true(s.dirty);
	sh("cd repo; rm new; echo x >'a file'");
	assert_true(git_state(arena, &repo, &s, &err));
	assert_true(s.dirty);
}

static void before_the_first_commit_there_is_no_revision(void **state)
{
	struct git_state s;
	struct git_repo repo;
	const char *id;

	(void)state;
	sh("git init -q -b trunk empty");
	repo = find_repo("empty");
	assert_true(git_state(arena, &repo, &s, &err));
	assert_string_equal(s.revision, "");
	assert_int_equal(s.parent_count, 0);
	assert_string_equal(s.branch, "trunk");
	assert_false(s.dirty);
	assert_false(git_resolve(arena, &repo, "HEAD", &id, &err));
	assert_in_error("HEAD: git knows no such revision");
}

static void the_environment_of_a_hook_does_not_lead_elsewhere(void **state)
{
	struct git_repo repo;
	struct git_state s;

	(void)state;
	sh("git init -q other; cd other; git commit -q --allow-empty -m other");
	setenv("GIT_DIR", in_scratch("other/.git"), 1);
	setenv("GIT_WORK_TREE", in_scratch("other"), 1);
	setenv("GIT_INDEX_FILE", in_scratch("nowhere"), 1);
	assert_true(git_find(arena, in_scratch("repo/sub"), &repo));
	assert_string_equal(repo.top, in_scratch("repo"));
	assert_true(git_state(arena, &repo, &s, &err));
	assert_string_equal(s.subject, "second: more");
	assert_false(s.dirty);
	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
	unsetenv("GIT_INDEX_FILE");
}

static void a_repository_of_somebody_else_says_which_line_allows_it(void **state)
{
	struct git_repo repo;
	struct git_state s;
	const char *id;

	(void)state;
	setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1", 1);
	assert_true(git_find(arena, in_scratch("repo/sub/in ner"), &repo));
	assert_string_equal(repo.top, in_scratch("repo"));
	assert_string_equal(repo.prefix, "sub/in ner/");
	assert_false(git_state(arena, &repo, &s, &err));
	assert_in_error("dubious ownership");
	assert_in_error("git config --global --add safe.directory");
	assert_false(git_resolve(arena, &repo, "main", &id, &err));
	assert_in_error("git config --global --add safe.directory");
	unsetenv("GIT_TEST_ASSUME_DIFFERENT_OWNER");
}

static void without_a_git_program_the_error_says_so(void **state)
{
	const char *path = arena_string(arena, getenv("PATH"));
	struct git_repo repo;
	struct git_state s;
	bool found, done;

	(void)state;
	setenv("PATH", in_scratch("nothing"), 1);
	found = git_find(arena, in_scratch("repo/sub"), &repo);
	done = git_state(arena, &repo, &s, &err);
	setenv("PATH", path, 1);
	assert_true(found);
	assert_string_equal(repo.prefix, "sub/");
	assert_false(done);
	assert_in_error("the git program is needed");
}

static void names_of_every_kind_resolve_to_the_commit(void **state)
{
	static const char *const revisions[] = {"main", "HEAD",     "main~0", ":/second: more", "refs/heads/main",
						"@",    "annotated"};
	struct git_repo repo = find_repo("repo");
	const char *want = sh("cd repo; git tag -a -m words annotated; git rev-parse main"), *id;

	(void)state;
	for (size_t i = 0; i < sizeof revisions / sizeof revisions[0]; i++) {
		if (!git_resolve(arena, &repo, revisions[i], &id, &err))
			fail_msg("%s", err.text);
		assert_string_equal(id, want);
	}
	assert_true(git_resolve(arena, &repo, arena_copy(arena, want, 9), &id, &err));
	assert_string_equal(id, want);
}

static void an_unknown_revision_names_the_near_one(void **state)
{
	struct git_repo repo = find_repo("repo");
	const char *id;

	(void)state;
	assert_false(git_resolve(arena, &repo, "mian", &id, &err));
	assert_string_equal(err.text, "mian: git knows no such revision; did you mean main?");
	assert_false(git_resolve(arena, &repo, "v1.1", &id, &err));
	assert_in_error("did you mean v1.0?");
	assert_false(git_resolve(arena, &repo, "something-else-entirely", &id, &err));
	assert_in_error("branches here: main");
	assert_in_error("git fetch");
	assert_false(git_resolve(arena, &repo, "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef", &id, &err));
	assert_in_error("deadbeef");
}

static void what_is_no_commit_is_refused(void **state)
{
	static const char *const revisions[] = {"",          "-q",       "--all", "main..side", "HEAD:a file",
						"main side", "a\033[1mb"};
	struct git_repo repo = find_repo("repo");
	const char *id;

	(void)state;
	for (size_t i = 0; i < sizeof revisions / sizeof revisions[0]; i++) {
		if (git_resolve(arena, &repo, revisions[i], &id, &err))
			fail_msg("%s was taken for %s", revisions[i], id);
		assert_null(strchr(err.text, '\033'));
	}
}

static void a_branch_that_only_origin_has_is_meant_by_its_bare_name(void **state)
{
	const char *want = sh("git clone -q repo clone; cd clone; git rev-parse origin/side"), *id;
	struct git_repo repo = find_repo("clone");

	(void)state;
	assert_true(git_resolve(arena, &repo, "side", &id, &err));
	assert_string_equal(id, want);
}

static void the_merge_base_is_where_the_branch_left(void **state)
{
	struct git_repo repo = find_repo("repo");
	const char *id;

	(void)state;
	assert_true(git_merge_base(arena, &repo, "side", &id, &err));
	assert_string_equal(id, sh("git -C repo rev-parse v1.0"));
	assert_true(git_merge_base(arena, &repo, "main", &id, &err));
	assert_string_equal(id, sh("git -C repo rev-parse main"));
	sh("cd repo; git checkout -q --detach; git merge -q --no-edit side");
	assert_true(git_merge_base(arena, &repo, "main", &id, &err));
	assert_string_equal(id, sh("git -C repo rev-parse HEAD^1"));
}

static void histories_without_a_common_commit_are_told_of_the_exact_base(void **state)
{
	struct git_repo repo = find_repo("repo");
	const char *id;

	(void)state;
	sh("cd repo; git checkout -q --orphan alone; git commit -qm alone");
	assert_false(git_merge_base(arena, &repo, "main", &id, &err));
	assert_in_error("--base-exact main");
	sh("cd repo; git checkout -q --orphan unborn");
	assert_false(git_merge_base(arena, &repo, "main", &id, &err));
	assert_in_error("no commit yet");
}

static void a_shallow_clone_is_told_how_to_get_its_history(void **state)
{
	struct git_repo repo;
	struct git_state s;
	const char *id;

	(void)state;
	sh("git clone -q --depth 1 --no-single-branch --no-tags \"file://$PWD/repo\" shallow");
	repo = find_repo("shallow");
	assert_false(git_merge_base(arena, &repo, "origin/side", &id, &err));
	assert_in_error("git fetch --unshallow");
	assert_in_error("fetch-depth: 0");
	assert_false(git_resolve(arena, &repo, "something-else-entirely", &id, &err));
	assert_in_error("fetch-depth: 0");
	assert_false(git_resolve(arena, &repo, sh("git -C repo rev-parse v1.0"), &id, &err));
	assert_in_error("fetch-depth: 0");
	/* The parents are those that the commit names, fetched or not. */
	assert_true(git_state(arena, &repo, &s, &err));
	assert_int_equal(s.parent_count, 1);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest git[] = {
		IN_SCRATCH(a_folder_outside_a_repository_has_none),
		IN_SCRATCH(the_root_has_no_prefix_and_a_folder_below_has_one),
		IN_SCRATCH(a_bare_repository_has_no_work_tree),
		IN_SCRATCH(a_root_with_a_newline_in_its_name_is_found),
		IN_SCRATCH(the_state_of_a_clean_tree_is_its_commit),
		IN_SCRATCH(a_merge_has_both_parents),
		IN_SCRATCH(an_edit_and_a_new_file_make_it_dirty_an_ignored_one_does_not),
		IN_SCRATCH(before_the_first_commit_there_is_no_revision),
		IN_SCRATCH(the_environment_of_a_hook_does_not_lead_elsewhere),
		IN_SCRATCH(a_repository_of_somebody_else_says_which_line_allows_it),
		IN_SCRATCH(without_a_git_program_the_error_says_so),
		IN_SCRATCH(names_of_every_kind_resolve_to_the_commit),
		IN_SCRATCH(an_unknown_revision_names_the_near_one),
		IN_SCRATCH(what_is_no_commit_is_refused),
		IN_SCRATCH(a_branch_that_only_origin_has_is_meant_by_its_bare_name),
		IN_SCRATCH(the_merge_base_is_where_the_branch_left),
		IN_SCRATCH(histories_without_a_common_commit_are_told_of_the_exact_base),
		IN_SCRATCH(a_shallow_clone_is_told_how_to_get_its_history),
	};

	return cmocka_run_group_tests_name("test_git", git, NULL, NULL);
}
