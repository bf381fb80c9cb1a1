/* Frames of addresses, held against what addr2line says of every few bytes of programs that gcc and clang made. */
#include "symbol/lookup.h"

#include "symbol_compare.h"

static void build_and_compare(const char *compiler, const char *flags, const char *source)
{
	sh("%s %s -o program \"$SRC\"/%s", compiler, flags, source);
	assert_same_as_addr2line("program", "program");
}

static void what_gcc_makes_of_c_is_found_as_addr2line_finds_it(void **state)
{
	(void)state;
	build_and_compare("gcc", "-O2 -g", "shapes.c");
	build_and_compare("gcc", "-O2 -gdwarf-4", "shapes.c");
	build_and_compare("gcc", "-O2 -gdwarf-3", "shapes.c");
	build_and_compare("gcc", "-O0 -g", "shapes.c");
	build_and_compare("gcc", "-O3 -gdwarf-4 -flto", "shapes.c");
}

static void what_gcc_makes_of_cpp_is_found_as_addr2line_finds_it(void **state)
{
	(void)state;
	build_and_compare("g++", "-O2 -g", "shapes.cc");
	build_and_compare("g++", "-O2 -gdwarf-4", "shapes.cc");
	build_and_compare("g++", "-O1 -g -ffunction-sections -Wl,--gc-sections", "shapes.cc");
}

static void a_program_at_fixed_addresses_is_found_as_well(void **state)
{
	(void)state;
	build_and_compare("gcc", "-O2 -g -no-pie -fno-pie", "shapes.c");
	build_and_compare("g++", "-O2 -g -no-pie -fno-pie", "shapes.cc");
}

static void compressed_debug_data_is_read(void **state)
{
	(void)state;
	build_and_compare("gcc", "-O2 -g -gz=zlib", "shapes.c");
	build_and_compare("g++", "-O2 -gdwarf-4 -gz=zlib-gnu", "shapes.cc");
}

static void what_clang_makes_is_found_without_debug_aranges(void **state)
{
	(void)state;
	build_and_compare("clang", "-O2 -gdwarf-4", "shapes.c");
	build_and_compare("clang++", "-O2 -gdwarf-4", "shapes.cc");
	build_and_compare("clang", "-O0 -gdwarf-4 -no-pie", "shapes.c");
	/* addr2line 2.40 misses what version 5 keeps in tables of addresses; the same code with version 4 tells. */
	sh("clang++ -O2 -gdwarf-4 -o four \"$SRC\"/shapes.cc; clang++ -O2 -gdwarf-5 -o five \"$SRC\"/shapes.cc");
	sh("objcopy -O binary -j .text four four.text; objcopy -O binary -j .text five five.text; cmp four.text "
	   "five.text");
	assert_same_as_addr2line("five", "four");
	assert_int_equal(sh("readelf -SW five | grep debug_aranges || true").size, 0);
}

static void cold_parts_and_clones_have_the_name_of_their_function(void **state)
{
	const struct frame *frames;
	struct module *m;
	size_t count;

	(void)state;
	sh("g++ -O2 -g -freorder-blocks-and-partition -o program \"$SRC\"/shapes.cc");
	m = open_scratch("program");
	frames = frames_of(m, address_of("program", "main.cold"), &count);
	assert_string_equal(frames[count - 1].name, "main");
	assert_string_equal(frames[count - 1].system_name, "main.cold");
	assert_string_equal(frames[count - 1].file, path_join(arena, getenv("SRC"), "shapes.cc"));
	assert_true(frames[count - 1].start_line > 80);
	module_close(m);
	/* The same by symbols alone. */
	sh("objcopy --strip-debug program bare");
	m = open_scratch("bare");
	frames = frames_of(m, address_of("bare", "main.cold"), &count);
	assert_int_equal(count, 1);
	assert_string_equal(frames[0].name, "main");
	assert_string_equal(frames[0].system_name, "main.cold");
	assert_string_equal(frames[0].file, "");
	module_close(m);
}

