/* Samplers: the table, what they keep of processes, and what they make of records. */
#include "sampler/sampler.h"

#include "base/file.h"
#include "sampler/call_site.h"
#include "sampler/collect.h"
#include "sampler/perf_record.h"
#include "sampler/preload_area.h"
#include "sampler/preload_record.h"
#include "sampler/space.h"
#include "sampler/table.h"
#include "sampler/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PID = 1 << 30 }; /* no process has this number */

static void every_sampler_says_what_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sampler_count; i++) {
		assert_true(samplers[i]->name[0] && samplers[i]->help[0]);
		assert_non_null(strstr(samplers[i]->unwinders, "frames"));
		assert_ptr_equal(sampler_find(samplers[i]->name), samplers[i]);
	}
	assert_null(sampler_find("no such engine"));
}

static void the_first_sampler_that_works_is_taken_and_the_others_say_why_not(void **state)
{
	struct arena *a = arena_open();
	const struct sampler *best;
	const char *why_not;
	struct err err;

	(void)state;
	best = sampler_choose(a, &why_not, &err);
	for (size_t i = 0; i < sampler_count && samplers[i] != best; i++)
		assert_non_null(strstr(best ? why_not : err.text, samplers[i]->name));
	if (best == samplers[0])
		assert_string_equal(why_not, "");
	arena_close(a);
}

static void pairs_keep_their_values_while_a_table_grows(void **state)
{
	struct arena *a = arena_open();
	struct table t = {.arena = a};
	bool added;

	(void)state;
	for (uint64_t i = 0; i < 5000; i++) {
		*table_put(&t, i, i % 7, &added) = (uint32_t)i;
		assert_true(added);
	}
	for (uint64_t i = 0; i < 5000; i++) {
		assert_int_equal(*table_put(&t, i, i % 7, &added), i);
		assert_false(added);
		assert_int_equal(*table_find(&t, i, i % 7), i);
		assert_null(table_find(&t, i, 8));
	}
	arena_close(a);
}

static struct space_map mapping(uint64_t start, uint64_t limit, uint32_t image)
{
	return (struct space_map){.start = start, .limit = limit, .offset = start, .image = image};
}

static void a_mapping_covers_what_was_there_and_leaves_the_rest(void **state)
{
	struct arena *a = arena_open();
	struct spaces all = {.arena = a};
	struct space *s = space_new(&all);
	struct space_map m = mapping(1000, 9000, 1);

	(void)state;
	s = space_map_add(&all, s, &m);
	m = mapping(3000, 4000, 2);
	s = space_map_add(&all, s, &m);
	assert_int_equal(s->count, 3);
	assert_int_equal(space_find(s, 2999)->image, 1);
	assert_int_equal(space_find(s, 3000)->image, 2);
	assert_int_equal(space_find(s, 4000)->image, 1);
	assert_int_equal(space_find(s, 4000)->offset, 4000);
	assert_null(space_find(s, 999));
	assert_null(space_find(s, 9000));
	m = mapping(500, 10000, 3);
	s = space_map_add(&all, s, &m);
	assert_int_equal(s->count, 1);
	m = mapping(7, 7, 4);
	s = space_map_add(&all, s, &m);
	assert_int_equal(s->count, 1);
	arena_close(a);
}

static void a_forked_process_keeps_its_mappings_when_its_parent_maps_anew(void **state)
{
	struct arena *a = arena_open();
	struct spaces all = {.arena = a};
	struct space *parent = space_new(&all), *child;
	struct space_map m = mapping(1000, 2000, 1);

	(void)state;
	parent = space_map_add(&all, parent, &m);
	child = space_share(parent);
	m.image = 2;
	parent = space_map_add(&all, parent, &m);
	assert_int_equal(space_find(child, 1500)->image, 1);
	assert_int_equal(space_find(parent, 1500)->image, 2);
	space_drop(&all, child);
	assert_ptr_equal(space_new(&all), child);
	arena_close(a);
}

static struct image *image_of_bytes(struct arena *a, const char *folder, const void *bytes, size_t size)
{
	struct image_key key = {.path = str_of(path_join(a, folder, "code"))};
	struct err err;

	if (!file_write(key.path.at, bytes, size, &err))
		fail_msg("%s", err.text);
	return image_make(a, &key);
}

