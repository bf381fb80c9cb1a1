/* Stores: addresses, picking, and the folder store with everything that can be wrong in a folder. */
#include "base/hash.h"
#include "store_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

static void addresses_name_a_kind_and_a_folder(void **state)
{
	struct fixture *f = *state;
	struct store s;

	assert_true(store_open(f->a, "dir:baselines", "/repo", &s, &f->err));
	assert_ptr_equal(s.kind, &store_dir);
	assert_string_equal(s.place, "/repo/baselines");
	assert_true(store_open(f->a, "baselines", "/repo", &s, &f->err));
	assert_string_equal(s.place, "/repo/baselines");
	assert_true(store_open(f->a, "dir:/var/b", "/repo", &s, &f->err));
	assert_string_equal(s.place, "/var/b");
	assert_true(store_open(f->a, "./a:b", "/repo", &s, &f->err));
	assert_string_equal(s.place, "/repo/./a:b");
	assert_true(store_open(f->a, "dir:a:b", "/repo", &s, &f->err));
	assert_string_equal(s.place, "/repo/a:b");
	assert_false(store_open(f->a, "dri:baselines", "/repo", &s, &f->err));
	assert_true(error_has(f, "did you mean \"dir\"?"));
	assert_false(store_open(f->a, "postgresql://x", "/repo", &s, &f->err));
	assert_true(error_has(f, "there is no store \"postgresql\"; stores: dir"));
	assert_false(store_open(f->a, "dir:", "/repo", &s, &f->err));
	assert_false(store_open(f->a, "", "/repo", &s, &f->err));
}

static void an_entry_is_picked_by_the_start_of_its_id(void **state)
{
	static const struct store_entry entries[] = {{.id = "aab1"}, {.id = "aac2"}, {.id = "bbb3"}};
	struct fixture *f = *state;

	assert_ptr_equal(store_pick(entries, 3, "b", &f->err), &entries[2]);
	assert_ptr_equal(store_pick(entries, 3, "aac2", &f->err), &entries[1]);
	assert_null(store_pick(entries, 3, "aa", &f->err));
	assert_true(error_has(f, "several stored runs"));
	assert_true(error_has(f, "aac2"));
	assert_null(store_pick(entries, 3, "c", &f->err));
	assert_true(error_has(f, "no stored run"));
	assert_null(store_pick(entries, 3, "", &f->err));
	assert_null(store_pick(NULL, 0, "a", &f->err));
}

static void a_baseline_that_does_not_exist_has_no_runs(void **state)
{
	struct fixture *f = *state;
	const char **names;
	size_t count, checked;

	assert_int_equal(count_entries(f, "main", NULL), 0);
	assert_int_equal(count_entries(f, "main", "x86_64-a-2-kvm"), 0);
	assert_true(verify(f, "main", &checked));
	assert_int_equal(checked, 0);
	assert_true(store_dir.names(f->a, f->place, &names, &count, &f->err));
	assert_int_equal(count, 0);
}

static void what_was_saved_is_listed_oldest_first_and_loaded(void **state)
{
	struct fixture *f = *state;
	struct store_entry *entries;
	const char *ids[3];
	struct run run;
	size_t count;

	assert_true(save(f, "main", "m-1", 3, &ids[0]));
	assert_true(save(f, "main", "m-1", 1, &ids[1]));
	assert_true(save(f, "main", "m-1", 2, &ids[2]));
	assert_true(store_dir.list(f->a, f->place, "main", "m-1", &entries, &count, &f->err));
	assert_int_equal(count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(entries[i].id, ids[i]);
		assert_string_equal(entries[i].machine_class, "m-1");
		assert_string_equal(entries[i].branch, "main");
		assert_int_equal(entries[i].bench_count, 1);
		assert_int_equal(entries[i].slower_count, i == 1);
		assert_true(store_dir.load(f->a, f->place, "main", &entries[i], &run, &f->err));
		assert_string_equal(run.id, ids[i]);
	}
	assert_string_equal(entries[1].slower[0], "orders/BM_a:cpu_time");
	assert_false(file_exists(inside(f, "main/m-1/.lock")));
}