static void the_names_of_cpp_are_demangled(void **state)
{
	const struct frame *frames;
	struct module *m;
	size_t count;

	(void)state;
	sh("g++ -O2 -g -o program \"$SRC\"/shapes.cc");
	m = open_scratch("program");
	frames = frames_of(m, address_of("program", "_ZN4shop5twiceEi"), &count);
	assert_string_equal(frames[count - 1].name, "shop::twice(int)");
	assert_string_equal(frames[count - 1].system_name, "_ZN4shop5twiceEi");
	assert_string_equal(frames[count - 1].file, path_join(arena, getenv("SRC"), "shapes.cc"));
	frames = frames_of(m, address_of("program", "_ZNK4shop6basketIlE3sumEv"), &count);
	assert_string_equal(frames[count - 1].name, "shop::basket<long>::sum() const");
	module_close(m);
}

static void what_is_in_no_other_file_is_named_alike_inlined_and_not(void **state)
{
	const struct frame *frames;
	struct module *m;
	uint64_t start;
	size_t count;
	bool found = false;

	(void)state;
	/* The same functions, in a namespace without a name. */
	sh("printf 'namespace a { namespace { struct s { int f(int x) { return x * x + 3; } }; } }\\n"
	   "__attribute__((noinline)) int outer(int x) { a::s s; return s.f(x + 1); }\\n"
	   "int (a::s::*volatile p)(int) = &a::s::f; int main(int c, char **) { a::s s; return outer(c) + (s.*p)(c); "
	   "}\\n' >own.cc; "
	   "g++ -O2 -g -o own own.cc");
	m = open_scratch("own");
	frames = frames_of(m, address_of("own", "_ZN1a12_GLOBAL__N_11s1fEi"), &count);
	assert_string_equal(frames[count - 1].name, "a::(anonymous namespace)::s::f");
	assert_string_equal(frames[count - 1].system_name, "_ZN1a12_GLOBAL__N_11s1fEi");
	start = address_of("own", "_Z5outeri");
	for (uint64_t at = start; at < start + 8; at++) {
		frames = frames_of(m, at, &count);
		assert_string_equal(frames[count - 1].name, "outer(int)");
		if (count == 2) {
			assert_string_equal(frames[0].name, "a::(anonymous namespace)::s::f");
			found = true;
		}
	}
	assert_true(found);
	module_close(m);
}

static void functions_of_every_cpp_have_the_names_of_cpp(void **state)
{
	/* C++, C++03, 11, 14, 17, 20, 23 in DW_AT_language. */
	static const unsigned languages[] = {0x04, 0x19, 0x1a, 0x21, 0x2a, 0x2b, 0x3a};

	(void)state;
	sh("printf 'namespace { struct s { int f(int x) { return x * x + 3; } }; }\\n"
	   "int (s::*volatile p)(int) = &s::f; int main(int c, char **) { s t; return (t.*p)(c); }\\n' >own.cc; "
	   "g++ -O2 -g -S -dA -o own.s own.cc; "
	   "grep -q 'DW_AT_language$' own.s");
	for (size_t i = 0; i < sizeof(languages) / sizeof(*languages); i++) {
		const struct frame *frames;
		struct module *m;
		size_t count;

		sh("sed '/DW_AT_language$/s/0x[0-9a-f]*/0x%x/' own.s >other.s; g++ -o other other.s", languages[i]);
		m = open_scratch("other");
		frames = frames_of(m, address_of("other", "_ZN12_GLOBAL__N_11s1fEi"), &count);
		assert_string_equal(frames[count - 1].system_name, "_ZN12_GLOBAL__N_11s1fEi");
		assert_string_equal(frames[count - 1].name, "(anonymous namespace)::s::f");
		module_close(m);
	}
}

