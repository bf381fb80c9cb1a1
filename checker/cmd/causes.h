/*
 * Causes: the functions behind the rows of a verdict that were called slower or faster.
 */
#ifndef PAWL_CMD_CAUSES_H
#define PAWL_CMD_CAUSES_H

#include "base/arena.h"
#include "flow/judge.h"
#include "git/git.h"
#include "model/run.h"
#include "model/verdict.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

struct causes {
	struct arena *arena;
	struct verdict *verdict;
	const struct run *base, *head; /* measured in turns, with stacks; base NULL: the head alone */
	const struct judge_confirmation *confirmations;
	size_t confirmation_count;
	/* Where sources are, and what they are held against; NULL: not known. */
	const struct git_repo *repo;
	const char *base_folder, *base_revision;
	/* What could not be settled is held against the profiles of these; none: it is not. */
	const struct judge_stored *window;
	size_t window_count;
	const struct store *store;
	const char *baseline;
	/* Called when rows are slower only because of where their code lies: the verdict is then to be made anew, without
	 * failing for them.  NULL: they are rows like others. */
	void (*judge_again)(void *to, struct judge_excuse *excuses, size_t count);
	void *to;
	bool layout_fails;

	struct judge_excuse *excuses; /* its own */
	size_t excuse_count;
};

/* Fills what findings say of their cause. */
void causes_find(struct causes *c);

/* Of a base and a head that were not measured in turns no function is named: one run a side does not tell what is chance.
 * Rows whose benchmarks were sampled in both say where to look. */
void causes_point_out(struct causes *c);

#endif
