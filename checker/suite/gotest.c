/*
 * Suites of Go: `run` is a compiled test binary, or `go test` with one package, which is then compiled once a side.
 *
 * The binary lists its functions only; which sub-benchmarks there are is known when all have run with one iteration.  A
 * slice is -test.bench for one name with -test.benchtime=Nx.
 */
#include "suite/gotest_words.h"
#include "suite/suite.h"

#include "base/file.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

enum {
	LIST_LIMIT = 4 << 20,
	SHOWN_LINES = 8,
};

static const int64_t BUILD_NS = 900LL * 1000000000; /* of `go test -c` with an empty cache, whatever `timeout` says */

static bool run(struct arena *a, const struct suite_program *program, const char *const *argv, int64_t timeout_ns,
		struct proc_result *result, struct err *err)
{
	struct proc_spec spec = {
		.argv = argv,
		.env = program->env,
		.cwd = program->cwd,
		.timeout_ns = timeout_ns,
		.output_limit = LIST_LIMIT,
		.keep_bytes = LIST_LIMIT,
	};

	return proc_run(a, &spec, result, err) || err_context(err, "suite %s", program->settings->name);
}

/* Sets the error to what was called, how it ended, its last lines and what to do. */
static bool failed(struct arena *a, const struct suite_program *program, const char *what,
		   const struct proc_result *result, const char *advice, struct err *err)
{
	struct str lines = text_last_lines(result->errors.size ? result->errors : result->out, SHOWN_LINES);
	struct buf b = {.arena = a};

	for (size_t begin = 0, i = 0; lines.size && i <= lines.size; i++) {
		if (i < lines.size && lines.at[i] != '\n')
			continue;
		buf_text(&b, "\n  ");
		text_printable(&b, arena_copy(a, lines.at + begin, i - begin));
		begin = i + 1;
	}
	return err_set(err, "suite %s: `%s`: %s; %s%s", program->settings->name, what, proc_describe(a, result), advice,
		       buf_string(&b));
}

/* Makes the binary of `go test` and moves into the package's folder, where Go runs tests. */
static bool compile(struct arena *a, struct suite_program *program, const struct gotest_words *w, struct err *err)
{
	const struct suite_settings *s = program->settings;
	const char **argv = NEW_ARRAY(a, const char *, w->build_count + 8);
	struct proc_result result;
	size_t count = 0;

	if (!program->scratch)
		return err_set(err, "suite %s: there is no place for its binary", s->name);
	program->built = path_join(a, program->scratch, "bench.test");
	argv[count++] = s->run[0];
	argv[count++] = "test";
	argv[count++] = "-c";
	argv[count++] = "-o";
	argv[count++] = program->built;
	for (size_t i = 0; i < w->build_count; i++)
		argv[count++] = w->build[i];
	argv[count++] = w->package;
	if (!run(a, program, argv, s->timeout_ns > BUILD_NS ? s->timeout_ns : BUILD_NS, &result, err))
		return false;
	if (result.end != PROC_EXITED || result.code != 0)
		return failed(a, program, arena_printf(a, "go test -c %s", w->package), &result, "run it by hand", err);
	if (!file_exists(program->built))
		return err_set(err, "suite %s: %s has no test files", s->name, w->package);
	return true;
}

/* A function's name on a line of its own; other lines are what the program prints. */
static bool is_function(struct str line)
{
	static const char start[] = "Benchmark";

	if (line.size < sizeof start - 1 || memcmp(line.at, start, sizeof start - 1) != 0)
		return false;
	for (size_t i = 0; i < line.size; i++) {
		unsigned char c = (unsigned char)line.at[i];

		if (c < 0x80 && !isalnum(c) && c != '_')
			return false;
	}
	return true;
}

static void take_functions(struct arena *a, struct suite_program *program, struct str list)
{
	while (list.size) {
		const char *newline = memchr(list.at, '\n', list.size);
		struct str line = {list.at, newline ? (size_t)(newline - list.at) : list.size};

		list.at += line.size + (newline != NULL);
		list.size -= line.size + (newline != NULL);
		if (!is_function(line))
			continue;
		program->benches = arena_reserve(a, program->benches, program->bench_count, &program->bench_capacity,
						 sizeof *program->benches);
		program->benches[program->bench_count++] = arena_copy(a, line.at, line.size);
	}
}

static const char *binary_of(const struct suite_program *program)
{
	return program->built ? program->built : program->settings->run[0];
}

