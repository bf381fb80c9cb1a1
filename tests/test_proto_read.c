/* profile.proto in: what the hand-made files do not show. */
#include "profile/profile.h"

#include "base/file.h"
#include "profile/gzip.h"
#include "profile/proto_wire.h"
#include "profile_dump.h"

#define EDGE "tests/golden/profiles/edge"

static void add_varint(struct buf *b, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		buf_char(b, (char)(value | 0x80));
	buf_char(b, (char)value);
}

static void add_number(struct buf *b, unsigned field, uint64_t value)
{
	add_varint(b, (uint64_t)field << 3);
	add_varint(b, value);
}

static void add_bytes(struct buf *b, unsigned field, const char *at, size_t size)
{
	add_varint(b, (uint64_t)field << 3 | WIRE_BYTES);
	add_varint(b, size);
	buf_bytes(b, at, size);
}

/* A profile with the strings "", cpu, ns and a, and the type cpu/ns. */
static struct buf begun(struct arena *a)
{
	static const char *const strings[] = {"", "cpu", "ns", "a"};
	struct buf b = {.arena = a};

	add_bytes(&b, 1, "\x08\x01\x10\x02", 4);
	for (size_t i = 0; i < 4; i++)
		add_bytes(&b, 6, strings[i], strlen(strings[i]));
	return b;
}

static struct str str_of_buf(const struct buf *b)
{
	return (struct str){b->at, b->size};
}

static struct profile read_made(struct arena *a, struct str bytes)
{
	struct profile p;
	struct err err;

	if (!profile_read_bytes(a, "made", bytes, NULL, &p, NULL, &err))
		fail_msg("%s", err.text);
	return p;
}

static void assert_refused(struct arena *a, struct str bytes, const char *why)
{
	struct profile p;
	struct err err;

	assert_false(profile_read_bytes(a, "made", bytes, NULL, &p, NULL, &err));
	assert_string_equal(err.text, why);
}

static struct str written(struct arena *a, const struct profile *p)
{
	struct buf out = {.arena = a};
	struct err err;

	assert_true(profile_format_proto.write(a, p, 0, &out, &err));
	return (struct str){out.at, out.size};
}

/* The fields of one number, or of all others, in the file's order. */
static void copy_fields(struct buf *to, struct str from, uint64_t number, bool others)
{
	const unsigned char *start = (const unsigned char *)from.at;
	struct wire rest = {start, start + from.size};
	struct wire_field f;

	while (wire_next(&rest, &f, NULL) == WIRE_FIELD) {
		if ((f.number == number) != others)
			buf_bytes(to, (const char *)f.start, (size_t)(rest.at - f.start));
	}
}

static void fields_may_come_in_any_order(void **state)
{
	const char **names;
	size_t count, checked = 0;
	struct err err;

	assert_true(dir_list(*state, EDGE, &names, &count, &err));
	for (size_t i = 0; i < count; i++) {
		struct profile p;
		struct str bytes, expected;

		assert_true(file_read(*state, path_join(*state, EDGE, names[i]), FILE_LIMIT, &bytes, &err));
		if (!text_ends(names[i], ".pb") || !profile_read_bytes(*state, "original", bytes, NULL, &p, NULL, &err))
			continue;
		expected = written(*state, &p);
		/* Sample types, locations, functions, strings: before everything else and behind it. */
		for (uint64_t number = 1; number <= 6; number++) {
			for (int last = 0; last < 2; last++) {
				struct buf turned = {.arena = *state};
				struct str found;

				copy_fields(&turned, bytes, number, last);
				copy_fields(&turned, bytes, number, !last);
				assert_int_equal(turned.size, bytes.size);
				p = read_made(*state, str_of_buf(&turned));
				/* The order of types and mappings has a meaning, and stays. */
				found = written(*state, &p);
				assert_int_equal(found.size, expected.size);
				assert_memory_equal(found.at, expected.at, found.size);
				checked++;
			}
		}
	}
	assert_int_equal(checked, 23 * 12);
}

