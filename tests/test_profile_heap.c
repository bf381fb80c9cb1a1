/* Heap profiles that are text. */
#include "profile_sums.h"

static void numbers_are_those_that_go_wrote_as_profile_proto(void **state)
{
	struct loaded *l = *state;
	int64_t totals[4];

	load(l, "gotext/heap.pb.gz", "proto");
	for (size_t i = 0; i < 4; i++)
		totals[i] = total_of(l, i);
	load(l, "gotext/heap.txt", "heap");
	expect_types(l, "alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes");
	assert_int_equal(l->profile.period, 4096);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(total_of(l, i), totals[i]);
	/* From `go tool pprof -raw heap.pb.gz`; bytes.Repeat is inlined in main.keepOrder. */
	expect_sums(l, 3, "bytes.Repeat", 81077 + 145667 + 18517, 81077 + 145667 + 18517);
	expect_sums(l, 1, "main.keepOrder", 4911, 81077 + 4911 + 145667 + 18517);
	expect_sums(l, 3, "runtime/trace.Start", 0, 131072 + 1048576);
}

static void leaks_of_gperftools_are_those_of_its_own_pprof(void **state)
{
	struct loaded *l = *state;
	int64_t early;

	load(l, "c/base.early.heap", "heap");
	early = total_of(l, 3);
	load(l, "c/base.late.heap", "heap");
	expect_types(l, "alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes");
	assert_int_equal(total_of(l, 3), 7684416);
	assert_int_equal(total_of(l, 1), 308812096);
	/* heap.base_diff.google-pprof.txt: "Total: 6.6 MB", of 2^20 bytes. */
	assert_int_equal((total_of(l, 3) - early) * 10 / (1 << 20), 66);
	assert_string_equal(profile_text(&l->profile, l->profile.mappings[0].file), "/golden/c/base/app");
}

static void what_was_sampled_is_multiplied_up(void **state)
{
	struct loaded *l = *state;

	/* 1/(1 - exp(-512/1024)) is 2.5414940825367983. */
	take_text(l, "heap", "heap profile: 4: 2048 [0: 0] @ heap_v2/1024\n4: 2048 [0: 0] @ 0x10 0x20\n");
	expect_types(l, "objects/count space/bytes");
	assert_int_equal(total_of(l, 0), 10);
	assert_int_equal(total_of(l, 1), 5204);
	assert_int_equal(l->profile.locations[1].address, 0x1f);
	/* Go writes twice its rate, and a rate of 1 is everything. */
	take_text(l, "heap", "heap profile: 4: 2048 [4: 2048] @ heap/2048\n4: 2048 [4: 2048] @ 0x10\n");
	assert_int_equal(total_of(l, 1), 5204);
	take_text(l, "heap", "heap profile: 4: 2048 [4: 2048] @ heap_v2/1\n4: 2048 [4: 2048] @ 0x10\n");
	assert_int_equal(total_of(l, 1), 2048);
}

static void damaged_rows_are_named(void **state)
{
	struct loaded *l = *state;

	refuse(l, "heap", "heap profile: 1: 2 [3: 4] @ heap_v2/5\n1: 2 [3 4] @ 0x1\n",
	       "x:2: expected OBJECTS: BYTES [OBJECTS: BYTES] @ ADDRESSES, found \"1: 2 [3 4] @ 0x1\"");
	refuse(l, "heap", "heap profile: 1: 2 [3: 4] @ heap_v2/5\n1: 2 [3: 4] @ 0x1 zz\n",
	       "x:2: expected addresses (0x4372d5) of 64 bits behind the @, found \"zz\"");
	refuse(l, "heap", "heap profile: 1: 2 [3: 4] @ heap_v2/5\n1: 2 [3: 4] @ 0x11112222333344445\n",
	       "x:2: expected addresses (0x4372d5) of 64 bits behind the @, found \"0x11112222333344445\"");
	refuse(l, "heap", "heap profile: 1: 2 [3: 4] @ heap_v2/5\n0: 2 [3: 4] @ 0x1\n",
	       "x:2: no objects, but their bytes are not 0");
	refuse(l, "heap",
	       "heap profile: 1: 2 [3: 4] @ heap_v2/9000000000000000000\n9000000000: 9000000000 [3: 4] @ 0x1\n",
	       "x:2: multiplied up from what was sampled, this is more than 2^63 bytes");
	refuse(l, "heap", "heap profile: 1: 2 [3: 4] @ cake\n",
	       "x:1: expected \"heap profile: OBJECTS: BYTES [OBJECTS: BYTES] @ KIND\", where KIND is heap/RATE, "
	       "heap_v2/RATE, "
	       "heapprofile, growth or fragmentation");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADED_TEST(numbers_are_those_that_go_wrote_as_profile_proto),
		LOADED_TEST(leaks_of_gperftools_are_those_of_its_own_pprof),
		LOADED_TEST(what_was_sampled_is_multiplied_up),
		LOADED_TEST(damaged_rows_are_named),
	};

	return cmocka_run_group_tests_name("profile_heap", tests, NULL, NULL);
}
