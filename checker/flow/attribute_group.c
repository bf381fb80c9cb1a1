/* One cause is one finding, however many benchmarks show it. */
#include "flow/attribute.h"

#include "base/file.h"
#include "base/text.h"
#include "flow/attribute_names.h"

#include <math.h>
#include <string.h>

/* A function explains a row when it is at least this part of the row's change, or the first of its causes. */
static const double EXPLAINS = 0.5;

/* A function and the findings that it explains. */
struct candidate {
	const struct attribution_row *row;
	bool with_callees;
	size_t *findings, finding_count, finding_capacity;
	double largest_part;
};

struct candidates {
	struct arena *arena;
	struct candidate *items;
	size_t count, capacity;
};

static bool is_same_function(const struct attribution_row *a, const struct attribution_row *b)
{
	return text_equal(a->name, b->name) &&
	       (!*a->file || !*b->file || text_equal(path_base(a->file), path_base(b->file)));
}

static void add_candidate(struct candidates *c, const struct attribution_row *row,
			  const struct attribution_cause *cause, size_t finding)
{
	struct candidate *at = c->items;

	while (at && at < c->items + c->count && !is_same_function(at->row, row))
		at++;
	if (!at || at == c->items + c->count) {
		c->items = arena_reserve(c->arena, c->items, c->count, &c->capacity, sizeof *c->items);
		at = c->items + c->count++;
		*at = (struct candidate){.row = row, .with_callees = cause->with_callees};
	}
	at->findings =
		arena_reserve(c->arena, at->findings, at->finding_count, &at->finding_capacity, sizeof *at->findings);
	at->findings[at->finding_count++] = finding;
	at->largest_part = fmax(at->largest_part, cause->part);
}

static size_t count_free(const struct candidate *c, const bool *taken)
{
	size_t count = 0;

	for (size_t i = 0; i < c->finding_count; i++)
		count += !taken[c->findings[i]];
	return count;
}

/* The one that explains most of what is not explained yet; by name where several do. */
static const struct candidate *best_candidate(const struct candidates *c, const bool *taken)
{
	const struct candidate *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < c->count; i++) {
		size_t count = count_free(c->items + i, taken);

		if (count > most || (count && count == most && strcmp(c->items[i].row->name, best->row->name) < 0)) {
			best = c->items + i;
			most = count;
		}
	}
	return best;
}

static struct attribute_cause take(struct arena *a, const struct candidate *c, bool *taken)
{
	size_t *findings = NEW_ARRAY(a, size_t, c->finding_count);
	struct attribute_cause out = {.name = c->row->name,
				      .file = c->row->file,
				      .line = c->row->line,
				      .findings = findings,
				      .with_callees = c->with_callees,
				      .largest_part = c->largest_part};

	for (size_t i = 0; i < c->finding_count; i++) {
		if (taken[c->findings[i]])
			continue;
		taken[c->findings[i]] = true;
		findings[out.finding_count++] = c->findings[i];
	}
	return out;
}

/* What lies elsewhere explains a row where nothing else does. */
static bool is_layout(const struct attribution *from, size_t cause)
{
	return from->rows[from->causes[cause].row].state == CHANGE_LAYOUT;
}

/* Greedy covering: few causes for all rows, and the widest first. */
const struct attribute_cause *attribute_group(struct arena *a, const struct attribute_finding *findings, size_t count,
					      size_t *cause_count)
{
	struct candidates candidates = {.arena = a};
	bool *taken = NEW_ARRAY(a, bool, count);
	struct attribute_cause *out = NEW_ARRAY(a, struct attribute_cause, count);
	const struct candidate *best;

	for (size_t i = 0; i < count; i++) {
		const struct attribution *from = findings[i].attribution;

		for (size_t k = 0; from && k < from->cause_count; k++)
			if (k == 0 || (from->causes[k].part >= EXPLAINS && !is_layout(from, k)))
				add_candidate(&candidates, from->rows + from->causes[k].row, from->causes + k, i);
	}
	*cause_count = 0;
	while ((best = best_candidate(&candidates, taken)))
		out[(*cause_count)++] = take(a, best, taken);
	return out;
}
