/*
 * The fields of a finding in the verdict file: one table serves writing and reading.
 */
#ifndef PAWL_MODEL_VERDICT_FIELDS_H
#define PAWL_MODEL_VERDICT_FIELDS_H

#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

enum field_kind {
	KIND_TEXT,
	KIND_NUMBER, /* struct number: null when it is not known */
	KIND_RATIO,  /* double */
	KIND_COUNT,  /* size_t */
	KIND_FLAG,   /* bool */
	KIND_CATEGORY,
	KIND_STATE,
	KIND_OUTCOME,
	KIND_SEVERITY,
	KIND_EFFECT,
};

struct field {
	const char *key;
	enum field_kind kind;
	size_t offset;
	bool required;
	bool rare; /* left out where it says nothing */
};

/* Sorted by key. */
extern const struct field verdict_fields[];
extern const size_t verdict_field_count;

/* Names of enum effect. */
extern const char *const effect_names[];
bool effect_find(const char *name, enum effect *e);

#endif