static void every_form_of_a_call_is_known_by_its_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		bool is_call;
	} codes[] = {
#if defined(__x86_64__)
		{"\xe8\x01\x02\x03\x04", 5, true},             /* call rel32 */
		{"\xff\xd0", 2, true},                         /* call *%rax */
		{"\x41\xff\xd4", 3, true},                     /* call *%r12 */
		{"\xff\x10", 2, true},                         /* call *(%rax) */
		{"\xff\x50\x08", 3, true},                     /* call *8(%rax) */
		{"\xff\x14\xc8", 3, true},                     /* call *(%rax,%rcx,8) */
		{"\xff\x54\xc8\x08", 4, true},                 /* call *8(%rax,%rcx,8) */
		{"\xff\x15\x01\x02\x03\x04", 6, true},         /* call *disp(%rip) */
		{"\xff\x90\x01\x02\x03\x04", 6, true},         /* call *disp32(%rax) */
		{"\xff\x94\xc8\x01\x02\x03\x04", 7, true},     /* call *disp32(%rax,%rcx,8) */
		{"\x64\xff\x14\x25\x10\x00\x00\x00", 8, true}, /* call *%fs:0x10 */
		{"\xff\xe0", 2, false},                        /* jmp *%rax */
		{"\xe9\x01\x02\x03\x04", 5, false},            /* jmp rel32 */
		{"\x90\x90\x90\x90\x90\x90\x90", 7, false},    /* nop */
		{"\x48\x89\xe5", 3, false},                    /* mov %rsp, %rbp */
#elif defined(__aarch64__)
		{"\x10\x00\x00\x94", 4, true},  /* bl */
		{"\xf0\xff\xff\x97", 4, true},  /* bl, back */
		{"\x60\x00\x3f\xd6", 4, true},  /* blr x3 */
		{"\x64\x08\x3f\xd7", 4, true},  /* blraa x3, x4 */
		{"\x7f\x08\x3f\xd6", 4, true},  /* blraaz x3 */
		{"\x64\x0c\x3f\xd7", 4, true},  /* blrab x3, x4 */
		{"\x10\x00\x00\x14", 4, false}, /* b */
		{"\x60\x00\x1f\xd6", 4, false}, /* br x3 */
		{"\xc0\x03\x5f\xd6", 4, false}, /* ret */
		{"\x1f\x20\x03\xd5", 4, false}, /* nop */
#endif
	};
	struct arena *a = arena_open();
	const char *folder;
	struct err err;

	(void)state;
	if (!dir_make_scratch(a, &folder, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		unsigned char bytes[32];
		struct image *image;
		struct space_map map = {.start = 0x1000, .limit = 0x2000};

		memset(bytes, 0x90, sizeof bytes);
		memcpy(bytes + 16 - codes[i].size, codes[i].bytes, codes[i].size);
		image = image_of_bytes(a, folder, bytes, sizeof bytes);
		assert_int_equal(call_site_is_behind_call(image, &map, 0x1010), codes[i].is_call);
		image_close(image);
	}
	dir_remove(folder);
	arena_close(a);
}

/* A record of the kernel, word by word. */
static void use_record(struct perf_reader *r, uint32_t type, uint16_t misc, const uint64_t *words, size_t count)
{
	struct {
		struct perf_event_header header;
		uint64_t words[64];
	} record = {.header = {.type = type, .misc = misc, .size = (uint16_t)(8 + count * 8)}};

	assert_true(count <= 64);
	memcpy(record.words, words, count * 8);
	perf_record_use(r, &(struct perf_record){.header = &record.header});
}

static void samples_without_registers_or_stack_are_their_chain(void **state)
{
	struct arena *a = arena_open();
	struct perf_reader r = {.collect = collect_open(a, UNWIND_FRAMES, NULL)};
	const uint64_t ids = (uint64_t)PID << 32 | PID;
	/* ip, pid and tid, time, period, a chain of 2, no registers, no stack */
	const uint64_t sample[] = {0x5000, ids, 1, 1000, 2, PERF_CONTEXT_USER, 0x5000, 0, 0};
	const uint64_t kernel[] = {~UINT64_C(0) - 99, ids, 1, 1000, 2, PERF_CONTEXT_USER, 0x5000, 0, 0};
	struct sampling out = {0};

	(void)state;
	use_record(&r, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER, sample, 9);
	use_record(&r, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER, sample, 9);
	use_record(&r, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_KERNEL, kernel, 9);
	collect_finish(r.collect, 1000, &out);
	assert_int_equal(out.sample_count, 3);
	assert_int_equal(out.profile.sample_count, 2);
	assert_int_equal(out.profile.values[0], 2);
	assert_int_equal(out.profile.values[1], 2000);
	assert_int_equal(out.profile.stacks[out.profile.sample_stacks[0]].count, 1);
	assert_int_equal(out.profile.stacks[out.profile.sample_stacks[1]].count, 2);
	assert_int_equal(out.broken_count, 3);
	arena_close(a);
}

