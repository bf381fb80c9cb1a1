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
	const char *name, *symbol, *file; /* name: as people know it */
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
		place = (struct place){profile_text(p, outer->name), profile_text(p, outer->system_name),
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

static enum alike alike_in(struct arena *a, const char *one, const char *two, const char *symbol)
{
	struct module *x, *y;
	struct err ignored;
	enum alike answer = ALIKE_UNKNOWN;

	if (!module_open(a, one, &x, &ignored))
		return ALIKE_UNKNOWN;
	if (module_open(a, two, &y, &ignored)) {
		answer = function_alike(a, x, y, symbol);
		module_close(y);
	}
	module_close(x);
	return answer;
}

/* Of every place on one side there is one of the same symbol on the other, its code is the same, and some of it lies
 * elsewhere. */
static bool has_moved(struct arena *a, const struct profile *base, const struct profile *head, const char *name)
{
	struct place x[MOST_PLACES], y[MOST_PLACES];
	size_t x_count = places_of(base, name, x), y_count = places_of(head, name, y);
	bool alike = x_count > 0 && x_count == y_count, moved = false;

	for (size_t i = 0; alike && i < x_count; i++) {
		enum alike answer = ALIKE_UNKNOWN;
		size_t k = 0;

		while (k < y_count && !text_equal(x[i].symbol, y[k].symbol))
			k++;
		if (k < y_count)
			answer = alike_in(a, x[i].file, y[k].file, x[i].symbol);
		alike = answer == ALIKE_SAME || answer == ALIKE_MOVED;
		moved = moved || answer == ALIKE_MOVED;
	}
	return alike && moved;
}

const char *const *layout_moved(struct arena *a, const struct slice_table *base, const struct slice_table *head,
				const struct attribution *found, size_t *count)
{
	const char **names = NEW_ARRAY(a, const char *, found->cause_count);

	*count = 0;
	for (size_t i = 0; i < found->cause_count; i++) {
		const char *name = found->rows[found->causes[i].row].name;

		if (has_moved(a, base->profile.stacks, head->profile.stacks, name))
			names[(*count)++] = name;
	}
	return names;
}

/* What a function executed itself in a process, of the first type; engines that count name functions as people do. */
static double executed(const struct profile *p, const char *name)
{
	double sum = 0;

	for (size_t i = 0; i < p->sample_count; i++) {
		struct profile_span stack = p->stacks[p->sample_stacks[i]];
		const struct profile_location *leaf;
		const struct profile_function *f;

		if (!stack.count)
			continue;
		leaf = &p->locations[p->frames[stack.first]];
		f = leaf->line_count ? function_at(p, leaf, leaf->line_count - 1) : NULL;
		if (f && text_equal(profile_text(p, f->name), name))
			sum += (double)p->values[i * p->type_count];
	}
	return sum;
}

static double executed_each(const struct run_counts *c, const char *name)
{
	if (!c->few || !c->many || !c->many->type_count || !c->few->type_count ||
	    c->many_iterations <= c->few_iterations)
		return 0;
	return (executed(c->many, name) - executed(c->few, name)) / (double)(c->many_iterations - c->few_iterations);
}

/* Every function that holds this one does as much in an iteration as before. */
static bool executes_as_often(const struct slice_table *base, const struct slice_table *head, const char *name)
{
	struct place places[MOST_PLACES];
	size_t count = places_of(head->profile.stacks, name, places);

	for (size_t i = 0; i < count; i++) {
		double one = executed_each(&base->counts, places[i].name);
		double two = executed_each(&head->counts, places[i].name);

		if (!(one > 0) || fabs(two / one - 1) > same_count)
			return false;
	}
	return count > 0;
}

size_t layout_executed_as_often(const struct slice_table *base, const struct slice_table *head,
				const char *const *names, size_t count, const char **out)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (executes_as_often(base, head, names[i]))
			out[kept++] = names[i];
	}
	return kept;
}

double layout_part(const struct attribution *found)
{
	double part = 0, all = 0;

	for (size_t i = 0; i < found->cause_count; i++) {
		all += found->causes[i].part;
		if (found->rows[found->causes[i].row].state == CHANGE_LAYOUT)
			part += found->causes[i].part;
	}
	return part / fmax(all, 1);
}

void layout_look(struct arena *a, const struct cause_request *request, struct attribution *found)
{
	const struct slice_table *base = request->base[0], *head = request->head[0];
	struct cause_code code = {.as_often = true};
	struct cause_request again = *request;
	const char **often;

	if (!found->cause_count)
		return;
	code.alike = layout_moved(a, base, head, found, &code.count);
	if (!layout_same_instructions(a, base, head)) {
		/* Something does more work.  What does as much as before may lie elsewhere all the same. */
		often = NEW_ARRAY(a, const char *, code.count);
		code.count = layout_executed_as_often(base, head, code.alike, code.count, often);
		code.alike = often;
	}
	again.code = &code;
	if (code.count)
		(void)cause_attribute(a, &again, found);
}
