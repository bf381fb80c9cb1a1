/*
 * Result files of any known format, as runs.
 */
#ifndef PAWL_FLOW_LOAD_H
#define PAWL_FLOW_LOAD_H

#include "base/arena.h"
#include "base/err.h"
#include "input/input.h"
#include "model/run.h"

/* What the one suite of a result file is called. */
#define LOAD_SUITE "results"

/*
 * Reads a run file or a result file ("-" is standard input) or folder.  `format`: what to take it for; NULL: what it looks
 * like.  A result file becomes a run with one suite, whose
 * tables hold values or aggregates and no slices.  Fails with path and line for what is damaged, and for a file without a
 * single measured value.
 */
bool load_results(struct arena *a, const char *path, const struct input_format *format, struct run *run,
		  struct err *err) MUST_CHECK;

#endif
