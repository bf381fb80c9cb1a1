/* Modules of sound, damaged, changing and foreign files. */
#include "symbol/module.h"

#include "absent.h"
#include "symbol/lookup.h"
#include "symbol/unwind.h"
#include "symbol_scratch.h"

#include <stdio.h>
#include <sys/auxv.h>
#include <unistd.h>

static void assert_refused(const char *name, const char *words)
{
	struct module *m;

	err.text[0] = '\0';
	assert_false(module_open(arena, in_scratch(name), &m, &err));
	if (!strstr(err.text, words) || !text_starts(err.text, in_scratch(name)))
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void what_is_no_elf_file_is_refused_with_the_reason(void **state)
{
	(void)state;
	assert_refused("missing", "No such file");
	sh("mkdir -p folder; rm -f fifo; mkfifo fifo; : >empty; echo text of more than sixty-four bytes, which no ELF "
	   "file begins "
	   "with, so it is none >text");
	assert_refused("folder", "no regular file");
	assert_refused("fifo", "no regular file");
	assert_refused("empty", "0 bytes");
	assert_refused("text", "no ELF file");
	sh("gcc -O2 -g -o program \"$SRC\"/shapes.c; cp program small; printf '\\001' | dd of=small bs=1 seek=4 "
	   "conv=notrunc "
	   "2>/dev/null; cp program big; printf '\\002' | dd of=big bs=1 seek=5 conv=notrunc 2>/dev/null");
	assert_refused("small", "64-bit little-endian");
	assert_refused("big", "64-bit little-endian");
}

static void the_build_id_is_read(void **state)
{
	struct module *m;

	(void)state;
	sh("gcc -Wl,--build-id=0x00ff10a5 -o program \"$SRC\"/shapes.c; gcc -Wl,--build-id=none -o without "
	   "\"$SRC\"/shapes.c");
	assert_true(module_open(arena, in_scratch("program"), &m, &err));
	assert_int_equal(module_build_id(m).size, 4);
	assert_string_equal(module_build_id_text(m), "00ff10a5");
	assert_string_equal(module_path(m), in_scratch("program"));
	module_close(m);
	assert_true(module_open(arena, in_scratch("without"), &m, &err));
	assert_int_equal(module_build_id(m).size, 0);
	assert_string_equal(module_build_id_text(m), "");
	module_close(m);
}

/* Where an address of this program is in its file. */
static bool find_in_self(uint64_t address, uint64_t *offset)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long long start, end, at;
	char line[4096];
	bool found = false;

	assert_non_null(maps);
	while (!found && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%llx-%llx %*s %llx", &start, &end, &at) == 3 && address >= start && address < end) {
			*offset = address - start + at;
			found = true;
		}
	}
	fclose(maps);
	return found;
}

static __attribute__((noinline)) int a_function_of_this_test(int a)
{
	__asm__ volatile("" : "+r"(a));
	return a;
}

static void an_address_of_a_running_program_has_its_function_and_line(void **state)
{
	int (*volatile function)(int) = a_function_of_this_test;
	const struct frame *frames;
	uint64_t offset, vaddr;
	struct module *m;

	(void)state;
	assert_int_equal(function(1), 1);
	assert_true(find_in_self((uint64_t)(uintptr_t)function, &offset));
	assert_true(module_open(arena, "/proc/self/exe", &m, &err));
	assert_true(module_vaddr(m, offset, &vaddr));
	assert_int_equal(module_frames(m, vaddr, &frames), 1);
	assert_string_equal(frames[0].name, "a_function_of_this_test");
	assert_true(text_ends(frames[0].file, "tests/test_module.c"));
	assert_true(frames[0].start_line > 50 && frames[0].line >= frames[0].start_line);
	assert_false(module_vaddr(m, UINT64_MAX, &vaddr));
	module_close(m);
}

static void a_file_that_is_cut_off_while_it_is_read_does_no_harm(void **state)
{
	const struct frame *frames;
	struct unwind_registers r = {0};
	struct unwind_stack stack = {0};
	struct module *m;

	(void)state;
	sh("gcc -O2 -g -o program \"$SRC\"/shapes.c");
	assert_true(module_open(arena, in_scratch("program"), &m, &err));
	assert_int_equal(truncate(in_scratch("program"), 100), 0);
	assert_int_equal(module_frames(m, 0x1234, &frames), 1);
	assert_string_equal(frames[0].name, "[program+0x1234]");
	assert_int_equal(unwind_step(m, 0x1234, &r, &stack), UNWIND_UNKNOWN);
	module_close(m);
}

static void a_file_that_is_replaced_while_it_is_read_is_read_on(void **state)
{
	const struct frame *frames;
	struct module *m;
	struct str out;
	uint64_t vaddr;

	(void)state;
	sh("gcc -O2 -g -o program \"$SRC\"/shapes.c");
	out = sh("nm program | awk '$3 == \"total\" {print $1}'");
	vaddr = strtoull(arena_copy(arena, out.at, out.size), NULL, 16);
	assert_true(module_open(arena, in_scratch("program"), &m, &err));
	sh("echo another >another; mv another program");
	assert_true(module_frames(m, vaddr, &frames) > 0);
	assert_string_equal(frames[0].name, "total");
	module_close(m);
}