static void records_that_are_cut_or_claim_too_much_are_left_out(void **state)
{
	struct arena *a = arena_open();
	struct perf_reader r = {.collect = collect_open(a, UNWIND_FRAMES, NULL)};
	const uint64_t ids = (uint64_t)PID << 32 | PID;
	const uint64_t chain[] = {0x5000, ids, 1, 1000, UINT64_MAX, 1, 2, 3};
	const uint64_t stack[] = {0x5000, ids, 1, 1000, 0, 0, UINT64_MAX, 0};
	struct sampling out = {0};

	(void)state;
	for (size_t count = 0; count <= 8; count++) {
		use_record(&r, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER, chain, count);
		use_record(&r, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER, stack, count < 8 ? count : 8);
		use_record(&r, PERF_RECORD_MMAP2, 0, chain, count);
		use_record(&r, PERF_RECORD_COMM, 0, chain, count);
		use_record(&r, PERF_RECORD_FORK, 0, chain, count);
		use_record(&r, PERF_RECORD_EXIT, 0, chain, count);
	}
	collect_finish(r.collect, 1000, &out);
	assert_int_equal(out.sample_count, 0);
	arena_close(a);
}

static void losses_are_counted(void **state)
{
	struct arena *a = arena_open();
	struct perf_reader r = {.collect = collect_open(a, UNWIND_FRAMES, NULL)};
	const uint64_t lost[] = {1, 42, 0, 1}, samples[] = {8, 0, 1}, throttled[] = {1, 2, 3, 0, 1};
	struct sampling out;

	(void)state;
	use_record(&r, PERF_RECORD_LOST, 0, lost, 4);
	use_record(&r, PERF_RECORD_LOST_SAMPLES, 0, samples, 3);
	use_record(&r, PERF_RECORD_THROTTLE, 0, throttled, 5);
	assert_int_equal(r.lost_count, 50);
	assert_int_equal(r.throttled_count, 1);
	collect_finish(r.collect, 1000, &out);
	arena_close(a);
}

static void processes_that_map_a_file_at_different_places_share_its_locations(void **state)
{
	struct arena *a = arena_open();
	struct collect *c = collect_open(a, UNWIND_FRAMES, NULL);
	struct collect_mapping m = {.key = {.path = str_of("/no such file")}};
	struct sampling out = {0};

	(void)state;
	for (uint64_t i = 1; i <= 3; i++) {
		uint64_t pc = i << 32 | 0x123;

		m.start = i << 32;
		m.limit = m.start + 0x1000;
		collect_exec(c, PID + (int64_t)i);
		collect_map(c, PID + (int64_t)i, &m);
		collect_sample(c, &(struct raw_sample){.pid = PID + (int64_t)i, .chain = &pc, .chain_count = 1});
	}
	collect_finish(c, 1, &out);
	assert_int_equal(out.profile.sample_count, 1);
	assert_int_equal(out.profile.values[0], 3);
	assert_int_equal(out.profile.mapping_count, 1);
	assert_string_equal(profile_text(&out.profile, out.profile.mappings[0].file), "/no such file");
	arena_close(a);
}

static void a_writer_that_was_killed_holds_up_nobody(void **state)
{
	struct arena *a = arena_open();
	struct preload_reader r;
	const char *folder;
	struct err err;

	(void)state;
	if (!dir_make_scratch(a, &folder, &err) || !preload_area_open(a, PRELOAD_TIMER, 1000000, folder, &r, &err))
		fail_msg("%s", err.text);
	assert_false(preload_area_next(&r, false));
	/* The first slot was taken and never filled, the second one is there. */
	r.area->head = 2;
	r.area->slots[1].ready = 2;
	r.area->slots[1].pid = 77;
	assert_false(preload_area_next(&r, false));
	assert_true(preload_area_next(&r, true));
	assert_int_equal(r.slot.pid, 77);
	assert_int_equal(r.skipped_count, 1);
	assert_false(preload_area_next(&r, true));
	/* A number that makes no sense is no endless loop. */
	r.area->head = UINT64_MAX / 2;
	assert_false(preload_area_next(&r, true));
	preload_area_close(&r);
	dir_remove(folder);
	arena_close(a);
}

