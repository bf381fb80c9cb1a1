/* What became of a function: changed, new, gone, or only moved; and by which path it was called. */
#include "flow/attribute_work.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

/* What moved stays under a caller that changed no more than this part of it. */
static const double MOVED_CALLER = 0.25;
/* And what makes up for it there is at least this part of it. */
static const double MOVED_OPPOSITE = 0.5;
/* The caller may be this many calls away: a wrapper was taken out or put between. */
enum { MOVED_CALLS = 2 };
/* So many functions are looked at, the largest changes first; whoever has more has another problem. */
enum { MOVED_MOST = 64 };
/* Of functions that explain about as much, the deepest is the one that costs least. */
static const double SPREAD_NEARLY = 0.8;

/* What callers are found with: the paths that are left, and the place of the last function in each. */
struct climbing {
	uint32_t *paths;
	size_t *places, count;
	double *change; /* by function; 0 between steps */
};

static size_t place_of(const uint32_t *frames, size_t count, uint32_t function)
{
	size_t i = 0;

	while (i < count && FRAME_FUNCTION(frames[i]) != function)
		i++;
	return i;
}

static void climbing_begin(const struct attribute_work *w, uint32_t function, bool owned, struct climbing *c)
{
	c->count = 0;
	for (uint32_t i = 0; i < w->stacks.paths->stack_count; i++) {
		size_t count;
		const uint32_t *frames = path_frames(&w->stacks, i, &count);
		size_t place = owned && w->owner[i] != function ? count : place_of(frames, count, function);

		if (place < count) {
			c->places[c->count] = place;
			c->paths[c->count++] = i;
		}
	}
}

/* The function that called what is climbed from in most of the change, or PROFILE_NONE at the benchmark. */
static uint32_t best_caller(const struct attribute_work *w, struct climbing *c, double sign)
{
	uint32_t best = PROFILE_NONE;

	for (size_t i = 0; i < c->count; i++) {
		size_t count;
		const uint32_t *frames = path_frames(&w->stacks, c->paths[i], &count);

		if (c->places[i] + 1 < count)
			c->change[FRAME_FUNCTION(frames[c->places[i] + 1])] += sign * w->path_change[c->paths[i]];
	}
	for (uint32_t pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < c->count; i++) {
			size_t count;
			const uint32_t *frames = path_frames(&w->stacks, c->paths[i], &count);
			uint32_t f;

			if (c->places[i] + 1 >= count)
				continue;
			f = FRAME_FUNCTION(frames[c->places[i] + 1]);
			if (pass)
				c->change[f] = 0;
			else if (best == PROFILE_NONE || c->change[f] > c->change[best])
				best = f;
		}
	}
	return best;
}

static void climb(const struct attribute_work *w, struct climbing *c, uint32_t caller)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->count; i++) {
		size_t count;
		const uint32_t *frames = path_frames(&w->stacks, c->paths[i], &count);

		if (c->places[i] + 1 >= count || FRAME_FUNCTION(frames[c->places[i] + 1]) != caller)
			continue;
		c->paths[kept] = c->paths[i];
		c->places[kept++] = c->places[i] + 1;
	}
	c->count = kept;
}

const uint32_t *work_callers(struct attribute_work *w, uint32_t function, size_t *count)
{
	size_t paths = w->stacks.paths->stack_count, capacity = 0;
	struct climbing c = {.paths = NEW_ARRAY(w->arena, uint32_t, paths),
			     .places = NEW_ARRAY(w->arena, size_t, paths),
			     .change = NEW_ARRAY(w->arena, double, w->stacks.function_count)};
	bool owned = w->states[function] != CHANGE_SAME || work_counts(w, w->own + function);
	double change = owned ? w->own[function].change : w->total[function].change;
	uint32_t *out = NULL, caller;

	*count = 0;
	climbing_begin(w, function, owned, &c);
	while ((caller = best_caller(w, &c, change < 0 ? -1 : 1)) != PROFILE_NONE) {
		climb(w, &c, caller);
		out = arena_reserve(w->arena, out, *count, &capacity, sizeof *out);
		out[(*count)++] = caller;
	}
	return out;
}

static bool path_has(const struct attribute_work *w, uint32_t path, uint32_t function)
{
	size_t count;
	const uint32_t *frames = path_frames(&w->stacks, path, &count);

	return place_of(frames, count, function) < count;
}

/* What of the function's change other functions that changed make up for below that caller. */
static double opposite_below(const struct attribute_work *w, uint32_t caller, uint32_t function)
{
	double *change = NEW_ARRAY(w->arena, double, w->stacks.function_count), sum = 0;
	double sign = w->own[function].change < 0 ? -1 : 1;

	for (uint32_t i = 0; i < w->stacks.paths->stack_count; i++)
		if (path_has(w, i, caller))
			change[w->owner[i]] += w->path_change[i];
	for (uint32_t f = 0; f < w->stacks.function_count; f++)
		if (f != function && w->states[f] != CHANGE_SAME && change[f] * sign < 0)
			sum += fabs(change[f]);
	return sum;
}

