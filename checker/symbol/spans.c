/* Nested ranges, flattened to edges between which one owner is the innermost. */
#include "symbol/spans.h"

#include <stdlib.h>

void spans_add(struct spans *s, uint64_t start, uint64_t end, uint32_t owner, uint32_t depth)
{
	if (start >= end)
		return;
	s->at = arena_reserve(s->arena, s->at, s->count, &s->capacity, sizeof(*s->at));
	s->at[s->count++] = (struct span){start, end, owner, depth};
}

/* Outer spans before inner ones. */
static int by_start(const void *left, const void *right)
{
	const struct span *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end != b->end)
		return a->end > b->end ? -1 : 1;
	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	return a->owner < b->owner ? -1 : a->owner > b->owner;
}

static void put_edge(struct spans *s, uint64_t start, uint32_t owner)
{
	if (s->edge_count && s->edges[s->edge_count - 1].start == start)
		s->edge_count--; /* nothing lies between the two */
	if (s->edge_count && s->edges[s->edge_count - 1].owner == owner)
		return;
	s->edges[s->edge_count++] = (struct span_edge){start, owner};
}

void spans_flatten(struct spans *s, struct arena *scratch)
{
	struct arena_mark mark;
	struct span *open;
	size_t depth = 0;

	s->edges = arena_alloc_unset(s->arena, (2 * s->count + 1) * sizeof(*s->edges));
	s->edge_count = 0;
	mark = arena_mark(scratch);
	open = arena_alloc_unset(scratch, (s->count + 1) * sizeof(*open));
	if (s->count)
		qsort(s->at, s->count, sizeof(*s->at), by_start);
	for (size_t i = 0; i <= s->count; i++) {
		struct span next = i < s->count ? s->at[i] : (struct span){UINT64_MAX, UINT64_MAX, 0, 0};

		while (depth && open[depth - 1].end <= next.start) {
			depth--;
			put_edge(s, open[depth].end, depth ? open[depth - 1].owner : SPANS_NONE);
		}
		if (i == s->count)
			break;
		if (depth && next.end > open[depth - 1].end)
			next.end = open[depth - 1].end;
		open[depth++] = next;
		put_edge(s, next.start, next.owner);
	}
	arena_reset(scratch, mark);
}

uint32_t spans_find(const struct spans *s, uint64_t address)
{
	size_t low = 0, high = s->edge_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->edges[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? s->edges[low - 1].owner : SPANS_NONE;
}
