/*
 * A scratch folder with repositories for tests of git: shell lines run in it, nothing of the user's settings applies.
 */
#ifndef PAWL_TESTS_GIT_SCRATCH_H
#define PAWL_TESTS_GIT_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/text.h"
#include "git/git.h"

#include <stdlib.h>
#include <string.h>

static struct arena *arena;
static const char *scratch;
static struct err err;

/* Standard output of a shell line in the scratch folder, without its last newline; the line must succeed. */
static const char *sh(const char *line)
{
	struct proc_spec spec = {.argv = (const char *const[]){"sh", "-ec", line, NULL}, .cwd = scratch};
	struct proc_result result;

	if (!proc_run(arena, &spec, &result, &err))
		fail_msg("%s", err.text);
	if (result.end != PROC_EXITED || result.code != 0)
		fail_msg("%s: %s\n%s", line, proc_describe(arena, &result),
			 arena_copy(arena, result.errors.at, result.errors.size));
	while (result.out.size && result.out.at[result.out.size - 1] == '\n')
		result.out.size--;
	return arena_copy(arena, result.out.at, result.out.size);
}

static const char *in_scratch(const char *name)
{
	return path_join(arena, scratch, name);
}

static struct git_repo find_repo(const char *name)
{
	struct git_repo repo;

	assert_true(git_find(arena, in_scratch(name), &repo));
	return repo;
}

static inline void assert_in_error(const char *words)
{
	if (!strstr(err.text, words))
		fail_msg("\"%s\" is not in the error \"%s\"", words, err.text);
}

/* A scratch folder with "repo": two commits on main, "side" branched off the first one with one of its own. */
static int scratch_make(void **state)
{
	const char *made;

	(void)state;
	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
	unsetenv("GIT_INDEX_FILE");
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_AUTHOR_NAME", "A", 1);
	setenv("GIT_AUTHOR_EMAIL", "a@example.org", 1);
	setenv("GIT_COMMITTER_NAME", "A", 1);
	setenv("GIT_COMMITTER_EMAIL", "a@example.org", 1);
	arena = arena_open();
	if (!dir_make_scratch(arena, &made, &err))
		fail_msg("%s", err.text);
	scratch = path_real(arena, made);
	setenv("XDG_CACHE_HOME", in_scratch("cache"), 1);
	sh("git init -q -b main repo; cd repo; mkdir -p 'sub/in ner'; echo 1 >'sub/in ner/file'; git add .;"
	   "git commit -qm first; git tag v1.0; git checkout -qb side; echo s >side; git add .; git commit -qm 'on the "
	   "side';"
	   "git checkout -q main; echo 2 >'a file'; git add .; git commit -qm 'second: more' -m body");
	return 0;
}

static int scratch_remove(void **state)
{
	(void)state;
	dir_remove(scratch);
	arena_close(arena);
	return 0;
}

#endif