/* The nearest caller, or the function itself, under which the cost only changed its place. */
static uint32_t find_moved_under(struct attribute_work *w, uint32_t function)
{
	struct arena_mark mark = arena_mark(w->arena);
	size_t count, calls = 0;
	const uint32_t *callers = work_callers(w, function, &count);
	double own = fabs(w->own[function].change);
	uint32_t found = PROFILE_NONE, at = function;

	for (size_t i = 0; found == PROFILE_NONE; i++) {
		const struct attribution_change *total = w->total + at;

		if (fabs(total->change) <= MOVED_CALLER * own &&
		    fabs(total->change) + total->error <= 2 * MOVED_CALLER * own &&
		    opposite_below(w, at, function) >= MOVED_OPPOSITE * own)
			found = at;
		if (i == count || calls == MOVED_CALLS)
			break;
		at = callers[i];
		calls++;
	}
	arena_reset(w->arena, mark);
	return found;
}

static bool has_same_code(const struct attribute_work *w, uint32_t function)
{
	for (size_t i = 0; i < w->request->same_code_count; i++)
		if (text_equal(w->request->same_code[i], w->stacks.functions[function].name))
			return true;
	return false;
}

/* The same code that takes other time, and nobody calls it more often: as many instructions, or no caller changed. */
static bool is_layout(struct attribute_work *w, uint32_t function)
{
	struct arena_mark mark = arena_mark(w->arena);
	const uint32_t *callers;
	size_t count;
	bool same = has_same_code(w, function);

	if (!same || w->request->same_instructions)
		return same;
	callers = work_callers(w, function, &count);
	for (size_t i = 0; same && i < count; i++)
		same = has_same_code(w, callers[i]);
	arena_reset(w->arena, mark);
	return same;
}

static enum change_state plain_state(const struct attribution_change *own, const struct attribution_change *total)
{
	if (total->base <= 0)
		return CHANGE_NEW;
	if (total->head <= 0)
		return CHANGE_GONE;
	return own->change > 0 ? CHANGE_SLOWER : CHANGE_FASTER;
}

/* The largest changes, MOVED_MOST at most. */
static size_t find_largest(const struct attribute_work *w, uint32_t largest[MOVED_MOST])
{
	size_t count = 0;

	for (uint32_t f = 0; f < w->stacks.function_count; f++) {
		size_t i;

		if (w->states[f] == CHANGE_SAME)
			continue;
		for (i = count; i && fabs(w->own[f].change) > fabs(w->own[largest[i - 1]].change); i--)
			if (i < MOVED_MOST)
				largest[i] = largest[i - 1];
		if (i < MOVED_MOST)
			largest[i] = f;
		if (count < MOVED_MOST)
			count++;
	}
	return count;
}

void work_find_states(struct attribute_work *w)
{
	uint32_t largest[MOVED_MOST];
	bool moved[MOVED_MOST] = {false};
	size_t count;

	for (uint32_t f = 0; f < w->stacks.function_count; f++) {
		w->moved_under[f] = PROFILE_NONE;
		w->states[f] = work_counts(w, w->own + f) ? plain_state(w->own + f, w->total + f) : CHANGE_SAME;
	}
	count = find_largest(w, largest);
	for (size_t i = 0; i < count; i++) {
		w->moved_under[largest[i]] = find_moved_under(w, largest[i]);
		moved[i] = w->moved_under[largest[i]] != PROFILE_NONE;
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t f = largest[i];

		if (moved[i])
			w->states[f] = CHANGE_MOVED;
		else if (w->stacks.functions[f].kernel)
			w->states[f] = CHANGE_OUTSIDE;
		else if (is_layout(w, f))
			w->states[f] = CHANGE_LAYOUT;
	}
}

/* The benchmark's own functions: naming those says nothing. */
static bool *find_tops(const struct attribute_work *w)
{
	bool *top = NEW_ARRAY(w->arena, bool, w->stacks.function_count);

	for (uint32_t i = 0; i < w->stacks.paths->stack_count; i++) {
		size_t count;
		const uint32_t *frames = path_frames(&w->stacks, i, &count);

		top[FRAME_FUNCTION(frames[count - 1])] = true;
	}
	return top;
}

uint32_t work_find_spread(struct attribute_work *w, double unexplained, struct attribution_change *change)
{
	size_t functions = w->stacks.function_count;
	struct cost_table costs = work_table(w);
	struct attribution_change *rest = NEW_ARRAY(w->arena, struct attribution_change, functions);
	bool *explained = NEW_ARRAY(w->arena, bool, functions), *top = find_tops(w);
	double sign = unexplained < 0 ? -1 : 1, most = 0, least_cost = INFINITY;
	uint32_t found = PROFILE_NONE;

	for (uint32_t f = 0; f < functions; f++)
		explained[f] = w->states[f] != CHANGE_SAME;
	work_add_totals(w, explained, &costs);
	work_test(w, &costs, rest);
	for (uint32_t f = 0; f < functions; f++)
		if (!top[f] && work_counts(w, rest + f) && sign * rest[f].change >= 0.5 * fabs(unexplained))
			most = fmax(most, sign * rest[f].change);
	for (uint32_t f = 0; most > 0 && f < functions; f++) {
		double cost = rest[f].base + rest[f].head;

		if (!top[f] && work_counts(w, rest + f) && sign * rest[f].change >= SPREAD_NEARLY * most &&
		    cost < least_cost) {
			found = f;
			least_cost = cost;
			*change = rest[f];
		}
	}
	return found;
}
