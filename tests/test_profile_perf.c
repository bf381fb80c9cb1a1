/* What perf script prints. */
#include "profile_sums.h"

#include "profile/perf_line.h"

/* stackcollapse puts the process before each stack, and we make it a label. */
static void expect_folded(struct loaded *l, const char *script, const char *folded)
{
	struct buf with_process = {.arena = l->arena};
	const char *at, *end;
	struct str text;

	load(l, script, "perf");
	for (at = written(l, "folded", 1); *at; at = end + 1) {
		end = strchr(at, '\n');
		buf_text(&with_process, "app;");
		buf_bytes(&with_process, at, (size_t)(end - at) + 1);
	}
	assert_true(file_read(l->arena, path_join(l->arena, GOLDEN, folded), FILE_LIMIT, &text, &l->err));
	assert_string_equal(buf_string(&with_process), text.at);
}

static void stacks_are_those_of_stackcollapse(void **state)
{
	struct loaded *l = *state;

	expect_folded(l, "c/expected/base.fp.script.txt", "c/expected/base.fp.folded.txt");
	expect_types(l, "samples/count cpu/nanoseconds");
	assert_int_equal(l->profile.period, 4016064);
	expect_folded(l, "c/expected/cur.fp.script.txt", "c/expected/cur.fp.folded.txt");
	expect_folded(l, "c/expected/base.dwarf.script.txt", "c/expected/base.dwarf.folded.txt");
	assert_string_equal(profile_text(&l->profile, l->profile.mappings[0].file), "/golden/c/base/app");
}

static void expect_head(const char *line, const char *comm, int64_t pid, int64_t tid, int64_t period, const char *event)
{
	struct perf_head head;

	assert_true(perf_head_take(str_of(line), &head));
	assert_true(str_equal(head.comm, comm));
	assert_true(str_equal(head.event, event));
	assert_int_equal(head.pid, pid);
	assert_int_equal(head.tid, tid);
	assert_int_equal(head.period, period);
}

static void heads_of_many_forms_are_understood(void **state)
{
	struct perf_head head;

	(void)state;
	expect_head("app 27688  1115.685567:    4016064 cpu-clock: ", "app", 0, 27688, 4016064, "cpu-clock");
	expect_head("app 27688/27690 [001] 1115.685567: 250000 cycles:u: ", "app", 27688, 27690, 250000, "cycles:u");
	expect_head("V8 WorkerThread 24636/25607 [000] 94564.109216: cycles:ppp:", "V8 WorkerThread", 24636, 25607, 0,
		    "cycles:ppp");
	expect_head("            app 27688 [000] d..2. 5.1: sched:sched_switch: prev_comm=a ==> next_comm=b", "app", 0,
		    27688, 0, "sched:sched_switch");
	expect_head(":1234 1234 5.1: 7 cpu_core/cycles/: ", ":1234", 0, 1234, 7, "cpu_core/cycles/");
	expect_head("app 99 1000 cycles:", "app", 0, 99, 1000, "cycles");
	expect_head("app 99 cycles:", "app", 0, 99, 0, "cycles");
	expect_head("V8 Worker 99", "V8 Worker", 0, 99, 0, "");
	expect_head("swapper     0 [000] 1.5: cycles:", "swapper", 0, 0, 0, "cycles");
	assert_false(perf_head_take(str_of("app 27688 1115.685567:"), &head));
	assert_false(perf_head_take(str_of("just a line"), &head));
}

static void expect_frame(const char *line, uint64_t address, const char *symbol, const char *dso, bool inlined)
{
	struct perf_frame frame;

	assert_true(perf_frame_take(str_of(line), &frame));
	assert_int_equal(frame.address, address);
	assert_true(str_equal(frame.symbol, symbol));
	assert_true(str_equal(frame.dso, dso));
	assert_int_equal(frame.inlined, inlined);
}

static void frames_of_many_forms_are_understood(void **state)
{
	struct perf_frame frame;

	(void)state;
	expect_frame("\t    1348 sort_orders.constprop.0+0x18 (/bin/app)", 0x1348, "sort_orders.constprop.0",
		     "/bin/app", false);
	expect_frame("  1348 a::operator()(int, b (*)(c)) const+0x18 (/bin/my app (deleted))", 0x1348,
		     "a::operator()(int, b (*)(c)) const", "/bin/my app (deleted)", false);
	expect_frame("ffffffff81000000 [unknown] ([kernel.kallsyms])", 0xffffffff81000000, "", "[kernel.kallsyms]",
		     false);
	expect_frame("1234 tax+0x24 (inlined)", 0x1234, "tax", "", true);
	expect_frame("1234 tax(int)", 0x1234, "tax(int)", "", false);
	expect_frame("ffffffffffffffff [unknown] ([unknown])", UINT64_MAX, "", "", false);
	assert_false(perf_frame_take(str_of("main.c:12"), &frame));
}

