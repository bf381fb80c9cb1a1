/* The run file: written, read, and refused. */
#include "model/run_json.h"

#include "base/file.h"
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GOLDEN "tests/golden/run/run.json"

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

static void fill_table(struct arena *a, struct run *r)
{
	struct slice_table *t = run_add(a, r, "orders", "BM_discount/4096");
	struct metric time = {"cpu_time", "ns", CATEGORY_LATENCY}, rate = {"side", "", CATEGORY_UNKNOWN};

	t->clock = "cpu_time";
	for (int i = 0; i < 3; i++) {
		struct slice *s = table_add_slice(a, t);

		*s = (struct slice){
			.block = i / 2,
			.position = i % 2,
			.side = i % 2 ? SIDE_HEAD : SIDE_BASE,
			.phase = i == 2 ? PHASE_CONFIRM : PHASE_TRIAL,
			.start_ns = 1000 + i,
			.iterations = i == 2 ? INT64_MAX : 100,
			.repetitions = 1,
			.threads = 1,
			.wall_ns = 20000000,
			.user_ns = 19000000,
			.sys_ns = 1000000,
			.setup_ns = -5,
			.cpu = i - 1,
			.voluntary_switches = 1,
			.involuntary_switches = 2,
			.steal_ns = 3,
			.cells = s->cells,
		};
		table_set(a, t, s, &time, 0.1 + i);
		if (i == 1)
			table_set(a, t, s, &rate, 1e300);
	}
	t = run_add(a, r, "orders", "\x01\x1b[31m \"quoted\" \\ \x7f \xC3\xA9 \xE2\x80\xAE \xF0\x9F\x90\x8C\n\t/");
	t->status = BENCH_FAILED;
	t->reason = "killed by SIGSEGV\nlast line";
}

static struct run make_run(struct arena *a)
{
	static const char *const parents[] = {"1111111111111111111111111111111111111111"};
	struct run r = {
		.check_id = "c-1",
		.seed = UINT64_MAX - 1,
		.pawl_version = "0.1.0",
		.started = "2026-11-21T01:02:03Z",
		.revision = "4f2a91c000000000000000000000000000000000",
		.parents = parents,
		.parent_count = 1,
		.branch = "main",
		.dirty = true,
		.shard = 1,
		.shard_count = 1,
		.host =
			{
				.machine_class = "x86_64-intel-xeon-platinum-8481c-2-kvm",
				.arch = "x86_64",
				.cpu_model = "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz",
				.cpu_flags = "fpu sse",
				.hypervisor = "kvm",
				.cores = 2,
				.kernel = "Linux 6.1.0",
				.governor = "performance",
				.turbo = "on",
				.smt = "off",
				.libc = "glibc 2.36",
				.compiler = "",
				.load = 0.25,
			},
	};
	struct run_suite *s = run_add_suite(a, &r, "orders", "gbench");

	s->config_digest = "abc";
	s->program_version = "1.9.5";
	s = run_add_suite(a, &r, "web", "gbench");
	s->absent = true;
	s->failure = "no such suite here";
	fill_table(a, &r);
	run_warn(a, &r, "the governor is %s", "powersave");
	return r;
}

static void the_golden_file_is_written_byte_for_byte(void **state)
{
	const char *golden = getenv("PAWL_GOLDEN");
	struct arena *a = *state;
	struct run r = make_run(a);
	struct str text = run_to_json(a, &r), wanted;
	char hex[HASH_HEX_SIZE];
	struct err err;

	if (golden && text_equal(golden, "write"))
		assert_true(file_write(GOLDEN, text.at, text.size, &err));
	assert_true(file_read(a, GOLDEN, FILE_LIMIT, &wanted, &err));
	assert_string_equal(text.at, wanted.at);
	hash_bytes(wanted.at, wanted.size, hex);
	assert_string_equal(r.id, hex);
}