#if defined(__aarch64__)

static void return_addresses_that_are_signed_are_found_in_their_mapping(void **state)
{
	struct arena *a = arena_open();
	struct preload_told t = {.arena = a, .threads.arena = a, .collect = collect_open(a, UNWIND_FRAMES, NULL)};
	struct preload_slot slot = {.kind = PRELOAD_MAP, .pid = PID, .tid = PID};
	struct sampling out = {0};

	(void)state;
	strcpy(slot.text, "400000-500000 r-xp 00000000 00:00 0  /no such file");
	preload_record_use(&t, &slot);
	slot = (struct preload_slot){.kind = PRELOAD_SAMPLE, .pid = PID, .tid = PID};
	slot.sample.pc = 0x400100;
	slot.sample.chain_count = 2;
	slot.sample.chain[0] = UINT64_C(0x002f000000400124);
	slot.sample.chain[1] = UINT64_C(0x0051000000400148);
	preload_record_use(&t, &slot);
	collect_finish(t.collect, 1, &out);
	assert_int_equal(out.profile.sample_count, 1);
	assert_int_equal(out.profile.stacks[out.profile.sample_stacks[0]].count, 3);
	arena_close(a);
}

#endif

static void a_program_can_neither_cut_the_area_nor_claim_any_loss(void **state)
{
	struct arena *a = arena_open();
	struct preload_reader r;
	const char *folder;
	struct err err;

	(void)state;
	if (!dir_make_scratch(a, &folder, &err) || !preload_area_open(a, PRELOAD_TIMER, 1000000, folder, &r, &err))
		fail_msg("%s", err.text);
	assert_int_not_equal(truncate(r.path, 0), 0);
	assert_false(preload_area_next(&r, true));
	r.area->lost = 3;
	assert_int_equal(preload_area_lost(&r), 3);
	r.area->lost = UINT64_MAX;
	assert_in_range(preload_area_lost(&r), 1000, INT64_MAX / 1000);
	preload_area_close(&r);
	dir_remove(folder);
	arena_close(a);
}

static void put_unload(struct preload_told *t, int64_t pid, uint64_t start, uint64_t limit, uint64_t number)
{
	static struct preload_slot slot;

	slot = (struct preload_slot){.kind = PRELOAD_UNLOAD, .pid = (uint32_t)pid};
	slot.unload = (struct preload_unload){.range = {start, limit}, .number = number};
	preload_record_use(t, &slot);
}

static void code_that_was_unloaded_is_known_no_more(void **state)
{
	struct arena *a = arena_open();
	struct collect *c = collect_open(a, UNWIND_FRAMES, NULL);
	struct preload_told t = {.arena = a, .collect = c, .threads = {.arena = a}};
	struct collect_mapping m = {.start = 0x1000, .limit = 0x9000, .key = {.path = str_of("/no such file")}};
	struct sampling out = {0};

	(void)state;
	collect_map(c, PID, &m);
	put_unload(&t, PID, 0x3000, 0x5000, 4);
	assert_int_equal(t.unload_told, 4);
	assert_true(collect_knows(c, PID, 0x2fff));
	assert_false(collect_knows(c, PID, 0x3000));
	assert_false(collect_knows(c, PID, 0x4fff));
	assert_true(collect_knows(c, PID, 0x5000));
	/* Nothing, of nobody, and backwards. */
	put_unload(&t, PID, 0, 0, 3);
	put_unload(&t, PID + 1, 0, UINT64_MAX, 3);
	put_unload(&t, PID, 0x9000, 0x1000, 3);
	assert_int_equal(t.unload_told, 4);
	assert_true(collect_knows(c, PID, 0x1000));
	put_unload(&t, PID, 0, UINT64_MAX, 5);
	assert_false(collect_knows(c, PID, 0x1000));
	collect_finish(c, 1, &out);
	arena_close(a);
}

