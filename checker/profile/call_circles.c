/* Circles of calls: the strongly connected components of a graph. */
#include "profile/call_circles.h"

#include <string.h>

/* What ways in circles may take: 4 bytes each. */
enum { WAY_LIMIT = 1 << 24, CALLER = 0, CALLED = 1 };

static void sort_calls(struct call_circles *c)
{
	uint32_t *next = NEW_ARRAY(c->arena, uint32_t, c->function_count + 1);

	c->first_call = NEW_ARRAY(c->arena, uint32_t, c->function_count + 1);
	c->out = NEW_ARRAY(c->arena, uint32_t, c->calls->count);
	for (size_t i = 0; i < c->calls->count; i++)
		c->first_call[c->calls->keys[i].at[CALLER] + 1]++;
	for (size_t i = 0; i < c->function_count; i++)
		c->first_call[i + 1] += c->first_call[i];
	memcpy(next, c->first_call, (c->function_count + 1) * sizeof *next);
	for (size_t i = 0; i < c->calls->count; i++)
		c->out[next[c->calls->keys[i].at[CALLER]]++] = (uint32_t)i;
}

/* A depth-first walk that keeps its own stack: Tarjan, Depth-first search and linear graph algorithms (1972). */
struct walk {
	uint32_t *index, *low, *next; /* of functions; index: 0 is not seen */
	uint32_t *path, *open;        /* stacks: the functions being walked, and those of no circle yet */
	size_t depth, open_count;
	uint32_t seen;
};

static void enter(struct walk *w, const struct call_circles *c, uint32_t function)
{
	w->index[function] = w->low[function] = ++w->seen;
	w->next[function] = c->first_call[function];
	w->path[w->depth++] = w->open[w->open_count++] = function;
}

static void close_circle(struct walk *w, struct call_circles *c, uint32_t function)
{
	uint32_t member;

	do {
		member = w->open[--w->open_count];
		c->of[member] = (uint32_t)c->count;
		c->place[member] = c->sizes[c->count]++;
	} while (member != function);
	c->count++;
}

static void walk_from(struct walk *w, struct call_circles *c, uint32_t start)
{
	enter(w, c, start);
	while (w->depth) {
		uint32_t f = w->path[w->depth - 1];

		if (w->next[f] < c->first_call[f + 1]) {
			uint32_t called = c->calls->keys[c->out[w->next[f]++]].at[CALLED];

			if (!w->index[called])
				enter(w, c, called);
			else if (c->of[called] == UINT32_MAX && w->index[called] < w->low[f])
				w->low[f] = w->index[called];
			continue;
		}
		if (w->low[f] == w->index[f])
			close_circle(w, c, f);
		if (--w->depth && w->low[f] < w->low[w->path[w->depth - 1]])
			w->low[w->path[w->depth - 1]] = w->low[f];
	}
}

void call_circles_find(struct arena *a, const struct call_graph *g, struct call_circles *out)
{
	size_t count = g->function_count;
	struct walk w = {.index = NEW_ARRAY(a, uint32_t, count),
			 .low = NEW_ARRAY(a, uint32_t, count),
			 .next = NEW_ARRAY(a, uint32_t, count),
			 .path = NEW_ARRAY(a, uint32_t, count),
			 .open = NEW_ARRAY(a, uint32_t, count)};

	*out = (struct call_circles){.arena = a,
				     .calls = &g->calls,
				     .of = NEW_ARRAY(a, uint32_t, count),
				     .sizes = NEW_ARRAY(a, uint32_t, count),
				     .place = NEW_ARRAY(a, uint32_t, count),
				     .queue = NEW_ARRAY(a, uint32_t, count),
				     .ways = NEW_ARRAY(a, uint32_t *, count),
				     .function_count = count};
	sort_calls(out);
	memset(out->of, 0xff, count * sizeof *out->of);
	for (uint32_t f = 0; f < count; f++)
		if (!w.index[f])
			walk_from(&w, out, f);
}

/* Breadth first, so that the first way found is the shortest. */
static uint32_t *find_ways(struct call_circles *c, uint32_t entered)
{
	uint32_t circle = c->of[entered], *ways = NEW_ARRAY(c->arena, uint32_t, c->sizes[circle]);
	size_t done = 0, count = 0;

	c->queue[count++] = entered;
	while (done < count) {
		uint32_t f = c->queue[done++];

		for (uint32_t i = c->first_call[f]; i < c->first_call[f + 1]; i++) {
			uint32_t called = c->calls->keys[c->out[i]].at[CALLED];

			if (called == entered || c->of[called] != circle || ways[c->place[called]])
				continue;
			ways[c->place[called]] = c->out[i] + 1;
			c->queue[count++] = called;
		}
	}
	return ways;
}

uint32_t call_circles_way(struct call_circles *c, uint32_t entered, uint32_t function)
{
	if (entered == function)
		return UINT32_MAX;
	if (!c->ways[entered]) {
		if (c->way_count + c->sizes[c->of[entered]] > WAY_LIMIT)
			return UINT32_MAX;
		c->way_count += c->sizes[c->of[entered]];
		c->ways[entered] = find_ways(c, entered);
	}
	return c->ways[entered][c->place[function]] - 1;
}
