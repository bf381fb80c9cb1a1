/* Names in files of callgrind, and their numbers. */
#include "profile/callgrind_names.h"

/* "(12)"; "(below main)" is a name. */
static bool take_number(struct str *text, uint64_t *number)
{
	struct str rest = *text;

	if (!line_take(&rest, "(") || line_starts(rest, "0x") || !line_take_unsigned(&rest, number) ||
	    !line_take(&rest, ")"))
		return false;
	*text = rest;
	return true;
}

static uint32_t string_of(struct callgrind_names *n, enum name_kind kind, struct str name)
{
	return profile_string(n->profile, kind != NAME_FUNCTION && str_equal(name, "???") ? (struct str){"", 0} : name);
}

bool callgrind_name_take(struct callgrind_names *n, enum name_kind kind, const struct lines *lines, struct str text,
			 struct callgrind_name *out, struct err *err)
{
	uint64_t number;
	struct str name = line_trim(text);
	struct key key;

	if (!take_number(&name, &number)) {
		*out = (struct callgrind_name){.string = string_of(n, kind, name)};
		return true;
	}
	name = line_trim(name);
	key = (struct key){{(uint32_t)kind, (uint32_t)(number >> 32), (uint32_t)number}};
	if (!name.size) {
		uint32_t found = keyed_find(&n->numbers, key);

		if (found == UINT32_MAX)
			return lines_fail(lines, err, "%s has no name in any line before",
					  lines_shown(lines, line_trim(text)));
		*out = (struct callgrind_name){n->strings[found], found + 1};
		return true;
	}
	n->strings = arena_reserve(n->profile->arena, n->strings, n->numbers.count, &n->capacity, sizeof *n->strings);
	out->number = keyed_add(&n->numbers, key) + 1;
	out->string = n->strings[out->number - 1] = string_of(n, kind, name);
	return true;
}