/* So that runs imported from before the baseline began are not its newest. */
static void runs_are_listed_by_when_they_were_measured_whenever_they_were_added(void **state)
{
	static const char *const started[] = {"2026-03-02T10:00:00Z", "2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z",
					      "2026-02-28T10:00:00Z"};
	static const size_t expected[] = {3, 1, 0, 2};
	struct fixture *f = *state;
	struct store_entry *entries;
	const char *ids[4];
	size_t count;

	for (size_t i = 0; i < 4; i++)
		assert_true(save_started(f, "main", "m", i + 2, started[i], "c", &ids[i]));
	assert_true(store_dir.list(f->a, f->place, "main", "m", &entries, &count, &f->err));
	assert_int_equal(count, 4);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(entries[i].id, ids[expected[i]]);
}

static void a_run_is_not_added_twice(void **state)
{
	struct fixture *f = *state;

	assert_true(save(f, "main", "m", 1, NULL));
	assert_true(save(f, "main", "m", 1, NULL));
	assert_int_equal(count_entries(f, "main", "m"), 1);
}

static void machine_classes_and_baselines_are_kept_apart(void **state)
{
	struct fixture *f = *state;
	struct store_entry *entries;
	const char **names;
	size_t count;

	assert_true(save(f, "main", "b", 1, NULL));
	assert_true(save(f, "main", "a", 2, NULL));
	assert_true(save(f, "release-1.0", "a", 3, NULL));
	put(f, inside(f, "accepted.json"), "{}");
	assert_int_equal(count_entries(f, "main", "a"), 1);
	assert_true(store_dir.list(f->a, f->place, "main", NULL, &entries, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(entries[0].machine_class, "a");
	assert_string_equal(entries[1].machine_class, "b");
	assert_true(store_dir.names(f->a, f->place, &names, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(names[0], "main");
	assert_string_equal(names[1], "release-1.0");
}

static void names_cannot_leave_the_store(void **state)
{
	static const char *const bad[] = {"",     ".",    "..",  "../x",     "a/b",  "/etc",
					  ".git", "a\nb", "a b", "\xC3\xA9", "a\\b", "-\x7f"};
	struct fixture *f = *state;
	struct store_entry *entries, entry = {.machine_class = "m", .id = "../../../etc/passwd"};
	struct run run;
	size_t count;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(save(f, bad[i], "m", 1, NULL));
		assert_true(error_has(f, "the baseline name"));
		assert_false(save(f, "main", bad[i], 1, NULL));
		assert_true(error_has(f, "the machine class"));
		assert_false(store_dir.list(f->a, f->place, bad[i], NULL, &entries, &count, &f->err));
		assert_false(store_dir.list(f->a, f->place, "main", bad[i], &entries, &count, &f->err));
	}
	assert_false(save(f, "main", NULL, 1, NULL));
	assert_false(save(f, "main", arena_printf(f->a, "%0300d", 1), 1, NULL));
	assert_false(store_dir.load(f->a, f->place, "main", &entry, &run, &f->err));
	entry.machine_class = "../m";
	assert_false(store_dir.load(f->a, f->place, "main", &entry, &run, &f->err));
	assert_false(file_exists(f->place));
}

static void the_index_has_one_line_a_run(void **state)
{
	struct fixture *f = *state;
	const char *id;
	struct str text;

	assert_true(save(f, "main", "m", 1, &id));
	assert_true(file_read(f->a, inside(f, "main/m/index.json"), FILE_LIMIT, &text, &f->err));
	assert_string_equal(text.at,
			    arena_printf(f->a,
					 "{\n  \"pawl_index\": 1,\n  \"runs\": [\n"
					 "    {\"bench_count\": 1, \"branch\": \"main\", \"dirty\": false, "
					 "\"id\": \"%s\", \"revision\": \"abc\", "
					 "\"slower\": [\"orders/BM_a:cpu_time\"], \"started\": \"\"}\n  ]\n}\n",
					 id));
}

static void verify_tells_missing_changed_and_unreadable_files(void **state)
{
	struct fixture *f = *state;
	const char *id, *path;
	struct str text;
	size_t checked;

	assert_true(save(f, "main", "m", 1, NULL));
	assert_true(save(f, "main", "m", 2, &id));
	put(f, inside(f, "main/m/README"), "unreferenced files are fine");
	assert_true(verify(f, "main", &checked));
	assert_int_equal(checked, 2);

	path = inside(f, arena_printf(f->a, "main/m/%s.json", id));
	assert_true(file_read(f->a, path, FILE_LIMIT, &text, &f->err));
	put(f, path, arena_printf(f->a, "%s ", text.at));
	assert_false(verify(f, "main", &checked));
	assert_int_equal(checked, 1);
	assert_true(error_has(f, path));
	assert_true(error_has(f, "changed or damaged"));

	assert_int_equal(unlink(path), 0);
	assert_false(verify(f, "main", &checked));
	assert_true(error_has(f, "is missing"));
	/* Saving the same run again mends it. */
	assert_true(save(f, "main", "m", 2, NULL));
	assert_true(verify(f, "main", &checked));
	assert_int_equal(count_entries(f, "main", "m"), 2);
}

static void a_run_file_that_is_no_run_is_found_by_verify(void **state)
{
	/* SHA-256 of no bytes at all, FIPS 180-4. */
	static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	struct fixture *f = *state;
	size_t checked;

	assert_true(dir_make(inside(f, "main/m"), &f->err));
	put(f, inside(f, arena_printf(f->a, "main/m/%s.json", empty)), "");
	put(f, inside(f, "main/m/index.json"),
	    arena_printf(f->a,
			 "{\"pawl_index\": 1, \"runs\": [{\"bench_count\": 1, \"branch\": \"\", \"dirty\": false, "
			 "\"id\": \"%s\", \"revision\": \"\", \"slower\": [], \"started\": \"\"}]}",
			 empty));
	assert_int_equal(count_entries(f, "main", "m"), 1);
	assert_false(verify(f, "main", &checked));
	assert_true(error_has(f, "cut off"));
}

static void a_damaged_index_is_an_error_that_says_what_to_do(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"", "restore the file from version control"},
		{"{\"pawl_index\": 1, \"runs\": [", "`pawl baseline verify`"},
		{"[]", "\"pawl_index\" is missing"},
		{"{\"pawl_index\": 2, \"runs\": 1}", "was written by a newer pawl"},
		{"{\"pawl_index\": 1, \"runs\": {}}", "\"runs\" must be an array"},
		{"{\"pawl_index\": 1, \"runs\": [1]}", "run 1: \"id\" is missing"},
		{"{\"pawl_index\": 1, \"runs\": [{\"id\": \"../x\"}]}", "run 1: \"id\" must be 64"},
		{"{\n<<<<<<< ours\n", "holds a merge that is not resolved"},
	};
	struct fixture *f = *state;
	const char *path = inside(f, "main/m/index.json");
	struct store_entry *entries;
	size_t count;

	assert_true(dir_make(inside(f, "main/m"), &f->err));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str text;

		put(f, path, cases[i].text);
		assert_false(store_dir.list(f->a, f->place, "main", "m", &entries, &count, &f->err));
		assert_true(error_has(f, path));
		assert_true(error_has(f, cases[i].error));
		/* A save must not throw away what somebody can still mend. */
		assert_false(save(f, "main", "m", 1, NULL));
		assert_true(file_read(f->a, path, FILE_LIMIT, &text, &f->err));
		assert_string_equal(text.at, cases[i].text);
	}
}

