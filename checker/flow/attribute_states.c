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
	double *change;       /* by function; 0 between steps */
	unsigned char *sides; /* by function: the sides that it calls on; 0 between steps */
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

/* The caller in the path that is climbed from, or PROFILE_NONE at the benchmark. */
static uint32_t caller_in(const struct attribute_work *w, const struct climbing *c, size_t i)
{
	size_t count;
	const uint32_t *frames = path_frames(&w->stacks, c->paths[i], &count);

	return c->places[i] + 1 < count ? FRAME_FUNCTION(frames[c->places[i] + 1]) : PROFILE_NONE;
}

static void add_callers(const struct attribute_work *w, struct climbing *c, double sign)
{
	for (size_t i = 0; i < c->count; i++) {
		uint32_t f = caller_in(w, c, i);

		if (f == PROFILE_NONE)
			continue;
		c->change[f] += sign * w->path_change[c->paths[i]];
		c->sides[f] |= w->path_sides[c->paths[i]];
	}
}

/* Callers that one side alone has took over from those that the other one has: so much of their change is no change. */
static double taken_over(const struct attribute_work *w, const struct climbing *c)
{
	double more = 0, less = 0;

	for (size_t i = 0; i < c->count; i++) {
		uint32_t f = caller_in(w, c, i);

		if (f == PROFILE_NONE || c->sides[f] == 3)
			continue;
		if (c->change[f] > 0)
			more += fabs(w->path_change[c->paths[i]]);
		else
			less += fabs(w->path_change[c->paths[i]]);
	}
	return more > 0 ? fmin(1, less / more) : 0;
}

/* The function that called what is climbed from in most of the change, or PROFILE_NONE at the benchmark. */
static uint32_t best_caller(const struct attribute_work *w, struct climbing *c, double sign)
{
	uint32_t best = PROFILE_NONE;
	double most = 0, left;

	add_callers(w, c, sign);
	left = 1 - taken_over(w, c);
	for (size_t i = 0; i < c->count; i++) {
		uint32_t f = caller_in(w, c, i);
		double change;

		if (f == PROFILE_NONE)
			continue;
		change = c->sides[f] != 3 && c->change[f] > 0 ? left * c->change[f] : c->change[f];
		if (best == PROFILE_NONE || change > most) {
			best = f;
			most = change;
		}
	}
	for (size_t i = 0; i < c->count; i++) {
		uint32_t f = caller_in(w, c, i);

		if (f == PROFILE_NONE)
			continue;
		c->change[f] = 0;
		c->sides[f] = 0;
	}
	return best;
}