static void a_run_reads_back_as_it_was_written(void **state)
{
	struct arena *a = *state;
	struct run r = make_run(a), back;
	struct str text = run_to_json(a, &r), again;
	struct err err;

	assert_true(run_from_json(a, "run.json", text, &back, &err));
	assert_string_equal(back.id, r.id);
	assert_string_equal(back.source, "run.json");
	assert_true(back.seed == UINT64_MAX - 1);
	assert_true(back.tables[0].slices[2].iterations == INT64_MAX);
	assert_false(back.tables[0].slices[0].cells[1].present);
	assert_true(back.tables[0].slices[1].cells[1].value == 1e300);
	assert_string_equal(back.tables[1].bench, r.tables[1].bench);
	assert_int_equal(back.tables[1].status, BENCH_FAILED);
	again = run_to_json(a, &back);
	assert_string_equal(again.at, text.at);
}

static void an_empty_run_reads_back(void **state)
{
	struct arena *a = *state;
	struct run r = {0}, back;
	struct str text = run_to_json(a, &r);
	struct err err;

	assert_true(run_from_json(a, "run.json", text, &back, &err));
	assert_string_equal(back.branch, "");
	assert_string_equal(back.host.machine_class, "");
	assert_int_equal(back.table_count, 0);
}

static void bytes_that_are_no_utf8_become_a_replacement_character(void **state)
{
	struct arena *a = *state;
	struct run r = {.branch = "a\xFF"
				  "b"},
		   back;
	struct err err;

	assert_true(run_from_json(a, "run.json", run_to_json(a, &r), &back, &err));
	assert_string_equal(back.branch, "a\xEF\xBF\xBD"
					 "b");
}

/* The golden file with the first `from` replaced by `to`. */
static struct str changed(struct arena *a, const char *from, const char *to)
{
	struct buf b = {.arena = a};
	struct str text;
	struct err err;
	const char *at;

	assert_true(file_read(a, GOLDEN, FILE_LIMIT, &text, &err));
	at = strstr(text.at, from);
	assert_non_null(at);
	buf_bytes(&b, text.at, (size_t)(at - text.at));
	buf_text(&b, to);
	buf_text(&b, at + strlen(from));
	return (struct str){.at = b.at, .size = b.size};
}

static void every_damage_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *from, *to, *error;
	} cases[] = {
		{"\"pawl_run\": 1", "\"pawl_run\": 2", "r.json: was written by a newer pawl"},
		{"\"pawl_run\": 1", "\"pawl_run\": 0", "r.json: \"pawl_run\" must be"},
		{"\"pawl_run\": 1", "\"pawl_run\": \"1\"", "r.json: \"pawl_run\" must be"},
		{"\"pawl_run\": 1", "\"other\": 1", "r.json: is no run file of pawl"},
		{"\"dirty\": true", "\"dirty\": 1", "r.json: \"dirty\" must be true or false"},
		{"\"dirty\": true", "\"durty\": true", "r.json: \"dirty\" is missing"},
		{"\"cores\": 2", "\"cores\": 2.5", "r.json: host: \"cores\" must be a whole number"},
		{"\"cores\": 2", "\"cores\": \"2\"", "r.json: host: \"cores\" must be a whole number"},
		{"\"cores\": 2", "\"cores\": 9007199254740994", "r.json: host: \"cores\" must be a whole number"},
		{"\"load\": 0.25", "\"load\": 1e999", "r.json: host: \"load\" must be a finite number"},
		{"\"load\": 0.25", "\"load\": nan", "r.json:16: is no valid JSON here"},
		{"\"seed\": \"0x", "\"seed\": \"00", "r.json: \"seed\" must be"},
		{"fffe\"", "fffg\"", "r.json: \"seed\" must be"},
		{"\"name\": \"web\"", "\"name\": \"orders\"", "r.json: suite orders is there twice"},
		{"\"kind\": \"gbench\"", "\"kind\": null", "r.json: suite 1: \"kind\" must be a text"},
		{"\"name\": \"side\"", "\"name\": \"cpu_time\"",
		 "r.json: table orders/BM_discount/4096: metric cpu_time is there twice"},
		{"\"latency\"", "\"delay\"",
		 "r.json: table orders/BM_discount/4096: metric cpu_time: there is no category \"delay\""},
		{"\"cpu_time\", \"side\"]", "\"side\", \"cpu_time\"]",
		 "r.json: table orders/BM_discount/4096: \"columns\" must end with the metrics"},
		{"\"block\", ", "\"brick\", ",
		 "r.json: table orders/BM_discount/4096: \"columns\" lacks 1 of the columns"},
		{"\"block\", ", "\"position\", ",
		 "r.json: table orders/BM_discount/4096: column \"position\" is there twice"},
		{"[0, 1, \"head\"", "[0, 1, \"tail\"",
		 "r.json: table orders/BM_discount/4096: slice 2: \"side\" must be"},
		{"[0, 1, \"head\"", "[0, -1, \"head\"",
		 "r.json: table orders/BM_discount/4096: slice 2: \"position\" must be a whole number from 0 on"},
		{"[0, 1, \"head\"", "[0, 0, 1, \"head\"",
		 "r.json: table orders/BM_discount/4096: slice 2: must be an array of 18 values"},
		{"3, 1.1, 1e+300]", "3, \"1.1\", 1e+300]",
		 "r.json: table orders/BM_discount/4096: slice 2: \"cpu_time\" must be a finite number or null"},
		{"3, 1.1, 1e+300]", "3, -1.1, 1e+300]",
		 "r.json: table orders/BM_discount/4096: slice 2: \"cpu_time\" is a negative time"},
		{"3, 1.1, 1e+300]", "3, 1e999, 1e+300]",
		 "r.json: table orders/BM_discount/4096: slice 2: \"cpu_time\" must be a finite number or null"},
		{"\"status\": \"measured\"", "\"status\": \"lost\"",
		 "r.json: table orders/BM_discount/4096: \"status\" must be"},
		{"\"branch\": \"main\"", "\"branch\": \"ma\\u0000in\"", "r.json:3: a text holds a NUL character"},
		{"\"branch\": \"main\"", "\"branch\": \"ma\xFFin\"", "r.json:3: is no valid UTF-8"},
		{"\"branch\": \"main\"", "\"branch\": \"main", "r.json:4: is no valid JSON"},
		{"\"warnings\"", "\"warnings\": [1], \"warnings\"", "r.json: \"warnings\" must be an array of texts"},
	};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct run run;
		struct err err = {""};

		assert_false(run_from_json(a, "r.json", changed(a, cases[i].from, cases[i].to), &run, &err));
		if (!text_starts(err.text, cases[i].error))
			assert_string_equal(err.text, cases[i].error);
	}
}