static void a_run_that_a_merge_left_twice_in_the_index_counts_once(void **state)
{
	struct fixture *f = *state;
	struct buf b = {.arena = f->a};
	const char *path = inside(f, "main/m/index.json"), *line, *end;
	struct str text;

	assert_true(save(f, "main", "m", 1, NULL));
	assert_true(file_read(f->a, path, FILE_LIMIT, &text, &f->err));
	line = strstr(text.at, "    {");
	end = strstr(line, "\n");
	buf_bytes(&b, text.at, (size_t)(end - text.at));
	buf_text(&b, ",\n");
	buf_text(&b, line);
	put(f, path, b.at);
	assert_int_equal(count_entries(f, "main", "m"), 1);
}

static void a_profile_is_kept_beside_its_runs_and_out_of_version_control(void **state)
{
	struct fixture *f = *state;
	const char *name, *folder = path_join(f->a, f->place, "main/m-1/profiles");
	struct str bytes = str_of("a profile"), back;
	char hex[HASH_HEX_SIZE];
	bool there;

	hash_bytes(bytes.at, bytes.size, hex);
	name = arena_printf(f->a, "%s.pb.gz", hex);
	assert_true(store_dir.load_profile(f->a, f->place, "main", "m-1", name, &there, &back, &f->err));
	assert_false(there);
	assert_true(store_dir.save_profile(f->a, f->place, "main", "m-1", name, bytes, &f->err));
	assert_true(store_dir.save_profile(f->a, f->place, "main", "m-1", name, bytes, &f->err));
	assert_true(file_exists(path_join(f->a, folder, ".gitignore")));
	assert_true(store_dir.load_profile(f->a, f->place, "main", "m-1", name, &there, &back, &f->err));
	assert_true(there && str_equal(back, "a profile"));
	assert_false(store_dir.save_profile(f->a, f->place, "main", "m-1", "../../evil.pb.gz", bytes, &f->err));
	assert_false(store_dir.load_profile(f->a, f->place, "..", "m-1", name, &there, &back, &f->err));
	assert_true(file_write(path_join(f->a, folder, name), "other", 5, &f->err));
	assert_false(store_dir.load_profile(f->a, f->place, "main", "m-1", name, &there, &back, &f->err));
	assert_true(error_has(f, "changed or damaged"));
}

