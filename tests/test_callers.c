/* Whom a cause is called by: the caller that the branch changed, or the first that is the project's own. */
#include "git_scratch.h"

#include "cmd/causes.h"
#include "made_tables.h"

/* A function begins at line 10 times its number, as made_stacks.h has it. */
static const char make_sources[] =
	"rm -rf tree; git init -q tree; cd tree;"
	"for f in bench parse loop mix; do awk 'BEGIN { for (i = 1; i < 99; i++) print i % 10 ? \"\\tline();\" : \"int "
	"f\" i \"(void)\" }' >$f.c; done; git add .; git commit -qm one;";

/* The row of a benchmark in which that function became dearer or is gone, after `script` changed the sources. */
static struct finding changed(int function, const char *file, const char *script, bool gone)
{
	static struct git_repo repo;
	struct made_program p = orders;
	struct run base = {0}, head = {0};
	struct finding f = {.suite = "s",
			    .bench = p.benchmark,
			    .metric = "cpu_time",
			    .gated = true,
			    .state = STATE_JUDGED,
			    .outcome = gone ? OUTCOME_FASTER : OUTCOME_SLOWER,
			    .category = CATEGORY_LATENCY,
			    .baseline = {1000, true},
			    .change_ratio = {gone ? -0.25 : 0.1, true}};
	struct verdict v = {.findings = NEW(arena, struct finding), .finding_count = 1};
	struct causes causes = {
		.arena = arena, .verdict = &v, .base = &base, .head = &head, .repo = &repo, .base_revision = "HEAD"};

	sh(arena_printf(arena, "%s%s", make_sources, script));
	repo = find_repo("tree");
	p.functions[function].file = file;
	p.functions[function].head_ns += gone ? -p.functions[function].head_ns : 100;
	*run_add(arena, &base, "s", p.benchmark) = *made_table(arena, &p, false, 12, 10000);
	*run_add(arena, &head, "s", p.benchmark) = *made_table(arena, &p, true, 12, 10000);
	*v.findings = f;
	causes_find(&causes);
	assert_string_equal(v.findings->function, p.functions[function].name);
	return *v.findings;
}

static struct finding explained(int function, const char *file, const char *script)
{
	return changed(function, file, script, false);
}

static void a_function_as_it_was_is_told_with_the_caller_that_changed(void **state)
{
	struct finding f = explained(MIX, "mix.c", "sed -i '31s/line/more/' loop.c");

	(void)state;
	assert_string_equal(f.place, "mix.c:40");
	assert_string_equal(f.touched, "no");
	assert_string_equal(f.caller, "loop");
	assert_string_equal(f.caller_place, "loop.c:30");
	assert_string_equal(f.caller_touched, "yes");
	assert_non_null(strstr(f.source_diff, "+\tmore();\n"));
}

static void a_function_that_changed_is_told_alone(void **state)
{
	struct finding f = explained(MIX, "mix.c", "sed -i '31s/line/more/' loop.c; sed -i '41s/line/mixed/' mix.c");

	(void)state;
	assert_string_equal(f.touched, "yes");
	assert_null(f.caller);
	assert_non_null(strstr(f.source_diff, "+\tmixed();\n"));
	assert_null(strstr(f.source_diff, "more"));
}

static void where_nothing_changed_there_is_no_caller_to_look_at(void **state)
{
	struct finding f = explained(MIX, "mix.c", "sed -i '91s/line/more/' parse.c");

	(void)state;
	assert_string_equal(f.touched, "no");
	assert_null(f.caller);
}

static void what_lies_outside_of_the_project_is_told_with_its_caller_there(void **state)
{
	struct finding f = explained(MIX, "../sysdeps/memmove.S", ":");

	(void)state;
	assert_string_equal(f.caller, "loop");
	assert_string_equal(f.caller_place, "loop.c:30");
	assert_string_equal(f.caller_touched, "no");
	/* And rather with one that changed. */
	f = explained(MIX, "/usr/src/memmove.S", "sed -i '12s/line/more/' bench.c");
	assert_string_equal(f.caller, "BM_orders");
	assert_string_equal(f.caller_touched, "yes");
}

static void a_function_that_is_gone_has_no_line(void **state)
{
	struct finding f = changed(PARSE, "parse.c", "sed -i '20,29d' parse.c", true);

	(void)state;
	assert_string_equal(f.place, "parse.c");
	assert_string_equal(f.touched, "file");
}

static void a_tree_that_was_entered_by_a_link_is_the_tree(void **state)
{
	struct finding f =
		explained(MIX, in_scratch("link/mix.c"), "ln -sfn tree ../link; sed -i '41s/line/more/' mix.c");

	(void)state;
	assert_string_equal(f.place, "mix.c:40");
	assert_string_equal(f.touched, "yes");
}

static void a_new_file_that_git_does_not_know_yet_is_a_change(void **state)
{
	struct finding f = explained(MIX, "mixing.c", "cp mix.c mixing.c");

	(void)state;
	assert_string_equal(f.touched, "yes");
	assert_null(f.caller);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_as_it_was_is_told_with_the_caller_that_changed),
		cmocka_unit_test(a_function_that_changed_is_told_alone),
		cmocka_unit_test(where_nothing_changed_there_is_no_caller_to_look_at),
		cmocka_unit_test(what_lies_outside_of_the_project_is_told_with_its_caller_there),
		cmocka_unit_test(a_function_that_is_gone_has_no_line),
		cmocka_unit_test(a_tree_that_was_entered_by_a_link_is_the_tree),
		cmocka_unit_test(a_new_file_that_git_does_not_know_yet_is_a_change),
	};

	return cmocka_run_group_tests_name("test_callers", tests, scratch_make, scratch_remove);
}
