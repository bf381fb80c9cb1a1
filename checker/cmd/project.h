/*
 * What the commands that work on a project share: its configuration, its repository, the identity of a run.
 */
#ifndef PAWL_CMD_PROJECT_H
#define PAWL_CMD_PROJECT_H

#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "flow/config.h"
#include "git/git.h"
#include "model/accepted.h"
#include "model/run.h"
#include "store/store.h"

struct project {
	struct config config;
	bool *wanted; /* suite by suite */
	struct git_repo repo;
	bool has_repo;
	const char *git_problem; /* why git did not tell its state though there is a repository; "" */
	struct git_state state;  /* of the working tree */
};

/* Reads the configuration (`path`, or the pawl.yml here or above) and what git knows.  A suite that does not exist is an
 * error with the nearest name. */
bool project_open(struct arena *a, const char *path, const struct option_texts *suites, struct project *out,
		  struct err *err) MUST_CHECK;

/* False when a wanted suite runs a program by an absolute path into this tree: another tree would run this one's. */
bool project_check_programs(struct arena *a, const struct project *p, struct err *err) MUST_CHECK;

/* An empty run for this machine and moment. */
void project_init_run(struct arena *a, struct run *run, const char *check_id, uint64_t seed);

/* The same revision, branch and dirty mark as the working tree. */
void project_mark_head(struct arena *a, const struct project *p, struct run *run);

/* A new id for a check. */
const char *project_check_id(struct arena *a, uint64_t seed);

/* The baseline store of the configuration. */
bool project_store(struct arena *a, const struct project *p, struct store *out, struct err *err) MUST_CHECK;

/* Where accepted.json lies in `folder`, the project's own or that of a base: in the baseline store where that is a folder
 * inside the project, else beside pawl.yml. */
const char *project_accepted_path(struct arena *a, const struct project *p, const char *folder);

/* What the project in `folder` has accepted; nothing when it has no such file. */
bool project_accepted(struct arena *a, const struct project *p, const char *folder, struct accepted_list *out,
		      struct err *err) MUST_CHECK;

/* Days since 1970-01-01, UTC. */
int64_t project_today(void);

/* "4f2a91c" */
const char *project_short_id(struct arena *a, const char *id);

#endif
