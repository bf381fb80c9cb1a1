/* From profiles to paths of functions with a cost per group. */
#include "flow/attribute_stacks.h"

#include "base/text.h"
#include "flow/attribute_functions.h"
#include "flow/attribute_names.h"

#include <string.h>

/* What a stack is, where it is no path. */
#define STACK_UNSEEN   UINT32_MAX
#define STACK_LEFT_OUT (UINT32_MAX - 1)
#define STACK_LOST     (UINT32_MAX - 2)

/* One stack, as functions. */
struct frames {
	uint32_t *at;
	size_t count, capacity;
	bool leaf_known;
};

struct stacking {
	struct arena *arena;
	const struct attribute_request *request;
	struct function_table table;
	struct profile *paths;
	uint32_t **stack_paths;               /* a source: what each of its stacks is */
	bool *is_scope, *is_runner, *is_root; /* by function */
	struct frames frames;
	struct stacked *out;
	size_t entry_capacity;
};

static void add_frame(struct stacking *s, uint32_t frame)
{
	struct frames *f = &s->frames;

	f->at = arena_reserve(s->arena, f->at, f->count, &f->capacity, sizeof *f->at);
	f->at[f->count++] = frame;
}

/* The functions of a stack, the leaf first; places without a name are left out. */
static void expand(struct stacking *s, size_t source, uint32_t stack)
{
	const struct function_source *from = s->table.sources + source;
	const struct profile_span *span = from->profile->stacks + stack;

	s->frames.count = 0;
	s->frames.leaf_known = false;
	for (uint32_t i = 0; i < span->count; i++) {
		uint32_t location = from->profile->frames[span->first + i];
		const uint32_t *functions = from->frames + from->first_frame[location];
		uint32_t count = from->frame_count[location];

		for (uint32_t k = 0; k < count; k++) {
			if (functions[k] == PROFILE_NONE)
				continue;
			if (i == 0 && k == 0)
				s->frames.leaf_known = true;
			add_frame(s, functions[k] << 1 | (k + 1 < count));
		}
	}
}

/* How many frames of the stack belong to the benchmark, its own function included; 0: none does. */
static size_t scope_size(const struct stacking *s)
{
	const struct frames *f = &s->frames;

	if (scope_is_all(&s->request->scope))
		return f->count;
	for (size_t i = f->count; i > 0; i--)
		if (s->is_scope[FRAME_FUNCTION(f->at[i - 1])])
			return i;
	for (size_t i = 0; i < f->count; i++)
		if (s->is_runner[FRAME_FUNCTION(f->at[i])])
			return i;
	return 0;
}

/* Every stack that is part of a sample becomes a path, or STACK_LEFT_OUT for the time being. */
static void make_paths(struct stacking *s, size_t source)
{
	const struct profile *p = s->table.sources[source].profile;
	uint32_t *paths = s->stack_paths[source] = NEW_ARRAY(s->arena, uint32_t, p->stack_count);

	memset(paths, 0xff, p->stack_count * sizeof *paths);
	for (size_t i = 0; i < p->sample_count; i++) {
		uint32_t stack = p->sample_stacks[i];
		size_t count;

		if (paths[stack] != STACK_UNSEEN)
			continue;
		expand(s, source, stack);
		count = scope_size(s);
		if (!s->frames.count || (count && !s->frames.leaf_known)) {
			paths[stack] = STACK_LOST;
		} else if (!count) {
			paths[stack] = STACK_LEFT_OUT;
		} else {
			paths[stack] = profile_stack(s->paths, s->frames.at, count);
			s->is_root[FRAME_FUNCTION(s->frames.at[s->frames.count - 1])] = true;
		}
	}
}

/* A stack without the benchmark that does not reach the start of a thread either may well have been the benchmark's. */
static void find_lost(struct stacking *s, size_t source)
{
	const struct profile *p = s->table.sources[source].profile;
	uint32_t *paths = s->stack_paths[source];

	for (uint32_t stack = 0; stack < p->stack_count; stack++) {
		uint32_t root;

		if (paths[stack] != STACK_LEFT_OUT)
			continue;
		expand(s, source, stack);
		root = FRAME_FUNCTION(s->frames.at[s->frames.count - 1]);
		if (!s->is_root[root] && !function_starts_thread(s->table.functions[root].name))
			paths[stack] = STACK_LOST;
	}
}

/* How many samples a value stands for. */
struct sample_counting {
	size_t type; /* that counts them, or type_count: value / period does */
	double period;
};

