/* Own costs: whose code a sample is, where functions are inlined into each other. */
#include "flow/attribute_work.h"

/* How many frames at the leaf of a path stand in the code of one function: the leaf and what it was inlined into. */
static size_t leaf_frames(const uint32_t *frames, size_t count)
{
	size_t n = 0;

	while (n + 1 < count && FRAME_INLINED(frames[n]))
		n++;
	return n + 1;
}

/* A number for "inner was inlined into outer". */
static uint32_t inlining_of(struct profile *inlinings, const uint32_t *frames, size_t outer)
{
	const uint32_t pair[2] = {FRAME_FUNCTION(frames[outer - 1]), FRAME_FUNCTION(frames[outer])};

	return profile_stack(inlinings, pair, 2);
}

/*
 * By path: how far from the leaf costs may be counted to those that it was inlined into.  Only inlining that both sides
 * have: what a compiler inlines in one build and not in the other would else look like a change of the caller.
 */
static size_t *find_reach(const struct attribute_work *w)
{
	uint32_t paths = (uint32_t)w->stacks.paths->stack_count;
	size_t *reach = NEW_ARRAY(w->arena, size_t, paths), count;
	struct profile *inlinings = NEW(w->arena, struct profile);
	unsigned char *sides = NEW_ARRAY(w->arena, unsigned char, paths);

	profile_init(inlinings, w->arena);
	for (size_t i = 0; i < w->stacks.entry_count; i++)
		sides[w->stacks.entries[i].path] |= w->stacks.entries[i].group < w->stacks.base_groups ? 1 : 2;
	for (uint32_t i = 0; i < paths; i++) {
		const uint32_t *frames = path_frames(&w->stacks, i, &count);

		for (size_t k = 1; k < leaf_frames(frames, count); k++)
			inlining_of(inlinings, frames, k);
	}
	unsigned char *both = NEW_ARRAY(w->arena, unsigned char, inlinings->stack_count);

	for (uint32_t i = 0; i < paths; i++) {
		const uint32_t *frames = path_frames(&w->stacks, i, &count);

		for (size_t k = 1; k < leaf_frames(frames, count); k++)
			both[inlining_of(inlinings, frames, k)] |= sides[i];
	}
	for (uint32_t i = 0; i < paths; i++) {
		const uint32_t *frames = path_frames(&w->stacks, i, &count);

		reach[i] = 1;
		while (reach[i] < leaf_frames(frames, count) && both[inlining_of(inlinings, frames, reach[i])] == 3)
			reach[i]++;
	}
	return reach;
}

/* Adds to every function what its own code takes, inlined frames included, but for those that are named themselves. */
static void add_with_inlined(const struct attribute_work *w, const size_t *reach, struct cost_table *out)
{
	for (size_t i = 0; i < w->stacks.entry_count; i++) {
		const struct stacked_entry *e = w->stacks.entries + i;
		size_t count;
		const uint32_t *frames = path_frames(&w->stacks, e->path, &count);

		for (size_t k = 0; k < reach[e->path]; k++) {
			uint32_t f = FRAME_FUNCTION(frames[k]);
			bool again = false;

			for (size_t j = 0; j < k; j++)
				again |= FRAME_FUNCTION(frames[j]) == f;
			if (!again)
				work_add(w, out, f, e);
			if (w->named[f])
				break;
		}
	}
}

/* Every path belongs to its leaf, unless that was inlined into a function that is named for it. */
static void find_owners(struct attribute_work *w, const size_t *reach, const bool *named_with)
{
	for (uint32_t i = 0; i < w->stacks.paths->stack_count; i++) {
		size_t count, k = 0;
		const uint32_t *frames = path_frames(&w->stacks, i, &count);

		while (k < reach[i] && !w->named[FRAME_FUNCTION(frames[k])])
			k++;
		w->owner[i] = FRAME_FUNCTION(frames[k < reach[i] && named_with[FRAME_FUNCTION(frames[k])] ? k : 0]);
	}
}

void work_add_owned(const struct attribute_work *w, struct cost_table *out)
{
	for (size_t i = 0; i < w->stacks.entry_count; i++)
		work_add(w, out, w->owner[w->stacks.entries[i].path], w->stacks.entries + i);
}

/*
 * Own costs, in three steps: functions whose bare instructions changed are named; then those that changed only with what was
 * inlined into them and is not named; then every stack has one owner, so that own costs add up.
 */
void work_test_own(struct attribute_work *w)
{
	const size_t *reach = find_reach(w);
	bool *named_with = NEW_ARRAY(w->arena, bool, w->stacks.function_count);
	struct cost_table costs = work_table(w);

	find_owners(w, reach, named_with);
	work_add_owned(w, &costs);
	work_test(w, &costs, w->own);
	for (size_t i = 0; i < w->stacks.function_count; i++)
		w->named[i] = work_counts(w, w->own + i);
	costs = work_table(w);
	add_with_inlined(w, reach, &costs);
	work_test(w, &costs, w->own);
	for (size_t i = 0; i < w->stacks.function_count; i++)
		named_with[i] = !w->named[i] && work_counts(w, w->own + i);
	for (size_t i = 0; i < w->stacks.function_count; i++)
		w->named[i] |= named_with[i];
	find_owners(w, reach, named_with);
	costs = work_table(w);
	work_add_owned(w, &costs);
	w->tested = work_test(w, &costs, w->own);
}