/* The system lists what is mapped now: a library that is about to be unloaded when it is read may be another one by then. */
static void what_is_mapped_is_not_asked_while_an_unload_is_untold(void **state)
{
	static struct preload_slot slot;
	struct arena *a = arena_open();
	uint64_t unload_count = 1;
	struct preload_told t = {.arena = a, .threads = {.arena = a}, .unload_count = &unload_count};
	struct sampling out = {0};

	(void)state;
	t.collect = collect_open(a, UNWIND_FRAMES, NULL);
	slot = (struct preload_slot){.kind = PRELOAD_SAMPLE, .pid = (uint32_t)getpid(), .tid = (uint32_t)getpid()};
	slot.sample = (struct preload_sample){.pc = (uintptr_t)put_unload, .cpu_ns = 5};
	preload_record_use(&t, &slot);
	assert_false(collect_knows(t.collect, getpid(), (uintptr_t)put_unload));
	put_unload(&t, getpid(), 0, 0, 1);
	preload_record_use(&t, &slot);
	assert_true(collect_knows(t.collect, getpid(), (uintptr_t)put_unload));
	/* CPU time is added up; what nobody can have used is not. */
	slot.sample.cpu_ns = UINT64_MAX;
	preload_record_use(&t, &slot);
	assert_int_equal(t.seen_ns, 10);
	collect_finish(t.collect, 1, &out);
	arena_close(a);
}

static void what_others_preload_stays_first(void **state)
{
	struct arena *a = arena_open();
	const char *const env[] = {"A=1", "LD_PRELOAD=/other.so", "PAWL_SAMPLER=old", NULL};
	const struct preload_reader r = {.library = "/own.so", .path = "/area"};
	const char *const *got = preload_area_environment(a, &r, env);

	(void)state;
	assert_string_equal(got[0], "A=1");
	assert_string_equal(got[1], "LD_PRELOAD=/other.so:/own.so");
	assert_string_equal(got[2], "PAWL_SAMPLER=/area");
	assert_null(got[3]);
	arena_close(a);
}

static void no_program_gets_the_libraries_of_two_samplers(void **state)
{
	struct arena *a = arena_open();
	const char *const
		env[] = {"LD_PRELOAD=/one.so /tmp/x/" PRELOAD_FILE "::/not" PRELOAD_FILE ":/y/" PRELOAD_FILE, NULL},
		*const only[] = {"LD_PRELOAD=/tmp/x/" PRELOAD_FILE, NULL}, *const none[] = {"LD_PRELOAD=", NULL};
	const struct preload_reader r = {.library = "/own.so", .path = "/area"};

	(void)state;
	assert_string_equal(preload_area_environment(a, &r, env)[0], "LD_PRELOAD=/one.so:/not" PRELOAD_FILE ":/own.so");
	assert_string_equal(preload_area_environment(a, &r, only)[0], "LD_PRELOAD=/own.so");
	assert_string_equal(preload_area_environment(a, &r, none)[0], "LD_PRELOAD=/own.so");
	arena_close(a);
}

static void nothing_is_against_a_dynamic_program_or_a_script(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_null(target_refuses(a, "sh", NULL));
	assert_null(target_refuses(a, "no such program at all", NULL));
	assert_null(target_refuses(a, "tests/run.sh", NULL));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sampler_says_what_it_is),
		cmocka_unit_test(the_first_sampler_that_works_is_taken_and_the_others_say_why_not),
		cmocka_unit_test(pairs_keep_their_values_while_a_table_grows),
		cmocka_unit_test(a_mapping_covers_what_was_there_and_leaves_the_rest),
		cmocka_unit_test(a_forked_process_keeps_its_mappings_when_its_parent_maps_anew),
		cmocka_unit_test(every_form_of_a_call_is_known_by_its_bytes),
		cmocka_unit_test(samples_without_registers_or_stack_are_their_chain),
		cmocka_unit_test(records_that_are_cut_or_claim_too_much_are_left_out),
		cmocka_unit_test(losses_are_counted),
		cmocka_unit_test(processes_that_map_a_file_at_different_places_share_its_locations),
		cmocka_unit_test(a_writer_that_was_killed_holds_up_nobody),
#if defined(__aarch64__)
		cmocka_unit_test(return_addresses_that_are_signed_are_found_in_their_mapping),
#endif
		cmocka_unit_test(a_program_can_neither_cut_the_area_nor_claim_any_loss),
		cmocka_unit_test(code_that_was_unloaded_is_known_no_more),
		cmocka_unit_test(what_is_mapped_is_not_asked_while_an_unload_is_untold),
		cmocka_unit_test(what_others_preload_stays_first),
		cmocka_unit_test(no_program_gets_the_libraries_of_two_samplers),
		cmocka_unit_test(nothing_is_against_a_dynamic_program_or_a_script),
	};
	if (strpbrk(getenv("TMPDIR") ? getenv("TMPDIR") : "", " :\t\n")) /* whence no library is preloaded */
		unsetenv("TMPDIR");
	return cmocka_run_group_tests_name("sampler", tests, NULL, NULL);
}