static void no_cut_of_a_file_is_read_as_a_profile_with_other_samples(void **state)
{
	struct str whole;
	struct err err;

	assert_true(file_read(*state, EDGE "/18_labels.pb", FILE_LIMIT, &whole, &err));
	for (size_t size = 0; size < whole.size; size++) {
		struct arena *a = arena_open();
		/* To the byte, so that a sanitizer sees a read behind the end. */
		char *exact = arena_copy(a, whole.at, size);
		struct profile p;

		if (profile_read_bytes(a, "cut", (struct str){exact, size}, NULL, &p, NULL, &err))
			assert_int_equal(p.sample_count, 4);
		else
			assert_true(text_starts(err.text, "cut: "));
		arena_close(a);
	}
}

static void ids_of_nothing_are_taken_for_none_and_counted(void **state)
{
	struct buf b = begun(*state);
	struct profile p;

	/* Location 7 of mapping 9, with a line of function 8. */
	add_bytes(&b, 4, "\x08\x07\x10\x09\x22\x04\x08\x08\x10\x05", 10);
	add_bytes(&b, 2, "\x08\x07\x10\x01", 4);
	p = read_made(*state, str_of_buf(&b));
	assert_int_equal(p.locations[0].mapping, PROFILE_NONE);
	assert_int_equal(p.lines[0].function, PROFILE_NONE);
	assert_int_equal(p.lines[0].line, 5);
	assert_int_equal(p.dangling_mapping_count, 1);
	assert_int_equal(p.dangling_function_count, 1);
}

static void scattered_ids_are_found(void **state)
{
	enum { COUNT = 1000 };
	struct buf b = begun(*state);
	struct profile p;

	for (uint64_t i = 0; i < COUNT; i++) {
		struct buf m = {.arena = *state};

		/* Bottom and top of what 64 bits hold. */
		add_number(&m, 1, i % 2 ? i + 1 : UINT64_MAX - i * 4096);
		add_number(&m, 3, i + 1);
		add_bytes(&b, 4, m.at, m.size);
		m.size = 0;
		add_number(&m, 1, i % 2 ? i + 1 : UINT64_MAX - i * 4096);
		add_number(&m, 2, i);
		add_bytes(&b, 2, m.at, m.size);
	}
	p = read_made(*state, str_of_buf(&b));
	for (size_t i = 0; i < COUNT; i++) {
		const struct profile_span *stack = p.stacks + p.sample_stacks[i];

		assert_int_equal(p.locations[p.frames[stack->first]].address, i + 1);
		assert_int_equal(p.values[i], i);
	}
	add_bytes(&b, 4, "\x08\x02", 2);
	assert_refused(*state, str_of_buf(&b),
		       arena_printf(*state,
				    "made: byte %zu: a second location has the id 2 (two profiles in one file?)",
				    b.size - 4));
}

static void a_small_message_that_is_large_is_refused(void **state)
{
	struct buf b = begun(*state), m = {.arena = *state};
	size_t at = b.size;

	add_number(&m, 1, 1);
	buf_repeat(&m, '\x78', 1 << 17); /* the field 15, which nobody knows */
	add_bytes(&b, 5, m.at, m.size);
	assert_refused(
		*state, str_of_buf(&b),
		arena_printf(*state, "made: byte %zu: a function of %zu bytes, more than any needs", at, m.size));
}

