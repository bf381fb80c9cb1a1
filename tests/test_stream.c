/* Files read piece by piece. */
#include "base/stream.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct scratch {
	struct arena *arena;
	const char *folder, *path;
	struct err err;
};

static int set_up(void **state)
{
	static struct scratch s;

	s.arena = arena_open();
	*state = &s;
	if (!dir_make_scratch(s.arena, &s.folder, &s.err))
		return -1;
	s.path = path_join(s.arena, s.folder, "file");
	return 0;
}

static int tear_down(void **state)
{
	struct scratch *s = *state;

	dir_remove(s->folder);
	arena_close(s->arena);
	return 0;
}

/* Numbered lines, `size` bytes of them. */
static struct str lines(struct arena *a, size_t size)
{
	struct buf b = {.arena = a};

	for (size_t i = 0; b.size <= size; i++)
		buf_printf(&b, "line %zu\n", i);
	b.at[size] = '\0';
	return (struct str){b.at, size};
}

static void expect_whole(struct scratch *s, struct str text, size_t piece)
{
	struct buf seen = {.arena = s->arena};
	struct stream in;

	if (!stream_open(s->arena, s->path, FILE_LIMIT, &in, &s->err))
		fail_msg("%s", s->err.text);
	for (;;) {
		size_t used = in.ended || in.text.size < piece ? in.text.size : piece;

		assert_int_equal(in.text.at[in.text.size], '\0');
		buf_bytes(&seen, in.text.at, used);
		if (in.ended)
			break;
		if (!stream_advance(&in, used, &s->err))
			fail_msg("%s", s->err.text);
	}
	stream_close(&in);
	assert_int_equal(seen.size, text.size);
	assert_memory_equal(buf_string(&seen), text.at, text.size);
}

static void the_pieces_are_the_file(void **state)
{
	static const size_t sizes[] = {0, 1, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, 1000000};
	struct scratch *s = *state;

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct str text = lines(s->arena, sizes[i]);

		assert_true(file_write(s->path, text.at, text.size, &s->err));
		expect_whole(s, text, 256 << 10);
		expect_whole(s, text, 100001);
		expect_whole(s, text, 200000);
	}
}

static void a_window_of_which_nothing_is_used_grows_to_the_whole_file(void **state)
{
	struct scratch *s = *state;
	struct str text = lines(s->arena, 3000000);
	struct stream in;

	assert_true(file_write(s->path, text.at, text.size, &s->err));
	assert_true(stream_open(s->arena, s->path, FILE_LIMIT, &in, &s->err));
	assert_false(in.ended);
	while (!in.ended)
		assert_true(stream_advance(&in, 0, &s->err));
	assert_int_equal(in.text.size, text.size);
	assert_memory_equal(in.text.at, text.at, text.size);
	stream_close(&in);
}

static void a_text_in_memory_is_a_stream_that_has_ended(void **state)
{
	struct stream in = stream_of("name", str_of("text"));

	(void)state;
	assert_true(in.ended);
	assert_string_equal(in.path, "name");
	assert_int_equal(in.text.size, 4);
}

static void what_is_no_file_is_refused(void **state)
{
	struct scratch *s = *state;
	struct stream in;

	assert_false(stream_open(s->arena, s->folder, FILE_LIMIT, &in, &s->err));
	assert_non_null(strstr(s->err.text, "is a folder"));
	assert_false(stream_open(s->arena, s->path, FILE_LIMIT, &in, &s->err));
	assert_non_null(strstr(s->err.text, s->path));
	assert_false(stream_open(s->arena, "/dev/null", FILE_LIMIT, &in, &s->err));
	assert_non_null(strstr(s->err.text, "device"));
}

static void a_file_above_the_limit_is_refused_where_it_is_noticed(void **state)
{
	struct scratch *s = *state;
	struct str text = lines(s->arena, 1000000);
	struct stream in;

	assert_true(file_write(s->path, text.at, text.size, &s->err));
	assert_false(stream_open(s->arena, s->path, 1000, &in, &s->err));
	assert_non_null(strstr(s->err.text, "is larger than"));
	assert_true(stream_open(s->arena, s->path, 300000, &in, &s->err));
	assert_false(stream_advance(&in, 200000, &s->err));
	assert_non_null(strstr(s->err.text, "is larger than"));
	stream_close(&in);
	assert_true(stream_open(s->arena, s->path, 1000000, &in, &s->err));
	while (!in.ended)
		assert_true(stream_advance(&in, in.text.size, &s->err));
	stream_close(&in);
}

static void many_files_read_one_after_another_take_the_memory_of_one(void **state)
{
	struct scratch *s = *state;
	struct str text = lines(s->arena, 300000);
	struct arena *child = arena_open_child(s->arena);

	assert_true(file_write(s->path, text.at, text.size, &s->err));
	for (int i = 0; i < 2000; i++) {
		struct stream in;

		assert_true(stream_open(child, s->path, FILE_LIMIT, &in, &s->err));
		stream_close(&in);
	}
	arena_close(child);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(the_pieces_are_the_file),
		TEST(a_window_of_which_nothing_is_used_grows_to_the_whole_file),
		TEST(a_text_in_memory_is_a_stream_that_has_ended),
		TEST(what_is_no_file_is_refused),
		TEST(a_file_above_the_limit_is_refused_where_it_is_noticed),
		TEST(many_files_read_one_after_another_take_the_memory_of_one),
	};

	return cmocka_run_group_tests_name("test_stream", tests, NULL, NULL);
}
