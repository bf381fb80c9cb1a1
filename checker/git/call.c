/* One call of the git program. */
#include "git/call.h"

#include "base/file.h"
#include "base/text.h"

#include <string.h>
#include <unistd.h>

enum {
	OUTPUT_LIMIT = 64 << 20, /* names of a very large repository's refs take some MB */
	SHOWN_LINES = 8,         /* the words on a repository of another owner take five */
};

/* A hook's git sets these, and they would bind every call to the hook's repository, index or quarantine.  What carries
 * settings of the user (GIT_CONFIG_COUNT, GIT_SSH_COMMAND, …) stays. */
static const char *const dropped[] = {
	"GIT_DIR=",
	"GIT_WORK_TREE=",
	"GIT_INDEX_FILE=",
	"GIT_PREFIX=",
	"GIT_COMMON_DIR=",
	"GIT_OBJECT_DIRECTORY=",
	"GIT_ALTERNATE_OBJECT_DIRECTORIES=",
	"GIT_NAMESPACE=",
	"GIT_IMPLICIT_WORK_TREE=",
	"GIT_QUARANTINE_PATH=",
	"GIT_SHALLOW_FILE=",
	"GIT_GRAFT_FILE=",
	"GIT_EXTERNAL_DIFF=",
	"GIT_TRACE=", /* would be read as git's words */
	"LANGUAGE=",
	"LC_ALL=",
	"GIT_TERMINAL_PROMPT=",
	"GIT_OPTIONAL_LOCKS=",
	"GIT_PAGER=",
};

static const char *const added[] = {
	"LC_ALL=C",
	"GIT_TERMINAL_PROMPT=0",
	"GIT_OPTIONAL_LOCKS=0",
	"GIT_PAGER=cat",
};

enum { ADDED_COUNT = sizeof added / sizeof added[0] };

static bool is_dropped(const char *variable)
{
	for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++) {
		if (text_starts(variable, dropped[i]))
			return true;
	}
	return false;
}

static const char *const *environment(struct arena *a)
{
	const char **env;
	size_t count = 0, kept = 0;

	while (environ[count])
		count++;
	env = NEW_ARRAY(a, const char *, count + ADDED_COUNT + 1);
	for (size_t i = 0; i < count; i++) {
		if (!is_dropped(environ[i]))
			env[kept++] = environ[i];
	}
	for (size_t i = 0; i < ADDED_COUNT; i++)
		env[kept++] = added[i];
	return env;
}

static const char *const *command(struct arena *a, const char *const *args)
{
	/* No hooks of the project, no tidying in the background that outlives the call. */
	static const char *const always[] = {"git",       "-c", "core.hooksPath=/dev/null", "-c",
					     "gc.auto=0", "-c", "maintenance.auto=false"};
	enum { ALWAYS_COUNT = sizeof always / sizeof always[0] };
	const char **argv;
	size_t count = 0;

	while (args[count])
		count++;
	argv = NEW_ARRAY(a, const char *, count + ALWAYS_COUNT + 1);
	memcpy(argv, always, sizeof always);
	memcpy(argv + ALWAYS_COUNT, args, count * sizeof *args);
	return argv;
}

static const char *command_text(struct arena *a, const char *const *args)
{
	struct buf b = {.arena = a};

	buf_text(&b, "git");
	for (; *args; args++) {
		buf_char(&b, ' ');
		text_printable(&b, *args);
	}
	return buf_string(&b);
}

bool git_call_refused(struct arena *a, const char *const *args, const struct proc_result *result, struct err *err)
{
	struct str lines = text_last_lines(result->errors, SHOWN_LINES);
	struct buf b = {.arena = a};

	for (size_t i = 0, begin = 0; i <= lines.size && lines.size; i++) {
		if (i < lines.size && lines.at[i] != '\n')
			continue;
		buf_text(&b, "\n  ");
		text_printable(&b, arena_copy(a, lines.at + begin, i - begin));
		begin = i + 1;
	}
	return err_set(err, "%s: %s%s", command_text(a, args), proc_describe(a, result), buf_string(&b));
}

bool git_call(struct arena *a, const char *folder, const char *const *args, struct proc_result *result, struct err *err)
{
	struct proc_spec spec = {
		.argv = command(a, args),
		.env = environment(a),
		.cwd = folder,
		.output_limit = OUTPUT_LIMIT,
		.keep_bytes = OUTPUT_LIMIT,
	};

	if (!proc_run(a, &spec, result, err)) {
		if (file_is_dir(folder))
			err_context(err, "the git program is needed here (package git)");
		return false;
	}
	if (result->end == PROC_EXITED)
		return true;
	return git_call_refused(a, args, result, err);
}

const char *git_call_output(struct arena *a, const struct proc_result *result)
{
	size_t size = result->out.size;

	if (size && result->out.at[size - 1] == '\n')
		size--;
	return arena_copy(a, result->out.at, size);
}

bool git_call_text(struct arena *a, const char *folder, const char *const *args, const char **text, struct err *err)
{
	struct proc_result result;

	if (!git_call(a, folder, args, &result, err))
		return false;
	if (result.code != 0)
		return git_call_refused(a, args, &result, err);
	*text = git_call_output(a, &result);
	return true;
}
