/* Lines of commits along first parents. */
#include "git_scratch.h"

#include "git/line.h"

static const char *id_of(const char *revision)
{
	return sh(arena_printf(arena, "git -C repo rev-parse %s", revision));
}

static bool line_of(const char *good, const char *bad, const char ***ids, size_t *count)
{
	struct git_repo repo = find_repo("repo");

	return git_line(arena, &repo, id_of(good), id_of(bad), ids, count, &err);
}

static void a_line_begins_with_the_good_commit_and_ends_with_the_bad_one(void **state)
{
	const char **ids;
	size_t count;

	(void)state;
	sh("cd repo; echo 3 >f; git add .; git commit -qm third");
	assert_true(line_of("v1.0", "main", &ids, &count));
	assert_int_equal(count, 3);
	assert_string_equal(ids[0], id_of("v1.0"));
	assert_string_equal(ids[1], id_of("main~1"));
	assert_string_equal(ids[2], id_of("main"));
}

static void a_merge_is_one_commit_of_the_line(void **state)
{
	const char **ids;
	size_t count;

	(void)state;
	sh("cd repo; git merge -q --no-ff -m merge side");
	assert_true(line_of("v1.0", "main", &ids, &count));
	assert_int_equal(count, 3);
	assert_string_equal(ids[1], id_of("main~1"));
}

static void a_good_commit_beside_the_line_is_replaced_by_where_it_left(void **state)
{
	const char **ids;
	size_t count;

	(void)state;
	assert_true(line_of("side", "main", &ids, &count));
	assert_int_equal(count, 2);
	assert_string_equal(ids[0], id_of("v1.0"));
}

static void nothing_between_and_nothing_in_common_are_errors(void **state)
{
	const char **ids;
	size_t count;

	(void)state;
	assert_false(line_of("main", "v1.0", &ids, &count));
	assert_in_error("no commit lies between");
	sh("cd repo; git checkout -q --orphan other; git commit -qm other");
	assert_false(line_of("main", "other", &ids, &count));
	assert_in_error("no common commit");
}

static void a_commit_tells_its_subject_author_day_and_parents(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_commit c;

	(void)state;
	assert_true(git_commit(arena, &repo, id_of("main"), &c, &err));
	assert_string_equal(c.subject, "second: more");
	assert_string_equal(c.author, "A <a@example.org>");
	assert_int_equal(strlen(c.date), 10);
	assert_int_equal(c.parent_count, 1);
	assert_string_equal(c.parents[0], id_of("v1.0"));
}

static void a_commit_without_a_message_or_parent_is_one_too(void **state)
{
	struct git_repo repo;
	struct git_commit c;

	(void)state;
	sh("cd repo; git checkout -q --orphan other; git commit -q --allow-empty-message -m ''");
	repo = find_repo("repo");
	assert_true(git_commit(arena, &repo, id_of("other"), &c, &err));
	assert_string_equal(c.subject, "");
	assert_int_equal(c.parent_count, 0);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(a_line_begins_with_the_good_commit_and_ends_with_the_bad_one),
		IN_SCRATCH(a_merge_is_one_commit_of_the_line),
		IN_SCRATCH(a_good_commit_beside_the_line_is_replaced_by_where_it_left),
		IN_SCRATCH(nothing_between_and_nothing_in_common_are_errors),
		IN_SCRATCH(a_commit_tells_its_subject_author_day_and_parents),
		IN_SCRATCH(a_commit_without_a_message_or_parent_is_one_too),
	};

	return cmocka_run_group_tests_name("test_git_line", tests, NULL, NULL);
}
