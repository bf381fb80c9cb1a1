/* Profiles of gperftools. */
#include "profile_sums.h"

/* The lines of `go tool pprof -raw`: locations with their addresses, samples with their locations. */
static void expect_raw(struct loaded *l, const char *name)
{
	const struct profile *p = &l->profile;
	uint64_t addresses[1000] = {0};
	struct str text;
	size_t samples = 0;
	unsigned long id;
	char *at, *end;

	assert_true(file_read(l->arena, path_join(l->arena, GOLDEN, name), FILE_LIMIT, &text, &l->err));
	for (at = strstr(text.at, "Locations\n"); at; at = strchr(at + 1, '\n')) {
		unsigned long long address;

		if (sscanf(at + 1, "%lu: 0x%llx", &id, &address) == 2 && strstr(at, "Mappings")) {
			assert_in_range(id, 1, 999);
			addresses[id] = address;
		}
	}
	at = strstr(text.at, "samples/count cpu/nanoseconds\n");
	assert_non_null(at);
	for (at = strchr(at, '\n') + 1; *at == ' '; at = strchr(at, '\n') + 1, samples++) {
		const struct profile_span *s = p->stacks + p->sample_stacks[samples];
		size_t depth = 0;

		assert_true(samples < p->sample_count);
		assert_int_equal(strtoll(at, &at, 10), p->values[2 * samples]);
		assert_int_equal(strtoll(at, &at, 10), p->values[2 * samples + 1]);
		for (at++; (id = strtoul(at, &end, 10), end != at && !memchr(at, '\n', (size_t)(end - at)));
		     at = end, depth++) {
			assert_true(depth < s->count);
			assert_int_equal(p->locations[p->frames[s->first + depth]].address, addresses[id]);
		}
		assert_int_equal(depth, s->count);
	}
	assert_int_equal(samples, p->sample_count);
	assert_true(samples > 50);
}

static void stacks_and_addresses_are_those_of_pprof(void **state)
{
	struct loaded *l = *state;

	load(l, "c/base.gperf.prof", "gperftools");
	expect_types(l, "samples/count cpu/nanoseconds");
	assert_int_equal(l->profile.period, 4000000);
	assert_int_equal(total_of(l, 0), 409);
	expect_raw(l, "c/expected/base.gperf.go-raw.txt");
	load(l, "c/cur.gperf.prof", "gperftools");
	expect_raw(l, "c/expected/cur.gperf.go-raw.txt");
}

static void the_program_is_the_first_mapping_and_only_used_ones_are_kept(void **state)
{
	struct loaded *l = *state;
	const struct profile *p = &l->profile;

	load(l, "c/base.gperf.prof", "gperftools");
	assert_int_equal(p->mapping_count, 2);
	assert_int_equal(p->mappings[0].start, 0x558e7f6ac000);
	assert_int_equal(p->mappings[0].limit, 0x558e7f6ad000);
	assert_int_equal(p->mappings[0].offset, 0x1000);
	assert_string_equal(profile_text(p, p->mappings[1].file), "/usr/lib/x86_64-linux-gnu/libc.so.6");
	for (size_t i = 0; i < p->location_count; i++)
		assert_true(p->locations[i].mapping < 2);
}

/* A profile of words of any size and order of bytes. */
static struct str words(struct arena *a, size_t size, bool big, const uint64_t *at, size_t count, const char *map)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < count; i++)
		for (size_t byte = 0; byte < size; byte++)
			buf_char(&out, (char)(at[i] >> 8 * (big ? size - 1 - byte : byte)));
	buf_text(&out, map);
	return (struct str){buf_string(&out), out.size};
}

static void words_of_both_sizes_and_both_orders_are_read(void **state)
{
	static const uint64_t file[] = {0, 3, 0, 10000, 0, 3, 2, 0x1000, 0x2001, 1, 1, 0x1500, 0, 1, 0};
	struct loaded *l = *state;

	for (int form = 0; form < 4; form++) {
		struct str bytes = words(l->arena, form & 1 ? 4 : 8, form & 2, file, sizeof file / sizeof *file,
					 "1000-3000 r-xp 00000000 00:00 1 /bin/a b\n");

		if (!profile_read_bytes(l->arena, "x", bytes, NULL, &l->profile, &l->format, &l->err))
			fail_msg("%s", l->err.text);
		assert_string_equal(l->format->name, "gperftools");
		assert_int_equal(l->profile.sample_count, 2);
		assert_int_equal(total_of(l, 1), 40000000);
		assert_int_equal(l->profile.locations[1].address, 0x2000);
		assert_string_equal(profile_text(&l->profile, l->profile.mappings[0].file), "/bin/a b");
		assert_int_equal(l->profile.comment_count, 0);
	}
}

