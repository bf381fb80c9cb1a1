/* Symbols of a whole profile: which addresses get names, which files are believed, what is said of the others. */
#include "symbol/symbolize.h"

#include "absent.h"
#include "symbol_scratch.h"

#include <sys/auxv.h>

static struct profile profile;

static uint64_t address_of(const char *program, const char *symbol)
{
	struct str out = sh("nm '%s' | awk '$3 == \"%s\" {print $1}'", program, symbol);

	if (!out.size)
		fail_msg("%s has no %s", program, symbol);
	return strtoull(arena_copy(arena, out.at, out.size), NULL, 16);
}

static int setup(void **state)
{
	(void)state;
	profile_init(&profile, arena);
	return 0;
}

/* A mapping of the whole file at `start`. */
static uint32_t map_file(const char *file, const char *build_id, uint64_t start)
{
	return profile_add_mapping(&profile, &(struct profile_mapping){
						     .start = start,
						     .limit = start + 0x1000000,
						     .file = profile_string_of(&profile, file),
						     .build_id = profile_string_of(&profile, build_id),
					     });
}

static uint32_t locate(uint64_t address, uint32_t mapping)
{
	return profile_intern_location(&profile, &(struct profile_location){.address = address, .mapping = mapping},
				       NULL, 0);
}

static struct symbolize_report symbolize(void)
{
	struct symbolize_report report;

	profile_symbolize(arena, &profile, &(struct symbolize_options){.debug_folder = in_scratch("store")}, &report);
	return report;
}

static const struct profile_function *function_of(uint32_t location, uint32_t line)
{
	const struct profile_location *l = &profile.locations[location];

	assert_true(line < l->line_count);
	return &profile.functions[profile.lines[l->first_line + line].function];
}

static const char *name_of(uint32_t location)
{
	return profile_text(&profile, function_of(location, profile.locations[location].line_count - 1)->name);
}

/* A program with a build id; its sections lie in the file where they are loaded. */
static uint64_t build(const char *build_id)
{
	sh("gcc -O2 -g -Wl,--build-id=0x%s -Wl,-z,noseparate-code -o program \"$SRC\"/shapes.c", build_id);
	return address_of("program", "total");
}

static void addresses_get_functions_files_and_lines(void **state)
{
	uint64_t total = build("abcd01");
	uint32_t mapping = map_file(in_scratch("program"), "abcd01", 0x550000000000);
	uint32_t at_total = locate(0x550000000000 + total, mapping), again;
	const struct profile_function *f;
	struct symbolize_report report;

	(void)state;
	again = locate(0x560000000000 + total, map_file(in_scratch("program"), "abcd01", 0x560000000000));
	report = symbolize();
	assert_int_equal(report.location_count, 2);
	assert_int_equal(report.named_count, 2);
	assert_int_equal(report.line_count, 2);
	assert_int_equal(report.problem_count, 0);
	f = function_of(at_total, 0);
	assert_string_equal(profile_text(&profile, f->name), "total");
	assert_string_equal(profile_text(&profile, f->system_name), "total");
	assert_string_equal(profile_text(&profile, f->file), path_join(arena, getenv("SRC"), "shapes.c"));
	assert_int_equal(f->start_line, 21);
	assert_true(profile.mappings[mapping].has_functions && profile.mappings[mapping].has_lines &&
		    profile.mappings[mapping].has_files);
	/* The same place of two processes is looked up once. */
	assert_int_equal(profile.locations[again].first_line, profile.locations[at_total].first_line);
}

static void inlined_calls_are_lines_of_their_own(void **state)
{
	uint64_t total = build("abcd01");
	uint32_t mapping = map_file(in_scratch("program"), "", 0), inlined = 0;

	(void)state;
	for (uint64_t i = 0; i < 200; i++)
		locate(total + i, mapping);
	symbolize();
	for (uint32_t i = 0; i < profile.location_count; i++) {
		if (text_equal(name_of(i), "total") && profile.locations[i].line_count == 3) {
			assert_string_equal(profile_text(&profile, function_of(i, 0)->name), "clamp");
			assert_string_equal(profile_text(&profile, function_of(i, 1)->name), "discount");
			inlined++;
		}
	}
	assert_true(inlined > 5);
	assert_true(profile.mappings[mapping].has_inlines);
	/* Functions stand once, however many addresses they have. */
	assert_true(profile.function_count < profile.location_count / 4);
}

