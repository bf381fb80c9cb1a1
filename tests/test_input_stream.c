/* Results read piece by piece give what they give whole. */
#include "input_rows.h"

#include <string.h>

struct scratch {
	struct arena *arena;
	const char *folder, *path;
	struct err err;
};

static int scratch_open(void **state)
{
	static struct scratch s;

	s.arena = arena_open();
	*state = &s;
	if (!dir_make_scratch(s.arena, &s.folder, &s.err))
		return -1;
	s.path = path_join(s.arena, s.folder, "result.json");
	return 0;
}

static int scratch_close(void **state)
{
	struct scratch *s = *state;

	dir_remove(s->folder);
	arena_close(s->arena);
	return 0;
}

/* One entry; every seventh must be mended, every hundredth is longer than a piece of the window that is looked at. */
static void add_entry(struct buf *b, size_t i)
{
	buf_printf(b, "%s\n    {\n      \"name\": \"BM_%zu%s\",\n", i ? "," : "", i / 3,
		   i % 7 == 0 ? "\xc3\xa4\\u0041" : "");
	buf_printf(b, "      \"run_type\": \"iteration\", \"repetition_index\": %zu,\n", i % 3);
	if (i % 100 == 50) {
		buf_text(b, "      \"label\": \"");
		buf_repeat(b, 'x', 40000);
		buf_text(b, "\",\n");
	}
	buf_printf(b, "      \"iterations\": %zu, \"real_time\": %zu.25e+00, \"cpu_time\": %s\n    }", i + 1, i + 1,
		   i % 11 == 0 ? "NaN" : "7.5");
}

static struct str result_of(struct arena *a, size_t entries)
{
	struct buf b = {.arena = a};

	buf_text(&b, "{\n  \"context\": {\"num_cpus\": 4, \"host_name\": \"h\"},\n  \"benchmarks\": [");
	for (size_t i = 0; i < entries; i++)
		add_entry(&b, i);
	buf_text(&b, "\n  ]\n}\n");
	return (struct str){b.at, b.size};
}

static bool read_stream(struct scratch *s, struct kept *k, struct err *err)
{
	struct input_sink sink = {.to = k, .row = keep_row, .context = keep_context};
	struct stream in;
	bool done;

	if (!stream_open(s->arena, s->path, FILE_LIMIT, &in, err))
		return false;
	done = input_find("gbench")->read_stream(s->arena, &in, &sink, err);
	stream_close(&in);
	return done;
}

static void expect_same_rows(const struct kept *one, const struct kept *two)
{
	assert_int_equal(one->count, two->count);
	assert_int_equal(one->contexts, two->contexts);
	assert_int_equal(one->context.cpu_count, two->context.cpu_count);
	for (size_t i = 0; i < one->count; i++) {
		const struct input_row *a = &one->rows[i], *b = &two->rows[i];

		assert_string_equal(a->name, b->name);
		assert_string_equal(a->message, b->message);
		assert_int_equal(a->line, b->line);
		assert_int_equal(a->occurrence, b->occurrence);
		assert_int_equal(a->iterations, b->iterations);
		assert_int_equal(a->metric_count, b->metric_count);
		for (size_t k = 0; k < a->metric_count; k++)
			assert_true(a->metrics[k].value == b->metrics[k].value);
	}
}

/* Both ways give the same rows and the same error. */
static void expect_same(struct scratch *s, struct str text)
{
	struct kept whole = {.arena = s->arena}, pieces = {.arena = s->arena};
	struct err whole_err = {0}, pieces_err = {0};
	struct input_sink sink = {.to = &whole, .row = keep_row, .context = keep_context};
	bool done = input_find("gbench")->read(s->arena, s->path, text, &sink, &whole_err);

	assert_true(file_write(s->path, text.at, text.size, &s->err));
	assert_int_equal(read_stream(s, &pieces, &pieces_err), done);
	assert_string_equal(whole_err.text, pieces_err.text);
	expect_same_rows(&whole, &pieces);
}

static void a_large_result_gives_the_same_rows_in_pieces(void **state)
{
	struct scratch *s = *state;

	expect_same(s, result_of(s->arena, 1));
	expect_same(s, result_of(s->arena, 6000));
}

static void a_result_cut_off_behind_many_pieces_fails_with_its_line(void **state)
{
	struct scratch *s = *state;
	struct str text = result_of(s->arena, 4000);

	for (size_t i = 0; i < 40; i++)
		expect_same(s, (struct str){text.at, text.size - 1 - i * 7});
	expect_same(s, (struct str){text.at, text.size / 2});
	expect_same(s, (struct str){text.at, 256 << 10});
	expect_same(s, (struct str){text.at, (256 << 10) + 1});
}

static void a_fault_behind_many_pieces_is_named_with_its_line(void **state)
{
	struct scratch *s = *state;
	struct str text = result_of(s->arena, 4000);
	char *at = arena_copy(s->arena, text.at, text.size);

	*strstr(at + text.size - 2000, "\"run_type\"") = '!';
	expect_same(s, (struct str){at, text.size});
}

