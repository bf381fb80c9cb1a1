/* Debug data in files of their own: by link, by build id, and in those that dwz or compilers split off. */
#include "symbol/debug_file.h"

#include "absent.h"
#include "symbol_compare.h"

static void debug_data_in_a_file_of_its_own_is_found_by_its_link(void **state)
{
	static const char *const places[] = {"program.debug", ".debug/program.debug", "store/SCRATCH/program.debug"};
	struct module *m;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const char *place = text_starts(places[i], "store/")
					    ? arena_printf(arena, "store%s/program.debug", scratch)
					    : places[i];

		sh("rm -rf .debug store program.debug; mkdir -p .debug 'store%s'; gcc -O2 -g -Wl,--build-id=none -o "
		   "program "
		   "\"$SRC\"/shapes.c; objcopy --only-keep-debug program program.debug; cp program whole; "
		   "strip --strip-all program; objcopy --add-gnu-debuglink=program.debug program",
		   scratch);
		if (i > 0)
			sh("mv program.debug '%s'", place);
		m = open_scratch("program");
		module_set_debug_folder(m, in_scratch("store"));
		assert_string_equal(module_debug_path(m), path_real(arena, in_scratch(place)));
		module_close(m);
		if (i == 0)
			assert_same_as_addr2line("program.debug", "whole");
	}
}

static void a_debug_file_of_another_build_is_not_believed(void **state)
{
	struct module *m;

	(void)state;
	sh("rm -rf .debug store program.debug; gcc -O2 -g -Wl,--build-id=none -o program \"$SRC\"/shapes.c; "
	   "objcopy --only-keep-debug program program.debug; strip --strip-all program; "
	   "objcopy --add-gnu-debuglink=program.debug program; "
	   "gcc -O1 -g -Wl,--build-id=none -o other \"$SRC\"/shapes.c; objcopy --only-keep-debug other program.debug");
	m = open_scratch("program");
	module_set_debug_folder(m, NULL);
	assert_string_equal(module_debug_path(m), "");
	module_close(m);
}

static void debug_data_is_found_by_build_id(void **state)
{
	const struct frame *frames;
	struct module *m;
	size_t count;

	(void)state;
	sh("rm -rf store; gcc -O2 -g -Wl,--build-id=0xabcdef0123 -o program \"$SRC\"/shapes.c; "
	   "mkdir -p store/.build-id/ab; objcopy --only-keep-debug program store/.build-id/ab/cdef0123.debug; "
	   "cp program whole; strip program");
	m = open_scratch("program");
	assert_string_equal(module_build_id_text(m), "abcdef0123");
	module_set_debug_folder(m, in_scratch("store"));
	frames = frames_of(m, address_of("whole", "total"), &count);
	assert_string_equal(frames[count - 1].name, "total");
	assert_int_equal(frames[count - 1].start_line, 21);
	module_close(m);
	/* The same path, of another build. */
	sh("gcc -O1 -g -Wl,--build-id=0xabcdef0124 -o other \"$SRC\"/shapes.c; cp other "
	   "store/.build-id/ab/cdef0123.debug");
	m = open_scratch("program");
	module_set_debug_folder(m, in_scratch("store"));
	assert_string_equal(module_debug_path(m), "");
	module_close(m);
}

static void what_dwz_moved_to_a_second_file_is_read_from_there(void **state)
{
	static const char *const forms[] = {"", "-5"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		sh("rm -f one two whole; if command -v dwz >/dev/null; then g++ -O2 -g -o one \"$SRC\"/shapes.cc; "
		   "cp one two; cp one whole; dwz %s -m common one two; fi",
		   forms[i]);
		if (!file_exists(in_scratch("one")))
			absent("there is no dwz");
		assert_same_as_addr2line("one", "whole");
	}
}

static void without_the_second_file_of_dwz_the_names_of_symbols_are_left(void **state)
{
	const struct frame *frames;
	struct module *m;
	size_t count;

	(void)state;
	sh("if command -v dwz >/dev/null; then g++ -O2 -g -o one \"$SRC\"/shapes.cc; cp one two; dwz -m common one "
	   "two; fi");
	if (!file_exists(in_scratch("one")))
		absent("there is no dwz");
	/* Another file of that name is not believed. */
	sh("g++ -O1 -g -o three \"$SRC\"/shapes.cc; cp three four; dwz -m common three four");
	m = open_scratch("one");
	frames = frames_of(m, address_of("one", "_ZNK4shop6basketIlE3sumEv"), &count);
	assert_string_equal(frames[count - 1].name, "shop::basket<long>::sum() const");
	for (size_t i = 0; i < count; i++)
		assert_true(*frames[i].name && *frames[i].name != '[' && frames[i].line > 0);
	assert_string_equal(module_missing(m), "common, where dwz put a part of its debug data, is not there");
	module_close(m);
}

