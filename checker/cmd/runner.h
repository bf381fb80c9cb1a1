/*
 * The runner of GitHub Actions that pawl may have been started by.
 */
#ifndef PAWL_CMD_RUNNER_H
#define PAWL_CMD_RUNNER_H

#include "base/arena.h"

#include <stdbool.h>

/* What is printed is read for commands. */
bool runner_is_github(void);

/* "sub/": where the current folder lies in the checked out repository; "" at its root, outside of it, and without a
 * runner. */
const char *runner_folder(struct arena *a);

#endif
