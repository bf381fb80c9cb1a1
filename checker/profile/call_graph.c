/* Who called whom and at what cost, made into stacks. */
#include "profile/call_graph.h"

#include "profile/call_circles.h"
#include "profile/frames.h"
#include "profile/tally.h"

#include <string.h>

/* What hostile graphs may take: 256 MB of stacks, and steps of seconds (events share stacks, not steps).  A run of git has
 * 130,000 frames. */
enum { FRAME_LIMIT = 1 << 25, STEP_LIMIT = 1 << 29, CALLER = 0, CALLED = 1, CALL_LOCATION = 2, COST_LOCATION = 1 };

static bool add(int64_t *sum, const int64_t *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (__builtin_add_overflow(sum[i], values[i], sum + i))
			return false;
	return true;
}

/* The values of entry `i`, for which room is made. */
static int64_t *values_of(struct call_graph *g, int64_t **values, size_t *capacity, size_t i)
{
	size_t size = g->event_count * sizeof **values;

	*values = arena_reserve(g->arena, *values, i, capacity, size);
	return *values + i * g->event_count;
}

bool call_graph_cost(struct call_graph *g, uint32_t function, uint32_t location, const int64_t *values)
{
	size_t before = g->costs.count;
	uint32_t i = keyed_add(&g->costs, (struct key){{function, location}});

	if (i == before)
		memset(values_of(g, &g->cost_values, &g->cost_capacity, i), 0, g->event_count * sizeof *values);
	return add(g->cost_values + i * g->event_count, values, g->event_count);
}

bool call_graph_call(struct call_graph *g, uint32_t caller, uint32_t called, uint32_t location, const int64_t *values)
{
	size_t before = g->calls.count;
	uint32_t i = keyed_add(&g->calls, (struct key){{caller, called, location}});

	if (i == before)
		memset(values_of(g, &g->call_values, &g->call_capacity, i), 0, g->event_count * sizeof *values);
	return add(g->call_values + i * g->event_count, values, g->event_count);
}

/* The flow of one event while it is taken apart. */
struct flow {
	const struct call_graph *graph;
	struct call_circles circles;
	uint32_t *first_in, *in; /* calls into a circle from outside, by circle */
	uint32_t *next_in;       /* the first that still has something */
	int64_t *left;           /* of each call */
	struct frames stack;     /* of the path that is walked */
	uint32_t *taken;         /* its calls between circles */
	size_t taken_count, walked;
};

static bool is_between(const struct flow *f, size_t call)
{
	const struct key *k = f->graph->calls.keys + call;

	return f->circles.of[k->at[CALLER]] != f->circles.of[k->at[CALLED]];
}

static void flow_init(struct flow *f, struct arena *a, const struct call_graph *g)
{
	size_t call_count = g->calls.count;
	uint32_t *next;

	*f = (struct flow){.graph = g, .stack = {.arena = a}};
	call_circles_find(a, g, &f->circles);
	f->first_in = NEW_ARRAY(a, uint32_t, f->circles.count + 1);
	f->next_in = next = NEW_ARRAY(a, uint32_t, f->circles.count + 1);
	f->in = NEW_ARRAY(a, uint32_t, call_count);
	f->left = NEW_ARRAY(a, int64_t, call_count);
	f->taken = NEW_ARRAY(a, uint32_t, f->circles.count);
	for (size_t i = 0; i < call_count; i++)
		if (is_between(f, i))
			f->first_in[f->circles.of[g->calls.keys[i].at[CALLED]] + 1]++;
	for (size_t i = 0; i < f->circles.count; i++)
		f->first_in[i + 1] += f->first_in[i];
	memcpy(next, f->first_in, (f->circles.count + 1) * sizeof *next);
	for (size_t i = 0; i < call_count; i++)
		if (is_between(f, i))
			f->in[next[f->circles.of[g->calls.keys[i].at[CALLED]]]++] = (uint32_t)i;
}

static void flow_begin(struct flow *f, size_t event)
{
	const struct call_graph *g = f->graph;

	memcpy(f->next_in, f->first_in, (f->circles.count + 1) * sizeof *f->next_in);
	for (size_t i = 0; i < g->calls.count; i++)
		f->left[i] = g->call_values[i * g->event_count + event];
}

/* A call into the circle from outside that still has something, or UINT32_MAX. */
static uint32_t find_in(struct flow *f, uint32_t circle)
{
	uint32_t *next = f->next_in + circle;

	while (*next < f->first_in[circle + 1] && f->left[f->in[*next]] <= 0)
		++*next;
	return *next < f->first_in[circle + 1] ? f->in[*next] : UINT32_MAX;
}

/* Adds the calls from where a circle was entered to `function`, the last first. */
static void walk_circle(struct flow *f, uint32_t entered, uint32_t function)
{
	uint32_t call;

	while ((call = call_circles_way(&f->circles, entered, function)) != UINT32_MAX) {
		const struct key *k = f->graph->calls.keys + call;

		frames_add(&f->stack, k->at[CALL_LOCATION]);
		function = k->at[CALLER];
	}
}

/* Walks from a line's cost to a function that nobody calls, and gives how much of `amount` can go that way.  Circles are
 * walked against the order of calls, which has no circles, so the walk ends. */
static int64_t walk_path(struct flow *f, const struct key *cost, int64_t amount)
{
	uint32_t function = cost->at[0], call;

	f->stack.count = f->taken_count = 0;
	frames_add(&f->stack, cost->at[COST_LOCATION]);
	while ((call = find_in(f, f->circles.of[function])) != UINT32_MAX) {
		const struct key *k = f->graph->calls.keys + call;

		walk_circle(f, k->at[CALLED], function);
		frames_add(&f->stack, k->at[CALL_LOCATION]);
		f->taken[f->taken_count++] = call;
		if (f->left[call] < amount)
			amount = f->left[call];
		function = k->at[CALLER];
	}
	for (size_t i = 0; i < f->taken_count; i++)
		f->left[f->taken[i]] -= amount;
	f->walked += f->stack.count;
	return amount;
}

static const char too_deep[] =
	"its calls are nested so deeply that their stacks would have more than 33,554,432 frames: "
	"leave parts out with callgrind's --toggle-collect, or read it with callgrind_annotate";

/* NULL, or what is wrong. */
static const char *take_apart(struct flow *f, size_t event, struct tally *tally, int64_t *values)
{
	const struct call_graph *g = f->graph;
	struct profile *p = tally->profile;

	flow_begin(f, event);
	for (size_t i = 0; i < g->costs.count; i++) {
		int64_t left = g->cost_values[i * g->event_count + event];

		while (left > 0) {
			values[event] = walk_path(f, g->costs.keys + i, left);
			left -= values[event];
			if (p->frame_count + f->stack.count > FRAME_LIMIT || f->walked > STEP_LIMIT)
				return too_deep;
			if (!tally_add(tally, profile_stack(p, f->stack.locations, f->stack.count), 0, values))
				return tally_overflow;
		}
	}
	values[event] = 0;
	return NULL;
}

bool call_graph_stacks(struct call_graph *g, struct profile *p, const char *path, struct err *err)
{
	struct arena *own = arena_open_child(g->arena);
	struct tally tally = tally_of(p);
	int64_t *values = NEW_ARRAY(own, int64_t, g->event_count);
	const char *wrong = NULL;
	struct flow flow;

	flow_init(&flow, own, g);
	for (size_t event = 0; !wrong && event < g->event_count; event++)
		wrong = take_apart(&flow, event, &tally, values);
	arena_close(own);
	return !wrong || err_set(err, "%s: %s", path, wrong);
}