static void a_context_behind_a_large_list_comes_first_all_the_same(void **state)
{
	struct scratch *s = *state;
	struct buf b = {.arena = s->arena};

	buf_text(&b, "{\"benchmarks\": [");
	for (size_t i = 0; i < 3000; i++)
		add_entry(&b, i);
	buf_text(&b, "], \"context\": {\"num_cpus\": 3}}");
	expect_same(s, (struct str){b.at, b.size});
}

static void members_that_are_of_no_use_may_be_larger_than_the_window(void **state)
{
	struct scratch *s = *state;
	struct buf b = {.arena = s->arena};

	buf_text(&b, "{\"context\": {\"num_cpus\": 2}, \"other\": [\"");
	buf_repeat(&b, 'y', 1000000);
	buf_text(&b, "\"], \"benchmarks\": [");
	add_entry(&b, 0);
	buf_text(&b, "], \"more\": \"");
	buf_repeat(&b, 'z', 1000000);
	buf_text(&b, "\"}");
	expect_same(s, (struct str){b.at, b.size});
}

static void plain_and_mended_entries_say_the_same(void **state)
{
	static const char *const plain = "{\"context\": {}, \"benchmarks\": [{\"name\": \"BM_a\", \"iterations\": 10, "
					 "\"real_time\": 1.5, \"cpu_time\": 2e0, \"items\": -3}]}";
	static const char *const odd =
		"{\"context\": {}, \"benchmarks\": [{\"n\\u0061me\": \"BM_\\u0061\", \"iterations\" "
		":\t10, \"real_time\": 1.5, \"cpu_time\": 2e0, \"items\": -3, \"x\": [1, {}]}]}";
	struct scratch *s = *state;
	struct kept one = {.arena = s->arena}, two = {.arena = s->arena};
	struct err err;

	assert_true(read_text(&one, "x", str_of(plain), &err));
	assert_true(read_text(&two, "x", str_of(odd), &err));
	expect_same_rows(&one, &two);
	assert_int_equal(one.rows[0].metric_count, 3);
}

static void repetitions_beyond_64_and_twice_are_counted_like_the_others(void **state)
{
	static const int repetitions[] = {0, 63, 64, 100, 0, 63, 64, 100, 0};
	static const size_t occurrences[] = {0, 0, 0, 0, 1, 1, 1, 1, 2};
	struct scratch *s = *state;
	struct kept k = {.arena = s->arena};
	struct buf b = {.arena = s->arena};
	struct err err;

	buf_text(&b, "{\"context\": {}, \"benchmarks\": [");
	for (size_t i = 0; i < sizeof repetitions / sizeof repetitions[0]; i++)
		buf_printf(
			&b,
			"%s{\"name\": \"BM\", \"run_type\": \"iteration\", \"repetition_index\": %d, \"real_time\": 1}",
			i ? "," : "", repetitions[i]);
	buf_text(&b, "]}");
	assert_true(read_text(&k, "x", (struct str){b.at, b.size}, &err));
	for (size_t i = 0; i < k.count; i++)
		assert_int_equal(k.rows[i].occurrence, occurrences[i]);
}

static void an_aggregate_says_what_it_is_of_and_over_how_many(void **state)
{
	struct scratch *s = *state;
	struct kept k = {.arena = s->arena};
	struct err err;
	const struct input_row *row;

	assert_true(read_golden(&k, "tests/golden/gbench/aggonly-v1.9.5.json", &err));
	row = &k.rows[1];
	assert_string_equal(row->name, "BM_plain_median");
	assert_string_equal(row->of, "BM_plain");
	assert_string_equal(row->statistic, "median");
	assert_int_equal(row->repetitions, 3);
	k.count = 0;
	k.contexts = 0;
	assert_true(read_text(&k, "x",
			      str_of("{\"context\": {}, \"benchmarks\": [{\"name\": \"BM_a_mean\", \"iterations\": 77, "
				     "\"real_time\": 1}]}"),
			      &err));
	assert_string_equal(k.rows[0].of, "BM_a");
	assert_string_equal(k.rows[0].statistic, "mean");
	assert_int_equal(k.rows[0].repetitions, 0);
}

int main(void)
{
#define IN_SCRATCH(name) cmocka_unit_test_setup_teardown(name, scratch_open, scratch_close)
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(a_large_result_gives_the_same_rows_in_pieces),
		IN_SCRATCH(a_result_cut_off_behind_many_pieces_fails_with_its_line),
		IN_SCRATCH(a_fault_behind_many_pieces_is_named_with_its_line),
		IN_SCRATCH(a_context_behind_a_large_list_comes_first_all_the_same),
		IN_SCRATCH(members_that_are_of_no_use_may_be_larger_than_the_window),
		IN_SCRATCH(plain_and_mended_entries_say_the_same),
		IN_SCRATCH(repetitions_beyond_64_and_twice_are_counted_like_the_others),
		IN_SCRATCH(an_aggregate_says_what_it_is_of_and_over_how_many),
	};

	return cmocka_run_group_tests_name("test_input_stream", tests, NULL, NULL);
}
