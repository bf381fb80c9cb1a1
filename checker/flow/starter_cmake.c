/* Targets of CMake that link google-benchmark. */
#include "flow/starter.h"

#include "base/file.h"

#include <ctype.h>
#include <string.h>

enum { WORD_LIMIT = 4000, SUITE_LIMIT = 20 };

static const char folder_of_builds[] = "build/pawl";

/* One command, "add_executable(codec_bench codec.cc)": its words, the command's name first. */
struct cmake_call {
	const char **words;
	size_t count, capacity;
};

/* What the files say. */
struct cmake_project {
	struct arena *arena;
	struct starter_vars vars;
	const char **programs, **linked, **switches;
	size_t program_count, program_capacity, linked_count, linked_capacity, switch_count, switch_capacity;
	const char *output; /* where programs go, when a file says it */
	size_t unknown;     /* targets that link google-benchmark under a name that only CMake knows */
	bool finds_package;
};

static void add(struct arena *a, const char ***list, size_t *count, size_t *capacity, const char *word)
{
	*list = arena_reserve(a, *list, *count, capacity, sizeof **list);
	(*list)[(*count)++] = word;
}

/* Moves over "[==[ … ]==]"; false where none stands. */
static bool skip_bracket(const char **at, const char *end)
{
	const char *p = *at + 1, *begin;
	size_t level = 0;

	while (p < end && *p == '=') {
		level++;
		p++;
	}
	if (p >= end || *p != '[')
		return false;
	for (begin = p + 1; begin < end; begin++) {
		size_t k = 0;

		if (*begin != ']')
			continue;
		while (begin + 1 + k < end && k < level && begin[1 + k] == '=')
			k++;
		if (k == level && begin + 1 + k < end && begin[1 + k] == ']') {
			*at = begin + level + 2;
			return true;
		}
	}
	*at = end;
	return true;
}

static void skip_comment(const char **at, const char *end)
{
	const char *p = *at + 1;

	if (p < end && *p == '[' && skip_bracket(&p, end)) {
		*at = p;
		return;
	}
	while (*at < end && **at != '\n')
		++*at;
}

/* The word at `*at`, quotes taken off; a backslash keeps the byte behind it. */
static const char *take_word(struct arena *a, const char **at, const char *end)
{
	bool quoted = **at == '"';
	struct buf b = {.arena = a};

	*at += quoted;
	while (*at < end) {
		char c = **at;

		if (quoted ? c == '"' : (isspace((unsigned char)c) || strchr("()#\"", c)))
			break;
		if (c == '\\' && *at + 1 < end)
			c = *++*at;
		buf_char(&b, c ? c : '?');
		++*at;
	}
	*at += quoted && *at < end;
	return buf_string(&b);
}

/* Reads the next command; false at the end of the text. */
static bool next_call(struct arena *a, const char **at, const char *end, struct cmake_call *call)
{
	size_t depth = 0;

	*call = (struct cmake_call){0};
	while (*at < end) {
		char c = **at;

		if (c == '#') {
			skip_comment(at, end);
		} else if (c == '(') {
			depth++;
			++*at;
		} else if (c == ')') {
			++*at;
			if (depth && --depth == 0 && call->count)
				return true;
		} else if (isspace((unsigned char)c) || c == '\0') {
			++*at;
		} else if (depth && c == '[' && skip_bracket(at, end)) {
			continue;
		} else {
			const char *word = take_word(a, at, end);

			if (!depth)
				call->count = 0;
			if (call->count < WORD_LIMIT)
				add(a, &call->words, &call->count, &call->capacity, word);
		}
	}
	return false;
}

static bool is_library(const char *word)
{
	static const char *const names[] = {"benchmark", "benchmark_main", "benchmark::benchmark",
					    "benchmark::benchmark_main", "-lbenchmark"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (text_equal(word, names[i]))
			return true;
	}
	return false;
}

static void take_link(struct cmake_project *p, const struct cmake_call *call)
{
	const char *name = starter_expand(p->arena, &p->vars, call->words[1]);

	for (size_t i = 2; i < call->count; i++) {
		if (!is_library(call->words[i]))
			continue;
		if (name)
			add(p->arena, &p->linked, &p->linked_count, &p->linked_capacity, name);
		else
			p->unknown++;
		return;
	}
}

static void take_set(struct cmake_project *p, const struct cmake_call *call)
{
	const char *value = starter_expand(p->arena, &p->vars, call->words[2]);

	if (!value || !starter_plain_name(value))
		return;
	if (strcasecmp(call->words[1], "CMAKE_RUNTIME_OUTPUT_DIRECTORY") == 0)
		p->output = value;
	else if (call->count == 3)
		starter_set(p->arena, &p->vars, call->words[1], value);
}

