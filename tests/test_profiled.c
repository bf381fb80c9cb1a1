/* Which benchmarks of run files can be held against each other by their profiles. */
#include "flow/profiled.h"

#include "made_tables.h"

static struct slice_table *sampled(struct arena *a, struct run *r, const char *bench)
{
	struct slice_table *t = run_add(a, r, "s", bench);

	made_sampled(a, &t->profile, 1000);
	return t;
}

/* A run with these benchmarks, all of them sampled. */
static struct profiled_run made_run(struct arena *a, const char *path, const char *const *benches, size_t count)
{
	struct run *r = NEW(a, struct run);

	for (size_t i = 0; i < count; i++)
		sampled(a, r, benches[i]);
	return (struct profiled_run){r, path};
}

static void benchmarks_are_matched_by_name(void **state)
{
	static const char *const base_names[] = {"BM_a", "BM_b/iterations:100"}, *const head_names[] = {
											 "BM_b/iterations:200", "BM_a",
											 "BM_c"};
	struct arena *a = *state;
	const struct profiled_run base = made_run(a, "base", base_names, 2), head = made_run(a, "head", head_names, 3);
	struct profiled_bench *b;
	size_t count;

	(void)run_add(a, base.run, "s", "BM_never_sampled");
	b = profiled_find(a, &base, 1, &head, 1, &count);
	assert_int_equal(count, 3);
	assert_string_equal(b[0].bench, "BM_a");
	assert_ptr_equal(b[0].head.items[0], &head.run->tables[1]);
	/* Another number of iterations is no other benchmark. */
	assert_string_equal(b[1].bench, "BM_b/iterations:100");
	assert_ptr_equal(b[1].head.items[0], &head.run->tables[0]);
	assert_string_equal(b[2].bench, "BM_c");
	for (size_t i = 0; i < count; i++)
		profiled_check(a, &b[i]);
	assert_null(b[0].obstacle);
	assert_null(b[1].obstacle);
	assert_string_equal(b[2].obstacle, "it was not sampled in the base");
}

static void two_of_one_run_stay_apart(void **state)
{
	static const char *const names[] = {"BM_a/iterations:1", "BM_a/iterations:2"};
	struct arena *a = *state;
	const struct profiled_run base = made_run(a, "base", names, 2), head = made_run(a, "head", names, 2);
	struct profiled_bench *b;
	size_t count;

	b = profiled_find(a, &base, 1, &head, 1, &count);
	assert_int_equal(count, 2);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(b[i].base.count, 1);
		assert_int_equal(b[i].head.count, 1);
		assert_string_equal(b[i].head.items[0]->bench, names[i]);
	}
}

static void a_filter_sees_what_other_commands_see(void **state)
{
	struct arena *a = *state;
	const struct profiled_bench b = {.suite = "orders", .bench = "BM_a#2"};
	struct regex *re;
	struct err err;
	static const struct {
		const char *pattern;
		bool matches;
	} cases[] = {
		{"BM_a", true}, {"^orders/BM_a$", true}, {"^BM_a$", true}, {"^orders/BM$", false}, {"#2", false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_true(regex_compile(a, cases[i].pattern, &re, &err));
		assert_int_equal(profiled_matches(a, &b, re), cases[i].matches);
	}
}

static void profiles_that_are_gone_do_not_count(void **state)
{
	static const char *const names[] = {"BM_a"};
	struct arena *a = *state;
	const struct profiled_run base[] = {made_run(a, "one", names, 1), made_run(a, "two", names, 1)};
	const struct profiled_run head = made_run(a, "head", names, 1);
	struct run_profile *gone = &base[1].run->tables[0].profile;
	struct profiled_bench *b;
	size_t count;

	gone->stacks = NULL;
	gone->file = "ab.pb.gz";
	b = profiled_find(a, base, 2, &head, 1, &count);
	profiled_check(a, b);
	assert_null(b->obstacle);
	assert_int_equal(b->base.count, 1);
	assert_string_equal(b->note, "its profile, profiles/ab.pb.gz, is not beside two, which does not count");
	b = profiled_find(a, &base[1], 1, &head, 1, &count);
	profiled_check(a, b);
	assert_string_equal(b->obstacle, "its profile, profiles/ab.pb.gz, is not beside two");
	gone->file = "";
	b = profiled_find(a, &head, 1, &base[1], 1, &count);
	profiled_check(a, b);
	assert_string_equal(b->obstacle, "its profile was not kept with two");
}

static const char *obstacle_with(struct arena *a, const struct run_profile *changed)
{
	static const char *const names[] = {"BM_a"};
	const struct profiled_run base = made_run(a, "base", names, 1), head = made_run(a, "head", names, 1);
	struct profiled_bench *b;
	size_t count;

	head.run->tables[0].profile = *changed;
	b = profiled_find(a, &base, 1, &head, 1, &count);
	profiled_check(a, b);
	return b->obstacle;
}

static void what_was_sampled_otherwise_is_not_compared(void **state)
{
	struct arena *a = *state;
	struct run_profile p;

	made_sampled(a, &p, 1000);
	p.engine = "timer";
	assert_string_equal(obstacle_with(a, &p),
			    "sampled by perf with unwind frames in base, but by timer with unwind "
			    "frames in head; profiles of different engines or unwinders are not "
			    "compared");
	made_sampled(a, &p, 1000);
	p.unwind = "dwarf";
	assert_non_null(strstr(obstacle_with(a, &p), "but by perf with unwind dwarf in head"));
	/* At another rate it may be: costs come from the CPU time. */
	made_sampled(a, &p, 1000);
	p.rate_hz = 4999;
	assert_null(obstacle_with(a, &p));
	p.lost_count = 200;
	assert_non_null(strstr(obstacle_with(a, &p), "head: 17 % of the samples were lost"));
	made_sampled(a, &p, 1000);
	p.stacks = NEW(a, struct profile);
	profile_init(p.stacks, a);
	assert_string_equal(obstacle_with(a, &p), "its profile beside head has no sample types");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ORDERS_TEST(benchmarks_are_matched_by_name),
		ORDERS_TEST(two_of_one_run_stay_apart),
		ORDERS_TEST(a_filter_sees_what_other_commands_see),
		ORDERS_TEST(profiles_that_are_gone_do_not_count),
		ORDERS_TEST(what_was_sampled_otherwise_is_not_compared),
	};

	return cmocka_run_group_tests_name("profiled", tests, NULL, NULL);
}