static void units_that_were_split_off_are_read_from_their_files(void **state)
{
	static const char *const compilers[] = {"gcc", "g++", "clang", "clang++"};

	(void)state;
	for (size_t i = 0; i < sizeof(compilers) / sizeof(*compilers); i++) {
		/* addr2line 2.40 misses what clang's version 5 keeps in tables of addresses; the code is the same. */
		sh("rm -f *.dwo; for v in 4 5; do %s -O2 -gdwarf-$v -gsplit-dwarf -c -o split$v.o \"$SRC\"/shapes.%s; "
		   "%s -o split$v split$v.o; done; %s -O2 -gdwarf-4 -o whole \"$SRC\"/shapes.%s",
		   compilers[i], i % 2 ? "cc" : "c", compilers[i], compilers[i], i % 2 ? "cc" : "c");
		sh("for p in split4 split5 whole; do objcopy -O binary -j .text $p $p.text; cmp $p.text split4.text; "
		   "done");
		assert_same_as_addr2line("split4", "whole");
		assert_same_as_addr2line("split5", "whole");
	}
}

static void units_in_a_package_are_read(void **state)
{
	struct module *m;

	(void)state;
	sh("rm -f *.dwo whole; if command -v dwp >/dev/null; then "
	   "g++ -O2 -gdwarf-4 -gsplit-dwarf -c \"$SRC\"/shapes.cc; g++ -o split shapes.o; dwp -e split; rm *.dwo; "
	   "g++ -O2 -gdwarf-4 -o whole \"$SRC\"/shapes.cc; fi");
	if (!file_exists(in_scratch("whole")))
		absent("there is no dwp");
	assert_same_as_addr2line("split", "whole");
	/* One that is cut off is no reason to fail. */
	for (int size = 0; size < 400; size += 37) {
		const struct frame *frames;
		size_t count;

		sh("cp split split-%d; head -c %d split.dwp >split-%d.dwp", size, size, size);
		m = open_scratch(arena_printf(arena, "split-%d", size));
		frames = frames_of(m, address_of("split", "main"), &count);
		assert_string_equal(frames[count - 1].name, "main");
		assert_true(strlen(module_missing(m)) > 0);
		module_close(m);
	}
}

static void the_split_part_of_another_build_is_not_believed(void **state)
{
	const struct frame *frames;
	struct module *m;
	size_t count;

	(void)state;
	sh("rm -f *.dwo *.dwp; gcc -O2 -g -gsplit-dwarf -c \"$SRC\"/shapes.c; gcc -o split shapes.o; "
	   "gcc -O1 -g -gsplit-dwarf -DX -c \"$SRC\"/shapes.c");
	m = open_scratch("split");
	frames = frames_of(m, address_of("split", "total"), &count);
	assert_int_equal(count, 1);
	assert_string_equal(frames[0].name, "total");
	assert_true(text_ends(frames[0].file, "shapes.c"));
	assert_string_equal(module_missing(m),
			    "shapes.dwo, with the rest of its debug data (-gsplit-dwarf), is not there");
	module_close(m);
}

static void debug_data_that_cannot_be_unpacked_is_told(void **state)
{
	const struct frame *frames;
	struct module *m;
	size_t count;

	(void)state;
	/* 3 is no kind of compression that there is. */
	sh("gcc -O2 -g -gz=zlib -o program \"$SRC\"/shapes.c; at=$(readelf -SW program | sed -n "
	   "'s/.* \\.debug_info *PROGBITS *[0-9a-f]* \\([0-9a-f]*\\).*/\\1/p'); "
	   "printf '\\003' | dd of=program bs=1 seek=$((0x$at)) conv=notrunc 2>/dev/null");
	m = open_scratch("program");
	frames = frames_of(m, address_of("program", "total"), &count);
	assert_string_equal(frames[count - 1].name, "total");
	assert_non_null(strstr(module_missing(m), "objcopy --decompress-debug-sections"));
	module_close(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(debug_data_in_a_file_of_its_own_is_found_by_its_link),
		cmocka_unit_test(a_debug_file_of_another_build_is_not_believed),
		cmocka_unit_test(debug_data_is_found_by_build_id),
		cmocka_unit_test(what_dwz_moved_to_a_second_file_is_read_from_there),
		cmocka_unit_test(without_the_second_file_of_dwz_the_names_of_symbols_are_left),
		cmocka_unit_test(units_that_were_split_off_are_read_from_their_files),
		cmocka_unit_test(units_in_a_package_are_read),
		cmocka_unit_test(the_split_part_of_another_build_is_not_believed),
		cmocka_unit_test(debug_data_that_cannot_be_unpacked_is_told),
	};

	return cmocka_run_group_tests_name("debug_file", tests, group_setup, group_teardown);
}