/* Each with the file that declares it, though half of its code is in a file that it includes. */
static void a_function_stands_in_one_file(void **state)
{
	uint32_t mapping, included = 0;
	uint64_t mix;

	(void)state;
	sh("printf 'x += x >> 3;\\nx *= 7919;\\nx ^= x >> 5;\\n' >parts.h; "
	   "printf '__attribute__((noinline)) unsigned mix(unsigned x)\\n{\\nx ^= 5;\\n#include \"parts.h\"\\nreturn x "
	   "+ 1;\\n}\\n"
	   "int main(int c, char **v)\\n{\\n(void)v;\\nreturn (int)mix((unsigned)c);\\n}\\n' >parts.c; "
	   "gcc -O1 -g -o parts \"$PWD\"/parts.c");
	mix = address_of("parts", "mix");
	mapping = map_file(in_scratch("parts"), "", 0);
	for (uint64_t i = 0; i < 12; i++)
		locate(mix + i, mapping);
	symbolize();
	for (uint32_t i = 0; i < profile.location_count; i++) {
		const struct profile_function *f = function_of(i, 0);

		assert_string_equal(profile_text(&profile, f->name), "mix");
		assert_string_equal(path_base(profile_text(&profile, f->file)), "parts.c");
		assert_int_equal(f->start_line, 1);
		included += profile.lines[profile.locations[i].first_line].line == 1;
	}
	assert_int_equal(profile.function_count, 1);
	assert_true(included > 0);
}

static void another_build_is_not_believed(void **state)
{
	uint64_t total = build("abcd01");
	uint32_t location = locate(0x550000000000 + total, map_file(in_scratch("program"), "abcd02", 0x550000000000));
	struct symbolize_report report = symbolize();

	(void)state;
	assert_string_equal(name_of(location), arena_printf(arena, "[program+0x%llx]", (unsigned long long)total));
	assert_int_equal(report.named_count, 0);
	assert_int_equal(report.problem_count, 1);
	assert_string_equal(report.problems[0].file, in_scratch("program"));
	assert_non_null(strstr(report.problems[0].why, "another build"));
	assert_false(report.problems[0].is_partial);
}

static void a_file_that_was_replaced_by_the_same_build_is_found(void **state)
{
	uint64_t total = build("abcd01");
	const char *deleted = arena_printf(arena, "%s (deleted)", in_scratch("program"));
	uint32_t same = locate(total, map_file(deleted, "abcd01", 0)),
		 unknown = locate(total, map_file(deleted, "", 0));
	struct symbolize_report report = symbolize();

	(void)state;
	assert_string_equal(name_of(same), "total");
	assert_string_equal(name_of(unknown),
			    arena_printf(arena, "[program (deleted)+0x%llx]", (unsigned long long)total));
	assert_int_equal(report.problem_count, 1);
}

static void debug_data_that_is_missing_in_part_is_told(void **state)
{
	struct symbolize_report report;
	uint32_t location;

	(void)state;
	sh("gcc -O2 -g -gsplit-dwarf -c -o split.o \"$SRC\"/shapes.c; gcc -o split split.o; rm split.dwo");
	location = locate(address_of("split", "total"), map_file(in_scratch("split"), "", 0));
	report = symbolize();
	assert_string_equal(name_of(location), "total");
	assert_int_equal(report.named_count, 1);
	assert_int_equal(report.problem_count, 1);
	assert_true(report.problems[0].is_partial);
	assert_string_equal(report.problems[0].file, in_scratch("split"));
	assert_non_null(strstr(report.problems[0].why, "split.dwo"));
}