static void a_section_that_claims_to_be_huge_is_left_out(void **state)
{
	/* The uncompressed size, in the head of a compressed section. */
	static const char *const claims[] = {"\\377\\377\\377\\377\\177", "\\000\\000\\000\\100"};
	const struct frame *frames;
	struct module *m;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct str out;

		sh("gcc -O2 -g -gz=zlib -o program \"$SRC\"/shapes.c; at=$(readelf -SW program | sed -n "
		   "'s/.* \\.debug_info *PROGBITS *[0-9a-f]* \\([0-9a-f]*\\).*/\\1/p'); "
		   "printf '%s' | dd of=program bs=1 seek=$((0x$at + 8)) conv=notrunc 2>/dev/null",
		   claims[i]);
		out = sh("nm program | awk '$3 == \"total\" {print $1}'");
		assert_true(module_open(arena, in_scratch("program"), &m, &err));
		assert_int_equal(module_frames(m, strtoull(arena_copy(arena, out.at, out.size), NULL, 16), &frames), 1);
		assert_string_equal(frames[0].name, "total");
		assert_string_equal(frames[0].file, "");
		module_close(m);
	}
}

/* Asks everything of an image, for what it does and not for what it says. */
static void ask_all(const char *bytes, size_t size)
{
	struct arena *a = arena_open();
	unsigned char stack_bytes[64] = {1};
	struct unwind_stack stack = {0x1000, stack_bytes, sizeof(stack_bytes)};
	struct module *m;

	if (module_open_image(a, "image", (struct str){bytes, size}, &m, &err)) {
		for (uint64_t vaddr = 0x1000; vaddr < 0x1400; vaddr += 16) {
			struct unwind_registers r = {.pc = vaddr};
			const struct frame *frames;

			unwind_set(&r, UNWIND_X86_64_RSP, 0x1000);
			assert_true(module_frames(m, vaddr, &frames) > 0);
			(void)unwind_step(m, vaddr, &r, &stack);
		}
		module_close(m);
	}
	arena_close(a);
}

static void a_file_that_ends_anywhere_is_survived(void **state)
{
	struct str whole;

	(void)state;
	sh("gcc -O2 -g -nostartfiles -nostdlib -shared -fPIC -o library.so \"$SRC\"/leaf.c");
	assert_true(file_read(arena, in_scratch("library.so"), FILE_LIMIT, &whole, &err));
	for (size_t size = 0; size <= whole.size; size += 1 + size / 200) {
		struct arena *a = arena_open();

		/* To the byte, so that a sanitizer sees what is read behind it. */
		ask_all(arena_copy(a, whole.at, size), size);
		arena_close(a);
	}
}

static void damaged_bytes_anywhere_are_survived(void **state)
{
	struct str whole;
	char *copy;

	(void)state;
	sh("gcc -O2 -g -nostartfiles -nostdlib -shared -fPIC -o library.so \"$SRC\"/leaf.c");
	assert_true(file_read(arena, in_scratch("library.so"), FILE_LIMIT, &whole, &err));
	copy = arena_copy(arena, whole.at, whole.size);
	for (size_t at = 0; at < whole.size; at += 5) {
		static const unsigned char damage[] = {0xff, 0x00, 0x80};

		for (size_t i = 0; i < sizeof(damage); i++) {
			copy[at] = (char)damage[i];
			ask_all(copy, whole.size);
		}
		copy[at] = whole.at[at];
	}
}

static void the_vdso_is_read_from_this_process(void **state)
{
	struct module *m;
	bool found = false;

	(void)state;
	if (!getauxval(AT_SYSINFO_EHDR))
		leave_out("this system has no vDSO");
	assert_true(module_open_vdso(arena, &m));
	assert_true(module_build_id(m).size > 0);
	for (uint64_t vaddr = 0; vaddr < 0x4000 && !found; vaddr += 4) {
		const struct frame *frames;

		module_frames(m, vaddr, &frames);
		found = strstr(frames[0].name, "clock_gettime") != NULL;
	}
	assert_true(found);
	module_close(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_elf_file_is_refused_with_the_reason),
		cmocka_unit_test(the_build_id_is_read),
		cmocka_unit_test(an_address_of_a_running_program_has_its_function_and_line),
		cmocka_unit_test(a_file_that_is_cut_off_while_it_is_read_does_no_harm),
		cmocka_unit_test(a_file_that_is_replaced_while_it_is_read_is_read_on),
		cmocka_unit_test(a_section_that_claims_to_be_huge_is_left_out),
		cmocka_unit_test(a_file_that_ends_anywhere_is_survived),
		cmocka_unit_test(damaged_bytes_anywhere_are_survived),
		cmocka_unit_test(the_vdso_is_read_from_this_process),
	};

	return cmocka_run_group_tests_name("module", tests, group_setup, group_teardown);
}
