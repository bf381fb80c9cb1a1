/*
 * The command that measures one row again, to be pasted into a shell.
 */
#ifndef PAWL_REPORT_REPORT_REPEAT_H
#define PAWL_REPORT_REPORT_REPEAT_H

#include "base/arena.h"
#include "model/verdict.h"

/* For a row that makes the exit status 1 or 3: the verdict's command with the row's filter in it, in the arena and safe to
 * print.  "" where there is none, nothing to measure again, or the name is too long to be typed. */
const char *repeat_command(struct arena *a, const struct verdict *v, const struct finding *f);

#endif
