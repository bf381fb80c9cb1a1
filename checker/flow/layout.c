/* Which causes are the same code on both sides. */
#include "flow/layout.h"

#include "stats/sample.h"
#include "symbol/alike.h"

#include <math.h>
#include <string.h>

enum {
	MOST_PLACES = 16, /* functions that a name was inlined into, or is the name of */
};

/* What two counts of one program differ by, at most (DESIGN.md: exact metrics). */
static const double same_count = 0.001;

/* A function that the linker knows, and the file that it is in. */
struct place {
	const char *symbol, *file;
};

bool layout_same_instructions(struct arena *a, const struct slice_table *base, const struct slice_table *head)
{
	size_t base_count, head_count;
	const double *x = table_series(a, base, "instructions", &base_count);
	const double *y = table_series(a, head, "instructions", &head_count);
	double one, two;

	if (!base_count || !head_count)
		return false;
	one = sample_median(a, x, base_count);
	two = sample_median(a, y, head_count);
	return one > 0 && fabs(two / one - 1) <= same_count;
}

static const struct profile_function *function_at(const struct profile *p, const struct profile_location *l,
						  size_t line)
{
	uint32_t function = p->lines[l->first_line + line].function;

	return function < p->function_count ? &p->functions[function] : NULL;
}

/* The line of a location that is of that function, or line_count. */
static size_t line_of(const struct profile *p, const struct profile_location *l, const char *name)
{
	for (size_t i = 0; i < l->line_count; i++) {
		const struct profile_function *f = function_at(p, l, i);

		if (f && text_equal(profile_text(p, f->name), name))
			return i;
	}
	return l->line_count;
}

/* Where the code of a function is: in itself, or in what it was inlined into.  More than `MOST_PLACES`: 0. */
static size_t places_of(const struct profile *p, const char *name, struct place places[MOST_PLACES])
{
	size_t count = 0;

	for (size_t i = 0; i < p->location_count; i++) {
		const struct profile_location *l = &p->locations[i];
		const struct profile_function *outer;
		struct place place;
		size_t k = 0;

		if (l->mapping >= p->mapping_count || line_of(p, l, name) == l->line_count)
			continue;
		outer = function_at(p, l, l->line_count - 1);
		if (!outer)
			return 0;
		place = (struct place){profile_text(p, outer->system_name),
				       profile_text(p, p->mappings[l->mapping].file)};
		while (k < count &&
		       !(text_equal(places[k].symbol, place.symbol) && text_equal(places[k].file, place.file)))
			k++;
		if (k < count)
			continue;
		if (count == MOST_PLACES)
			return 0;
		places[count++] = place;
	}
	return count;
}

static bool alike_in(struct arena *a, const char *one, const char *two, const char *symbol)
{
	struct module *x, *y;
	struct err ignored;
	enum alike answer = ALIKE_UNKNOWN;

	if (!module_open(a, one, &x, &ignored))
		return false;
	if (module_open(a, two, &y, &ignored)) {
		answer = function_alike(a, x, y, symbol);
		module_close(y);
	}
	module_close(x);
	return answer == ALIKE_SAME;
}

/* Of every place on one side there is one of the same symbol on the other, and its code is the same. */
static bool is_alike(struct arena *a, const struct profile *base, const struct profile *head, const char *name)
{
	struct place x[MOST_PLACES], y[MOST_PLACES];
	size_t x_count = places_of(base, name, x), y_count = places_of(head, name, y);
	bool alike = x_count > 0 && x_count == y_count;

	for (size_t i = 0; alike && i < x_count; i++) {
		size_t k = 0;

		while (k < y_count && !text_equal(x[i].symbol, y[k].symbol))
			k++;
		alike = k < y_count && alike_in(a, x[i].file, y[k].file, x[i].symbol);
	}
	return alike;
}

const char *const *layout_alike(struct arena *a, const struct slice_table *base, const struct slice_table *head,
				const struct attribution *found, size_t *count)
{
	const char **names = NEW_ARRAY(a, const char *, found->cause_count);

	*count = 0;
	for (size_t i = 0; i < found->cause_count; i++) {
		const char *name = found->rows[found->causes[i].row].name;

		if (is_alike(a, base->profile.stacks, head->profile.stacks, name))
			names[(*count)++] = name;
	}
	return names;
}

void layout_look(struct arena *a, const struct cause_request *request, struct attribution *found)
{
	const struct slice_table *base = request->base[0], *head = request->head[0];
	struct cause_code code = {.same_instructions = layout_same_instructions(a, base, head)};
	struct cause_request again = *request;

	if (!code.same_instructions || !found->cause_count)
		return;
	code.alike = layout_alike(a, base, head, found, &code.count);
	again.code = &code;
	if (code.count)
		(void)cause_attribute(a, &again, found);
}
