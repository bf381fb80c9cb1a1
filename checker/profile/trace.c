/*
 * Execution traces of Go (runtime/trace, go test -trace): what goroutines waited for, by stack.
 *
 * The format is Go's own affair and changes with its versions, so Go is asked: `go tool trace -pprof=KIND` makes a profile
 * of each kind of waiting.  All four go into one profile, with two sample types each: how often, and for how long.
 */
#include "base/file.h"
#include "base/proc.h"
#include "profile/frames.h"
#include "profile/lines.h"
#include "profile/profile.h"
#include "profile/tally.h"

#include <string.h>

enum { HEADER_SIZE = 16, EXIT_NOT_FOUND = 127 };

#define TIMEOUT_NS (INT64_C(300) * 1000000000)

static const struct {
	const char *name, *count_type;
} kinds[] = {{"net", "net_waits"}, {"syscall", "syscall_waits"}, {"sched", "sched_waits"}, {"sync", "sync_waits"}};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* "go 1.19 trace" and NULs, 16 bytes together. */
static bool trace_sniff(struct str bytes)
{
	struct str head = {bytes.at, bytes.size < HEADER_SIZE ? bytes.size : HEADER_SIZE};

	return head.size == HEADER_SIZE && line_starts(head, "go 1.") && line_holds(head, " trace") &&
	       head.at[HEADER_SIZE - 1] == '\0';
}

/* The stack of another profile, its functions by their names. */
static uint32_t copy_stack(struct profile *out, const struct profile *p, uint32_t stack, struct frames *frames,
			   struct profile_line **lines, size_t *capacity)
{
	const struct profile_span *s = p->stacks + stack;

	frames->count = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct profile_location *l = p->locations + p->frames[s->first + i];
		struct profile_location copy = {.address = l->address, .mapping = PROFILE_NONE};
		size_t count = 0;

		for (size_t k = 0; k < l->line_count; k++) {
			const struct profile_line *line = p->lines + l->first_line + k;
			const struct profile_function *f = p->functions + line->function;

			*lines = arena_reserve(frames->arena, *lines, count, capacity, sizeof **lines);
			(*lines)[count++] = line->function == PROFILE_NONE
						    ? *line
						    : frame_line(out, &(struct frame){.name = p->strings[f->name],
										      .file = p->strings[f->file],
										      .line = line->line});
		}
		frames_add(frames, profile_intern_location(out, &copy, *lines, count));
	}
	return profile_stack(out, frames->locations, frames->count);
}

static bool copy_samples(struct arena *a, const struct profile *p, size_t kind, struct tally *tally, const char *path,
			 struct err *err)
{
	struct frames frames = {.arena = a};
	struct profile_line *lines = NULL;
	size_t capacity = 0;

	if (p->type_count != 2)
		return err_set(err, "%s: go tool trace gave a profile with %zu sample types, expected 2", path,
			       p->type_count);
	for (size_t i = 0; i < p->sample_count; i++) {
		int64_t values[2 * KINDS] = {0};
		uint32_t stack = copy_stack(tally->profile, p, p->sample_stacks[i], &frames, &lines, &capacity);

		values[2 * kind] = p->values[2 * i];
		values[2 * kind + 1] = p->values[2 * i + 1];
		if (!tally_add(tally, stack, 0, values))
			return err_set(err, "%s: %s", path, tally_overflow);
	}
	return true;
}

/* What Go said last, in one line. */
static bool fail_go(struct arena *a, const char *path, const struct proc_result *result, struct err *err)
{
	struct str said = text_last_lines(result->errors, 1);

	if (result->end == PROC_EXITED && result->code == EXIT_NOT_FOUND)
		return err_set(
			err,
			"%s: is an execution trace of Go, which only Go can read, and there is no go here: install it "
			"(apt install golang-go), or run go tool trace -pprof=sync %s >sync.pb.gz where it is",
			path, path_base(path));
	return err_set(
		err,
		"%s: go tool trace cannot read this trace (a Go as new as the one that wrote it is needed): %s: %s",
		path, proc_describe(a, result), text_printable_copy(a, arena_copy(a, said.at, said.size)));
}

/* Asks Go for one kind; its answer goes to a file beside the trace. */
static bool ask(struct arena *a, const char *path, const char *scratch, size_t kind, struct profile *out,
		struct err *err)
{
	/* Another Go than the one that is here must not be fetched. */
	static const char script[] =
		"GOTOOLCHAIN=local; export GOTOOLCHAIN; exec go tool trace -pprof=\"$1\" trace >profile";
	const char *const argv[] = {"/bin/sh", "-c", script, "sh", kinds[kind].name, NULL};
	struct proc_spec spec = {.argv = argv, .cwd = scratch, .timeout_ns = TIMEOUT_NS};
	struct profile_reading how = {.format = profile_format_find("proto")};
	struct proc_result result;
	struct str bytes;

	if (!proc_run(a, &spec, &result, err))
		return false;
	if (result.end != PROC_EXITED || result.code)
		return fail_go(a, path, &result, err);
	return file_read(a, path_join(a, scratch, "profile"), FILE_LIMIT, &bytes, err) &&
	       profile_read_bytes(a, path, bytes, &how, out, NULL, err);
}

static bool ask_all(struct arena *a, const char *path, const char *scratch, struct str bytes, struct tally *tally,
		    struct err *err)
{
	if (!file_write(path_join(a, scratch, "trace"), bytes.at, bytes.size, err))
		return false;
	for (size_t kind = 0; kind < KINDS; kind++) {
		struct arena *own = arena_open_child(a);
		struct profile part;
		bool ok = ask(own, path, scratch, kind, &part, err) && copy_samples(own, &part, kind, tally, path, err);

		arena_close(own);
		if (!ok)
			return false;
	}
	return true;
}

static bool trace_read(struct arena *a, const char *path, struct str bytes, struct profile *out, struct err *err)
{
	const char *scratch;
	struct tally tally;
	bool ok;

	for (size_t i = 0; i < KINDS; i++) {
		profile_add_type(out, kinds[i].count_type, "count");
		profile_add_type(out, kinds[i].name, "nanoseconds");
	}
	tally = tally_of(out);
	if (!dir_make_scratch(a, &scratch, err))
		return false;
	ok = ask_all(a, path, scratch, bytes, &tally, err);
	dir_remove(scratch);
	return ok;
}

const struct profile_format profile_format_trace = {
	.name = "trace",
	.help = "execution trace of Go, through go tool trace",
	.sniff = trace_sniff,
	.read = trace_read,
};
