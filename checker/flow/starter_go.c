/* Packages of Go with benchmarks. */
#include "flow/starter.h"

#include "base/file.h"
#include "suite/suite.h"

#include <ctype.h>
#include <string.h>

enum { SUITE_LIMIT = 20 };

/* "func BenchmarkEncode(b *testing.B)" at the start of a line. */
static bool has_benchmark(struct str text)
{
	static const char begin[] = "func Benchmark", parameter[] = "*testing.B)";

	for (size_t at = 0; at + sizeof begin < text.size; at++) {
		const char *line = text.at + at, *end;
		size_t size;

		if ((at && line[-1] != '\n') || memcmp(line, begin, sizeof begin - 1) != 0)
			continue;
		size = text.size - at;
		end = memchr(line, '\n', size);
		size = end ? (size_t)(end - line) : size;
		if (!islower((unsigned char)line[sizeof begin - 1]) &&
		    memmem(line, size, parameter, sizeof parameter - 1))
			return true;
	}
	return false;
}

static bool is_module(const char *path)
{
	return text_equal(path_base(path), "go.mod");
}

/* The folder of the module that `folder` belongs to: the nearest go.mod; NULL where there is none. */
static const char *module_of(struct arena *a, const struct starter_file *files, size_t count, const char *folder)
{
	for (;;) {
		const char *wanted = path_join(a, folder, "go.mod");

		for (size_t i = 0; i < count; i++) {
			if (text_equal(files[i].path, wanted))
				return folder;
		}
		if (text_equal(folder, "."))
			return NULL;
		folder = path_folder(a, folder);
	}
}

/* What `go test` calls it inside its module: "." or "./store". */
static const char *package_of(struct arena *a, const char *module, const char *folder)
{
	if (text_equal(module, folder))
		return ".";
	return arena_printf(a, "./%s", text_equal(module, ".") ? folder : folder + strlen(module) + 1);
}

/* The last part of the module's path. */
static const char *module_name(struct arena *a, const struct starter_file *files, size_t count, const char *module)
{
	const char *wanted = path_join(a, module, "go.mod");

	for (size_t i = 0; i < count; i++) {
		const char *line;

		if (!text_equal(files[i].path, wanted) || files[i].text.size < 8 ||
		    strncmp(files[i].text.at, "module ", 7) != 0)
			continue;
		line = arena_copy(a, files[i].text.at + 7, strcspn(files[i].text.at + 7, " \t\r\n"));
		return path_base(line);
	}
	return "go";
}

static void add_package(struct arena *a, const struct starter_file *files, size_t count, const char *module,
			const char *folder, struct starter *out)
{
	const char *package = package_of(a, module, folder);
	struct starter_suite *suite;

	suite = starter_add(a, out,
			    text_equal(package, ".") ? module_name(a, files, count, module) : path_base(folder));
	suite->kind = "gotest";
	suite->cwd = text_equal(module, ".") ? NULL : module;
	STARTER_RUN(a, suite, "go", "test", package);
}

static void go_read(struct arena *a, const struct starter_file *files, size_t count, struct starter *out)
{
	const char *last = "";
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const char *folder = path_folder(a, files[i].path), *module;

		if (is_module(files[i].path) || text_equal(folder, last) || !has_benchmark(files[i].text))
			continue;
		module = module_of(a, files, count, folder);
		if (!module)
			continue;
		last = folder;
		if (suite_find("gotest") && found < SUITE_LIMIT)
			add_package(a, files, count, module, folder, out);
		found++;
	}
	if (found && !suite_find("gotest"))
		starter_note(a, out,
			     "there are benchmarks of Go in %zu package%s, and this pawl has no kind of suite for them",
			     found, found == 1 ? "" : "s");
	else if (found > SUITE_LIMIT)
		starter_note(a, out, "of %zu packages with benchmarks of Go the first %d are in pawl.yml", found,
			     SUITE_LIMIT);
}

static bool go_wants(const char *path)
{
	return is_module(path) || text_ends(path, "_test.go");
}

const struct starter_source starter_go = {
	.name = "go",
	.looks_for = "go.mod and tests with func Benchmark…(b *testing.B)",
	.wants = go_wants,
	.read = go_read,
};
