/* Suites of google-benchmark, and of programs that speak its command line. */
#include "suite/suite.h"

#include "base/file.h"
#include "base/text.h"

#include <string.h>
#include <unistd.h>

enum {
	LIST_LIMIT = 4 << 20, /* a hundred thousand long names; what says more is no list */
	SHOWN_LINES = 5,
};

/* The suite's program with more arguments behind the user's own, so that they win. */
static const char **argv_begin(struct arena *a, const struct suite_settings *s, size_t more)
{
	const char **argv = NEW_ARRAY(a, const char *, s->run_count + more + 1);

	for (size_t i = 0; i < s->run_count; i++)
		argv[i] = s->run[i];
	return argv;
}

static bool run_with(struct arena *a, const struct suite_program *program, const char *const *flags, size_t flag_count,
		     struct proc_result *result, struct err *err)
{
	const struct suite_settings *s = program->settings;
	const char **argv = argv_begin(a, s, flag_count);
	struct proc_spec spec = {
		.argv = argv,
		.env = program->env,
		.cwd = program->cwd,
		.timeout_ns = s->timeout_ns,
		.output_limit = LIST_LIMIT,
		.keep_bytes = LIST_LIMIT,
	};

	memcpy(argv + s->run_count, flags, flag_count * sizeof *flags);
	if (!proc_run(a, &spec, result, err))
		return err_context(err, "suite %s", s->name);
	return true;
}

/* Sets the error to what was called, how it ended, the last lines that it wrote and what to do. */
static bool list_failed(struct arena *a, const struct suite_program *program, const char *flag,
			const struct proc_result *result, const char *advice, struct err *err)
{
	const struct str *stream = result->errors.size ? &result->errors : &result->out;
	struct str lines = text_last_lines(*stream, SHOWN_LINES);
	struct buf b = {.arena = a};

	for (size_t begin = 0, i = 0; lines.size && i <= lines.size; i++) {
		if (i < lines.size && lines.at[i] != '\n')
			continue;
		buf_text(&b, "\n  ");
		text_printable(&b, arena_copy(a, lines.at + begin, i - begin));
		begin = i + 1;
	}
	return err_set(err, "suite %s: `%s %s`: %s; %s%s", program->settings->name, program->settings->run[0], flag,
		       proc_describe(a, result), advice, buf_string(&b));
}

/* What the program takes, as its help says: flags and their forms differ by version, and one that it does not know
 * makes it fail.  A program that says nothing is taken for an old one. */
static bool probe(struct arena *a, struct suite_program *program, struct err *err)
{
	static const char *const flags[] = {"--help"};
	static const char min_time[] = "--benchmark_min_time=";
	struct proc_result result;
	const char *help, *form;

	program->fixes_iterations = false;
	program->min_time_has_unit = false;
	if (!run_with(a, program, flags, 1, &result, err))
		return false;
	if (result.end == PROC_TIMED_OUT || result.end == PROC_INTERRUPTED)
		return list_failed(a, program, "--help", &result, "is it a google-benchmark program?", err);
	help = arena_printf(a, "%s\n%s", arena_copy(a, result.out.at, result.out.size),
			    arena_copy(a, result.errors.at, result.errors.size));
	form = strstr(help, min_time);
	if (!form)
		return true;
	/* Up to 1.7 the form is "<min_time>", a number of seconds; from 1.8 on "`<integer>x` OR `<float>s`". */
	form += strlen(min_time);
	form = arena_copy(a, form, strcspn(form, "]\n"));
	program->fixes_iterations = strchr(form, 'x') != NULL;
	program->min_time_has_unit = program->fixes_iterations;
	return true;
}

/* Valid UTF-8 without control characters, C1 included: nothing else can be a name in any report. */
static bool is_name(const char *at, size_t size)
{
	for (size_t i = 0; i < size;) {
		size_t length = text_utf8_length(at + i, size - i);
		unsigned char c = (unsigned char)at[i];

		if (!length || c < 0x20 || c == 0x7f)
			return false;
		if (length == 2 && c == 0xc2 && (unsigned char)at[i + 1] < 0xa0)
			return false;
		i += length;
	}
	return true;
}

static bool take_names(struct arena *a, struct suite_program *program, struct str list, struct err *err)
{
	size_t line = 1;

	for (size_t begin = 0; begin < list.size; line++) {
		const char *at = list.at + begin;
		const char *newline = memchr(at, '\n', list.size - begin);
		size_t size = newline ? (size_t)(newline - at) : list.size - begin;

		begin += size + 1;
		if (size && at[size - 1] == '\r')
			size--;
		if (!size)
			continue;
		if (!is_name(at, size))
			return err_set(err,
				       "suite %s: line %zu of its list of benchmarks is no name: \"%s\" (names are "
				       "UTF-8 without control characters); does the program print something else to "
				       "standard output?",
				       program->settings->name, line,
				       text_printable_copy(a, arena_copy(a, at, size < 200 ? size : 200)));
		program->benches = arena_reserve(a, program->benches, program->bench_count, &program->bench_capacity,
						 sizeof *program->benches);
		program->benches[program->bench_count++] = arena_copy(a, at, size);
	}
	return true;
}