static void climb(const struct attribute_work *w, struct climbing *c, uint32_t caller)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (caller_in(w, c, i) != caller)
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
			     .change = NEW_ARRAY(w->arena, double, w->stacks.function_count),
			     .sides = NEW_ARRAY(w->arena, unsigned char, w->stacks.function_count)};
	bool *met = NEW_ARRAY(w->arena, bool, w->stacks.function_count);
	bool owned = w->states[function] != CHANGE_SAME || work_counts(w, w->own + function);
	double change = owned ? w->own[function].change : w->total[function].change;
	uint32_t *out = NULL, caller;

	*count = 0;
	met[function] = true;
	climbing_begin(w, function, owned, &c);
	while ((caller = best_caller(w, &c, change < 0 ? -1 : 1)) != PROFILE_NONE) {
		climb(w, &c, caller);
		/* Recursion says nothing the second time. */
		if (met[caller])
			continue;
		met[caller] = true;
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

/* What each function's own cost below that caller changed by. */
static double *changes_below(const struct attribute_work *w, uint32_t caller)
{
	double *change = NEW_ARRAY(w->arena, double, w->stacks.function_count);

	for (uint32_t i = 0; i < w->stacks.paths->stack_count; i++)
		if (path_has(w, i, caller))
			change[w->owner[i]] += w->path_change[i];
	return change;
}

/* What of the function's change other functions that changed make up for below that caller. */
static double opposite_below(const struct attribute_work *w, uint32_t caller, uint32_t function)
{
	const double *change = changes_below(w, caller);
	double sum = 0, sign = w->own[function].change < 0 ? -1 : 1;

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

/* The functions that changed most. */
struct largest {
	uint32_t at[MOVED_MOST];
	bool takes[MOVED_MOST]; /* together they take over what a function lost, or lose what it took over */
	size_t count;
};

static bool takes_over(double change, double own, double error)
{
	double left = fabs(fabs(change) - fabs(own));

	return left <= MOVED_CALLER * fabs(own) && left + error <= 2 * MOVED_CALLER * fabs(own);
}

/* Marks those below the caller, itself included, that make up for that function: all that only the other side has, else the
 * one that comes nearest to it. */
static bool find_takers(const struct attribute_work *w, uint32_t caller, uint32_t function, struct largest *l)
{
	const double *change = changes_below(w, caller);
	double own = w->own[function].change, sum = 0, error = w->own[function].error, nearest = INFINITY;
	enum change_state other = w->states[function] == CHANGE_NEW ? CHANGE_GONE : CHANGE_NEW;
	size_t best = MOVED_MOST;

	for (size_t i = 0; i < l->count; i++) {
		uint32_t f = l->at[i];
		bool free = w->moved_under[f] == PROFILE_NONE && change[f] * own < 0;

		l->takes[i] = free && w->states[f] == other;
		sum += l->takes[i] ? change[f] : 0;
		if (free && fabs(fabs(change[f]) - fabs(own)) < nearest) {
			nearest = fabs(fabs(change[f]) - fabs(own));
			best = i;
		}
	}
	if (takes_over(sum, own, error))
		return true;
	memset(l->takes, 0, sizeof l->takes);
	if (best == MOVED_MOST || !takes_over(change[l->at[best]], own, fmax(error, w->own[l->at[best]].error)))
		return false;
	l->takes[best] = true;
	return true;
}

/*
 * What is new or gone often was renamed, split, or inlined by hand, beside other changes under the same caller: then the
 * caller did change, and those that took over are looked for one by one.
 */
static void find_taken_over(struct attribute_work *w, uint32_t function, struct largest *l)
{
	struct arena_mark mark = arena_mark(w->arena);
	size_t count;
	const uint32_t *callers = work_callers(w, function, &count);

	for (size_t i = 0; i < count && i < MOVED_CALLS; i++) {
		if (!find_takers(w, callers[i], function, l))
			continue;
		w->moved_under[function] = callers[i];
		for (size_t k = 0; k < l->count; k++)
			if (l->takes[k])
				w->moved_under[l->at[k]] = callers[i];
		break;
	}
	arena_reset(w->arena, mark);
}

uint32_t work_sum_moved(struct attribute_work *w, uint32_t under, double direction, struct attribution_change *sum)
{
	double *costs = NEW_ARRAY(w->arena, double, w->stacks.group_count);
	struct cost_evidence evidence = {.part_only = w->part_only};
	uint32_t named = PROFILE_NONE;

	for (size_t i = 0; i < w->stacks.entry_count; i++) {
		const struct stacked_entry *e = w->stacks.entries + i;

		if (w->moved_under[w->owner[e->path]] != under)
			continue;
		costs[e->group] += e->cost;
		*(e->group < w->stacks.base_groups ? &evidence.base_samples : &evidence.head_samples) += e->samples;
	}
	for (uint32_t f = 0; f < w->stacks.function_count; f++) {
		bool along = w->moved_under[f] == under && w->own[f].change * direction > 0;

		if (along && (named == PROFILE_NONE || fabs(w->own[f].change) > fabs(w->own[named].change)))
			named = f;
	}
	*sum = cost_test(w->arena, &w->plan, costs, &evidence);
	sum->q = sum->p;
	return named;
}

static bool has_same_code(const struct attribute_work *w, uint32_t function)
{
	for (size_t i = 0; i < w->request->same_code_count; i++)
		if (text_equal(w->request->same_code[i], w->stacks.functions[function].name))
			return true;
	return false;
}

/* The same code that takes other time, and nobody calls it more often: that was counted, or no caller changed. */
static bool is_layout(struct attribute_work *w, uint32_t function)
{
	struct arena_mark mark = arena_mark(w->arena);
	const uint32_t *callers;
	size_t count;
	bool same = has_same_code(w, function);

	if (!same || w->request->as_often)
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
static void find_largest(const struct attribute_work *w, struct largest *l)
{
	uint32_t *largest = l->at;
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
	l->count = count;
}

void work_find_states(struct attribute_work *w)
{
	struct largest l = {0};

	for (uint32_t f = 0; f < w->stacks.function_count; f++) {
		w->moved_under[f] = PROFILE_NONE;
		w->states[f] = work_counts(w, w->own + f) ? plain_state(w->own + f, w->total + f) : CHANGE_SAME;
	}
	find_largest(w, &l);
	for (size_t i = 0; i < l.count; i++)
		w->moved_under[l.at[i]] = find_moved_under(w, l.at[i]);
	for (size_t i = 0; i < l.count; i++) {
		uint32_t f = l.at[i];

		if (w->moved_under[f] == PROFILE_NONE && (w->states[f] == CHANGE_NEW || w->states[f] == CHANGE_GONE))
			find_taken_over(w, f, &l);
	}
	for (size_t i = 0; i < l.count; i++) {
		uint32_t f = l.at[i];

		if (w->moved_under[f] != PROFILE_NONE)
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

bool work_is_system(const struct attribute_work *w, uint32_t function)
{
	return w->stacks.functions[function].in_system && !w->stacks.functions[function].elsewhere;
}

uint32_t work_find_spread(struct attribute_work *w, double unexplained, bool system, struct attribution_change *change)
{
	size_t functions = w->stacks.function_count;
	struct cost_table costs = work_table(w);
	struct attribution_change *rest = NEW_ARRAY(w->arena, struct attribution_change, functions);
	bool *explained = NEW_ARRAY(w->arena, bool, functions), *top = find_tops(w);
	double sign = unexplained < 0 ? -1 : 1, most = 0, least_cost = INFINITY;
	uint32_t found = PROFILE_NONE;

	for (uint32_t f = 0; f < functions; f++) {
		bool counts_to_callers = system && work_is_system(w, f);

		explained[f] = w->states[f] != CHANGE_SAME && !counts_to_callers;
		top[f] = top[f] || counts_to_callers;
	}
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
