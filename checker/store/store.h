/*
 * Stores: where baselines live.
 *
 * A store keeps runs by baseline name and machine class, in the order in which they were measured.  Adding a kind of store
 * is one new file with its row and one line in STORE_LIST; the kind is the part before the colon in `store: dir:baselines`.
 */
#ifndef PAWL_STORE_STORE_H
#define PAWL_STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

/* One stored run, as the index knows it. */
struct store_entry {
	const char *id; /* SHA-256 of the run file */
	const char *machine_class;
	const char *started, *revision, *branch;
	bool dirty;
	size_t bench_count;
	const char *const *slower; /* series (suite/benchmark:metric) that this run was called slower in */
	size_t slower_count;
};

struct store_kind {
	const char *name, *help;
	/* Entries of a baseline, class by class, each oldest first; of every machine class when `machine_class` is NULL.  A
	 * baseline that does not exist has none. */
	bool (*list)(struct arena *a, const char *place, const char *baseline, const char *machine_class,
		     struct store_entry **entries, size_t *count, struct err *err);
	bool (*load)(struct arena *a, const char *place, const char *baseline, const struct store_entry *entry,
		     struct run *run, struct err *err);
	/* Adds a run under its host's machine class.  Sets run->id.  A run that is there already is not added twice. */
	bool (*save)(struct arena *a, const char *place, const char *baseline, struct run *run,
		     const char *const *slower, size_t slower_count, struct err *err);
	/* Keeps a profile beside the runs of a machine class; `file` is the SHA-256 of the bytes and a suffix.  It stays out of
	 * version control unless somebody asks for it. */
	bool (*save_profile)(struct arena *a, const char *place, const char *baseline, const char *machine_class,
			     const char *file, struct str bytes, struct err *err);
	/* The bytes of a profile; `*there` false: it was not kept. */
	bool (*load_profile)(struct arena *a, const char *place, const char *baseline, const char *machine_class,
			     const char *file, bool *there, struct str *bytes, struct err *err);
	/* Looks at every file: the first damage is the error; `*checked` runs were looked at. */
	bool (*verify)(struct arena *a, const char *place, const char *baseline, size_t *checked, struct err *err);
	/* Names of the baselines. */
	bool (*names)(struct arena *a, const char *place, const char ***names, size_t *count, struct err *err);
};

#define STORE_LIST(ROW) ROW(dir)

#define ROW(name)       extern const struct store_kind store_##name;
STORE_LIST(ROW)
#undef ROW

extern const struct store_kind *const store_kinds[];
extern const size_t store_kind_count;

/* A store that pawl.yml names: "dir:baselines"; a relative folder is meant from `folder`. */
struct store {
	const struct store_kind *kind;
	const char *place;
};

bool store_open(struct arena *a, const char *address, const char *folder, struct store *out,
		struct err *err) MUST_CHECK;

/* The entry whose id starts with `prefix`; fails when none or several do. */
const struct store_entry *store_pick(const struct store_entry *entries, size_t count, const char *prefix,
				     struct err *err) MUST_CHECK;

#endif
