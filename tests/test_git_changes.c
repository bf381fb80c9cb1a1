/* Which functions differ from a revision. */
#include "git_scratch.h"

#include "git/changes.h"

static const char before[] = "#include <math.h>\n"             /* 1 */
			     "\n"                              /* 2 */
			     "static int first(int a)\n"       /* 3 */
			     "{\n"                             /* 4 */
			     "\tint sum = 0;\n"                /* 5 */
			     "\n"                              /* 6 */
			     "\tfor (int i = 0; i < a; i++)\n" /* 7 */
			     "\t\tsum += i;\n"                 /* 8 */
			     "\treturn sum;\n"                 /* 9 */
			     "}\n"                             /* 10 */
			     "\n"                              /* 11 */
			     "int second(int a)\n"             /* 12 */
			     "{\n"                             /* 13 */
			     "\treturn first(a) + 1;\n"        /* 14 */
			     "}\n"                             /* 15 */
			     "\n"                              /* 16 */
			     "int third(int a)\n"              /* 17 */
			     "{\n"                             /* 18 */
			     "\treturn second(a) + 1;\n"       /* 19 */
			     "}\n";                            /* 20 */

static struct git_changes changes_of(const char *script)
{
	struct git_changes changes;
	struct git_repo repo;

	sh("rm -rf changed; git init -q changed; mkdir changed/src");
	assert_true(file_write(in_scratch("changed/src/a b.c"), before, sizeof before - 1, &err));
	sh("cd changed && git add . && git commit -qm one");
	sh(script);
	repo = find_repo("changed");
	if (!git_changes(arena, &repo, "HEAD", &changes, &err))
		fail_msg("%s", err.text);
	return changes;
}

static void a_function_with_a_changed_line_is_touched_as_a_whole(void **state)
{
	struct git_changes c = changes_of("cd changed && sed -i 's/second(a) + 1/second(a) + 2/' 'src/a b.c'");

	(void)state;
	assert_true(git_changes_touch(&c, "src/a b.c", 17, 17));
	assert_true(git_changes_touch(&c, "src/a b.c", 19, 19));
	assert_false(git_changes_touch(&c, "src/a.c", 17, 17));
}

static void its_neighbours_are_not(void **state)
{
	struct git_changes c = changes_of("cd changed && sed -i 's/first(a) + 1/first(a) + 2/' 'src/a b.c'");

	(void)state;
	assert_true(git_changes_touch(&c, "src/a b.c", 12, 12));
	assert_false(git_changes_touch(&c, "src/a b.c", 3, 3));
	assert_false(git_changes_touch(&c, "src/a b.c", 9, 9));
	assert_false(git_changes_touch(&c, "src/a b.c", 17, 17));
	assert_true(git_changes_touch(&c, "src/a b.c", 3, 14));
	assert_false(git_changes_touch(&c, "src/a b.c", 16, 20));
}

static void neighbours_without_an_empty_line_between_are_not(void **state)
{
	struct git_changes c = changes_of("cd changed && sed -i '/^$/d' 'src/a b.c' && git commit -qam dense && sed -i "
					  "'s/second(a) + 1/second(a) + 2/; s/sum += i/sum += 2/' 'src/a b.c'");

	(void)state;
	assert_true(git_changes_touch(&c, "src/a b.c", 2, 2));
	assert_true(git_changes_touch(&c, "src/a b.c", 8, 8));
	assert_false(git_changes_touch(&c, "src/a b.c", 9, 12));
	assert_true(git_changes_touch(&c, "src/a b.c", 13, 13));
	assert_null(strstr(git_changes_find(&c, "src/a b.c", 13, 13)->text, "first(a)"));
}

