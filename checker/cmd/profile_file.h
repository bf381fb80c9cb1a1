/*
 * Files that stand for profiles: a profile, or a run file with the profiles beside it.
 */
#ifndef PAWL_CMD_PROFILE_FILE_H
#define PAWL_CMD_PROFILE_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/run.h"
#include "profile/profile.h"

#include <stdbool.h>

/* What makes the profiles that a run file has not. */
#define PROFILE_MAKERS                                                                                                 \
	"`pawl run --profile -o FILE` measures with profiles, and `pawl check --base REV` takes them of what became "  \
	"slower or faster"

struct profile_file {
	const char *path;
	struct run *run;         /* of a run file, whose stacks are not loaded yet; else NULL */
	struct profile *profile; /* of a profile, else NULL */
	const struct profile_format *format;
};

/* Reads a file ("-": standard input).  With `how->format` it is a profile of that format. */
bool profile_file_read(struct arena *a, const char *path, const struct profile_reading *how, struct profile_file *out,
		       struct err *err) MUST_CHECK;

/* Gives each sample of a benchmark's loaded stacks the label `benchmark`, so that those of several can be told apart. */
struct profile *profile_label_benchmark(const struct slice_table *t);

#endif