static bool gbench_list(struct arena *a, struct suite_program *program, struct err *err)
{
	/* The format, because a later version lists as JSON where the environment asks for that. */
	static const char *const flags[] = {"--benchmark_format=console", "--benchmark_list_tests=true"};
	struct proc_result result;
	const char *advice = NULL;

	program->version = "";
	program->benches = NULL;
	program->bench_count = program->bench_capacity = 0;
	if (!suite_look_for_program(a, program, err) || !probe(a, program, err) ||
	    !run_with(a, program, flags, sizeof flags / sizeof flags[0], &result, err))
		return false;
	switch (result.end) {
	case PROC_EXITED:
		if (result.code != 0)
			advice = "run it by hand; if it is no google-benchmark program, `kind` in pawl.yml is wrong";
		break;
	case PROC_SIGNALED:
		advice = "it crashed before any benchmark; run it by hand in a debugger";
		break;
	case PROC_TIMED_OUT:
		advice = "listing must be quick: move slow set-up out of main() and static objects, or raise `timeout`";
		break;
	case PROC_FLOODED:
		advice = "a list of benchmarks has less than 4 MiB; does the program print something else?";
		break;
	case PROC_INTERRUPTED:
		advice = "pawl was told to stop";
		break;
	}
	if (advice)
		return list_failed(a, program, flags[1], &result, advice, err);
	if (!take_names(a, program, result.out, err))
		return false;
	if (!program->bench_count)
		return list_failed(a, program, flags[1], &result,
				   "it lists no benchmarks: are they linked in, and does a filter in `run` leave some?",
				   err);
	return true;
}

/* A regular expression for exactly that name, alike in every syntax that a program may have been built with: POSIX
 * extended of glibc, of libstdc++ (which refuses "\]" and "\}") and of libc++, and ECMAScript (to which a bare "]" is an
 * error).  "]" is written as what is no other printable ASCII character, because "[]]" is nothing in ECMAScript. */
static const char *exact_filter(struct arena *a, const char *flag, const char *bench)
{
	struct buf b = {.arena = a};

	buf_text(&b, flag);
	buf_char(&b, '^');
	for (; *bench; bench++) {
		if (*bench == ']') {
			buf_text(&b, "[^ -\\\\^-~]");
		} else if (*bench == '}') {
			buf_text(&b, "[}]");
		} else {
			if (strchr(".[(){*+?^$|\\", *bench))
				buf_char(&b, '\\');
			buf_char(&b, *bench);
		}
	}
	buf_char(&b, '$');
	return buf_string(&b);
}

static const char *min_time(struct arena *a, const struct suite_program *program, const struct suite_slice *slice)
{
	char seconds[TEXT_DOUBLE_SIZE];

	if (slice->iterations > 0 && program->fixes_iterations)
		return arena_printf(a, "--benchmark_min_time=%lldx", (long long)slice->iterations);
	text_double(seconds, (double)slice->min_time_ns / 1e9);
	return arena_printf(a, "--benchmark_min_time=%s%s", seconds, program->min_time_has_unit ? "s" : "");
}

static const char *const *gbench_slice_argv(struct arena *a, const struct suite_program *program,
					    const struct suite_slice *slice)
{
	enum { MORE = 7 };
	const char **argv = argv_begin(a, program->settings, MORE);
	size_t count = program->settings->run_count;

	argv[count++] = exact_filter(a, "--benchmark_filter=", slice->bench);
	argv[count++] = arena_printf(a, "--benchmark_out=%s", slice->out_path);
	argv[count++] = "--benchmark_out_format=json";
	argv[count++] = min_time(a, program, slice);
	argv[count++] = "--benchmark_report_aggregates_only=false";
	argv[count++] = "--benchmark_color=false";
	if (slice->repetitions > 1)
		argv[count++] = arena_printf(a, "--benchmark_repetitions=%lld", (long long)slice->repetitions);
	return argv;
}

static const char *const keys[] = {"filter", "slice",   "clock",   "prepare", "cleanup",
				   "warmup", "counter", "profile", NULL};

const struct suite_kind suite_gbench = {
	.name = "gbench",
	.help = "a google-benchmark program (1.5 and later), or one that speaks its command line",
	.format = "gbench",
	.keys = keys,
	.list = gbench_list,
	.slice_argv = gbench_slice_argv,
};