static void code_without_any_name_is_called_by_its_place(void **state)
{
	const struct frame *frames;
	struct module *m;
	uint64_t vaddr;
	size_t count;

	(void)state;
	sh("gcc -O2 -g -o program \"$SRC\"/shapes.c; strip -o stripped program");
	vaddr = address_of("program", "total") + 4;
	m = open_scratch("stripped");
	frames = frames_of(m, vaddr, &count);
	assert_int_equal(count, 1);
	assert_string_equal(frames[0].name, arena_printf(arena, "[stripped+0x%llx]", (unsigned long long)vaddr));
	assert_int_equal(frames[0].line, 0);
	frames = frames_of(m, UINT64_MAX, &count);
	assert_string_equal(frames[0].name, "[stripped+0xffffffffffffffff]");
	module_close(m);
}

static void the_dynamic_symbols_of_a_stripped_library_are_used(void **state)
{
	const struct frame *frames;
	struct module *m;
	uint64_t vaddr;
	size_t count;

	(void)state;
	sh("printf 'int exported(int x) { return x * x + 1; }' >library.c; gcc -O2 -g -shared -fPIC -o library.so "
	   "library.c");
	vaddr = address_of("library.so", "exported") + 1;
	sh("strip library.so");
	m = open_scratch("library.so");
	frames = frames_of(m, vaddr, &count);
	assert_string_equal(frames[0].name, "exported");
	module_close(m);
}

static void stubs_that_call_a_library_are_named_after_what_they_call(void **state)
{
#ifdef __aarch64__
#define PROTECTION "-mbranch-protection=standard -Wl,-z,pac-plt"
#else
#define PROTECTION "-fcf-protection=full"
#endif
	static const char *const flags[] = {"-Wl,-z,lazy", "-Wl,-z,now", PROTECTION, "-no-pie -fno-pie -static-libgcc"};

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		struct str out;
		const char *at;
		struct module *m;
		size_t count, checked = 0;

		sh("g++ -O2 %s -o program \"$SRC\"/shapes.cc", flags[i]);
		/* "0000000000001030 <strlen@plt>:" */
		out = sh("objdump -d -C program | sed -n 's/^\\([0-9a-f]*\\) <\\(.*\\)@plt>:$/\\1 \\2/p'");
		m = open_scratch("program");
		at = arena_copy(arena, out.at, out.size);
		for (; *at; at = strchr(at, '\n') + 1, checked++) {
			const char *name = strchr(at, ' ') + 1;
			const struct frame *frames = frames_of(m, strtoull(at, NULL, 16) + 2, &count);

			assert_string_equal(frames[0].name,
					    arena_printf(arena, "%.*s@plt", (int)strcspn(name, "\n"), name));
		}
		assert_true(checked > 5);
		module_close(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_gcc_makes_of_c_is_found_as_addr2line_finds_it),
		cmocka_unit_test(what_gcc_makes_of_cpp_is_found_as_addr2line_finds_it),
		cmocka_unit_test(a_program_at_fixed_addresses_is_found_as_well),
		cmocka_unit_test(compressed_debug_data_is_read),
		cmocka_unit_test(what_clang_makes_is_found_without_debug_aranges),
		cmocka_unit_test(cold_parts_and_clones_have_the_name_of_their_function),
		cmocka_unit_test(the_names_of_cpp_are_demangled),
		cmocka_unit_test(what_is_in_no_other_file_is_named_alike_inlined_and_not),
		cmocka_unit_test(functions_of_every_cpp_have_the_names_of_cpp),
		cmocka_unit_test(code_without_any_name_is_called_by_its_place),
		cmocka_unit_test(the_dynamic_symbols_of_a_stripped_library_are_used),
		cmocka_unit_test(stubs_that_call_a_library_are_named_after_what_they_call),
	};

	return cmocka_run_group_tests_name("lookup", tests, group_setup, group_teardown);
}
