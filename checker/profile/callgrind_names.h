/*
 * Names in files of callgrind: "(12) main" gives a name its number, "(12)" stands for it later, "main" has none.
 */
#ifndef PAWL_PROFILE_CALLGRIND_NAMES_H
#define PAWL_PROFILE_CALLGRIND_NAMES_H

#include "model/profile.h"
#include "profile/keyed.h"
#include "profile/lines.h"

#include <stdbool.h>
#include <stdint.h>

/* Files, functions and objects are numbered apart. */
enum name_kind { NAME_FILE, NAME_FUNCTION, NAME_OBJECT, NAME_KINDS };

struct callgrind_names {
	struct profile *profile;
	struct keyed numbers; /* kind, halves of the number */
	uint32_t *strings;    /* of each */
	size_t capacity;
};

/* A name: its string ("" for ???, save of functions), and its place in `numbers` + 1, or 0 for a name without number. */
struct callgrind_name {
	uint32_t string, number;
};

/* Fails for a number that has no name yet. */
bool callgrind_name_take(struct callgrind_names *n, enum name_kind kind, const struct lines *lines, struct str text,
			 struct callgrind_name *out, struct err *err) MUST_CHECK;

#endif