static void two_tables_of_one_benchmark_are_refused(void **state)
{
	struct arena *a = *state;
	struct run r = make_run(a), back;
	struct err err;

	run_add(a, &r, "orders", "BM_discount/4096");
	assert_false(run_from_json(a, "r.json", run_to_json(a, &r), &back, &err));
	assert_string_equal(err.text, "r.json: table orders/BM_discount/4096 is there twice");
}

static void a_file_that_was_cut_off_is_refused_wherever_it_was_cut(void **state)
{
	struct arena *a = *state;
	struct run r = make_run(a);
	struct str text = run_to_json(a, &r);

	/* Without its last line break the file is still whole. */
	for (size_t size = 0; size + 1 < text.size; size++) {
		/* A copy of its own, so that reading behind the end is seen. */
		char *cut = malloc(size ? size : 1);
		struct run back;
		struct err err;

		assert_non_null(cut);
		memcpy(cut, text.at, size);
		assert_false(run_from_json(a, "r.json", (struct str){.at = cut, .size = size}, &back, &err));
		assert_true(text_starts(err.text, "r.json:"));
		free(cut);
	}
}

static void text_behind_the_end_is_refused(void **state)
{
	struct arena *a = *state;
	struct run r = {0}, back;
	struct str text = run_to_json(a, &r);
	const char *longer = arena_printf(a, "%s{}", text.at);
	struct err err;

	assert_false(run_from_json(a, "r.json", str_of(longer), &back, &err));
	/* A NUL byte would hide what follows. */
	assert_false(run_from_json(a, "r.json", (struct str){.at = text.at, .size = text.size + 1}, &back, &err));
	assert_non_null(strstr(err.text, "NUL byte"));
}