static void links_in_a_circle_and_files_for_folders_are_errors(void **state)
{
	struct fixture *f = *state;
	struct store_entry *entries;
	const char **names;
	size_t count;

	assert_int_equal(symlink(path_base(f->place), f->place), 0);
	assert_false(store_dir.list(f->a, f->place, "main", NULL, &entries, &count, &f->err));
	assert_true(error_has(f, "Too many levels"));
	assert_false(store_dir.list(f->a, f->place, "main", "m", &entries, &count, &f->err));
	assert_false(store_dir.names(f->a, f->place, &names, &count, &f->err));
	assert_false(save(f, "main", "m", 1, NULL));
	assert_int_equal(unlink(f->place), 0);

	put(f, f->place, "a file");
	assert_false(store_dir.list(f->a, f->place, "main", NULL, &entries, &count, &f->err));
	assert_true(error_has(f, "Not a directory"));
	assert_false(save(f, "main", "m", 1, NULL));
	assert_int_equal(unlink(f->place), 0);

	assert_true(dir_make(inside(f, "main/m/index.json"), &f->err));
	assert_false(store_dir.list(f->a, f->place, "main", NULL, &entries, &count, &f->err));
	assert_true(error_has(f, "is a folder"));
	assert_int_equal(symlink("m2", inside(f, "main/m2")), 0);
	assert_false(store_dir.list(f->a, f->place, "main", NULL, &entries, &count, &f->err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(addresses_name_a_kind_and_a_folder),
		TEST(an_entry_is_picked_by_the_start_of_its_id),
		TEST(a_baseline_that_does_not_exist_has_no_runs),
		TEST(what_was_saved_is_listed_oldest_first_and_loaded),
		TEST(runs_are_listed_by_when_they_were_measured_whenever_they_were_added),
		TEST(a_run_is_not_added_twice),
		TEST(machine_classes_and_baselines_are_kept_apart),
		TEST(names_cannot_leave_the_store),
		TEST(the_index_has_one_line_a_run),
		TEST(verify_tells_missing_changed_and_unreadable_files),
		TEST(a_run_file_that_is_no_run_is_found_by_verify),
		TEST(a_damaged_index_is_an_error_that_says_what_to_do),
		TEST(a_run_that_a_merge_left_twice_in_the_index_counts_once),
		TEST(links_in_a_circle_and_files_for_folders_are_errors),
		TEST(a_profile_is_kept_beside_its_runs_and_out_of_version_control),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
