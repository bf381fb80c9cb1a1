/*
 * One call of the git program, in a folder, with an environment in which it asks nothing and obeys only that folder.
 */
#ifndef PAWL_GIT_CALL_H
#define PAWL_GIT_CALL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/proc.h"

#include <stdbool.h>

/* Runs `git args…` in `folder`, whatever its exit status; args end with NULL.  Fails when there is no git program, when
 * pawl was interrupted, and when a signal ended git. */
bool git_call(struct arena *a, const char *folder, const char *const *args, struct proc_result *result,
	      struct err *err) MUST_CHECK;

/* The same; `*text` is standard output without its last newline.  Any exit status but 0 is an error with git's last
 * lines. */
bool git_call_text(struct arena *a, const char *folder, const char *const *args, const char **text,
		   struct err *err) MUST_CHECK;

/* The error of a call whose exit status was not expected: what was called and git's last lines.  Always false. */
bool git_call_refused(struct arena *a, const char *const *args, const struct proc_result *result, struct err *err);

/* Standard output of a call without its last newline. */
const char *git_call_output(struct arena *a, const struct proc_result *result);

#define GIT_ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