static const char of_class[] = "namespace app {\n"                                      /* 1 */
			       "struct parser {\n"                                      /* 2 */
			       "\tunsigned scan(unsigned x)\n"                          /* 3 */
			       "\t{\n"                                                  /* 4 */
			       "\t\tfor (int i = 0; i < 9; i++) {\n"                    /* 5 */
			       "\t\t\tx += i;\n"                                        /* 6 */
			       "\t\t}\n"                                                /* 7 */
			       "\t\treturn x;\n"                                        /* 8 */
			       "\t}\n"                                                  /* 9 */
			       "\tunsigned twice(unsigned x) { return scan(2 * x); }\n" /* 10 */
			       "\tunsigned run(unsigned x) {\n"                         /* 11 */
			       "\t\treturn scan(x) + 1;\n"                              /* 12 */
			       "\t}\n"                                                  /* 13 */
			       "};\n"                                                   /* 14 */
			       "}\n";                                                   /* 15 */

static void methods_of_a_class_are_functions_of_their_own(void **state)
{
	struct git_changes c;
	const char *path = in_scratch("class.cc");

	(void)state;
	assert_true(file_write(path, of_class, sizeof of_class - 1, &err));
	c = changes_of("cd changed && cp ../class.cc . && git add . && git commit -qm class && "
		       "sed -i 's/scan(x) + 1/scan(x) + 2/' class.cc");
	assert_null(git_changes_function(arena, &c, "class.cc", 3, 8));
	assert_null(git_changes_function(arena, &c, "class.cc", 10, 10));
	assert_string_equal(
		git_changes_function(arena, &c, "class.cc", 11, 12),
		" \tunsigned run(unsigned x) {\n-\t\treturn scan(x) + 1;\n+\t\treturn scan(x) + 2;\n \t}\n");
	c = changes_of("cd changed && cp ../class.cc . && git add . && git commit -qm class && "
		       "sed -i 's/return x;/return x + 1;/; s/2 \\* x/3 * x/' class.cc");
	assert_non_null(git_changes_function(arena, &c, "class.cc", 3, 8));
	assert_non_null(git_changes_function(arena, &c, "class.cc", 10, 10));
	assert_null(git_changes_function(arena, &c, "class.cc", 11, 12));
}

static void a_removed_line_touches_its_function(void **state)
{
	struct git_changes c = changes_of("cd changed && sed -i '/return sum/d' 'src/a b.c'");

	(void)state;
	assert_true(git_changes_touch(&c, "src/a b.c", 3, 3));
	assert_false(git_changes_touch(&c, "src/a b.c", 11, 11));
	assert_non_null(strstr(git_changes_find(&c, "src/a b.c", 3, 3)->text, "\n-\treturn sum;\n }\n"));
}

static void an_unchanged_tree_touches_nothing(void **state)
{
	(void)state;
	assert_int_equal(changes_of("true").count, 0);
}

static void lines_that_look_like_a_header_are_none(void **state)
{
	struct git_changes c = changes_of("cd changed && printf '%s\\n' '++ b/evil.c' '@@ -1 +1,99 @@' >>'src/a b.c'");

	(void)state;
	assert_false(git_changes_touch(&c, "evil.c", 1, 1));
	assert_true(git_changes_touch(&c, "src/a b.c", 21, 21));
	assert_false(git_changes_touch(&c, "src/a b.c", 50, 50));
}

static void an_unknown_revision_is_an_error(void **state)
{
	struct git_repo repo = find_repo("repo");
	struct git_changes changes;

	(void)state;
	assert_false(git_changes(arena, &repo, "no-such-revision", &changes, &err));
	assert_in_error("no-such-revision");
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(a_function_with_a_changed_line_is_touched_as_a_whole),
		IN_SCRATCH(its_neighbours_are_not),
		IN_SCRATCH(neighbours_without_an_empty_line_between_are_not),
		IN_SCRATCH(methods_of_a_class_are_functions_of_their_own),
		IN_SCRATCH(a_removed_line_touches_its_function),
		IN_SCRATCH(an_unchanged_tree_touches_nothing),
		IN_SCRATCH(lines_that_look_like_a_header_are_none),
		IN_SCRATCH(an_unknown_revision_is_an_error),
	};

	return cmocka_run_group_tests_name("test_git_changes", tests, NULL, NULL);
}
