/* Profiles of a run: to files and back, and nothing else touched. */
#include "flow/stacks.h"

#include "base/file.h"
#include "base/hash.h"
#include "made_tables.h"
#include "model/run_json.h"

#include <unistd.h>

struct place {
	struct arena *a;
	const char *folder;
};

static int open_place(void **state)
{
	struct arena *a = arena_open();
	struct place *p = NEW(a, struct place);
	struct err err;

	p->a = a;
	if (!dir_make_scratch(a, &p->folder, &err))
		fail_msg("%s", err.text);
	*state = p;
	return 0;
}

static int close_place(void **state)
{
	struct place *p = *state;

	dir_remove(p->folder);
	arena_close(p->a);
	return 0;
}

#define PLACE_TEST(name) cmocka_unit_test_setup_teardown(name, open_place, close_place)

/* Two benchmarks with stacks and one without. */
static struct run sampled_run(struct arena *a)
{
	struct run run = {.host = {.machine_class = "made"}};

	for (int i = 0; i < 3; i++) {
		struct made_program p = orders;
		struct slice_table *t = run_add(a, &run, "s", arena_printf(a, "BM_%d", i));

		p.functions[MIX].base_ns += i;
		if (i < 2)
			t->profile = made_table(a, &p, false, 3, 1000)->profile;
	}
	return run;
}

static void write_run(struct place *at, struct run *run)
{
	struct err err;

	if (!stacks_write(at->a, run, at->folder, &err))
		fail_msg("%s", err.text);
}

static size_t count_files(struct place *at)
{
	const char **names;
	struct err err;
	size_t count = 0;

	if (file_is_dir(path_join(at->a, at->folder, "profiles")))
		assert_true(dir_list(at->a, path_join(at->a, at->folder, "profiles"), &names, &count, &err));
	return count;
}

static void every_table_with_stacks_gets_a_file_named_by_its_content(void **state)
{
	struct place *at = *state;
	struct run run = sampled_run(at->a);
	char hex[HASH_HEX_SIZE];
	struct str bytes;
	struct err err;

	write_run(at, &run);
	assert_int_equal(count_files(at), 2);
	for (int i = 0; i < 2; i++) {
		const char *name = run.tables[i].profile.file;

		assert_true(file_read(at->a, path_join(at->a, path_join(at->a, at->folder, "profiles"), name),
				      FILE_LIMIT, &bytes, &err));
		hash_bytes(bytes.at, bytes.size, hex);
		assert_string_equal(name, arena_printf(at->a, "%s.pb.gz", hex));
	}
	assert_string_not_equal(run.tables[0].profile.file, run.tables[1].profile.file);
	assert_true(!run.tables[2].profile.file || !*run.tables[2].profile.file);
	/* The same stacks once more are the same files. */
	write_run(at, &run);
	assert_int_equal(count_files(at), 2);
}

static double sum_of(const struct profile *p, size_t type)
{
	double sum = 0;

	for (size_t i = 0; i < p->sample_count; i++)
		sum += (double)p->values[i * p->type_count + type];
	return sum;
}

static void what_was_written_is_read_back(void **state)
{
	struct place *at = *state;
	struct run run = sampled_run(at->a);
	struct slice_table *t = &run.tables[0];
	struct profile *before = t->profile.stacks, *after;
	struct err err;

	write_run(at, &run);
	t->profile.stacks = NULL;
	assert_true(stacks_read(at->a, t, at->folder, &err));
	after = t->profile.stacks;
	assert_non_null(after);
	assert_ptr_not_equal(after, before);
	assert_int_equal(after->sample_count, before->sample_count);
	assert_int_equal(after->type_count, 2);
	assert_near(sum_of(after, 0), sum_of(before, 0), 0);
	assert_near(sum_of(after, 1), sum_of(before, 1), 0);
	/* With the groups that attribution needs. */
	for (size_t i = 0; i < after->sample_count; i++) {
		const struct profile_span *set = &after->label_sets[after->sample_labels[i]];

		assert_int_equal(set->count, 1);
		assert_string_equal(profile_text(after, after->labels[set->first].key), "pawl_group");
		assert_true(after->labels[set->first].numeric && after->labels[set->first].number <= 2);
	}
	/* What is loaded already is left alone. */
	assert_true(stacks_read(at->a, t, at->folder, &err));
	assert_ptr_equal(t->profile.stacks, after);
}

static void a_profile_that_is_not_there_is_no_error_and_a_damaged_one_is(void **state)
{
	struct place *at = *state;
	struct run run = sampled_run(at->a);
	struct slice_table *t = &run.tables[0];
	const char *path;
	struct err err;

	write_run(at, &run);
	t->profile.stacks = NULL;
	path = path_join(at->a, path_join(at->a, at->folder, "profiles"), t->profile.file);
	assert_true(file_write(path, "garbage", 7, &err));
	assert_false(stacks_read(at->a, t, at->folder, &err));
	assert_non_null(strstr(err.text, t->profile.file));
	assert_null(t->profile.stacks);
	unlink(path);
	assert_true(stacks_read(at->a, t, at->folder, &err));
	assert_null(t->profile.stacks);
	/* Nor is a table that was never sampled, or of which nothing was written. */
	assert_true(stacks_read(at->a, &run.tables[2], at->folder, &err));
	t->profile.file = "";
	assert_true(stacks_read(at->a, t, at->folder, &err));
	assert_null(t->profile.stacks);
}