static int64_t common_divisor(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Counts of samples have such a common divisor by no chance, and a period in nanoseconds is no smaller. */
enum { LEAST_PERIOD = 1000 };

/* What all values are multiples of: the period of a sampler that nobody wrote down. */
static double find_period(const struct profile *p, size_t type)
{
	int64_t divisor = 0;

	for (size_t i = 0; i < p->sample_count && (!divisor || divisor >= LEAST_PERIOD); i++)
		if (p->values[i * p->type_count + type] > 0)
			divisor = common_divisor(p->values[i * p->type_count + type], divisor);
	return divisor >= LEAST_PERIOD ? (double)divisor : 1;
}

static struct sample_counting counting_of(const struct profile *p, size_t cost_type)
{
	struct sample_counting out = {.type = p->type_count};
	const char *unit = profile_text(p, p->types[cost_type].unit);

	for (size_t i = 0; out.type == p->type_count && i < p->type_count; i++)
		if (i != cost_type && text_equal(profile_text(p, p->types[i].unit), "count"))
			out.type = i;
	if (p->period > 0 && text_equal(profile_text(p, p->period_type.unit), unit))
		out.period = (double)p->period;
	else if (out.type == p->type_count || text_equal(unit, "count"))
		out.period = find_period(p, cost_type);
	if (text_equal(unit, "count"))
		out.type = p->type_count;
	return out;
}

static double samples_of(const struct sample_counting *counting, const struct profile *p, const int64_t *values,
			 int64_t value)
{
	return counting->type < p->type_count ? (double)values[counting->type] : (double)value / counting->period;
}

/* Which label sets name the group. */
static bool *labels_of_group(struct arena *a, const struct attribution_group *g)
{
	const struct profile *p = g->profile;
	bool *wanted = NEW_ARRAY(a, bool, p->label_set_count);

	for (size_t i = 0; i < p->label_set_count; i++) {
		wanted[i] = !g->labelled;
		for (uint32_t k = 0; g->labelled && k < p->label_sets[i].count; k++) {
			const struct profile_label *l = p->labels + p->label_sets[i].first + k;

			if (l->numeric && l->number == g->label && text_equal(profile_text(p, l->key), "pawl_group"))
				wanted[i] = true;
		}
	}
	return wanted;
}

static void add_entry(struct stacking *s, uint32_t path, uint32_t group, double cost, double samples)
{
	struct stacked *out = s->out;

	out->entries =
		arena_reserve(s->arena, out->entries, out->entry_count, &s->entry_capacity, sizeof *out->entries);
	out->entries[out->entry_count++] =
		(struct stacked_entry){.path = path, .group = group, .cost = cost, .samples = samples};
}

/* The samples of one group, in the end as costs per operation. */
static void stack_group(struct stacking *s, const struct attribution_group *g, uint32_t number)
{
	const struct profile *p = g->profile;
	struct stacked *out = s->out;
	size_t source = function_table_source(&s->table, p), first = out->entry_count;
	const struct sample_counting counting = counting_of(p, g->type);
	const bool *wanted = labels_of_group(s->arena, g);
	double placed = 0, lost = 0, left_out = 0, scale;

	for (size_t i = 0; i < p->sample_count; i++) {
		const int64_t *values = p->values + i * p->type_count;
		uint32_t path = s->stack_paths[source][p->sample_stacks[i]];
		double value = (double)values[g->type], samples = samples_of(&counting, p, values, values[g->type]);

		/* Below 0 are differences, which are no measurement. */
		if (!wanted[p->sample_labels[i]] || value <= 0)
			continue;
		if (path == STACK_LEFT_OUT) {
			left_out += value;
			continue;
		}
		out->samples[number] += samples;
		if (path == STACK_LOST) {
			lost += value;
			continue;
		}
		placed += value;
		function_table_saw(&s->table, source, p->frames[p->stacks[p->sample_stacks[i]].first], value);
		add_entry(s, path, number, value, samples);
	}
	scale = (g->cost > 0 && placed + lost > 0 ? g->cost / (placed + lost) : 1) / g->operations;
	for (size_t i = first; i < out->entry_count; i++)
		out->entries[i].cost *= scale;
	out->cost[number] = (placed + lost) * scale;
	out->unattributed[number] = lost * scale;
	/* Measured, and not a single sample. */
	if (g->cost > 0 && placed + lost <= 0)
		out->cost[number] = out->unattributed[number] = g->cost / g->operations;
	out->left_out[number] = left_out > 0 ? left_out / (placed + lost + left_out) : 0;
}

static const struct attribution_group *group_at(const struct attribute_request *r, size_t i)
{
	return i < r->base.group_count ? r->base.groups + i : r->head.groups + (i - r->base.group_count);
}

static void find_scopes(struct stacking *s)
{
	size_t count = s->table.function_count;

	s->is_scope = NEW_ARRAY(s->arena, bool, count);
	s->is_runner = NEW_ARRAY(s->arena, bool, count);
	s->is_root = NEW_ARRAY(s->arena, bool, count);
	for (size_t i = 0; i < count; i++) {
		s->is_scope[i] = scope_has_name(&s->request->scope, s->table.functions[i].name);
		s->is_runner[i] = scope_has_runner(&s->request->scope, s->table.functions[i].name);
	}
}

struct stacked stack_groups(struct arena *a, const struct attribute_request *request)
{
	struct stacked out = {.base_groups = request->base.group_count,
			      .group_count = request->base.group_count + request->head.group_count};
	struct stacking s = {.arena = a, .request = request, .paths = NEW(a, struct profile), .out = &out};

	profile_init(s.paths, a);
	out.paths = s.paths;
	out.cost = NEW_ARRAY(a, double, out.group_count);
	out.unattributed = NEW_ARRAY(a, double, out.group_count);
	out.samples = NEW_ARRAY(a, double, out.group_count);
	out.left_out = NEW_ARRAY(a, double, out.group_count);
	s.table = function_table_make(a, request);
	s.stack_paths = NEW_ARRAY(a, uint32_t *, s.table.source_count);
	find_scopes(&s);
	for (size_t i = 0; i < s.table.source_count; i++)
		make_paths(&s, i);
	for (size_t i = 0; i < s.table.source_count; i++)
		find_lost(&s, i);
	for (size_t i = 0; i < out.group_count; i++)
		stack_group(&s, group_at(request, i), (uint32_t)i);
	function_table_place(&s.table);
	out.functions = s.table.functions;
	out.function_count = s.table.function_count;
	return out;
}

const uint32_t *path_frames(const struct stacked *s, uint32_t path, size_t *count)
{
	*count = s->paths->stacks[path].count;
	return s->paths->frames + s->paths->stacks[path].first;
}
