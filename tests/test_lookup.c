/* Frames of addresses, held against what addr2line says of every few bytes of programs that gcc and clang made. */
#include "symbol/lookup.h"

#include "absent.h"
#include "symbol/symtab.h"
#include "symbol_scratch.h"

enum { MOST_ADDRESSES = 700 };

struct asked {
	uint64_t vaddr;
	struct str answer; /* of addr2line: lines of names and places by turns */
};

static struct module *open_scratch(const char *name)
{
	struct module *m;

	if (!module_open(arena, in_scratch(name), &m, &err))
		fail_msg("%s", err.text);
	return m;
}

/* Addresses spread over the functions of a program. */
static size_t pick_addresses(const char *program, struct asked *asked)
{
	uint64_t total = 0, step, next = 0, at = 0;
	struct elf_file e;
	struct symtab t;
	size_t count = 0;

	if (!elf_file_open(arena, in_scratch(program), &e, &err))
		fail_msg("%s", err.text);
	symtab_read(arena, &e, &t);
	symtab_sort(&t);
	for (size_t i = 0; i < t.spans.count; i++)
		total += t.spans.at[i].end - t.spans.at[i].start;
	step = total / MOST_ADDRESSES + 1;
	for (size_t i = 0; i < t.spans.count; i++) {
		for (uint64_t v = t.spans.at[i].start; v < t.spans.at[i].end; v++, at++) {
			if (at >= next && count < MOST_ADDRESSES) {
				asked[count++].vaddr = v;
				next = at + step;
			}
		}
	}
	elf_file_close(&e);
	return count;
}

static void ask_addr2line(const char *program, struct asked *asked, size_t count)
{
	struct buf input = {.arena = arena};
	struct str out;
	const char *at;

	for (size_t i = 0; i < count; i++)
		buf_printf(&input, "0x%016llx\n", (unsigned long long)asked[i].vaddr);
	if (!file_write(in_scratch("addresses"), input.at, input.size, &err))
		fail_msg("%s", err.text);
	out = sh("addr2line -a -i -f -C -e '%s' <addresses", program);
	at = arena_copy(arena, out.at, out.size);
	for (size_t i = 0; i < count; i++) {
		const char *next;

		assert_true(strtoull(at, NULL, 16) == asked[i].vaddr);
		at = strchr(at, '\n') + 1;
		next = i + 1 < count
			       ? strstr(at, arena_printf(arena, "0x%016llx\n", (unsigned long long)asked[i + 1].vaddr))
			       : at + strlen(at);
		assert_non_null(next);
		asked[i].answer = (struct str){at, (size_t)(next - at)};
		at = next;
	}
}

/* addr2line's "FILE:LINE (discriminator 3)" as ours; what has no line has no file. */
static const char *place_of(const char *text)
{
	char *place = arena_string(arena, text), *end = strstr(place, " (discriminator"), *colon;
	const char *real;

	if (end)
		*end = '\0';
	colon = strrchr(place, ':');
	if (!colon || text_equal(colon, ":?") || text_equal(colon, ":0"))
		return "";
	*colon = '\0';
	real = path_real(arena, place);
	return arena_printf(arena, "%s:%s", real ? real : place, colon + 1);
}

static const char *their_answer(const struct asked *asked)
{
	struct buf out = {.arena = arena};
	char *text = arena_copy(arena, asked->answer.at, asked->answer.size), *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *place = strtok_r(NULL, "\n", &save);

		assert_non_null(place);
		buf_printf(&out, "%s %s\n", line, place_of(place));
	}
	return buf_string(&out);
}

static const char *our_answer(struct module *m, uint64_t vaddr)
{
	struct buf out = {.arena = arena};
	const struct frame *frames;
	size_t count = module_frames(m, vaddr, &frames);

	for (size_t i = 0; i < count; i++)
		buf_printf(&out, "%s %s\n", frames[i].name,
			   frames[i].line ? place_of(arena_printf(arena, "%s:%u", frames[i].file, frames[i].line))
					  : "");
	return buf_string(&out);
}

/* Whether two names mean the same: of what is seen in one file only, addr2line knows the name without its namespace where it
 * was inlined, and with parameters where it was not. */
static bool same_name(const char *ours, const char *theirs)
{
	return text_equal(ours, theirs) || text_starts(theirs, arena_printf(arena, "%s(", ours)) ||
	       text_ends(ours, arena_printf(arena, "::%s", theirs)) ||
	       strstr(theirs, arena_printf(arena, " %s(", ours)) || strstr(ours, arena_printf(arena, "::%s(", theirs));
}

