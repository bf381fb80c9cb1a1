/* Counting with valgrind's callgrind: slow, and exact on every machine. */
#include "counter/counter.h"

#include "base/file.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { PROFILE_LIMIT = 256 << 20 };

static bool find_line(struct str text, const char *prefix, struct str *rest)
{
	size_t size = strlen(prefix);

	for (size_t begin = 0; begin < text.size;) {
		const char *at = text.at + begin;
		const char *newline = memchr(at, '\n', text.size - begin);
		size_t length = newline ? (size_t)(newline - at) : text.size - begin;

		if (length >= size && memcmp(at, prefix, size) == 0) {
			*rest = (struct str){.at = at + size, .size = length - size};
			return true;
		}
		begin += length + 1;
	}
	return false;
}

/* The word number `index` of a line. */
static bool word_at(struct str line, size_t index, struct str *word)
{
	size_t at = 0;

	for (size_t i = 0;; i++) {
		size_t begin;

		while (at < line.size && line.at[at] == ' ')
			at++;
		begin = at;
		while (at < line.size && line.at[at] != ' ' && line.at[at] != '\r')
			at++;
		if (at == begin)
			return false;
		*word = (struct str){.at = line.at + begin, .size = at - begin};
		if (i == index)
			return true;
	}
}

/* Where Ir stands among the events. */
static bool find_event(struct str events, size_t *index)
{
	struct str word;

	for (*index = 0; word_at(events, *index, &word); ++*index) {
		if (str_equal(word, "Ir"))
			return true;
	}
	return false;
}

static bool read_count(struct str word, int64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < word.size; i++) {
		if (word.at[i] < '0' || word.at[i] > '9' || *out > (INT64_MAX - 9) / 10)
			return false;
		*out = *out * 10 + (word.at[i] - '0');
	}
	return word.size > 0;
}

bool counter_parse_callgrind(struct str text, int64_t *instructions, struct err *err)
{
	struct str events, totals, word;
	size_t index;

	*instructions = 0;
	if (!find_line(text, "events:", &events) || !find_event(events, &index))
		return err_set(err, "is no file of callgrind: no line \"events:\" with Ir");
	/* The last line: where it is missing, the rest of the file may be too. */
	if (!find_line(text, "totals:", &totals))
		return err_set(err, "callgrind wrote it only in part: no line \"totals:\"");
	if (!word_at(totals, index, &word) || !read_count(word, instructions))
		return err_set(err, "its line \"totals:\" holds no count of instructions");
	return true;
}

static bool callgrind_probe(struct arena *a, const char **version, struct err *err)
{
	static const char *const argv[] = {"valgrind", "--version", NULL};
	struct proc_spec spec = {.argv = argv, .timeout_ns = 60LL * 1000000000};
	struct proc_result p;
	struct err ignored;
	const char *said;

	if (!proc_run(a, &spec, &p, &ignored) || p.end != PROC_EXITED || p.code != 0)
		return err_set(err, "valgrind is missing; install it (apt-get install valgrind)");
	said = arena_copy(a, p.out.at, p.out.size);
	said = arena_copy(a, said, strcspn(said, "\r\n"));
	*version = arena_printf(a, "callgrind %s", text_starts(said, "valgrind-") ? said + strlen("valgrind-") : said);
	return true;
}

/* valgrind replaces %p by the number of the process; what else is a % in the folder's name stays one. */
static const char *profile_option(struct arena *a, const char *scratch)
{
	struct buf b = {.arena = a};

	buf_text(&b, "--callgrind-out-file=");
	for (; *scratch; scratch++)
		buf_text(&b, *scratch == '%' ? "%%" : (char[]){*scratch, '\0'});
	buf_text(&b, "/%p");
	return buf_string(&b);
}

static const char *const *wrap(struct arena *a, const struct proc_spec *spec, const char *scratch)
{
	/* Not what ~/.valgrindrc and VALGRIND_OPTS add; no simulated caches. */
	static const char *const options[] = {
		"valgrind",       "--tool=callgrind",     "--command-line-only=yes",
		"--quiet",        "--trace-children=yes", "--collect-jumps=no",
		"--cache-sim=no", "--branch-sim=no",      "--dump-line=yes",
	};
	enum { OPTIONS = sizeof options / sizeof options[0] };
	const char **argv;
	size_t count = 0;

	while (spec->argv[count])
		count++;
	argv = NEW_ARRAY(a, const char *, OPTIONS + count + 2);
	memcpy(argv, options, sizeof options);
	argv[OPTIONS] = profile_option(a, scratch);
	memcpy(argv + OPTIONS + 1, spec->argv, count * sizeof *argv);
	return argv;
}

/* One file a process. */
static bool add_up(struct arena *a, const char *scratch, int64_t *instructions, struct err *err)
{
	const char **names;
	size_t count;

	*instructions = 0;
	if (!dir_list(a, scratch, &names, &count, err))
		return false;
	if (!count)
		return err_set(err, "callgrind wrote no counts");
	for (size_t i = 0; i < count; i++) {
		struct str text;
		int64_t own;

		if (!file_read(a, path_join(a, scratch, names[i]), PROFILE_LIMIT, &text, err) ||
		    !counter_parse_callgrind(text, &own, err))
			return err_context(err, "the counts of callgrind");
		if (own > INT64_MAX - *instructions)
			return err_set(err, "more instructions than a number holds");
		*instructions += own;
	}
	return true;
}

static bool callgrind_count(struct arena *a, const struct proc_spec *spec, const char *scratch,
			    struct proc_result *result, struct counter_counts *counts, struct err *err)
{
	struct proc_spec own = *spec;

	*counts = (struct counter_counts){0};
	own.argv = wrap(a, spec, scratch);
	if (!proc_run(a, &own, result, err))
		return false;
	if (result->end == PROC_SIGNALED && result->code == SIGILL)
		return err_set(err, "valgrind does not know an instruction of it; build without -march=native, at most "
				    "for x86-64-v3");
	if (result->end != PROC_EXITED || result->code != 0)
		return true;
	/* Caches and branches it could only simulate: instructions are all that is the program's own. */
	counts->known[COUNTER_INSTRUCTIONS] = add_up(a, scratch, &counts->values[COUNTER_INSTRUCTIONS], err);
	return counts->known[COUNTER_INSTRUCTIONS];
}

const struct counter_engine counter_callgrind = {
	.name = "callgrind",
	.help = "valgrind's simulated CPU: exact on every machine, and slow",
	.start_ns = 300000000,
	.slowdown = 15,
	.profile_format = "callgrind",
	.instructions_only = true,
	.x86_level = 3, /* AVX2, nothing of AVX-512 (valgrind 3.19 to 3.24) */
	.probe = callgrind_probe,
	.count = callgrind_count,
};