static void clearing_removes_its_own_files_and_nothing_else(void **state)
{
	static const char hash[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	struct place *at = *state;
	struct arena *a = at->a;
	struct run run = sampled_run(a);
	const char *folder = path_join(a, at->folder, "profiles");
	const char *const others[] = {
		"mine.pb.gz",
		arena_printf(a, "%s.pb", hash),
		arena_printf(a, "%s0.pb.gz", hash),
		arena_printf(a, "%s.pb.gz.bak", hash),
		arena_printf(a, "%.63s.pb.gz", hash),
		arena_printf(a, "%.63sA.pb.gz", hash),
	};
	enum { OTHERS = sizeof others / sizeof others[0] };
	struct err err;

	write_run(at, &run);
	for (size_t i = 0; i < OTHERS; i++)
		assert_true(file_write(path_join(a, folder, others[i]), "x", 1, &err));
	assert_true(file_write(path_join(a, at->folder, arena_printf(a, "%s.pb.gz", hash)), "x", 1, &err));
	assert_int_equal(count_files(at), 2 + OTHERS);
	stacks_clear(a, at->folder);
	assert_int_equal(count_files(at), OTHERS);
	for (size_t i = 0; i < OTHERS; i++)
		assert_true(file_exists(path_join(a, folder, others[i])));
	assert_true(file_exists(path_join(a, at->folder, arena_printf(a, "%s.pb.gz", hash))));
	/* The folder goes when it is empty. */
	for (size_t i = 0; i < OTHERS; i++)
		unlink(path_join(a, folder, others[i]));
	stacks_clear(a, at->folder);
	assert_false(file_exists(folder));
	stacks_clear(a, at->folder);
	stacks_clear(a, path_join(a, at->folder, "nowhere"));
}

/* A run file from somewhere else names its profiles: no such name leads anywhere else. */
static void a_run_file_with_a_hostile_name_of_a_profile_is_refused(void **state)
{
	static const char *const names[] = {
		"..",
		".",
		".ssh",
		"../secret",
		"/etc/passwd",
		"a/b",
		"abc.pb.gz",
		"x.pb.gz",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.pb.gz/..",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.pb",
		"0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef.pb.gz",
	};
	struct place *at = *state;
	struct run run = sampled_run(at->a);
	struct err err;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct run back = {0};
		struct str text;

		run.tables[0].profile.file = names[i];
		text = run_to_json(at->a, &run);
		if (run_from_json(at->a, "run.json", text, &back, &err))
			fail_msg("%s was taken", names[i]);
		assert_non_null(strstr(err.text, "hash of a profile"));
	}
}

static struct store folder_store(struct place *at)
{
	struct store store;
	struct err err;

	if (!store_open(at->a, "dir:store", at->folder, &store, &err))
		fail_msg("%s", err.text);
	return store;
}

static void a_store_keeps_profiles_out_of_version_control(void **state)
{
	struct place *at = *state;
	struct run run = sampled_run(at->a);
	struct store store = folder_store(at);
	struct slice_table *t = &run.tables[1];
	double before = sum_of(t->profile.stacks, 1);
	struct err err;

	write_run(at, &run);
	if (!stacks_save(at->a, &run, &store, "main", &err))
		fail_msg("%s", err.text);
	assert_true(file_exists(path_join(at->a, store.place, "main/made/profiles/.gitignore")));
	t->profile.stacks = NULL;
	assert_true(stacks_load(at->a, t, &store, "main", "made", &err));
	assert_non_null(t->profile.stacks);
	assert_near(sum_of(t->profile.stacks, 1), before, 0);
	t->profile.stacks = NULL;
	assert_true(stacks_load(at->a, t, &store, "main", "another-class", &err));
	assert_null(t->profile.stacks);
	assert_true(stacks_load(at->a, t, &store, "another", "made", &err));
	assert_null(t->profile.stacks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(every_table_with_stacks_gets_a_file_named_by_its_content),
		PLACE_TEST(what_was_written_is_read_back),
		PLACE_TEST(a_profile_that_is_not_there_is_no_error_and_a_damaged_one_is),
		PLACE_TEST(clearing_removes_its_own_files_and_nothing_else),
		PLACE_TEST(a_run_file_with_a_hostile_name_of_a_profile_is_refused),
		PLACE_TEST(a_store_keeps_profiles_out_of_version_control),
	};

	return cmocka_run_group_tests_name("stacks", tests, NULL, NULL);
}
