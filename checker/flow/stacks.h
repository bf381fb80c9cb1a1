/*
 * Stacks: the profiles of a run as files beside its run file and in a store, named by the hash of their bytes.
 */
#ifndef PAWL_FLOW_STACKS_H
#define PAWL_FLOW_STACKS_H

#include "base/arena.h"
#include "base/err.h"
#include "model/run.h"
#include "store/store.h"

/* Writes FOLDER/profiles/HASH.pb.gz for every table with stacks and sets its `file`; a run file that is written after it
 * names them. */
bool stacks_write(struct arena *a, struct run *run, const char *folder, struct err *err) MUST_CHECK;

/* Removes what an earlier stacks_write left in a folder, and nothing else. */
void stacks_clear(struct arena *a, const char *folder);

/* Loads the stacks of a table from there; one that is not there leaves it without. */
bool stacks_read(struct arena *a, struct slice_table *t, const char *folder, struct err *err) MUST_CHECK;

/* The same with a store; the run's tables have their `file` already. */
bool stacks_save(struct arena *a, const struct run *run, const struct store *store, const char *baseline,
		 struct err *err) MUST_CHECK;
bool stacks_load(struct arena *a, struct slice_table *t, const struct store *store, const char *baseline,
		 const char *machine_class, struct err *err) MUST_CHECK;

#endif
