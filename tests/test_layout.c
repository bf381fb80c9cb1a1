/* The same code that is executed as often: what can tell, and what cannot. */
#include "flow/layout.h"

#include "made_tables.h"

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

/* One of the program's own, for a name that stands in this very file. */
__attribute__((noinline)) int layout_probe(int x);

int layout_probe(int x)
{
	for (volatile int i = 0; i < x; i++)
		;
	return x;
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

static size_t alike(struct arena *a, const struct slice_table *base, const struct slice_table *head, const char *name)
{
	struct attribution_row row = {.name = name, .file = ""};
	struct attribution_cause cause = {.row = 0};
	struct attribution found = {.rows = &row, .row_count = 1, .causes = &cause, .cause_count = 1};
	size_t count;
	const char *const *names = layout_alike(a, base, head, &found, &count);

	if (count)
		assert_string_equal(names[0], name);
	return count;
}

static void a_function_of_the_same_program_is_alike(void **state)
{
	static const char self[] = "/proc/self/exe", probe[] = "layout_probe";
	struct arena *a = *state;

	assert_int_equal(layout_probe(3), 3);
	assert_int_equal(alike(a, lies_in(a, self, probe, probe), lies_in(a, self, probe, probe), probe), 1);
	/* What is inlined is where the function is that it was inlined into. */
	assert_int_equal(alike(a, lies_in(a, self, "inner", probe), lies_in(a, self, "inner", probe), "inner"), 1);
	assert_int_equal(alike(a, lies_in(a, self, "inner", probe), lies_in(a, self, "inner", "main"), "inner"), 0);
}

static void what_cannot_be_read_is_not_alike(void **state)
{
	static const char self[] = "/proc/self/exe", probe[] = "layout_probe";
	static const char *const files[] = {"", "/nowhere/at/all", "/proc/self", "/dev/null", "[vdso]", "../../.."};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct slice_table *good = lies_in(a, self, probe, probe), *bad = lies_in(a, files[i], probe, probe);

		assert_int_equal(alike(a, good, bad, probe), 0);
		assert_int_equal(alike(a, bad, good, probe), 0);
		assert_int_equal(alike(a, bad, bad, probe), 0);
	}
	assert_int_equal(
		alike(a, lies_in(a, self, probe, "no_such_symbol"), lies_in(a, self, probe, "no_such_symbol"), probe),
		0);
	assert_int_equal(alike(a, lies_in(a, self, probe, probe), lies_in(a, self, probe, probe), "not_sampled"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ORDERS_TEST(counts_within_a_thousandth_are_the_same_instructions),
		ORDERS_TEST(what_was_not_counted_is_not_the_same),
		ORDERS_TEST(a_function_of_the_same_program_is_alike),
		ORDERS_TEST(what_cannot_be_read_is_not_alike),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
