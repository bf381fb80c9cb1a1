/*
 * Keys and values of pawl.yml: a table of rows says which keys a mapping takes and how each is read.
 */
#ifndef PAWL_FLOW_CONFIG_VALUE_H
#define PAWL_FLOW_CONFIG_VALUE_H

#include "base/quantity.h"
#include "flow/config_problem.h"
#include "flow/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONFIG_KEYS = 32 }; /* most rows of a table */

/* What a value may look like, for those who print the keys: the schema, the manual. */
enum config_shape {
	CONFIG_SCALAR,       /* a text or a number; one of `choices` where there are */
	CONFIG_COUNT,        /* a whole number from 0 */
	CONFIG_SCALARS,      /* a list of them */
	CONFIG_MAP,          /* the keys of `table` */
	CONFIG_SWITCHED_MAP, /* `off`, or the keys of `table` */
	CONFIG_MAPS,         /* a list of such mappings */
	CONFIG_NAMED,        /* names of the user's own, a scalar each */
	CONFIG_NAMED_LISTS,  /* the same with a list each */
};

/* One key.  `read` puts the value into the field at `offset`, or notes what is wrong with it; a row without `read` is a
 * key of a later version and refused with its own words. */
struct config_key {
	const char *name;
	const char *expected; /* "expected …": what the value is, with an example */
	void (*read)(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field);
	size_t offset;
	bool required;
	bool of_kind; /* only for suite kinds that list it */
	enum config_shape shape;
	/* The names that the value, or an item of the list, can be; NULL behind the last.  NULL: any. */
	const char *const *(*choices)(struct arena *a);
	const struct config_table *table;
	const char *help; /* what it is for, as a sentence of the manual */
};

struct config_table {
	const char *what; /* "a suite" */
	const struct config_key *keys;
	size_t count;
};

/* Reads `map` into the struct at `into`.  Where `places` is not NULL, places[i] becomes the key node of row i, NULL where
 * it does not stand there.  False when `map` is no mapping; all else is in `p`. */
bool config_read_map(struct problems *p, const struct config_table *table, const struct tree_node *map, void *into,
		     const struct tree_node *places[CONFIG_KEYS]);

/* "`KEY`: expected …, not …" */
void config_expect(struct problems *p, const struct config_key *key, const struct tree_node *value);

/* A text without NUL, in `*out`; notes what else it is. */
bool config_text(struct problems *p, const struct config_key *key, const struct tree_node *value, const char **out);

/* The same for a word: not empty, no control characters. */
bool config_word(struct problems *p, const struct config_key *key, const struct tree_node *value, const char **out);

/* A list of words, with a NULL behind the last. */
bool config_words(struct problems *p, const struct config_key *key, const struct tree_node *value,
		  const char *const **out, size_t *count);

/* A quantity of one of the kinds in the mask. */
bool config_quantity(struct problems *p, const struct config_key *key, const struct tree_node *value, unsigned kinds,
		     struct quantity *out);

/* A duration above 0 up to `most_ns`. */
bool config_duration(struct problems *p, const struct config_key *key, const struct tree_node *value, int64_t most_ns,
		     int64_t *out);

/* One of the key's choices: its index. */
bool config_choice(struct problems *p, const struct config_key *key, const struct tree_node *value, size_t *index);

#endif
