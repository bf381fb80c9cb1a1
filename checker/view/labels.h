/*
 * Labels of samples as texts: numbers in a unit that can be read.
 */
#ifndef PAWL_VIEW_LABELS_H
#define PAWL_VIEW_LABELS_H

#include "base/json.h"
#include "model/profile.h"

/* The unit of each key's numbers: the first that is given, else one guessed from the key. */
struct label_units {
	uint32_t *of_key; /* per string; 0: not given */
};

struct label_units label_units_of(struct arena *a, const struct profile *p);
const char *label_unit(const struct label_units *units, const struct profile *p, uint32_t key);

/* A key of a sample with its values, parted by blanks. */
struct label_text {
	const char *key, *values;
	bool numeric;
};

struct label_texts {
	struct label_text *at;
	size_t count;
};

/* The labels of a set by key: texts, then numbers, each sorted by how pprof prints them ("%10s:  %s"). */
struct label_texts label_group(struct arena *a, const struct profile *p, uint32_t label_set,
			       const struct label_units *units);

/* As an object: a text, or a list where a key stands more than once; numbers with `value` and `unit`. */
void label_json(struct json *j, const struct profile *p, uint32_t label_set, const struct label_units *units);

#endif