static void keys_and_columns_of_a_later_release_are_passed_over(void **state)
{
	struct arena *a = *state;
	struct run r = {0}, back;
	struct slice_table *t = run_add(a, &r, "s", "b");
	struct metric m = {"cpu_time", "ns", CATEGORY_LATENCY};
	struct buf b = {.arena = a};
	struct str text;
	const char *columns, *row;
	struct err err;

	table_set(a, t, table_add_slice(a, t), &m, 7);
	text = run_to_json(a, &r);
	columns = strstr(text.at, "\"block\"");
	row = strstr(text.at, "[0, 0, \"base\"") + 1;
	buf_bytes(&b, text.at, (size_t)(columns - text.at));
	buf_text(&b, "\"mood\", ");
	buf_bytes(&b, columns, (size_t)(row - columns));
	buf_text(&b, "{\"good\": [true]}, ");
	buf_text(&b, row);
	assert_true(run_from_json(a, "r.json", (struct str){.at = b.at, .size = b.size}, &back, &err));
	assert_true(back.tables[0].slices[0].cells[0].value == 7);
	assert_true(
		run_from_json(a, "r.json", changed(a, "\"dirty\"", "\"comet\": {\"a\": 1}, \"dirty\""), &back, &err));
}

static void errors_show_hostile_names_without_control_characters(void **state)
{
	struct arena *a = *state;
	struct run r = {0}, back;
	struct err err;

	run_add(a, &r, "s", "\x1b[31m");
	run_add(a, &r, "s", "\x1b[31m");
	assert_false(run_from_json(a, "r.json", run_to_json(a, &r), &back, &err));
	assert_string_equal(err.text, "r.json: table s/\\x1b[31m is there twice");
}

static void run_files_are_known_by_their_first_key(void **state)
{
	(void)state;
	assert_true(run_json_sniff(str_of("{\"pawl_run\": 1")));
	assert_true(run_json_sniff(str_of("\xEF\xBB\xBF \n{\r\n\t\"pawl_run\" : 1")));
	assert_false(run_json_sniff(str_of("")));
	assert_false(run_json_sniff(str_of("{")));
	assert_false(run_json_sniff(str_of("{\"context\": {}, \"pawl_run\": 1")));
	assert_false(run_json_sniff(str_of("[\"pawl_run\": 1")));
	assert_false(run_json_sniff(str_of("{\"pawl_run\"")));
}

/* What was counted stands in the file; files without counts have none of these keys. */
static void counts_and_what_they_were_counted_with_come_back(void **state)
{
	const struct metric instructions = metric_of("instructions");
	struct run run = make_run(*state), back;
	struct str without = run_to_json(*state, &run), with;
	struct slice *s = table_add_slice(*state, &run.tables[0]);
	struct err err;

	assert_null(strstr(without.at, "\"counter\""));
	assert_null(strstr(without.at, "\"uncounted\""));
	s->phase = PHASE_COUNT;
	table_set(*state, &run.tables[0], s, &instructions, 28631.5);
	run.suites[0].counter = "callgrind 3.19.0";
	run.suites[0].isa = "x86-64-v2";
	run.suites[0].compiler = "GCC: 12.2.0";
	run.tables[1].uncounted = "valgrind is missing";
	with = run_to_json(*state, &run);
	if (!run_from_json(*state, "run.json", with, &back, &err))
		fail_msg("%s", err.text);
	assert_string_equal(back.suites[0].counter, "callgrind 3.19.0");
	assert_string_equal(back.suites[0].isa, "x86-64-v2");
	assert_string_equal(back.suites[0].compiler, "GCC: 12.2.0");
	assert_string_equal(back.suites[1].counter, "");
	assert_string_equal(back.tables[0].uncounted, "");
	assert_string_equal(back.tables[1].uncounted, "valgrind is missing");
	assert_int_equal(back.tables[0].slices[3].phase, PHASE_COUNT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_golden_file_is_written_byte_for_byte),
		TEST(a_run_reads_back_as_it_was_written),
		TEST(an_empty_run_reads_back),
		TEST(bytes_that_are_no_utf8_become_a_replacement_character),
		TEST(every_damage_is_refused_with_its_place),
		TEST(two_tables_of_one_benchmark_are_refused),
		TEST(a_file_that_was_cut_off_is_refused_wherever_it_was_cut),
		TEST(text_behind_the_end_is_refused),
		TEST(keys_and_columns_of_a_later_release_are_passed_over),
		TEST(errors_show_hostile_names_without_control_characters),
		TEST(run_files_are_known_by_their_first_key),
		TEST(counts_and_what_they_were_counted_with_come_back),
	};

	return cmocka_run_group_tests_name("run_json", tests, NULL, NULL);
}
