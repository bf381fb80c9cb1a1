/* The same code that is executed as often: what can tell, and what cannot. */
#include "flow/layout.h"

#include "base/file.h"
#include "base/proc.h"
#include "made_tables.h"

#include <math.h>

/* Counts of instructions, two a side. */
static struct slice_table *counted(struct arena *a, double one, double two)
{
	const struct metric metric = metric_of("instructions");
	struct slice_table *t = NEW(a, struct slice_table);

	for (int i = 0; i < 2; i++) {
		struct slice *s = table_add_slice(a, t);

		s->phase = PHASE_COUNT;
		table_set(a, t, s, &metric, i ? two : one);
	}
	return t;
}

static void counts_within_a_thousandth_are_the_same_instructions(void **state)
{
	struct arena *a = *state;

	assert_true(layout_same_instructions(a, counted(a, 1e6, 1e6), counted(a, 1e6, 1e6)));
	assert_true(layout_same_instructions(a, counted(a, 1e6, 1e6), counted(a, 1000900, 1000900)));
	assert_true(layout_same_instructions(a, counted(a, 1e6, 1e6), counted(a, 999100, 999100)));
	assert_false(layout_same_instructions(a, counted(a, 1e6, 1e6), counted(a, 1001100, 1001100)));
	assert_false(layout_same_instructions(a, counted(a, 1e6, 1e6), counted(a, 998900, 998900)));
}

static void what_was_not_counted_is_not_the_same(void **state)
{
	struct arena *a = *state;
	struct slice_table *none = made_table(a, &orders, false, 3, 1000);

	assert_false(layout_same_instructions(a, none, counted(a, 1e6, 1e6)));
	assert_false(layout_same_instructions(a, counted(a, 1e6, 1e6), none));
	assert_false(layout_same_instructions(a, none, none));
	assert_false(layout_same_instructions(a, counted(a, 0, 0), counted(a, 0, 0)));
}

static struct arena *around_all;
static const char *folder;

/* A program with probe(), before which other code stands, and around(), in which code of that name may be inlined. */
static const char *built(struct arena *a, const char *name, const char *before, int factor)
{
	const char *out = path_join(a, folder, name);
	const char *text = arena_printf(a,
					"%s int probe(int x) { return x * %d + 7; }\n"
					"int around(int x) { return x * 17 - 5; }\n"
					"int main(int n, char **v) { (void)v; return probe(n) + around(n); }\n",
					before, factor);
	const char *source = arena_printf(a, "%s.c", out);
	const char *const argv[] = {"cc", "-O2", "-fPIE", "-pie", "-fno-inline", "-o", out, source, NULL};
	struct proc_spec spec = {.argv = argv};
	struct proc_result r;
	struct err err;

	if (!file_write(source, text, strlen(text), &err) || !proc_run(a, &spec, &r, &err))
		fail_msg("%s", err.text);
	if (r.end != PROC_EXITED || r.code != 0)
		fail_msg("cc: %s", arena_copy(a, r.errors.at, r.errors.size));
	return out;
}

/* A benchmark whose only function lies in `file` under that symbol, and is inlined into it where `inlined` has a name. */
static struct slice_table *lies_in(struct arena *a, const char *file, const char *name, const char *symbol)
{
	struct slice_table *t = NEW(a, struct slice_table);
	struct profile_line lines[2] = {{.line = 3}, {.line = 9}};
	struct profile_mapping mapping = {.start = 0x1000, .limit = 0x2000};
	struct profile_location location = {.address = 0x1234};
	struct profile_function f = {0};
	int64_t values[] = {1, 1000};
	struct profile *p;
	uint32_t at;

	made_sampled(a, &t->profile, 1);
	p = t->profile.stacks;
	mapping.file = profile_string_of(p, file);
	location.mapping = profile_add_mapping(p, &mapping);
	f.name = profile_string_of(p, name);
	f.system_name = profile_string_of(p, name);
	lines[0].function = profile_add_function(p, &f);
	f.name = f.system_name = profile_string_of(p, symbol);
	lines[1].function = profile_add_function(p, &f);
	at = profile_add_location(p, &location, lines, strcmp(name, symbol) == 0 ? 1 : 2);
	profile_add_sample(p, profile_stack(p, &at, 1), 0, values);
	return t;
}

static size_t moved(struct arena *a, const struct slice_table *base, const struct slice_table *head, const char *name)
{
	struct attribution_row row = {.name = name, .file = ""};
	struct attribution_cause cause = {.row = 0};
	struct attribution found = {.rows = &row, .row_count = 1, .causes = &cause, .cause_count = 1};
	size_t count;
	const char *const *names = layout_moved(a, base, head, &found, &count);

	if (count)
		assert_string_equal(names[0], name);
	return count;
}

static void a_function_that_lies_elsewhere_has_moved(void **state)
{
	struct arena *a = *state;
	const char *one = built(a, "one", "", 31), *two = built(a, "two", "int first(int x) { return x * 3 + 1; }", 31);
	const char *other = built(a, "other", "int first(int x) { return x * 3 + 1; }", 35);

	assert_int_equal(moved(a, lies_in(a, one, "probe", "probe"), lies_in(a, two, "probe", "probe"), "probe"), 1);
	/* What is inlined is where the function is that it was inlined into. */
	assert_int_equal(moved(a, lies_in(a, one, "inner", "around"), lies_in(a, two, "inner", "around"), "inner"), 1);
	assert_int_equal(moved(a, lies_in(a, one, "inner", "around"), lies_in(a, two, "inner", "probe"), "inner"), 0);
	/* At the same place it takes another time for another reason. */
	assert_int_equal(moved(a, lies_in(a, one, "probe", "probe"), lies_in(a, one, "probe", "probe"), "probe"), 0);
	/* Other code is no matter of its place. */
	assert_int_equal(moved(a, lies_in(a, one, "probe", "probe"), lies_in(a, other, "probe", "probe"), "probe"), 0);
}

