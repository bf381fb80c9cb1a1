/* Joining the benchmarks of two runs, in the order of their names so that thousands of them take no time. */
#include "flow/judge_match.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Each gone name is held against each new one; beyond that many a suite was rewritten, and guesses help nobody. */
enum { SUGGEST_PAIRS = 10000 };

struct entry {
	const char *suite, *name;
	size_t index; /* of the table */
};

struct entries {
	struct entry *items;
	size_t count;
};

static int by_name(const void *one, const void *two)
{
	const struct entry *x = one, *y = two;
	int order = strcmp(x->suite, y->suite);

	return order ? order : strcmp(x->name, y->name);
}

/* Of tables with one name the first stands first. */
static int by_name_and_index(const void *one, const void *two)
{
	const struct entry *x = one, *y = two;
	int order = by_name(one, two);

	return order ? order : (x->index > y->index) - (x->index < y->index);
}

static void sort(struct entries *e)
{
	if (e->count)
		qsort(e->items, e->count, sizeof *e->items, by_name_and_index);
}

static void match_names(struct arena *a, const struct run *base, const struct run *head, struct match *m)
{
	struct entries all = {.items = NEW_ARRAY(a, struct entry, base->table_count), .count = base->table_count};

	for (size_t i = 0; i < base->table_count; i++)
		all.items[i] = (struct entry){base->tables[i].suite, base->tables[i].bench, i};
	sort(&all);
	for (size_t i = 0; i < head->table_count; i++) {
		struct entry key = {head->tables[i].suite, head->tables[i].bench, 0};
		const struct entry *found = bsearch(&key, all.items, all.count, sizeof key, by_name);

		if (!found)
			continue;
		while (found > all.items && by_name(found - 1, &key) == 0)
			found--;
		m->base_of[i] = &base->tables[found->index];
		m->taken[found->index] = true;
	}
}

static const char *whole_name(struct arena *a, const struct slice_table *t)
{
	return name_normalise(a, arena_printf(a, "%s/%s", t->suite, t->bench));
}

static bool stands_alone(const struct entries *e, size_t at)
{
	return (at == 0 || by_name(&e->items[at - 1], &e->items[at]) != 0) &&
	       (at + 1 == e->count || by_name(&e->items[at + 1], &e->items[at]) != 0);
}

static bool has_values(const struct slice_table *t)
{
	return t->slice_count || t->values || t->aggregates;
}

static void match_rest(struct arena *a, const struct run *base, const struct run *head, const struct rename *renames,
		       size_t rename_count, struct match *m)
{
	struct entries old = {.items = NEW_ARRAY(a, struct entry, base->table_count)};
	struct entries now = {.items = NEW_ARRAY(a, struct entry, head->table_count)};

	for (size_t i = 0; i < base->table_count; i++) {
		const struct slice_table *t = &base->tables[i];

		if (!m->taken[i] && has_values(t))
			old.items[old.count++] =
				(struct entry){"", name_renamed(a, whole_name(a, t), renames, rename_count), i};
	}
	for (size_t i = 0; old.count && i < head->table_count; i++) {
		const struct slice_table *t = &head->tables[i];

		if (!m->base_of[i] && has_values(t))
			now.items[now.count++] = (struct entry){"", whole_name(a, t), i};
	}
	sort(&old);
	sort(&now);
	for (size_t i = 0; i < now.count; i++) {
		const struct entry *found =
			old.count ? bsearch(&now.items[i], old.items, old.count, sizeof *old.items, by_name) : NULL;

		if (!found || !stands_alone(&now, i) || !stands_alone(&old, (size_t)(found - old.items)))
			continue;
		m->base_of[now.items[i].index] = &base->tables[found->index];
		m->taken[found->index] = true;
	}
}

struct match match_runs(struct arena *a, const struct run *base, const struct run *head, const struct rename *renames,
			size_t rename_count)
{
	struct match m = {
		.base_of = NEW_ARRAY(a, const struct slice_table *, head->table_count),
		.taken = NEW_ARRAY(a, bool, base->table_count),
	};

	match_names(a, base, head, &m);
	match_rest(a, base, head, renames, rename_count, &m);
	return m;
}

/* What is still to be suggested, on either side. */
struct choice {
	const struct slice_table *const *tables;
	size_t count;
	bool *done;
};

/* The table of `s` whose name is nearest to that of `t`, in the same suite. */
static size_t find_near(struct arena *a, const struct choice *s, const struct slice_table *t)
{
	const char **names = NEW_ARRAY(a, const char *, s->count);
	size_t count = 0;
	const char *near;

	for (size_t i = 0; i < s->count; i++) {
		if (!s->done[i] && text_equal(s->tables[i]->suite, t->suite))
			names[count++] = s->tables[i]->bench;
	}
	near = text_nearest(t->bench, names, count);
	for (size_t i = 0; near && i < s->count; i++) {
		if (s->tables[i]->bench == near)
			return i;
	}
	return s->count;
}

/* The only table of `s` with the same arguments as `t`. */
static size_t find_arguments(struct arena *a, const struct choice *s, const struct slice_table *t)
{
	const char *wanted = strchr(name_normalise(a, t->bench), '/');
	size_t found = s->count;

	for (size_t i = 0; wanted && i < s->count; i++) {
		const char *own = strchr(name_normalise(a, s->tables[i]->bench), '/');

		if (s->done[i] || !own || !text_equal(own, wanted) || !text_equal(s->tables[i]->suite, t->suite))
			continue;
		if (found < s->count)
			return s->count;
		found = i;
	}
	return found;
}

const struct slice_table **match_suggest(struct arena *a, const struct slice_table *const *gone, size_t gone_count,
					 const struct slice_table *const *fresh, size_t fresh_count)
{
	static size_t (*const finds[])(struct arena *, const struct choice *,
				       const struct slice_table *) = {find_near, find_arguments};
	const struct slice_table **out = NEW_ARRAY(a, const struct slice_table *, gone_count);
	struct choice old = {.tables = gone, .count = gone_count, .done = NEW_ARRAY(a, bool, gone_count)};
	struct choice now = {.tables = fresh, .count = fresh_count, .done = NEW_ARRAY(a, bool, fresh_count)};

	if (gone_count && fresh_count > SUGGEST_PAIRS / gone_count)
		return out;
	for (size_t pass = 0; pass < sizeof finds / sizeof finds[0]; pass++) {
		for (size_t i = 0; i < gone_count; i++) {
			size_t j = old.done[i] ? fresh_count : finds[pass](a, &now, gone[i]);

			/* Each must be the other's best. */
			if (j == fresh_count || finds[pass](a, &old, fresh[j]) != i)
				continue;
			out[i] = fresh[j];
			old.done[i] = now.done[j] = true;
		}
	}
	return out;
}