static void errors_say_where_and_what(void **state)
{
	struct buf b = begun(*state);
	size_t at = b.size;

	add_bytes(&b, 2, "\x0a\x02\x81\x81\x10\x01", 6); /* a packed id that never ends */
	assert_refused(
		*state, str_of_buf(&b),
		arena_printf(*state,
			     "made: byte %zu: a location id is cut off or longer than 10 bytes, in a sample: the "
			     "file is cut off or damaged",
			     at + 2));
	b = begun(*state);
	add_bytes(&b, 2, "\x1d\x01\x02\x03\x04\x10\x01", 7); /* a label of four bytes */
	assert_refused(*state, str_of_buf(&b),
		       arena_printf(*state, "made: byte %zu: field 3 of a sample is of wire type 5, which it cannot be",
				    at + 2));
	b = begun(*state);
	add_number(&b, 14, 77);
	assert_refused(
		*state, str_of_buf(&b),
		arena_printf(*state, "made: byte %zu: a default_sample_type has the string 77, the file has 4", at));
}

static void many_labels_of_one_sample_are_sorted(void **state)
{
	enum { COUNT = 5000 };
	struct buf b = begun(*state), m = {.arena = *state};
	struct profile p;

	for (uint64_t i = COUNT; i > 0; i--) {
		struct buf label = {.arena = *state};

		add_number(&label, 1, 3);
		add_number(&label, 3, i);
		add_bytes(&m, 3, label.at, label.size);
	}
	add_number(&m, 2, 1);
	add_bytes(&b, 2, m.at, m.size);
	p = read_made(*state, str_of_buf(&b));
	assert_int_equal(p.label_sets[p.sample_labels[0]].count, COUNT);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(p.labels[p.label_sets[p.sample_labels[0]].first + i].number, i + 1);
}

static struct str packed(struct arena *a, char fill, size_t size)
{
	struct buf out = {.arena = a}, bytes = {.arena = a};
	struct gzip_packer g;

	buf_repeat(&bytes, fill, size);
	gzip_open(&g, a, &out);
	gzip_add(&g, (struct str){bytes.at, size / 3});
	gzip_add(&g, (struct str){bytes.at + size / 3, size - size / 3});
	gzip_close(&g);
	return (struct str){out.at, out.size};
}

static void members_of_any_size_are_one_stream(void **state)
{
	static const size_t sizes[] = {100000, 0, 3, 1000000, 1};
	struct buf file = {.arena = *state};
	struct str out;
	struct err err;
	size_t size = 0;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct str member = packed(*state, (char)('a' + i), sizes[i]);

		buf_bytes(&file, member.at, member.size);
		size += sizes[i];
	}
	if (!gzip_expand(*state, "x", str_of_buf(&file), size, &out, &err))
		fail_msg("%s", err.text);
	assert_int_equal(out.size, size);
	assert_int_equal(out.at[99999], 'a');
	assert_int_equal(out.at[100000], 'c');
	assert_int_equal(out.at[100003], 'd');
	assert_int_equal(out.at[size - 1], 'e');
	assert_false(gzip_expand(*state, "x", str_of_buf(&file), size - 1, &out, &err));
	assert_true(text_starts(err.text, "x: expands to more than 1100003 bytes"));
}

static void every_cut_of_a_compressed_file_is_refused(void **state)
{
	struct str whole = packed(*state, 'x', 5000), out;
	struct err err;

	for (size_t size = 2; size < whole.size; size++) {
		assert_false(gzip_expand(*state, "x", (struct str){whole.at, size}, 1 << 20, &out, &err));
		assert_string_equal(err.text,
				    arena_printf(*state,
						 "x: byte %zu of the gzip file: the compressed profile is cut off here",
						 size));
	}
	assert_true(gzip_expand(*state, "x", whole, 1 << 20, &out, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fields_may_come_in_any_order),
		TEST(no_cut_of_a_file_is_read_as_a_profile_with_other_samples),
		TEST(ids_of_nothing_are_taken_for_none_and_counted),
		TEST(scattered_ids_are_found),
		TEST(a_small_message_that_is_large_is_refused),
		TEST(errors_say_where_and_what),
		TEST(many_labels_of_one_sample_are_sorted),
		TEST(members_of_any_size_are_one_stream),
		TEST(every_cut_of_a_compressed_file_is_refused),
	};

	return cmocka_run_group_tests_name("test_proto_read", tests, NULL, NULL);
}