static void what_cannot_be_read_has_not_moved(void **state)
{
	static const char *const files[] = {"", "/nowhere/at/all", "/proc/self", "/dev/null", "[vdso]", "../../.."};
	struct arena *a = *state;
	const char *one = built(a, "one", "", 31), *two = built(a, "two", "int first(int x) { return x * 3 + 1; }", 31);

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct slice_table *good = lies_in(a, one, "probe", "probe");
		struct slice_table *bad = lies_in(a, files[i], "probe", "probe");

		assert_int_equal(moved(a, good, bad, "probe"), 0);
		assert_int_equal(moved(a, bad, good, "probe"), 0);
		assert_int_equal(moved(a, bad, bad, "probe"), 0);
	}
	assert_int_equal(moved(a, lies_in(a, one, "probe", "no_such_symbol"),
			       lies_in(a, two, "probe", "no_such_symbol"), "probe"),
			 0);
	assert_int_equal(moved(a, lies_in(a, one, "probe", "probe"), lies_in(a, two, "probe", "probe"), "not_sampled"),
			 0);
}

/* Adds what a function executed itself, called by main. */
static void add_executed(struct profile *p, const char *name, int64_t instructions)
{
	const struct profile_location location = {.mapping = PROFILE_NONE};
	struct profile_function f = {.name = profile_string_of(p, name), .system_name = profile_string_of(p, name)};
	struct profile_line line = {.function = profile_add_function(p, &f)};
	uint32_t stack[2] = {profile_add_location(p, &location, &line, 1)};

	f.name = f.system_name = profile_string_of(p, "main");
	line.function = profile_add_function(p, &f);
	stack[1] = profile_add_location(p, &location, &line, 1);
	profile_add_sample(p, profile_stack(p, stack, 2), 0, &instructions);
}

/* Two processes of 100 and 400 iterations, with start-up of 5,000 instructions. */
static void count_functions(struct arena *a, struct slice_table *t, int64_t probe, int64_t around)
{
	static const int64_t iterations[] = {100, 400};
	struct profile *p[2];

	for (int i = 0; i < 2; i++) {
		p[i] = NEW(a, struct profile);
		profile_init(p[i], a);
		profile_add_type(p[i], "Ir", "count");
		add_executed(p[i], "probe", 5000 + iterations[i] * probe);
		add_executed(p[i], "around", iterations[i] * around);
	}
	t->counts = (struct run_counts){p[0], p[1], iterations[0], iterations[1]};
}

static void functions_are_executed_as_often_one_by_one(void **state)
{
	static const char *const names[] = {"probe", "inner", "nobody"};
	struct arena *a = *state;
	struct slice_table *base = lies_in(a, "base", "inner", "around"), *head = lies_in(a, "head", "inner", "around");
	const char *out[3];

	/* Not counted. */
	assert_int_equal(layout_executed_as_often(base, head, names, 3, out), 0);
	/* The whole benchmark executes more; what is inlined into around() does not. */
	count_functions(a, base, 1000, 20000);
	count_functions(a, head, 3000, 20010);
	assert_int_equal(layout_executed_as_often(base, head, names, 3, out), 1);
	assert_string_equal(out[0], "inner");
	count_functions(a, head, 1000, 20100);
	assert_int_equal(layout_executed_as_often(base, head, names, 3, out), 0);
	/* probe is in no sample, so nobody knows where it is. */
	base = lies_in(a, "base", "probe", "probe");
	head = lies_in(a, "head", "probe", "probe");
	count_functions(a, base, 1000, 20000);
	count_functions(a, head, 1000, 40000);
	assert_int_equal(layout_executed_as_often(base, head, names, 3, out), 1);
	assert_string_equal(out[0], "probe");
}

static void the_part_of_layout_is_at_most_all_of_it(void **state)
{
	struct attribution_row rows[] = {{.state = CHANGE_SLOWER}, {.state = CHANGE_LAYOUT}, {.state = CHANGE_LAYOUT}};
	struct attribution_cause causes[] = {{.row = 0, .part = 0.3}, {.row = 1, .part = 0.6}, {.row = 2, .part = 0.3}};
	struct attribution found = {.rows = rows, .row_count = 3, .causes = causes, .cause_count = 3};

	(void)state;
	assert_true(fabs(layout_part(&found) - 0.75) < 1e-9);
	found.cause_count = 2;
	assert_true(fabs(layout_part(&found) - 0.6) < 1e-9);
	found.cause_count = 1;
	assert_true(layout_part(&found) <= 0);
	found.cause_count = 0;
	assert_true(layout_part(&found) <= 0);
}

static int set_up(void **state)
{
	struct err err;

	(void)state;
	around_all = arena_open();
	return dir_make_scratch(around_all, &folder, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	dir_remove(folder);
	arena_close(around_all);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ORDERS_TEST(counts_within_a_thousandth_are_the_same_instructions),
		ORDERS_TEST(what_was_not_counted_is_not_the_same),
		ORDERS_TEST(a_function_that_lies_elsewhere_has_moved),
		ORDERS_TEST(what_cannot_be_read_has_not_moved),
		ORDERS_TEST(functions_are_executed_as_often_one_by_one),
		ORDERS_TEST(the_part_of_layout_is_at_most_all_of_it),
	};

	return cmocka_run_group_tests_name("layout", tests, set_up, tear_down);
}