/* Whether two lists of frames are the same. */
static bool same_frames(const char *ours, const char *theirs)
{
	while (*ours && *theirs) {
		size_t our_size = strcspn(ours, "\n"), their_size = strcspn(theirs, "\n");
		const char *our_place = memrchr(ours, ' ', our_size), *their_place = memrchr(theirs, ' ', their_size);
		const char *name = arena_copy(arena, ours, (size_t)(our_place - ours));
		const char *plain = arena_copy(arena, theirs, (size_t)(their_place - theirs));

		if (our_size - (size_t)(our_place - ours) != their_size - (size_t)(their_place - theirs) ||
		    memcmp(our_place, their_place, our_size - (size_t)(our_place - ours)) != 0)
			return false;
		if (!same_name(name, plain))
			return false;
		ours += our_size + 1;
		theirs += their_size + 1;
	}
	return !*ours && !*theirs;
}

/* Every frame of `program` is as addr2line says of `other`, whose code is the same. */
static void assert_same_as_addr2line(const char *program, const char *other)
{
	struct asked *asked = NEW_ARRAY(arena, struct asked, MOST_ADDRESSES);
	size_t count = pick_addresses(program, asked), different = 0;
	struct module *m = open_scratch(program);

	assert_true(count >= 200);
	ask_addr2line(other, asked, count);
	for (size_t i = 0; i < count; i++) {
		const char *ours = our_answer(m, asked[i].vaddr), *theirs = their_answer(&asked[i]);

		if (same_frames(ours, theirs))
			continue;
		different++;
		print_message("%s 0x%llx\nours:\n%stheirs:\n%s", program, (unsigned long long)asked[i].vaddr, ours,
			      theirs);
	}
	module_close(m);
	if (different)
		fail_msg("%zu of %zu differ", different, count);
}

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

static const struct frame *frames_of(struct module *m, uint64_t vaddr, size_t *count)
{
	const struct frame *frames;

	*count = module_frames(m, vaddr, &frames);
	return frames;
}

/* The address of a symbol, as nm says. */
static uint64_t address_of(const char *program, const char *symbol)
{
	struct str out = sh("nm '%s' | awk '$3 == \"%s\" {print $1}'", program, symbol);

	if (!out.size)
		fail_msg("%s has no %s", program, symbol);
	return strtoull(arena_copy(arena, out.at, out.size), NULL, 16);
}

static void cold_parts_and_clones_have_the_name_of_their_function(void **state)
{
	const struct frame *frames;
	struct module *m;
	size_t count;

	(void)state;
	sh("g++ -O2 -g -o program \"$SRC\"/shapes.cc");
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

static void what_dwz_moved_to_another_file_leaves_the_names_of_symbols(void **state)
{
	const struct frame *frames;
	struct module *m;
	size_t count;

	(void)state;
	sh("if command -v dwz >/dev/null; then g++ -O2 -g -o one \"$SRC\"/shapes.cc; cp one two; dwz -m common one "
	   "two; fi");
	if (!file_exists(in_scratch("one")))
		absent("there is no dwz");
	m = open_scratch("one");
	frames = frames_of(m, address_of("one", "_ZNK4shop6basketIlE3sumEv"), &count);
	assert_string_equal(frames[count - 1].name, "shop::basket<long>::sum() const");
	for (size_t i = 0; i < count; i++)
		assert_true(*frames[i].name && *frames[i].name != '[' && frames[i].line > 0);
	module_close(m);
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
	static const char *const flags[] = {"-Wl,-z,lazy", "-Wl,-z,now", "-fcf-protection=full",
					    "-no-pie -fno-pie -static-libgcc"};

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

static void debug_data_in_a_file_of_its_own_is_found_by_its_link(void **state)
{
	static const char *const places[] = {"program.debug", ".debug/program.debug", "store/SCRATCH/program.debug"};
	struct module *m;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const char *place = text_starts(places[i], "store/")
					    ? arena_printf(arena, "store%s/program.debug", scratch)
					    : places[i];

		sh("rm -rf .debug store program.debug; mkdir -p .debug store%s; gcc -O2 -g -Wl,--build-id=none -o "
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
		cmocka_unit_test(what_dwz_moved_to_another_file_leaves_the_names_of_symbols),
		cmocka_unit_test(code_without_any_name_is_called_by_its_place),
		cmocka_unit_test(the_dynamic_symbols_of_a_stripped_library_are_used),
		cmocka_unit_test(stubs_that_call_a_library_are_named_after_what_they_call),
		cmocka_unit_test(debug_data_in_a_file_of_its_own_is_found_by_its_link),
		cmocka_unit_test(a_debug_file_of_another_build_is_not_believed),
		cmocka_unit_test(debug_data_is_found_by_build_id),
	};

	return cmocka_run_group_tests_name("lookup", tests, group_setup, group_teardown);
}
