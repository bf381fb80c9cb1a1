/* Nested ranges, flattened to edges between which one owner is the innermost. */
#include "symbol/spans.h"

#include <stdlib.h>
#include <string.h>

void spans_add(struct spans *s, uint64_t start, uint64_t end, uint32_t owner, uint32_t depth)
{
	if (start >= end)
		return;
	s->at = arena_reserve(s->arena, s->at, s->count, &s->capacity, sizeof(*s->at));
	s->at[s->count++] = (struct span){start, end, owner, depth};
}

/* Of spans that start together, which is the outer one. */
static int by_reach(const void *left, const void *right)
{
	const struct span *a = left, *b = right;

	if (a->end != b->end)
		return a->end > b->end ? -1 : 1;
	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	return a->owner < b->owner ? -1 : a->owner > b->owner;
}

/* One pass of a radix sort: by a byte of the distance from `least`. */
static void sort_pass(const struct span *from, struct span *to, size_t count, uint64_t least, unsigned shift)
{
	size_t starts[256] = {0}, at = 0;

	for (size_t i = 0; i < count; i++)
		starts[(from[i].start - least) >> shift & 0xff]++;
	for (size_t i = 0; i < 256; i++) {
		size_t here = starts[i];

		starts[i] = at;
		at += here;
	}
	for (size_t i = 0; i < count; i++)
		to[starts[(from[i].start - least) >> shift & 0xff]++] = from[i];
}

/* Outer spans before inner ones; `spare` has room for as many. */
static void sort_spans(struct span *at, struct span *spare, size_t count)
{
	uint64_t least = UINT64_MAX, most = 0;
	struct span *from = at, *to = spare;

	for (size_t i = 0; i < count; i++) {
		least = at[i].start < least ? at[i].start : least;
		most = at[i].start > most ? at[i].start : most;
	}
	/* A unit's code lies close together: two or three passes. */
	for (unsigned shift = 0; count && shift < 64 && (most - least) >> shift; shift += 8) {
		struct span *swap = from;

		sort_pass(from, to, count, least, shift);
		from = to;
		to = swap;
	}
	if (from != at)
		memcpy(at, from, count * sizeof(*at));
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && at[end].start == at[i].start; end++)
			;
		if (end - i > 1)
			qsort(at + i, end - i, sizeof(*at), by_reach);
	}
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

	if (s->edge_capacity < 2 * s->count + 1) {
		s->edge_capacity = 2 * s->count + 1;
		s->edges = arena_alloc_unset(s->arena, s->edge_capacity * sizeof(*s->edges));
	}
	s->edge_count = 0;
	mark = arena_mark(scratch);
	open = arena_alloc_unset(scratch, (s->count + 1) * sizeof(*open));
	sort_spans(s->at, open, s->count);
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