static bool gotest_list(struct arena *a, struct suite_program *program, struct err *err)
{
	struct gotest_words w;
	struct proc_result result;
	const char *argv[] = {NULL, "-test.list=^Benchmark", NULL};

	program->version = "";
	program->fixes_iterations = true;
	program->benches = NULL;
	program->bench_count = program->bench_capacity = 0;
	if (!gotest_words_read(a, program->settings, &w, err) ||
	    (w.compiles ? !compile(a, program, &w, err) : !suite_look_for_program(a, program, err)))
		return false;
	if (!text_equal(w.package, "."))
		program->cwd = path_join(a, program->cwd, w.package);
	argv[0] = binary_of(program);
	if (!run(a, program, argv, program->settings->timeout_ns, &result, err))
		return false;
	if (result.end != PROC_EXITED || result.code != 0)
		return failed(a, program, arena_printf(a, "%s %s", path_base(argv[0]), argv[1]), &result,
			      "is it a test binary of Go (go test -c)?", err);
	take_functions(a, program, result.out);
	return program->bench_count > 0 ||
	       failed(a, program, arena_printf(a, "%s %s", path_base(argv[0]), argv[1]), &result,
		      "it lists no benchmark: there is no func BenchmarkX(b *testing.B) in that package", err);
}

/* Digits behind the last '-', which may be GOMAXPROCS or the end of the name itself. */
static size_t suffix_at(const char *name)
{
	size_t size = strlen(name), at = size;

	while (at && isdigit((unsigned char)name[at - 1]))
		at--;
	return at > 1 && at < size && name[at - 1] == '-' ? at - 1 : size;
}

/*
 * A regular expression a level, for exactly that name.  The name may end with GOMAXPROCS, which Go adds when it prints it
 * and does not match, so that end is left open: where "x" and "x-8" are both there, both run and the result says which is
 * which.
 */
static const char *pattern_of(struct arena *a, const char *bench)
{
	size_t end = suffix_at(bench);
	struct buf b = {.arena = a};

	buf_text(&b, "-test.bench=^");
	for (size_t i = 0; bench[i]; i++) {
		if (i == end)
			buf_char(&b, '(');
		if (bench[i] == '/') {
			buf_text(&b, "$/^");
			continue;
		}
		if (strchr("\\.+*?()|[]{}^$", bench[i]))
			buf_char(&b, '\\');
		buf_char(&b, bench[i]);
	}
	buf_text(&b, bench[end] ? ")?$" : "$");
	return buf_string(&b);
}

static const char *const *gotest_argv(struct arena *a, const struct suite_program *program,
				      const struct suite_slice *slice)
{
	enum { MORE = 10 };
	const char **argv = NEW_ARRAY(a, const char *, program->settings->run_count + MORE);
	struct gotest_words w;
	struct err ignored; /* list has read the same words */
	size_t count = 0;

	if (!gotest_words_read(a, program->settings, &w, &ignored))
		w = (struct gotest_words){0};
	argv[count++] = binary_of(program);
	for (size_t i = 0; i < w.flag_count; i++)
		argv[count++] = w.flags[i];
	argv[count++] = "-test.run=^$";
	argv[count++] = *slice->bench ? pattern_of(a, slice->bench) : "-test.bench=.";
	argv[count++] = slice->iterations > 0
				? arena_printf(a, "-test.benchtime=%lldx", (long long)slice->iterations)
				: arena_printf(a, "-test.benchtime=%lldns", (long long)slice->min_time_ns);
	argv[count++] =
		arena_printf(a, "-test.count=%lld", (long long)(slice->repetitions > 1 ? slice->repetitions : 1));
	argv[count++] = "-test.benchmem=true";
	argv[count++] = "-test.timeout=0";
	/* Only with -test.v does Go say that a benchmark skips itself; the trials find that out. */
	if (slice->iterations <= 1)
		argv[count++] = "-test.v=true";
	for (size_t i = 0; i < w.rest_count; i++)
		argv[count++] = w.rest[i];
	return argv;
}

static const char *const keys[] = {"filter", "slice", "clock",   "prepare", "cleanup",
				   "warmup", "input", "profile", NULL};

const struct suite_kind suite_gotest = {
	.name = "gotest",
	.help = "benchmarks of one Go package: go test, or its compiled test binary",
	.format = "gotest",
	.prints_result = true,
	.lists_functions = true,
	.last_words = "panic: ",
	.keys = keys,
	.list = gotest_list,
	.slice_argv = gotest_argv,
};
