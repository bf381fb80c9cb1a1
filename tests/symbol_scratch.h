/*
 * A scratch folder in which tests of symbols build programs and ask binutils about them.
 */
#ifndef PAWL_TESTS_SYMBOL_SCRATCH_H
#define PAWL_TESTS_SYMBOL_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/text.h"
#include "symbol/module.h"

#include <stdlib.h>
#include <string.h>

static struct arena *arena;
static const char *scratch;
static struct err err;

/* Standard output of a shell line in the scratch folder, where $SRC is the folder with the programs; it must succeed. */
static struct str sh(const char *format, ...) PRINTF_LIKE(1, 2);
static struct str sh(const char *format, ...)
{
	struct proc_spec spec = {.cwd = scratch, .keep_bytes = 32 << 20};
	struct proc_result result;
	va_list args;
	char *line;

	va_start(args, format);
	line = arena_vprintf(arena, format, args);
	va_end(args);
	spec.argv = (const char *const[]){"sh", "-ec", line, NULL};
	if (!proc_run(arena, &spec, &result, &err))
		fail_msg("%s", err.text);
	if (result.end != PROC_EXITED || result.code != 0)
		fail_msg("%s: %s\n%s", line, proc_describe(arena, &result),
			 arena_copy(arena, result.errors.at, result.errors.size));
	return result.out;
}

static const char *in_scratch(const char *name)
{
	return path_join(arena, scratch, name);
}

static int group_setup(void **state)
{
	(void)state;
	arena = arena_open();
	if (!dir_make_scratch(arena, &scratch, &err))
		fail_msg("%s", err.text);
	setenv("SRC", path_real(arena, "tests/symbol"), 1);
	return 0;
}

static int group_teardown(void **state)
{
	(void)state;
	dir_remove(scratch);
	arena_close(arena);
	return 0;
}

#endif
