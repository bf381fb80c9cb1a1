/*
 * Another program in place of this one, or in a new process.
 */
#ifndef PAWL_PRELOAD_EXECUTE_H
#define PAWL_PRELOAD_EXECUTE_H

#include "program.h"

#include <spawn.h>
#include <sys/types.h>

enum execute_how {
	EXECUTE_FILE,
	EXECUTE_IN_PATH,
	EXECUTE_OPEN, /* what `fd` is */
	EXECUTE_AT,
	EXECUTE_SPAWN,
	EXECUTE_SPAWN_IN_PATH,
};

struct execution {
	enum execute_how how;
	struct program program;
	char *const *argv;
	const char *path; /* EXECUTE_AT: as the caller named it */
	int flags;
	pid_t *pid; /* of the new process */
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attributes;
};

/* Returns what the real function does. */
int execute(const struct execution *e);

#endif