static void take_call(struct cmake_project *p, const struct cmake_call *call)
{
	const char *command = call->words[0], *name;

	if (call->count < 2)
		return;
	if (strcasecmp(command, "project") == 0) {
		starter_set(p->arena, &p->vars, "PROJECT_NAME", call->words[1]);
	} else if (strcasecmp(command, "set") == 0 && call->count >= 3) {
		take_set(p, call);
	} else if (strcasecmp(command, "find_package") == 0) {
		p->finds_package |= text_equal(call->words[1], "benchmark");
	} else if (strcasecmp(command, "add_executable") == 0) {
		name = starter_expand(p->arena, &p->vars, call->words[1]);
		if (name)
			add(p->arena, &p->programs, &p->program_count, &p->program_capacity, name);
	} else if (strcasecmp(command, "target_link_libraries") == 0) {
		take_link(p, call);
	} else if (strcasecmp(command, "option") == 0 && strcasestr(call->words[1], "bench") &&
		   starter_plain_name(call->words[1]) && (call->count < 4 || strcasecmp(call->words[3], "OFF") == 0)) {
		add(p->arena, &p->switches, &p->switch_count, &p->switch_capacity, call->words[1]);
	}
}

/* google-benchmark itself, copied into the project. */
static bool is_the_library(struct arena *a, struct str text)
{
	const char *at = text.at, *end = text.at + text.size;
	struct cmake_call call;

	while (next_call(a, &at, end, &call)) {
		if (call.count > 1 && strcasecmp(call.words[0], "project") == 0)
			return text_equal(call.words[1], "benchmark");
	}
	return false;
}

static void read_file(struct cmake_project *p, struct str text)
{
	const char *at = text.at, *end = text.at + text.size;
	struct cmake_call call;

	if (is_the_library(p->arena, text))
		return;
	while (next_call(p->arena, &at, end, &call))
		take_call(p, &call);
}

static bool has(const char *const *list, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(list[i], word))
			return true;
	}
	return false;
}

static const char *build_of(const struct cmake_project *p, const char *top, const char *target)
{
	struct buf b = {.arena = p->arena};

	/* As it ships, and with what names functions: lines, inlined calls, callers. */
	buf_printf(&b,
		   "cmake -S %s -B %s -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS='-g -fno-omit-frame-pointer' "
		   "-DCMAKE_CXX_FLAGS='-g -fno-omit-frame-pointer'",
		   starter_shell_word(p->arena, top), folder_of_builds);
	if (!p->output)
		buf_printf(&b, " -DCMAKE_RUNTIME_OUTPUT_DIRECTORY=\"$PWD/%s/bin\"", folder_of_builds);
	for (size_t i = 0; i < p->switch_count; i++)
		buf_printf(&b, " %s", starter_shell_word(p->arena, arena_printf(p->arena, "-D%s=ON", p->switches[i])));
	buf_printf(&b, " >%s.log\ncmake --build %s --target %s --parallel \"$(nproc)\"", folder_of_builds,
		   folder_of_builds, starter_shell_word(p->arena, target));
	return arena_printf(p->arena, "mkdir -p build\n%s", buf_string(&b));
}

static bool is_below(const char *path, const char *folder)
{
	size_t size = strlen(folder);

	return text_equal(folder, ".") || (strncmp(path, folder, size) == 0 && path[size] == '/');
}

static void add_target(struct cmake_project *p, const char *top, const char *name, struct starter *out)
{
	struct arena *a = p->arena;
	struct starter_suite *suite;
	const char *output = p->output ? p->output : arena_printf(a, "%s/bin", folder_of_builds);

	suite = starter_add(a, out, name);
	suite->kind = "gbench";
	suite->counts = true;
	suite->build = build_of(p, top, name);
	STARTER_RUN(a, suite, arena_printf(a, "%s/%s", output, name));
	starter_ignore(a, out, "/build/");
	out->wants_benchmark_package |= p->finds_package;
}

static void cmake_read(struct arena *a, const struct starter_file *files, size_t count, struct starter *out)
{
	struct cmake_project p = {.arena = a};
	const char *top = count ? path_folder(a, files[0].path) : ".";
	size_t taken = 0;

	starter_set(a, &p.vars, "CMAKE_BINARY_DIR", folder_of_builds);
	starter_set(a, &p.vars, "PROJECT_BINARY_DIR", folder_of_builds);
	starter_set(a, &p.vars, "CMAKE_SOURCE_DIR", top);
	starter_set(a, &p.vars, "PROJECT_SOURCE_DIR", top);
	for (size_t i = 0; i < count; i++) {
		if (is_below(files[i].path, top))
			read_file(&p, files[i].text);
	}
	for (size_t i = 0; i < p.program_count && taken < SUITE_LIMIT; i++) {
		const char *name = p.programs[i];

		if (!has(p.linked, p.linked_count, name) || !starter_plain_name(name) || strpbrk(name, "/$<>") ||
		    has(p.programs, i, name))
			continue;
		add_target(&p, top, name, out);
		taken++;
	}
	if (p.unknown)
		starter_note(
			a, out,
			"CMake makes the names of %zu more targets with google-benchmark; add them to pawl.yml by hand",
			p.unknown);
}

static bool cmake_wants(const char *path)
{
	return text_equal(path_base(path), "CMakeLists.txt");
}

const struct starter_source starter_cmake = {
	.name = "cmake",
	.looks_for = "CMakeLists.txt with a target that links benchmark::benchmark",
	.wants = cmake_wants,
	.read = cmake_read,
};
