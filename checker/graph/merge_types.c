/* Which sample types profiles have in common, and in which unit. */
#include "graph/merge.h"

#include "base/text.h"
#include "graph/unit.h"

#include <string.h>

enum { MOST_TYPES = 1000 }; /* each is looked for in each profile; profilers write a handful */

/* Names that differ in a plural only are one (google/pprof, measurement.go: compatibleValueTypes). */
static bool same_name(const char *a, const char *b)
{
	size_t x = strlen(a), y = strlen(b);

	x -= x && a[x - 1] == 's';
	y -= y && b[y - 1] == 's';
	return x == y && memcmp(a, b, x) == 0;
}

/* `likely` is where the first profile has it: names may repeat. */
static size_t find_type(const struct profile *p, const char *name, size_t likely)
{
	size_t i = likely;

	if (i < p->type_count && text_equal(profile_text(p, p->types[i].name), name))
		return i;
	i = profile_type_find(p, name);
	if (i < p->type_count)
		return i;
	for (i = 0; i < p->type_count; i++)
		if (same_name(profile_text(p, p->types[i].name), name))
			return i;
	return i;
}

static double ratio_of(const char *from, const char *to)
{
	const char *unit;

	return text_equal(from, to) ? 1 : unit_scale(1, from, to, &unit);
}

static const char *unit_of(const struct profile *p, size_t type)
{
	return profile_text(p, p->types[type].unit);
}

static void list_types(struct buf *out, const struct profile *p)
{
	for (size_t i = 0; i < p->type_count; i++) {
		buf_text(out, i ? ", " : "");
		text_printable(out, profile_text(p, p->types[i].name));
		buf_char(out, '/');
		text_printable(out, unit_of(p, i));
	}
	if (!p->type_count)
		buf_text(out, "none");
}

static bool fail_no_common(struct arena *a, const struct merge_input *inputs, size_t count, struct err *err)
{
	struct buf first = {.arena = a}, other = {.arena = a};
	size_t i = 1;

	list_types(&first, inputs[0].profile);
	/* The first one that shares nothing, or the last one: then it takes all of them. */
	for (; i + 1 < count; i++) {
		size_t shared = 0;

		for (size_t k = 0; k < inputs[0].profile->type_count; k++)
			shared += find_type(inputs[i].profile,
					    profile_text(inputs[0].profile, inputs[0].profile->types[k].name),
					    k) < inputs[i].profile->type_count;
		if (!shared)
			break;
	}
	list_types(&other, inputs[i].profile);
	return err_set(
		err, "the profiles have no sample type in common: one has %s, another %s; compare profiles of one kind",
		buf_string(&first), buf_string(&other));
}

/* The column of type `name` in every profile; false if one lacks it. */
static bool find_columns(struct arena *a, const struct merge_input *inputs, size_t count, const char *name,
			 size_t likely, size_t **columns)
{
	*columns = NEW_ARRAY(a, size_t, count);
	for (size_t i = 0; i < count; i++) {
		(*columns)[i] = find_type(inputs[i].profile, name, likely);
		if ((*columns)[i] == inputs[i].profile->type_count)
			return false;
	}
	return true;
}

static bool finest_unit(struct arena *a, const struct merge_input *inputs, size_t count, const char *name,
			const size_t *columns, const char **unit, struct err *err)
{
	*unit = unit_of(inputs[0].profile, columns[0]);
	for (size_t i = 1; i < count; i++) {
		const char *other = unit_of(inputs[i].profile, columns[i]);

		if (!unit_compatible(*unit, other))
			return err_set(err,
				       "the sample type '%s' is in %s in one profile and in %s in another, which "
				       "cannot be converted",
				       text_printable_copy(a, name), text_printable_copy(a, *unit),
				       text_printable_copy(a, other));
		if (ratio_of(other, *unit) < 1)
			*unit = other;
	}
	return true;
}

static bool agree_period(struct arena *a, const struct merge_input *inputs, size_t count, struct merge_types *out,
			 struct err *err)
{
	const struct profile *first = NULL;

	out->period_name = out->period_unit = "";
	out->period_ratios = NEW_ARRAY(a, double, count);
	for (size_t i = 0; i < count; i++) {
		const struct profile *p = inputs[i].profile;
		const char *name = profile_text(p, p->period_type.name), *unit = profile_text(p, p->period_type.unit);

		if (!*name && !*unit)
			continue;
		if (!first) {
			first = p;
			out->period_name = name;
			out->period_unit = unit;
		} else if (!same_name(out->period_name, name) || !unit_compatible(out->period_unit, unit)) {
			return err_set(err,
				       "the profiles were sampled by different periods: one by %s/%s, another by "
				       "%s/%s; compare "
				       "profiles of one kind",
				       text_printable_copy(a, out->period_name),
				       text_printable_copy(a, out->period_unit), text_printable_copy(a, name),
				       text_printable_copy(a, unit));
		} else if (ratio_of(unit, out->period_unit) < 1) {
			out->period_unit = unit;
		}
	}
	for (size_t i = 0; i < count; i++) {
		const struct profile *p = inputs[i].profile;

		out->period_ratios[i] = ratio_of(profile_text(p, p->period_type.unit), out->period_unit);
	}
	return true;
}

bool merge_agree(struct arena *a, const struct merge_input *inputs, size_t count, struct merge_types *out,
		 struct err *err)
{
	const struct profile *first = inputs[0].profile;

	for (size_t i = 0; i < count && count > 1; i++)
		if (inputs[i].profile->type_count > MOST_TYPES)
			return err_set(err, "a profile has %zu sample types; %d are the most that can be compared",
				       inputs[i].profile->type_count, MOST_TYPES);
	*out = (struct merge_types){0};
	out->names = NEW_ARRAY(a, const char *, first->type_count + 1);
	out->units = NEW_ARRAY(a, const char *, first->type_count + 1);
	out->columns = NEW_ARRAY(a, size_t *, count);
	out->ratios = NEW_ARRAY(a, double *, count);
	for (size_t i = 0; i < count; i++) {
		out->columns[i] = NEW_ARRAY(a, size_t, first->type_count + 1);
		out->ratios[i] = NEW_ARRAY(a, double, first->type_count + 1);
		if (inputs[i].profile->type_count > first->type_count)
			out->dropped_count = inputs[i].profile->type_count - first->type_count;
	}
	for (size_t k = 0; k < first->type_count; k++) {
		const char *name = profile_text(first, first->types[k].name), *unit;
		size_t *columns;

		if (!find_columns(a, inputs, count, name, k, &columns)) {
			out->dropped_count++;
			continue;
		}
		if (!finest_unit(a, inputs, count, name, columns, &unit, err))
			return false;
		out->names[out->count] = name;
		out->units[out->count] = unit;
		for (size_t i = 0; i < count; i++) {
			out->columns[i][out->count] = columns[i];
			out->ratios[i][out->count] = ratio_of(unit_of(inputs[i].profile, columns[i]), unit);
		}
		out->count++;
	}
	if (!out->count && count > 1)
		return fail_no_common(a, inputs, count, err);
	return agree_period(a, inputs, count, out, err);
}