static struct str profile_with_second_frame(struct arena *a, uint64_t second, const char *map)
{
	uint64_t file[256] = {0, 3, 0, 10000, 0};
	size_t count = 5;

	for (uint64_t i = 0; i < 40; i++) {
		uint64_t record[] = {1, 3, 0x1000 + 16 * i, i ? second : 0x1999, 0x1800};

		memcpy(file + count, record, sizeof record);
		count += 5;
	}
	memcpy(file + count, (uint64_t[]){0, 1, 0}, 3 * sizeof *file);
	return words(a, 8, false, file, count + 3, map);
}

static void the_frame_of_the_signal_handler_is_dropped_and_a_hot_caller_is_not(void **state)
{
	static const char map[] = "1000-2000 r-xp 00000000 00:00 1 /bin/app\n"
				  "7000-8000 r-xp 00000000 00:00 2 /lib/libc.so.6\n";
	struct loaded *l = *state;
	const struct profile *p = &l->profile;

	assert_true(read_as(l, "gperftools", profile_with_second_frame(l->arena, 0x7001, map)));
	assert_int_equal(p->stacks[p->sample_stacks[0]].count, 3);
	assert_int_equal(p->stacks[p->sample_stacks[5]].count, 2);
	assert_int_equal(p->locations[p->frames[p->stacks[p->sample_stacks[5]].first + 1]].address, 0x17ff);
	assert_true(read_as(l, "gperftools", profile_with_second_frame(l->arena, 0x1900, map)));
	assert_int_equal(p->stacks[p->sample_stacks[5]].count, 3);
	/* Without a map nothing tells them apart, and up to two are taken for handlers, as pprof does. */
	assert_true(read_as(l, "gperftools", profile_with_second_frame(l->arena, 0x1900, "")));
	assert_int_equal(p->stacks[p->sample_stacks[5]].count, 1);
}

static void a_profile_that_is_cut_off_says_at_which_byte(void **state)
{
	static const uint64_t file[] = {0, 3, 0, 10000, 0, 3, 1000, 0x1000};
	struct loaded *l = *state;

	assert_false(read_as(l, "gperftools", words(l->arena, 8, false, file, sizeof file / sizeof *file, "")));
	assert_string_equal(l->err.text,
			    "x: the stack at byte 40 reaches over the end of the file (64 bytes): is it cut off?");
	assert_true(read_as(l, "gperftools", words(l->arena, 8, false, file, 5, "")));
	assert_int_equal(l->profile.comment_count, 1);
	refuse(l, "gperftools", "text",
	       "x: is no CPU profile of gperftools: it does not start with 0, 3, 0, period, 0");
}

static void counts_that_no_64_bits_hold_are_an_error(void **state)
{
	static const uint64_t file[] = {0, 3, 0, 10000, 0, UINT64_MAX / 4, 1, 0x1000, 0, 1, 0};
	struct loaded *l = *state;

	assert_false(read_as(l, "gperftools", words(l->arena, 8, false, file, sizeof file / sizeof *file, "")));
	assert_string_equal(l->err.text,
			    "x: stack 1: the values of a stack add up to more than 2^63: is the file damaged?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADED_TEST(stacks_and_addresses_are_those_of_pprof),
		LOADED_TEST(the_program_is_the_first_mapping_and_only_used_ones_are_kept),
		LOADED_TEST(words_of_both_sizes_and_both_orders_are_read),
		LOADED_TEST(the_frame_of_the_signal_handler_is_dropped_and_a_hot_caller_is_not),
		LOADED_TEST(a_profile_that_is_cut_off_says_at_which_byte),
		LOADED_TEST(counts_that_no_64_bits_hold_are_an_error),
	};

	return cmocka_run_group_tests_name("profile_gperftools", tests, NULL, NULL);
}
