/*
 * The index of a folder of runs: index.json, one line a run, oldest first.
 */
#ifndef PAWL_STORE_DIR_INDEX_H
#define PAWL_STORE_DIR_INDEX_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

enum { DIR_INDEX_VERSION = 1 };

struct dir_index {
	struct store_entry *entries;
	size_t count, capacity;
};

/* Is something at that path?  What cannot be looked at (no permission, a loop of links) is an error. */
bool dir_look(const char *path, bool *there, struct err *err) MUST_CHECK;

/* The entries, all of that machine class.  A file that is not there is an empty index. */
bool dir_index_read(struct arena *a, const char *path, const char *machine_class, struct dir_index *out,
		    struct err *err) MUST_CHECK;

bool dir_index_write(struct arena *a, const char *path, const struct dir_index *index, struct err *err) MUST_CHECK;

/* The entry with that id, or NULL. */
const struct store_entry *dir_index_find(const struct dir_index *index, const char *id);

void dir_index_add(struct arena *a, struct dir_index *index, const struct store_entry *entry);

/* 64 lower-case hexadecimal digits. */
bool dir_id_is_valid(const char *id);

#endif
