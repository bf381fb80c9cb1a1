/*
 * The window: the newest runs of a stored baseline.
 */
#ifndef PAWL_FLOW_WINDOW_H
#define PAWL_FLOW_WINDOW_H

#include "base/arena.h"
#include "base/err.h"
#include "flow/config.h"
#include "flow/judge.h"
#include "store/store.h"

struct window {
	struct judge_stored *runs; /* newest last; as many as it takes that every series finds a full window */
	size_t count;
	struct judge_stored *foreign; /* the newest run of each other machine class, for counts; the oldest first */
	size_t foreign_count;
	bool other_class; /* the baseline has runs, but none of this machine class */
};

struct window_request {
	const struct config *config;
	const struct store *store;
	const char *baseline, *machine_class;
	const bool *wanted; /* suite by suite; NULL: all */
	const char *filter; /* as for measure; NULL: all */
};

/* Loads them; benchmarks that the check does not ask for are left out, so that they are not taken for gone. */
bool window_load(struct arena *a, const struct window_request *request, struct window *out, struct err *err) MUST_CHECK;

#endif