static void what_has_no_file_is_called_by_its_place(void **state)
{
	uint32_t missing = locate(0x1234, map_file("/nowhere/libfoo.so", "", 0x1000));
	uint32_t kernel = locate(0xffffffff81000010, PROFILE_NONE), unmapped = locate(0x5000, PROFILE_NONE);
	uint32_t anonymous = locate(0x7000, map_file("//anon", "", 0x7000)),
		 heap = locate(0x8000, map_file("[heap]", "", 0x8000));
	uint32_t module = locate(0x9000, map_file("[kernel.kallsyms]", "", 0)),
		 none = locate(0xa000, map_file("", "", 0));
	struct symbolize_report report = symbolize();

	(void)state;
	assert_string_equal(name_of(missing), "[libfoo.so+0x234]");
	assert_string_equal(name_of(kernel), "[kernel]");
	assert_string_equal(name_of(module), "[kernel]");
	assert_string_equal(name_of(unmapped), "[unknown]");
	assert_string_equal(name_of(none), "[unknown]");
	assert_string_equal(name_of(anonymous), "[anon]");
	assert_string_equal(name_of(heap), "[heap]");
	assert_int_equal(report.location_count, 7);
	assert_int_equal(report.named_count, 0);
	/* Only of what is a file it is told that it could not be read. */
	assert_int_equal(report.problem_count, 1);
	assert_string_equal(report.problems[0].file, "/nowhere/libfoo.so");
	assert_non_null(strstr(report.problems[0].why, "No such file"));
}

static void the_vdso_is_that_of_this_kernel(void **state)
{
	struct module *m;
	uint32_t right, wrong;

	(void)state;
	if (!getauxval(AT_SYSINFO_EHDR))
		leave_out("this system has no vDSO");
	assert_true(module_open_vdso(arena, &m));
	for (uint64_t offset = 0x400; offset < 0x1400; offset += 16)
		locate(0x7fff00000000 + offset, map_file("[vdso]", module_build_id_text(m), 0x7fff00000000));
	module_close(m);
	right = (uint32_t)profile.location_count;
	wrong = locate(0x7ffe00000800, map_file("[vdso]", "0123", 0x7ffe00000000));
	symbolize();
	assert_string_equal(name_of(wrong), "[vdso]");
	for (uint32_t i = 0; i < right; i++) {
		if (strstr(name_of(i), "clock_gettime"))
			return;
		assert_true(*name_of(i) != '[' || text_equal(name_of(i), "[vdso]"));
	}
	fail_msg("no address of the vDSO is in clock_gettime");
}

static void lines_that_are_there_stay(void **state)
{
	uint32_t name = profile_string_of(&profile, "known");
	struct profile_line line = {
		.function = profile_intern_function(&profile,
						    &(struct profile_function){.name = name, .system_name = name}),
		.line = 7,
	};
	uint32_t location = profile_intern_location(
		&profile, &(struct profile_location){.address = 1, .mapping = PROFILE_NONE}, &line, 1);

	(void)state;
	assert_int_equal(symbolize().location_count, 0);
	assert_string_equal(name_of(location), "known");
	assert_int_equal(profile.lines[profile.locations[location].first_line].line, 7);
}

static void an_empty_profile_stays_empty(void **state)
{
	struct symbolize_report report = symbolize();

	(void)state;
	assert_int_equal(report.location_count + report.named_count + report.problem_count, 0);
	assert_int_equal(profile.function_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(addresses_get_functions_files_and_lines, setup),
		cmocka_unit_test_setup(inlined_calls_are_lines_of_their_own, setup),
		cmocka_unit_test_setup(a_function_stands_in_one_file, setup),
		cmocka_unit_test_setup(another_build_is_not_believed, setup),
		cmocka_unit_test_setup(a_file_that_was_replaced_by_the_same_build_is_found, setup),
		cmocka_unit_test_setup(debug_data_that_is_missing_in_part_is_told, setup),
		cmocka_unit_test_setup(what_has_no_file_is_called_by_its_place, setup),
		cmocka_unit_test_setup(the_vdso_is_that_of_this_kernel, setup),
		cmocka_unit_test_setup(lines_that_are_there_stay, setup),
		cmocka_unit_test_setup(an_empty_profile_stays_empty, setup),
	};

	return cmocka_run_group_tests_name("symbolize", tests, group_setup, group_teardown);
}