static void inlined_frames_share_a_location(void **state)
{
	struct loaded *l = *state;
	const struct profile *p = &l->profile;

	take_text(l, "perf",
		  "a b 1/2 5.0: 10 cycles:\n\t 1234 in+0x1 (inlined)\n  in.h:7\n\t 1234 out+0x9 (/bin/a)\n  "
		  "out.c:8\n\t 20 main+0x2 "
		  "(/bin/a)\n\t 99 [unknown] (/lib/l.so)\n  l.so[99]\n\n");
	expect_types(l, "samples/count cycles/count");
	assert_int_equal(p->sample_count, 1);
	assert_int_equal(p->stacks[p->sample_stacks[0]].count, 3);
	assert_int_equal(p->locations[0].line_count, 2);
	assert_int_equal(p->lines[0].line, 7);
	assert_string_equal(profile_text(p, p->functions[p->lines[1].function].file), "out.c");
	assert_int_equal(p->locations[0].address, 0x1234);
	assert_int_equal(p->locations[1].address, 0x1f);
	assert_string_equal(written(l, "folded", 0), "[l.so];main;out;in 1\n");
	assert_int_equal(p->label_sets[p->sample_labels[0]].count, 3);
}

static void several_events_are_several_types(void **state)
{
	struct loaded *l = *state;

	take_text(l, "perf",
		  "# header\na 1 5.0: 10 cycles:\n\t12 f+0x1 (/a)\n\na 1 5.0: PERF_RECORD_COMM: a:1/1\na 1 5.1: 3 "
		  "faults:\n\t12 "
		  "f+0x1 (/a)\n\na 1 5.2: 11 cycles:\n\t12 f+0x1 (/a)\n");
	expect_types(l, "cycles_samples/count cycles/count faults_samples/count faults/count");
	assert_int_equal(profile_type_default(&l->profile), 1);
	expect_sums(l, 0, "f", 2, 2);
	expect_sums(l, 1, "f", 21, 21);
	expect_sums(l, 3, "f", 3, 3);
	assert_int_equal(l->profile.sample_count, 1);
}

static void events_and_times_may_be_left_out(void **state)
{
	struct loaded *l = *state;

	take_text(l, "perf", "app 5 \n\t12 f\n\t13 main\n\napp 5 \n\t12 f\n\t13 main\n");
	expect_types(l, "samples/count");
	expect_sums(l, 0, "f", 2, 2);
	expect_sums(l, 0, "main", 0, 2);
}

static void without_callchains_the_frame_stands_in_the_head(void **state)
{
	struct loaded *l = *state;

	take_text(l, "perf", "         swapper     0 [000] 1.0:   10 cpu-clock:   12 f+0x1 ([kernel.kallsyms])\n");
	expect_sums(l, 1, "f", 10, 10);
	take_text(l, "perf",
		  "             app 5 1.0:   10 cpu-clock:   12 f+0x1 (/a)\n            dead 5 1.1:   10 cpu-clock:   "
		  "13 f+0x2 (/a)\n");
	expect_types(l, "samples/count cpu/nanoseconds");
	expect_sums(l, 1, "f", 20, 20);
}

static void other_lines_are_named(void **state)
{
	struct loaded *l = *state;

	refuse(l, "perf", "a 1 5.0: 10 cycles:\n\t12 f+0x1 (/a)\n\nwhat is this\n",
	       "x:4: expected the head of a sample (app 123 4.5: 1000 cpu-clock:) or a frame (4f2a main+0x4 "
	       "(/bin/app)), found "
	       "\"what is this\"");
	refuse(l, "perf", "x\n", "x: holds no sample of perf script, such as \"app 123 4.5: 1000 cpu-clock:\"");
	refuse(l, "perf", "a 1 5.0: 9223372036854775807 cycles:\n\na 1 5.0: 9223372036854775807 cycles:\n",
	       "x:3: the values of a stack add up to more than 2^63: is the file damaged?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADED_TEST(stacks_are_those_of_stackcollapse),
		LOADED_TEST(heads_of_many_forms_are_understood),
		LOADED_TEST(frames_of_many_forms_are_understood),
		LOADED_TEST(inlined_frames_share_a_location),
		LOADED_TEST(several_events_are_several_types),
		LOADED_TEST(events_and_times_may_be_left_out),
		LOADED_TEST(without_callchains_the_frame_stands_in_the_head),
		LOADED_TEST(other_lines_are_named),
	};

	return cmocka_run_group_tests_name("profile_perf", tests, NULL, NULL);
}
