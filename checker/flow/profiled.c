/* Benchmarks of run files that were sampled, matched by name. */
#include "flow/profiled.h"

#include "base/text.h"
#include "flow/cause.h"
#include "model/name.h"

#include <string.h>

/* What was found so far; `known` finds by name, its tables stand in the order of `items`. */
struct finding_benches {
	struct arena *arena;
	struct profiled_bench *items;
	size_t count, capacity;
	struct run known;
};

static struct profiled_bench *bench_named(struct finding_benches *f, const char *suite, const char *name,
					  const char *bench)
{
	const struct slice_table *t = run_find(&f->known, suite, name);

	if (t)
		return &f->items[t - f->known.tables];
	(void)run_add(f->arena, &f->known, suite, name);
	f->items = arena_reserve(f->arena, f->items, f->count, &f->capacity, sizeof *f->items);
	f->items[f->count] = (struct profiled_bench){.suite = suite, .bench = bench};
	return &f->items[f->count++];
}

static bool has_table_of(const struct profiled_tables *t, const char *path)
{
	return t->count && t->paths[t->count - 1] == path;
}

static struct profiled_tables *side_of(struct profiled_bench *b, enum side side)
{
	return side == SIDE_BASE ? &b->base : &b->head;
}

static void add_run(struct finding_benches *f, const struct profiled_run *run, enum side side)
{
	for (size_t i = 0; i < run->run->table_count; i++) {
		struct slice_table *t = &run->run->tables[i];
		struct profiled_tables *tables;

		if (!t->profile.engine)
			continue;
		tables = side_of(bench_named(f, t->suite, name_normalise(f->arena, t->bench), t->bench), side);
		/* Two of one run that differ in how long they run alone. */
		if (has_table_of(tables, run->path))
			tables = side_of(bench_named(f, t->suite, t->bench, t->bench), side);
		if (has_table_of(tables, run->path))
			continue;
		tables->items = arena_reserve(f->arena, tables->items, tables->count, &tables->items_capacity,
					      sizeof *tables->items);
		tables->paths = arena_reserve(f->arena, tables->paths, tables->count, &tables->paths_capacity,
					      sizeof *tables->paths);
		tables->items[tables->count] = t;
		tables->paths[tables->count++] = run->path;
	}
}

struct profiled_bench *profiled_find(struct arena *a, const struct profiled_run *base, size_t base_count,
				     const struct profiled_run *head, size_t head_count, size_t *count)
{
	struct finding_benches f = {.arena = a};

	for (size_t i = 0; i < base_count; i++)
		add_run(&f, &base[i], SIDE_BASE);
	for (size_t i = 0; i < head_count; i++)
		add_run(&f, &head[i], SIDE_HEAD);
	*count = f.count;
	return f.items;
}

/* The name without the number that tells benchmarks of one name apart, which a filter does not see. */
static const char *listed_name(struct arena *a, const char *bench)
{
	const char *hash = strrchr(bench, '#');

	return hash && hash[1] && strspn(hash + 1, "0123456789") == strlen(hash + 1)
		       ? arena_copy(a, bench, (size_t)(hash - bench))
		       : bench;
}

bool profiled_matches(struct arena *a, const struct profiled_bench *b, const struct regex *filter)
{
	const char *name = listed_name(a, b->bench);

	return regex_matches(filter, name) || regex_matches(filter, arena_printf(a, "%s/%s", b->suite, name));
}

/* Leaves tables with stacks; of the others, what the first one lacks. */
static const char *keep_loaded(struct arena *a, struct profiled_tables *t)
{
	const char *missing = NULL;
	size_t kept = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct run_profile *p = &t->items[i]->profile;

		if (p->stacks) {
			t->items[kept] = t->items[i];
			t->paths[kept++] = t->paths[i];
		} else if (!missing) {
			missing = *p->file ? arena_printf(a, "its profile, profiles/%s, is not beside %s", p->file,
							  t->paths[i])
					   : arena_printf(a, "its profile was not kept with %s", t->paths[i]);
		}
	}
	t->count = kept;
	return missing;
}

/* What is wrong with a table, or with having it beside the first one. */
static const char *obstacle_of(struct arena *a, const struct profiled_tables *t, size_t at,
			       const struct profiled_tables *base)
{
	const struct run_profile *p = &t->items[at]->profile, *first = &base->items[0]->profile;
	const char *why = cause_obstacle(a, p);

	if (why)
		return arena_printf(a, "%s: %s", t->paths[at], why);
	if (!p->stacks->type_count)
		return arena_printf(a, "its profile beside %s has no sample types", t->paths[at]);
	if (text_equal(p->engine, first->engine) && text_equal(p->unwind, first->unwind))
		return NULL;
	return arena_printf(a,
			    "sampled by %s with unwind %s in %s, but by %s with unwind %s in %s; profiles of different "
			    "engines or unwinders are not compared",
			    first->engine, first->unwind, base->paths[0], p->engine, p->unwind, t->paths[at]);
}

void profiled_check(struct arena *a, struct profiled_bench *b)
{
	struct profiled_tables *const sides[] = {&b->base, &b->head};

	for (size_t k = 0; k < 2 && !b->obstacle; k++) {
		const char *missing = keep_loaded(a, sides[k]);

		if (!sides[k]->count)
			b->obstacle = missing ? missing
					      : arena_printf(a, "it was not sampled in the %s", k ? "head" : "base");
		else if (missing)
			b->note = arena_printf(a, "%s, which does not count", missing);
	}
	for (size_t k = 0; k < 2 && !b->obstacle; k++) {
		for (size_t i = 0; i < sides[k]->count && !b->obstacle; i++)
			b->obstacle = obstacle_of(a, sides[k], i, &b->base);
	}
}
